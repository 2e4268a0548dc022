/**
 * A worker that trains and measures one run after the other on its own engine.
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

/** What the worker reports: last `done`, `busy` (another worker or process has the run) or `failed`. */
export type Report =
  | { readonly kind: "work"; readonly operations: number }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "done"; readonly wasMissing: boolean }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly message: string };

const scope = self as unknown as Worker;

scope.onmessage = async ({ data }: MessageEvent<Job>): Promise<void> => {
  const report = (message: Report): void => scope.postMessage(message);
  try {
    report(await work(data, report));
  } catch (error) {
    report({ kind: "failed", message: sentenceOf(error) });
  }
};

async function work(job: Job, report: (message: Report) => void): Promise<Report> {
  const run = await takeRun(job.store, job.identity);
  if (!run) return { kind: "busy" };
  try {
    if (!run.isLocked) {
      report({ kind: "note", text: "this file system has no locks: start no second process" });
    }
    const wasMissing = await completeRun(job, {
      engine: await selectEngine(job.hyperparameters.engine),
      files: run.files,
      ...exampleSetsOf(job.dataset, job.hyperparameters),
      onWork: (operations) => report({ kind: "work", operations }),
      onNote: (text) => report({ kind: "note", text }),
      now: () => performance.now(),
    });
    return { kind: "done", wasMissing };
  } finally {
    run.release();
  }
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof RangeError && /memory|allocation failed/i.test(message);
  return isMemory ? `memory ran out (${message}); fewer --workers need less` : message;
}
