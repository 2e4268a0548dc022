/**
 * What tasks that take no arguments do when they are given some.
 *
 * @module
 */

/**
 * Ends the process if there are arguments, before anything is done: with code 0 for `--help`, with 2 for all others.
 *
 * @param task The task's name in deno.json.
 * @param purpose What it does, a sentence without its full stop.
 */
export function takesNoArguments(task: string, purpose: string): void {
  if (Deno.args.length === 0) return;
  if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
    console.log(`deno task ${task}: ${purpose}. It takes no arguments.`);
    Deno.exit(0);
  }
  console.error(`error: Cannot run ${task} as it takes no arguments: ${Deno.args.join(" ")} was given`);
  Deno.exit(2);
}
