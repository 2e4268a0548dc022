/**
 * The state of every run of a plan, read from the store alone while others write to it.
 *
 * @module
 */
import { z } from "zod";
import { checkpointNames } from "../src/experiments/checkpoints.ts";
import { isComplete, runFileNames } from "../src/experiments/run.ts";
import { readText, type RunFiles, type RunStore } from "../src/experiments/run_store.ts";
import { mapInBatches } from "./batches.ts";
import { failureOf } from "./failure.ts";
import { ifExists } from "./files.ts";
import type { PlanRun } from "./plan_file.ts";
import { isTaken } from "./run_store.ts";

/** A file younger than this says that a worker is at a run, where locks do not reach. */
const freshMilliseconds = 10 * 60_000;

/** The state of a run. */
export type RunState =
  | { readonly kind: "done"; readonly finished: Finished | undefined }
  /** How it is known: a lock is held, or a file is younger than ten minutes. */
  | { readonly kind: "running"; readonly evidence: "lock" | "recent files" }
  | { readonly kind: "failed"; readonly reason: string; readonly failedAt: string }
  /** Begun, and nobody is at it; when it was stopped, where its worker could say so. */
  | {
    readonly kind: "stopped";
    readonly reason: string;
    readonly failedAt: string | null;
    readonly hasCheckpoint: boolean;
  }
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

const provenanceSchema = z.object({ finishedAt: z.iso.datetime(), seconds: z.number().nonnegative() });

/** The state of each run, in the order of the plan. */
export async function survey(runs: readonly PlanRun[], options: SurveyOptions): Promise<SurveyedRun[]> {
  return await mapInBatches(runs, async (run) => ({ run, state: await stateOf(run, options) }));
}

async function stateOf(
  run: PlanRun,
  { store, folder, now }: SurveyOptions,
): Promise<RunState> {
  const files = store.run(run.identity);
  if (await isComplete(run, files)) return { kind: "done", finished: await finishedOf(files) };
  if (await isTaken(folder, run.identity)) return { kind: "running", evidence: "lock" };
  return await stateByFiles(files, `${folder}/${run.identity}`, now);
}

/** The state of a run that is neither complete nor seen to be taken. */
async function stateByFiles(files: RunFiles, folder: string, now: number): Promise<RunState> {
  const failure = await failureOf(files);
  if (failure && !failure.isStop) {
    return { kind: "failed", reason: failure.reason, failedAt: failure.failedAt };
  }
  const times = await fileTimes(folder);
  const hasCheckpoint = checkpointNames.some((name) => times.has(name));
  if (failure) {
    return { kind: "stopped", reason: failure.reason, failedAt: failure.failedAt, hasCheckpoint };
  }
  if (!times.has(runFileNames.hyperparameters)) return { kind: "waiting" };
  const isFresh = now - Math.max(...times.values()) < freshMilliseconds;
  if (isFresh) return { kind: "running", evidence: "recent files" };
  return { kind: "stopped", reason: "its worker ended without a word", failedAt: null, hasCheckpoint };
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

/** When each file of a folder was written, in milliseconds since 1970, by its name. */
async function fileTimes(folder: string): Promise<Map<string, number>> {
  const entries = await ifExists(Array.fromAsync(Deno.readDir(folder))) ?? [];
  return new Map(
    await Promise.all(entries.map(async ({ name }): Promise<[string, number]> => {
      const found = await ifExists(Deno.stat(`${folder}/${name}`));
      return [name, found?.mtime?.getTime() ?? 0];
    })),
  );
}
