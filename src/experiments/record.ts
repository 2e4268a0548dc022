/**
 * What a finished run says: a training log and measurements, each a JSON file of its own beside the weights.
 *
 * Measurements are kept apart from training and from each other, so that adding or changing one never retrains.
 *
 * @module
 */
import { z } from "zod";
import type { Hyperparameters } from "./hyperparameters.ts";

/** A number that JSON can hold: infinities and NaN as words. */
const numeric = z.union([
  z.number(),
  z.enum(["Infinity", "-Infinity", "NaN"]).transform(Number),
]);

const epochLog = z.strictObject({
  epoch: z.int().positive(),
  /** Mean cross-entropy over the epoch's batches, in nats, as the weights moved. */
  loss: numeric,
  /** Share of wrong predictions over the epoch's batches, as the weights moved. */
  errorFraction: numeric,
});

/** The schema of {@linkcode TrainingLog}. */
export const trainingLogSchema: z.ZodType<TrainingLog> = z.strictObject({
  schema: z.literal(1),
  epochs: z.array(epochLog),
});

/** What training printed, epoch by epoch. */
export interface TrainingLog {
  readonly schema: 1;
  readonly epochs: readonly z.infer<typeof epochLog>[];
}

const layerMeasurement = z.strictObject({
  /** d1. */
  outputs: z.int(),
  /** d2. */
  inputs: z.int(),
  spectralNorm: numeric,
  frobeniusNorm: numeric,
  twoOneNorm: numeric,
  /** ||A - A_0||_F. */
  frobeniusDistance: numeric,
  /** ||(A - A_0)^T||_{2,1}. */
  twoOneDistance: numeric,
  /** Psi, the mean of the squared weights. */
  variance: numeric,
});

const prunedMeasurement = z.strictObject({
  /** How gamma was chosen. */
  marginRule: z.enum(["minimum", "unit"]),
  /** gamma, in logit units. */
  margin: numeric,
  /** R^_gamma of the unpruned network at `margin`. */
  marginLoss: numeric,
  /** The largest d that the margin condition allows with measured perturbations. */
  d: numeric,
  limitedBy: z.enum(["margin", "side condition", "no positive margin", "nothing"]),
  neededMargin: numeric,
  /** R^_gamma of the unpruned network at `neededMargin`. */
  neededMarginLoss: numeric,
  /** Weights kept at d, a layer. */
  keptWeights: z.array(z.int()),
  /** ||Delta^l||_2 at d. */
  perturbationNorms: z.array(numeric),
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
});

/** The schema of {@linkcode NetworkMeasurement}. */
export const networkMeasurementSchema = z.strictObject({
  schema: z.literal(1),
  exampleCount: z.int(),
  testCount: z.int(),
  classes: z.int(),
  maximumInputNorm: numeric,
  rootMeanSquareInputNorm: numeric,
  layers: z.array(layerMeasurement),
  /** Training margins at the shares of {@linkcode marginShares}, by nearest rank. */
  marginQuantiles: z.array(numeric),
  minimumMargin: numeric,
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
  pruned: z.array(prunedMeasurement),
});

/** The shares at which the quantiles of the training margins are recorded: 1 % and every 5 %. */
export const marginShares: readonly number[] = [
  0.01,
  ...Array.from({ length: 20 }, (_, index) => (index + 1) / 20),
];

/** Norms, margins, errors, and the pruning that the margin condition allows. */
export type NetworkMeasurement = z.infer<typeof networkMeasurementSchema>;

/** The pruned network for one way of choosing gamma. */
export type PrunedMeasurement = z.infer<typeof prunedMeasurement>;

/**
 * How gamma is chosen: `minimum`, the smallest margin on S, as the paper's tables do; `unit`, gamma = 1, fixed before S
 * is seen, as the theorems ask.
 */
export type MarginRule = PrunedMeasurement["marginRule"];

/** Everything that artifacts see of a run. */
export interface RunRecord {
  readonly identity: string;
  readonly hyperparameters: Hyperparameters;
  readonly training: TrainingLog;
  readonly network: NetworkMeasurement;
}

/**
 * JSON text that keeps infinities and NaN, for {@linkcode parseRecord}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(JSON.parse(recordJson({ d: Infinity })), { d: "Infinity" });
 * ```
 */
export function recordJson(record: unknown): string {
  const text = JSON.stringify(record, (_key, value) => {
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  }, 1);
  return text + "\n";
}

/**
 * Reads one file of a run.
 *
 * @param what The file's name, for the message.
 * @throws {SyntaxError} If the text is no JSON or does not fit the schema (a run of another version).
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const result = schema.safeParse(parseJson(text, what));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new SyntaxError(
    `Cannot read ${what} as ${
      path.join(".") || "its content"
    } is not what this version writes (${message}): remove the file and run again`,
  );
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot read ${what} as it is not JSON: remove the file and run again`);
  }
}
