/**
 * Training runs of a plan one after the other, on one engine.
 *
 * @module
 */
import { isComplete, runFileNames } from "../src/experiments/run.ts";
import { type RunFiles, writeText } from "../src/experiments/run_store.ts";
import { ensureDataset } from "./data.ts";
import { requireAccess } from "./engines.ts";
import { failureName, noteFailure } from "./failure.ts";
import { failureSentence, type Job } from "./finish_job.ts";
import type { PlanRun } from "./plan_file.ts";
import { Progress, type ProgressOptions } from "./progress.ts";
import { provenance } from "./provenance.ts";
import { openRunStore } from "./run_store.ts";
import { type Ended, TrainingThread } from "./training_thread.ts";

/** What a run came to. */
export type TrainOutcome =
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "before" | "busy" }
  | { readonly kind: "failed" | "stopped"; readonly reason: string };

/** What training runs depends on, beside the runs. */
export interface TrainOptions {
  /** The store's folder. */
  readonly store: string;
  /** Whether to wait for a process that has a run. */
  readonly waits: boolean;
  readonly progress: ProgressOptions;
  /** Called with what a run came to, as soon as that is known. */
  readonly onOutcome?: (run: PlanRun, outcome: TrainOutcome) => void;
  /** Stops the run that is trained and begins no other; its reason is an Error. */
  readonly signal?: AbortSignal;
  /** Gives the data of a run. Default the verified ones of the cache. */
  readonly dataset?: (name: Job["dataset"]["name"]) => Promise<Job["dataset"]>;
  /** How long to wait before asking again for a run that another process has. Default 2000. */
  readonly retryMilliseconds?: number;
  /** Starts the thread that trains. Default: a worker of `training_worker.ts`. */
  readonly startWorker?: () => Worker;
}

/**
 * Trains and measures what is missing of runs, one after the other. A run that fails stops no other one, and one that
 * another process has comes last. Why a run failed or was stopped is kept in its folder until it is tried again.
 *
 * @returns What came of each run that was begun; a failure is returned, not thrown.
 */
export async function trainAll(runs: readonly PlanRun[], options: TrainOptions): Promise<TrainOutcome[]> {
  const batch = new Batch(runs, options);
  try {
    return await outcomesOf(runs, batch, options);
  } finally {
    batch.end();
  }
}

/** Trains and measures what is missing of one run, as {@linkcode trainAll} does. */
export async function train(run: PlanRun, options: TrainOptions): Promise<TrainOutcome> {
  return (await trainAll([run], options))[0];
}

async function outcomesOf(
  runs: readonly PlanRun[],
  batch: Batch,
  { waits, signal, onOutcome }: TrainOptions,
): Promise<TrainOutcome[]> {
  const outcomes: TrainOutcome[] = [];
  const queue = [...runs];
  const postponed = new Set<PlanRun>();
  for (let run = queue.shift(); run && !signal?.aborted; run = queue.shift()) {
    const outcome = await batch.train(run, postponed.has(run));
    if (outcome.kind === "busy" && waits) {
      postponed.add(run);
      queue.push(run);
    } else {
      onOutcome?.(run, outcome);
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

/** What runs that are trained one after the other share: thread, data and progress. */
class Batch {
  readonly #options: TrainOptions;
  readonly #thread: TrainingThread;
  readonly #progress: Progress;
  #dataset: Job["dataset"] | undefined;

  constructor(runs: readonly PlanRun[], options: TrainOptions) {
    this.#options = options;
    this.#thread = new TrainingThread(options.startWorker);
    this.#progress = new Progress(runs.reduce((sum, run) => sum + run.operations, 0), options.progress);
  }

  /** Trains what is missing of a run; `waits` until no other process has it. */
  async train(run: PlanRun, waits: boolean): Promise<TrainOutcome> {
    const files = openRunStore(this.#options.store).run(run.identity);
    try {
      return await this.#attempt(run, files, waits);
    } catch (error) {
      // Where there are no locks another process may have finished the run and cleared away what this one needed.
      if (await isComplete(run, files).catch(() => false)) return { kind: "before" };
      return await this.#failed(files, error);
    } finally {
      this.#progress.erase();
    }
  }

  /** Ends the thread. */
  end(): void {
    this.#thread.end();
  }

  async #attempt(run: PlanRun, files: RunFiles, waits: boolean): Promise<TrainOutcome> {
    if (await isComplete(run, files)) {
      this.#progress.add(run.operations);
      return { kind: "before" };
    }
    await files.remove(failureName);
    await requireAccess(run.hyperparameters.engine);
    const dataset = await this.#datasetOf(run.hyperparameters.dataset);
    const job: Job = { ...run, dataset, store: this.#options.store };
    const started = performance.now();
    const ended = await this.#finished(job, waits);
    if (ended.kind === "failed") throw new Error(ended.message);
    if (ended.kind === "busy") return ended;
    if (!ended.wasMissing) return { kind: "before" };
    const seconds = (performance.now() - started) / 1000;
    await writeText(files, runFileNames.provenance, await provenance(job, seconds));
    // A process that was stopped while it waited for this one noted so.
    await files.remove(failureName);
    return { kind: "done", seconds };
  }

  async #failed(files: RunFiles, error: unknown): Promise<TrainOutcome> {
    const isStop = this.#options.signal?.aborted ?? false;
    const reason = failureSentence(error);
    await noteFailure(files, reason, isStop);
    return { kind: isStop ? "stopped" : "failed", reason };
  }

  /** Who looks whether a lock is held holds it for a moment, so a run counts as busy at the third time. */
  async #finished(job: Job, waits: boolean): Promise<Ended> {
    const { signal, retryMilliseconds = 2000 } = this.#options;
    const onNote = (text: string): void => this.#progress.line(`run ${job.identity}: ${text}`);
    const onWork = (operations: number): void => this.#progress.add(operations);
    if (waits) onNote("another process has it and is waited for");
    for (let asked = 1;; asked++) {
      const ended = await unlessAborted(this.#thread.finish(job, { onWork, onNote }), signal);
      if (ended.kind !== "busy" || (asked >= 3 && !waits)) return ended;
      await unlessAborted(pause(waits ? retryMilliseconds : 100), signal);
    }
  }

  /** The data of a run; of one data set at a time, as memory is estimated for one. */
  async #datasetOf(name: Job["dataset"]["name"]): Promise<Job["dataset"]> {
    const { dataset = (wanted) => ensureDataset(wanted, { quiet: true }) } = this.#options;
    if (this.#dataset?.name !== name) this.#dataset = await dataset(name);
    return this.#dataset;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What `work` gives, or the signal's reason thrown as soon as it is aborted. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}
