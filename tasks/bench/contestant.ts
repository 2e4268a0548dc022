/**
 * Who competes in the bench: processes and workers that wait for their turn, so that those who are compared are timed in
 * turns, within seconds of each other.
 *
 * @module
 */
import { lastReason } from "../engines/child.ts";

/** The network of the experiments: four hidden layers of one width, 10 classes, no bias, Adam. */
export interface NetworkShape {
  /** Dimension of x. */
  readonly inputs: number;
  /** Units of each hidden layer. */
  readonly width: number;
  /** Examples a step. */
  readonly batch: number;
  /** Whether each layer has a bias. Default: none has. */
  readonly bias?: boolean;
}

/** A product of two matrices without transposition. */
export interface ProductShape {
  /** Rows of the first. */
  readonly rows: number;
  /** Columns of the first, rows of the second. */
  readonly depth: number;
  /** Columns of the second. */
  readonly columns: number;
}

/** What is timed. */
export type Work =
  | { readonly kind: "step"; readonly shape: NetworkShape }
  | { readonly kind: "product"; readonly shape: ProductShape };

/** A turn: some work, so many times in a row. On new work two more come before it that are not timed. */
export type Turn = Work & { readonly count: number };

/** The answer to a turn. */
export interface Timing {
  /** How long the whole turn took. */
  readonly milliseconds: number;
}

/** What a contestant says of itself when it is ready. */
export interface Introduction {
  /** Its name in tables. */
  readonly label: string;
  /** Whether it computes with AVX-512; left out where it does not know. */
  readonly hasWideVectors?: boolean;
  /** Whether the processor has tile registers (AMX), whoever uses them; left out where it does not know. */
  readonly hasTileRegisters?: boolean;
}

/** Somebody who can be timed. */
export interface Contestant extends Introduction {
  /** Takes a turn. Ask again only after the answer. */
  take(turn: Turn): Promise<Timing>;
  /** Ends the process or worker. */
  leave(): Promise<void>;
}

/** How to start a contestant's process. */
export interface ContestantCommand {
  /** What it is called in messages. */
  readonly name: string;
  /** The program. */
  readonly path: string;
  /** Its arguments. */
  readonly arguments: readonly string[];
}

/**
 * Floating-point operations of some work: two a product of two numbers, and of a step those of its matrix products
 * alone, one forward and two backward, but for the gradient at the images, which nobody needs. What products leave out as
 * it is zero counts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(operationsOf({ kind: "product", shape: { rows: 2, depth: 3, columns: 4 } }), 48);
 * assertEquals(operationsOf({ kind: "step", shape: { inputs: 1, width: 1, batch: 1 } }), 4 + 6 * 13);
 * ```
 */
export function operationsOf({ kind, shape }: Work): number {
  if (kind === "product") return 2 * shape.rows * shape.depth * shape.columns;
  const { first, others } = weightCounts(shape);
  return shape.batch * (4 * first + 6 * others);
}

/** How many weights the network of a step has in its first layer, and in the others. */
export function weightCounts({ inputs, width }: NetworkShape): { first: number; others: number } {
  return { first: inputs * width, others: 3 * width * width + 10 * width };
}

/**
 * Starts a process that speaks in lines of JSON: its {@linkcode Introduction}, then a {@linkcode Timing} for each
 * {@linkcode Turn}.
 *
 * @throws {Error} If it ends before its time: with the line in which it said why.
 */
export async function startContestant(command: ContestantCommand): Promise<Contestant> {
  const child = new Deno.Command(command.path, {
    args: [...command.arguments],
    env: { NO_COLOR: "1", TF_CPP_MIN_LOG_LEVEL: "3" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const writer = child.stdin.getWriter();
  const lines = jsonLines(child.stdout);
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (!done) return value as T;
    throw new Error(`Cannot time ${command.name} as ${lastReason(await errors)}`);
  };
  return {
    ...await next<Introduction>(),
    take: async (turn) => {
      await writer.write(new TextEncoder().encode(`${JSON.stringify(turn)}\n`)).catch(() => {});
      return await next<Timing>();
    },
    leave: async () => {
      // A process that has ended is left all the same: why it did is said by who was waiting for it.
      await writer.close().catch(() => {});
      await Promise.all([child.status, errors, lines.return?.()]);
    },
  };
}

/** What a stream of lines of JSON holds; lines that are no objects are somebody else's remarks. */
async function* jsonLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<unknown, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) yield JSON.parse(line);
  }
}
