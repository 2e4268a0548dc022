/**
 * How tasks end that are not commands of `cli.ts`.
 *
 * @module
 */

/** Does the work of a task. What stops it is one sentence on standard error, and ends the process with code 1. */
export async function inOneSentence(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
}
