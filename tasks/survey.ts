/**
 * The state of every run of a plan, read from the store alone while others write to it.
 *
 * @module
 */
import { z } from "zod";
import { isComplete, runFileNames } from "../src/experiments/run.ts";
import { readText, type RunFiles, type RunStore } from "../src/experiments/run_store.ts";
import { mapInBatches } from "./batches.ts";
import { ifExists } from "./files.ts";
import type { PlanRun } from "./plan_file.ts";
import { isTaken } from "./run_store.ts";
import { failureName } from "./train.ts";

/** A file younger than this says that a worker is at a run, where locks do not reach. */
const freshMilliseconds = 10 * 60_000;

/** The state of a run. */
export type RunState =
  | { readonly kind: "done"; readonly finished: Finished | undefined }
  /** How it is known: a lock is held, or a file is younger than ten minutes. */
  | { readonly kind: "running"; readonly evidence: "lock" | "recent files" }
  | { readonly kind: "failed"; readonly reason: string; readonly failedAt: string }
  /** Begun, and nobody is at it. */
  | { readonly kind: "stopped" }
  | { readonly kind: "waiting" };

/** When a run was finished, and how long it took. */
export interface Finished {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly seconds: number;
}

/** A run with its state. */
export interface SurveyedRun {
  readonly run: PlanRun;
  readonly state: RunState;
}

/** What a survey reads. */
export interface SurveyOptions {
  /** The runs. */
  readonly store: RunStore;
  /** The folder whose locks and file times are looked at. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const failureSchema = z.object({ reason: z.string(), failedAt: z.string() });
const provenanceSchema = z.object({ finishedAt: z.iso.datetime(), seconds: z.number().nonnegative() });

/** The state of each run, in the order of the plan. */
export async function survey(runs: readonly PlanRun[], options: SurveyOptions): Promise<SurveyedRun[]> {
  return await mapInBatches(runs, async (run) => ({ run, state: await stateOf(run, options) }));
}

async function stateOf(
  { identity, measurements }: PlanRun,
  { store, folder, now }: SurveyOptions,
): Promise<RunState> {
  const files = store.run(identity);
  if (await isComplete(measurements, files)) return { kind: "done", finished: await finishedOf(files) };
  if (await isTaken(folder, identity)) return { kind: "running", evidence: "lock" };
  const failure = await readValid(failureSchema, files, failureName);
  if (failure) return { kind: "failed", ...failure };
  if (await files.read(runFileNames.hyperparameters) === undefined) return { kind: "waiting" };
  const isFresh = now - await newestTime(`${folder}/${identity}`) < freshMilliseconds;
  return isFresh ? { kind: "running", evidence: "recent files" } : { kind: "stopped" };
}

async function finishedOf(files: RunFiles): Promise<Finished | undefined> {
  const found = await readValid(provenanceSchema, files, runFileNames.provenance);
  return found && { at: Date.parse(found.finishedAt), seconds: found.seconds };
}

/** What a file says, or undefined where it is missing or no such file: a survey fails on nothing. */
async function readValid<T>(schema: z.ZodType<T>, files: RunFiles, name: string): Promise<T | undefined> {
  const text = await readText(files, name);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function newestTime(folder: string): Promise<number> {
  const entries = await ifExists(Array.fromAsync(Deno.readDir(folder))) ?? [];
  const times = await Promise.all(entries.map(async ({ name }) => {
    const found = await ifExists(Deno.stat(`${folder}/${name}`));
    return found?.mtime?.getTime() ?? 0;
  }));
  return Math.max(0, ...times);
}
