/**
 * How long whole runs take, from nothing to the last file.
 *
 * @module
 */

import type { EngineName } from "../../src/network/engines/engine.ts";
import { lastReason } from "../engines/child.ts";

/** A run of `deno task reproduce`. */
export interface WholeRun {
  /** What it is called in the table. */
  readonly name: string;
  /** What trains. */
  readonly engine: EngineName;
  /** The arguments of `reproduce` beside the engine. */
  readonly arguments: readonly string[];
}

/** The runs that are timed. */
export const wholeRuns: readonly WholeRun[] = [
  { name: "smoke, everything", engine: "wasm", arguments: ["--profile", "smoke"] },
  { name: "quick, Table 2", engine: "wasm", arguments: ["table2", "--profile", "quick"] },
  { name: "quick, Table 2", engine: "tensorflow", arguments: ["table2", "--profile", "quick"] },
  { name: "quick, everything", engine: "wasm", arguments: ["--profile", "quick"] },
];

const program = new URL("../../cli.ts", import.meta.url).pathname;
const configuration = new URL("../../deno.json", import.meta.url).pathname;

/**
 * Runs it in an empty folder below `folder`, so that nothing is there already, and removes what it wrote.
 *
 * @returns Milliseconds.
 * @throws {Error} If it fails: in one sentence.
 */
export async function timeRun({ name, engine, arguments: given }: WholeRun, folder: string): Promise<number> {
  const empty = await Deno.makeTempDir({ dir: folder, prefix: "bench-" });
  const permissions = ["--allow-read", "--allow-env", `--allow-write=${empty}`, "--allow-ffi"];
  const options = ["--engine", engine, "--out", empty, "--quiet"];
  try {
    const started = performance.now();
    const { success, stderr } = await new Deno.Command("deno", {
      args: [
        ...["run", "--quiet", "--no-prompt", "--config", configuration, ...permissions, program, "reproduce"],
        ...given,
        ...options,
      ],
      cwd: empty,
      env: { NO_COLOR: "1", TF_CPP_MIN_LOG_LEVEL: "3" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return performance.now() - started;
    throw new Error(`Cannot time ${name} as ${lastReason(new TextDecoder().decode(stderr))}`);
  } finally {
    await Deno.remove(empty, { recursive: true });
  }
}
