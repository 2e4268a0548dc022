/**
 * A worker that trains and measures one run after the other on its own engine.
 *
 * @module
 */
import type { Dataset } from "../src/datasets/dataset.ts";
import { exampleSetsOf } from "../src/experiments/example_set.ts";
import { completeRun, type RunRequest } from "../src/experiments/run.ts";
import { selectEngine } from "../src/network/engines/mod.ts";
import { openRunStore } from "./run_store.ts";

/** A run to do. The data set's pixels are shared memory. */
export interface Job extends RunRequest {
  /** The run's folder in the store. */
  readonly identity: string;
  readonly dataset: Dataset;
  /** The store's folder. */
  readonly store: string;
}

/** What the worker reports. */
export type Report =
  | { readonly kind: "work"; readonly operations: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };

const scope = self as unknown as Worker;

scope.onmessage = async ({ data }: MessageEvent<Job>): Promise<void> => {
  const report = (message: Report): void => scope.postMessage(message);
  try {
    await work(data, (operations) => report({ kind: "work", operations }));
    report({ kind: "done" });
  } catch (error) {
    report({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

async function work(job: Job, onWork: (operations: number) => void): Promise<void> {
  const { identity, hyperparameters, dataset, store } = job;
  const engine = await selectEngine(hyperparameters.engine);
  const files = openRunStore(store).run(identity);
  await completeRun(job, { engine, files, ...exampleSetsOf(dataset, hyperparameters), onWork });
}
