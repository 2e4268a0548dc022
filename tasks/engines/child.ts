/**
 * The speed of an engine, from a process of its own: one that crashes or hangs takes nothing with it.
 *
 * @module
 */
import type { EngineName } from "../../src/network/engines/engine.ts";
import type { Speed } from "./speed.ts";

const program = new URL("./speed.ts", import.meta.url).href;

/** What the process of an engine must be allowed. */
export const enginePermissions: Readonly<Record<EngineName, readonly string[]>> = {
  tensorflow: ["--allow-read", "--allow-env", "--allow-ffi"],
  webgpu: [],
  wasm: ["--allow-read"],
};

/** Options of {@linkcode speedInChild}. */
export interface ChildOptions {
  /** How long the engine trains. */
  readonly seconds: number;
  /** When the process is taken to hang and is stopped. Default a minute: engines need some seconds to start. */
  readonly limitMilliseconds?: number;
  /** Environment variables beside the inherited ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Measures an engine's speed in a process of its own.
 *
 * @throws {Error} If it fails or hangs, with the line in which the process said why.
 */
export async function speedInChild(
  name: EngineName,
  { seconds, limitMilliseconds = 60_000, environment = {} }: ChildOptions,
): Promise<Speed> {
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", ...enginePermissions[name], program, name, String(seconds)],
    env: { ...environment, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let isHanging = false;
  const watch = setTimeout(() => {
    isHanging = true;
    child.kill("SIGKILL");
  }, limitMilliseconds);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(watch);
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  const reason = isHanging ? "it does not end" : lastReason(new TextDecoder().decode(stderr));
  throw new Error(`Cannot time the engine ${name} as ${reason}`);
}

/**
 * The message of the error that ended a process, without the trace.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(lastReason("error: Uncaught RangeError: too small\n    at a.ts"), "too small");
 * ```
 */
export function lastReason(errors: string): string {
  const lines = errors.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.findLast((line) => /error: /i.test(line));
  return line?.replace(/^.*error: /i, "") ?? "it gave no reason";
}
