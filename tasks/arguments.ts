/**
 * The arguments of tasks that are not commands of `cli.ts`. A wrong one ends the process with code 2, and `--help` with 0,
 * before anything is done.
 *
 * @module
 */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** The values of flags by their names. */
export type FlagValues<Flags extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Flags }>
>["values"];

/**
 * The values of a task's flags. Ends the process where help is asked for, or a flag is unknown or lacks its value.
 *
 * @param usage What `--help` prints.
 * @param flags As `parseArgs` of node:util takes them.
 */
export function flagsOf<Flags extends ParseArgsOptionsConfig>(
  usage: string,
  flags: Flags,
): FlagValues<Flags> {
  endIfHelpIsWanted(usage);
  try {
    return parseArgs({ args: [...Deno.args], options: flags }).values;
  } catch (error) {
    return endWith(`${error instanceof Error ? error.message : error}; --help says which flags there are`);
  }
}

/**
 * One of the words that a flag may have. Ends the process where it is another.
 *
 * @param flag The flag's name, without dashes.
 */
export function choiceOf<Word extends string>(flag: string, value: string, words: readonly Word[]): Word {
  return words.find((word) => word === value) ??
    endWith(`Flag --${flag} must be one of ${words.join(", ")}: current value is ${value}`);
}

/**
 * The counts that are a task's only arguments. Ends the process where help is asked for, none is given, or one is no whole
 * number from 1 on.
 *
 * @param usage What `--help` prints.
 */
export function countsOf(usage: string): number[] {
  endIfHelpIsWanted(usage);
  const counts = Deno.args.map(Number);
  const wrong = counts.findIndex((count) => !Number.isSafeInteger(count) || count < 1);
  if (counts.length > 0 && wrong < 0) return counts;
  const given = wrong < 0 ? "none is given" : `current value is ${Deno.args[wrong]}`;
  return endWith(`Arguments must be whole numbers >= 1: ${given}; --help says what they are`);
}

/**
 * Ends the process if a task that takes no arguments was given any.
 *
 * @param task The task's name in deno.json.
 * @param purpose What it does, a sentence without its full stop.
 */
export function takesNoArguments(task: string, purpose: string): void {
  if (Deno.args.length === 0) return;
  endIfHelpIsWanted(`deno task ${task}: ${purpose}. It takes no arguments.`);
  endWith(`Cannot run ${task} as it takes no arguments: ${Deno.args.join(" ")} was given`);
}

/** Prints the usage and ends the process if `--help` is among the arguments, or those given. */
export function endIfHelpIsWanted(usage: string, given: readonly string[] = Deno.args): void {
  if (!given.includes("--help") && !given.includes("-h")) return;
  console.log(usage);
  Deno.exit(0);
}

function endWith(fault: string): never {
  console.error(`error: ${fault}`);
  Deno.exit(2);
}
