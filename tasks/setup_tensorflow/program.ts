/**
 * Other programs, run to the end.
 *
 * @module
 */

/** How to call a program. */
export interface Program {
  /** What it is called in messages. */
  readonly label: string;
  /** A name to look up in PATH, or a path. */
  readonly path: string;
  /** The arguments that come before all others. */
  readonly arguments?: readonly string[];
}

/** The programs of a set-up. */
export interface Programs {
  /** Python 3 with pip. */
  readonly python: Program;
  /** npm, or what stands in for it. */
  readonly npm: Program;
  /** Unpacks tarballs. */
  readonly tar: Program;
  /** A C++17 compiler with the options of GCC. */
  readonly compiler: Program;
}

/** What a program is asked for. */
export interface Call {
  /** What it is to do, as the end of "Cannot ...". */
  readonly purpose: string;
  /** Its arguments. */
  readonly arguments: readonly string[];
  /** What to look at first when it fails. */
  readonly advice?: string;
  /** Environment variables beside the inherited ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Picks the line of a program's error output that says why it failed. */
const reasonPattern = /error|not found|cannot|denied|refused/i;

/**
 * Runs a program and returns its standard output.
 *
 * @throws {Error} If it is not installed or fails, in one sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const echo = { label: "echo", path: "echo" };
 * assertEquals(await run(echo, { purpose: "greet", arguments: ["hello"] }), "hello\n");
 * ```
 */
export async function run(program: Program, call: Call): Promise<string> {
  const { success, stdout, stderr } = await output(program, call);
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`Cannot ${call.purpose} as ${failure(program, call, decoder.decode(stderr))}`);
}

/** Whether a program is installed and ends well with these arguments. */
export async function succeeds(program: Program, parameters: readonly string[]): Promise<boolean> {
  try {
    return (await output(program, { purpose: "ask", arguments: parameters })).success;
  } catch {
    return false;
  }
}

async function output(program: Program, call: Call): Promise<Deno.CommandOutput> {
  const command = new Deno.Command(program.path, {
    args: [...program.arguments ?? [], ...call.arguments],
    env: { ...call.environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    return await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`Cannot ${call.purpose} as ${program.label} must be installed: run deno task doctor`);
  }
}

function failure({ label }: Program, { advice }: Call, errors: string): string {
  if (/no space left/i.test(errors)) return "the disk is full";
  const lines = errors.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const reason = lines.findLast((line) => reasonPattern.test(line)) ?? lines.at(-1) ?? "it gave no reason";
  return advice ? `${label} failed (${advice}): ${reason}` : `${label} failed: ${reason}`;
}
