/**
 * Runs side by side, one Deno Worker each.
 *
 * @module
 */
import type { Job, Report } from "./training_worker.ts";

/** What the pool tells as it goes. */
export interface PoolEvents {
  /** Operations done on a job since the last call. */
  readonly onWork: (job: Job, operations: number) => void;
  /** The job is done; it took this many seconds. */
  readonly onDone: (job: Job, seconds: number) => Promise<void>;
}

/**
 * Does all jobs, at most `workers` at once, in the order given.
 *
 * @throws {Error} If a job fails: the others that have begun are stopped, and what they have stored stays.
 */
export async function runJobs(jobs: readonly Job[], workers: number, events: PoolEvents): Promise<void> {
  const waiting = [...jobs];
  const threads = Array.from({ length: Math.min(workers, jobs.length) }, startWorker);
  try {
    await Promise.all(threads.map(async (thread) => {
      for (let job = waiting.shift(); job; job = waiting.shift()) await runJob(thread, job, events);
    }));
  } finally {
    threads.forEach((thread) => thread.terminate());
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./training_worker.ts", import.meta.url), { type: "module" });
}

async function runJob(thread: Worker, job: Job, { onWork, onDone }: PoolEvents): Promise<void> {
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (why: string): void => reject(new Error(`Cannot finish run ${job.identity}: ${why}`));
  thread.onmessage = ({ data }: MessageEvent<Report>): void => {
    if (data.kind === "work") onWork(job, data.operations);
    else if (data.kind === "done") resolve();
    else failed(data.message);
  };
  thread.onerror = (event): void => {
    event.preventDefault();
    failed(event.message);
  };
  thread.postMessage(job);
  await promise;
  await onDone(job, (performance.now() - started) / 1000);
}
