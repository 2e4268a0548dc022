/**
 * Why the last training of a run came to no end: a file in its folder, which goes when the run is tried again.
 *
 * @module
 */
import { z } from "zod";
import { parseRecord, recordJson } from "../src/experiments/record.ts";
import { readText, type RunFiles, writeText } from "../src/experiments/run_store.ts";

/** The name of the file. */
export const failureName = "failure.json";

const failureSchema = z.strictObject({
  schema: z.literal(1),
  /** A sentence. */
  reason: z.string(),
  /** ISO 8601. */
  failedAt: z.string(),
  /** Whether it was stopped from outside, so that nothing is wrong with the run. */
  isStop: z.boolean(),
});

/** Why a training came to no end. */
export type Failure = z.infer<typeof failureSchema>;

/** Notes that a run failed, or was stopped. A store that cannot be written is itself a reason: nothing is thrown. */
export async function noteFailure(files: RunFiles, reason: string, isStop: boolean): Promise<void> {
  const failure: Failure = { schema: 1, reason, failedAt: new Date().toISOString(), isStop };
  await writeText(files, failureName, recordJson(failure)).catch(() => {});
}

/** What was noted, or undefined where nothing was, or the file is damaged. */
export async function failureOf(files: RunFiles): Promise<Failure | undefined> {
  const text = await readText(files, failureName);
  try {
    return text === undefined ? undefined : parseRecord(failureSchema, text, failureName);
  } catch {
    return undefined;
  }
}
