/**
 * A thread with an engine of its own that does one job after the other.
 *
 * @module
 */
import type { JobEvents } from "./finish_job.ts";
import type { Job, Report } from "./training_worker.ts";

/** What a job came to. */
export type Ended = Exclude<Report, { kind: "work" | "note" }>;

/** Starts a worker of `training_worker.ts`. */
export function startTrainingWorker(): Worker {
  return new Worker(new URL("./training_worker.ts", import.meta.url), { type: "module" });
}

/** A thread for one job at a time. Its engine is loaded with the first one. */
export class TrainingThread {
  readonly #startWorker: () => Worker;
  #worker: Worker | undefined;

  /** Nothing is started yet. */
  constructor(startWorker: () => Worker = startTrainingWorker) {
    this.#startWorker = startWorker;
  }

  /** Does a job. A worker that fails is replaced before the next one. */
  async finish(job: Job, events: JobEvents): Promise<Ended> {
    this.#worker ??= this.#startWorker();
    const ended = await ask(this.#worker, job, events);
    if (ended.kind === "failed") this.end();
    return ended;
  }

  /** Ends the thread at once, whatever it does. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function ask(worker: Worker, job: Job, { onWork, onNote }: JobEvents): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  worker.onmessage = ({ data }: MessageEvent<Report>): void => {
    if (data.kind === "work") onWork(data.operations);
    else if (data.kind === "note") onNote(data.text);
    else resolve(data);
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    resolve({ kind: "failed", message: `its worker died: ${event.message}` });
  };
  worker.postMessage(job);
  return promise;
}
