/**
 * Finishing one run in this thread: take it, train and measure what is missing, release it.
 *
 * @module
 */
import type { Dataset } from "../src/datasets/dataset.ts";
import { exampleSetsOf } from "../src/experiments/example_set.ts";
import { completeRun, type RunRequest } from "../src/experiments/run.ts";
import { selectEngine } from "../src/network/engines/mod.ts";
import { takeRun } from "./run_store.ts";

/** A run to do. The data set's pixels are shared memory. */
export interface Job extends RunRequest {
  /** The run's folder in the store. */
  readonly identity: string;
  readonly dataset: Dataset;
  /** The store's folder. */
  readonly store: string;
}

/** Who hears how a job goes. */
export interface JobEvents {
  /** Called with the floating-point operations done, in the units of `runCost`. */
  readonly onWork: (operations: number) => void;
  /** Called with a sentence that the user should know. */
  readonly onNote: (text: string) => void;
}

/** What a job came to: `done` now, complete `before`, or `busy`: another worker or process has the run. */
export type JobOutcome = "done" | "before" | "busy";

/**
 * Trains and measures what is missing of a run, unless another worker or process has it.
 *
 * @throws {Error} If the run cannot be finished.
 */
export async function finishJob(job: Job, { onWork, onNote }: JobEvents): Promise<JobOutcome> {
  const run = await takeRun(job.store, job.identity);
  if (!run) return "busy";
  try {
    if (!run.isLocked) onNote("this file system has no locks: a second process may do the same work");
    const wasMissing = await completeRun(job, {
      engine: await selectEngine(job.hyperparameters.engine),
      files: run.files,
      ...exampleSetsOf(job.dataset, job.hyperparameters),
      onWork,
      onNote,
      now: () => performance.now(),
    });
    return wasMissing ? "done" : "before";
  } finally {
    run.release();
  }
}

/** Why a job failed, in a sentence. */
export function failureSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof RangeError && /memory|allocation failed/i.test(message);
  return isMemory ? `memory ran out (${message}); fewer --workers need less` : message;
}
