/**
 * The hyper-parameters of a run: what can change a number in it, and nothing else.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Architecture } from "../network/mlp.ts";

/** The schema of {@linkcode Hyperparameters}; a run stored under another schema is another run. */
export const hyperparametersSchema = z.strictObject({
  /** Version of this list. */
  schema: z.literal(1),
  dataset: z.enum(["mnist", "cifar10"]),
  /** n = |S|: how many training examples S holds, drawn by seed when it is not all of them. */
  trainingExamples: z.int().positive(),
  /** How many test examples errors are measured on. */
  testExamples: z.int().positive(),
  /** How pixels become inputs (`../datasets/scaling.ts`). */
  inputScaling: z.enum(["signed", "unit", "standardised"]),
  /** Units of each hidden layer. */
  hidden: z.array(z.int().positive()),
  bias: z.boolean(),
  initialisation: z.literal("pytorch-linear"),
  optimiser: z.strictObject({
    name: z.literal("adam"),
    learningRate: z.number().positive(),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    epsilon: z.number().positive(),
  }),
  batchSize: z.int().positive(),
  epochs: z.int().positive(),
  /** Examples that one epoch visits: the next ones of an endless sequence of random passes over S. */
  examplesPerEpoch: z.int().positive(),
  seed: z.int().nonnegative(),
  /** Engines round differently, so each has runs of its own. */
  engine: z.enum(["wasm", "tensorflow", "webgpu"]),
});

/** What determines a run, apart from the bytes of its data set. */
export type Hyperparameters = z.infer<typeof hyperparametersSchema>;

/**
 * Reads hyper-parameters from JSON text.
 *
 * @throws {SyntaxError} If the text is no JSON or a field is missing, unknown or out of range.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => parseHyperparameters('{"schema": 0}'), SyntaxError, "schema");
 * ```
 */
export function parseHyperparameters(text: string): Hyperparameters {
  const result = hyperparametersSchema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new SyntaxError(
    `Cannot read hyper-parameters as ${path.join(".") || "a field"} is invalid: ${message}`,
  );
}

/** How engines that are bit-exact round. Where that changes, a run of an earlier version is another run. */
const arithmetics: Partial<Record<Hyperparameters["engine"], string>> = { wasm: "fused multiply-add" };

/**
 * The name of a run: the SHA-256 of its hyper-parameters as canonical JSON (keys sorted), its data's checksum and, on an
 * engine that is bit-exact, how that rounds, cut to 16 hexadecimal digits.
 *
 * @param dataChecksum SHA-256 of the data set's raw content.
 */
export function runIdentity(hyperparameters: Hyperparameters, dataChecksum: string): string {
  const arithmetic = arithmetics[hyperparameters.engine];
  const text = canonicalJson({ ...hyperparameters, dataChecksum, ...(arithmetic && { arithmetic }) });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/**
 * JSON text with the keys of every object in order, so that equal values have equal text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(canonicalJson({ b: 1, a: [2] }), '{"a":[2],"b":1}');
 * ```
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => {
    const isPlainObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isPlainObject
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  });
}

/** Which hyper-parameters differ between two runs, as `name: old -> new`. */
export function changedHyperparameters(before: Hyperparameters, after: Hyperparameters): string[] {
  const keys = Object.keys(after) as (keyof Hyperparameters)[];
  return keys.filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]))
    .map((key) => `${key}: ${JSON.stringify(before[key])} -> ${JSON.stringify(after[key])}`);
}

/** The shape of the network that a run trains. */
export function architectureOf({ dataset, hidden, bias }: Hyperparameters): Architecture {
  return { inputs: dataset === "mnist" ? 784 : 3072, hidden, outputs: 10, bias };
}

/** N: the number of weights of the network that a run trains, biases apart. */
export function weightCountOf(hyperparameters: Hyperparameters): number {
  const { inputs, hidden, outputs } = architectureOf(hyperparameters);
  const widths = [inputs, ...hidden, outputs];
  return widths.slice(1).reduce((sum, width, index) => sum + width * widths[index], 0);
}
