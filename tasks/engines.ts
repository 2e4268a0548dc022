/**
 * Which engines this machine has, why not the others, how fast they are (`deno task engines`), and which of them
 * `--engine auto` stands for.
 *
 * @module
 */
import type { EngineName } from "../src/network/engines/engine.ts";
import { addonFile, libraryFolder } from "../src/network/engines/tensorflow/library_folder.ts";
import { speedInChild } from "./engines/child.ts";
import type { Speed } from "./engines/speed.ts";
import { type EngineExaminer, engineExaminers, type EngineState } from "./engines/survey.ts";
import { takesNoArguments } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";

/** An engine that was chosen. */
export interface EngineChoice {
  /** Its name. */
  readonly name: EngineName;
  /** Why this one, in a line. */
  readonly reason: string;
}

/**
 * The engine that a name stands for. `auto` is the fastest that is set up: tensorflow, else webgpu unless its GPU is
 * one of software, else wasm. None is tried, so that one which is chosen and then fails says so.
 *
 * @param name An engine's name, which stands for itself, or `auto`.
 * @param examiners What finds out the state of each engine, the preferred first. Default {@linkcode engineExaminers}.
 * @throws {Error} If no engine is ready; wasm always is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const examiners = [
 *   () => Promise.resolve({ name: "tensorflow", verdict: "missing", detail: "is not set up" } as const),
 *   () => Promise.resolve({ name: "wasm", verdict: "ready", detail: "runs everywhere" } as const),
 * ];
 * const choice = await resolveEngine("auto", examiners);
 * assertEquals(choice, { name: "wasm", reason: "tensorflow is not set up" });
 * ```
 */
export async function resolveEngine(
  name: EngineName | "auto",
  examiners: readonly EngineExaminer[] = engineExaminers,
): Promise<EngineChoice> {
  if (name !== "auto") return { name, reason: "as asked for" };
  const passedOver: EngineState[] = [];
  for (const examine of examiners) {
    const state = await examine();
    if (state.verdict !== "ready") passedOver.push(state);
    else return { name: state.name, reason: clauses(passedOver.length > 0 ? passedOver : [state]) };
  }
  throw new Error(`Cannot choose an engine as none is ready: ${clauses(passedOver)}`);
}

/**
 * Refuses an engine that this process has no permission to load, before anything is done for it.
 *
 * @param example A command with its arguments, for the message.
 * @throws {Error} If the engine is a native library and none may be loaded.
 */
export async function requireAccess(
  engine: EngineName,
  example = "reproduce --profile standard",
): Promise<void> {
  if (engine !== "tensorflow") return;
  if (await mayLoadAddon()) return;
  throw new Error(
    `Cannot use the tensorflow engine as this task may load no native library: give the same arguments to \`deno task tensorflow\`, as in \`deno task tensorflow ${example}\``,
  );
}

async function mayLoadAddon(): Promise<boolean> {
  try {
    const { state } = await Deno.permissions.query({ name: "ffi", path: addonFile(libraryFolder()) });
    return state === "granted";
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

function clauses(states: readonly EngineState[]): string {
  return states.map(({ name, detail }) => `${name} ${detail}`).join("; ");
}

/** Measures an engine's speed. */
export type SpeedMeasurement = (name: EngineName) => Promise<Speed>;

/**
 * The state of an engine with its speed, as a line. An engine that is `slow` is not timed: the speed of a GPU of
 * software says nothing about the engine.
 */
export async function engineLine(state: EngineState, measure: SpeedMeasurement): Promise<string> {
  const { name, verdict, detail } = state;
  const line = `${name.padEnd(12)}${verdict.padEnd(9)}${detail}`;
  if (verdict === "missing") return line;
  if (verdict === "slow") return `${line}; not timed`;
  try {
    const { millisecondsPerStep, gflops } = await measure(name);
    return `${line}; ${millisecondsPerStep.toFixed(1)} ms a step, ${gflops.toFixed(0)} GFLOPS`;
  } catch (error) {
    return `${line}; ${error instanceof Error ? error.message : error}`;
  }
}

if (import.meta.main) {
  takesNoArguments("engines", "Which engines are set up, why others are not, and how fast each is");
  await inOneSentence(async () => {
    for (const examine of engineExaminers) {
      console.log(await engineLine(await examine(), (name) => speedInChild(name, { seconds: 2 })));
    }
    console.log("A step is one of Adam on 256 examples, network 784-784-784-784-784-10.");
    const { name, reason } = await resolveEngine("auto");
    console.log(`--engine auto is ${name}: ${reason}`);
  });
}
