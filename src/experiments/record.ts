/**
 * What a finished run says: a training log and measurements, each a JSON file of its own beside the weights.
 *
 * Measurements are kept apart from training and from each other, so that adding or changing one never retrains.
 *
 * @module
 */
import { z } from "zod";
import type { Hyperparameters } from "./hyperparameters.ts";
import { numeric } from "./measurements/measurement.ts";
import type { Measurements } from "./measurements/mod.ts";

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
  /** Version of this file. */
  readonly schema: 1;
  /** The epochs in order. */
  readonly epochs: readonly z.infer<typeof epochLog>[];
}

/** Everything that artifacts see of a run. */
export interface RunRecord {
  /** The run's name in the store. */
  readonly identity: string;
  /** How it was trained. */
  readonly hyperparameters: Hyperparameters;
  /** What training printed. */
  readonly training: TrainingLog;
  /** The measurements that were asked for. */
  readonly measured: Partial<Measurements>;
}

/**
 * One measurement of a record.
 *
 * @throws {TypeError} If the record does not have it: the artifact did not ask for it.
 */
export function measuredOf<Name extends keyof Measurements>(
  record: RunRecord,
  name: Name,
): Measurements[Name] {
  const measurement = record.measured[name];
  if (measurement) return measurement;
  throw new TypeError(
    `Cannot read the measurement ${name} of run ${record.identity} as it was not asked for`,
  );
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
