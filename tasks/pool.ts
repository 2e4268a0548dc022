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
  /** The job is done; it took this many seconds. Not called for a job that another process did meanwhile. */
  readonly onDone: (job: Job, seconds: number) => Promise<void>;
  /** Something that the user should know about a job. Default: a line on standard error. */
  readonly onNote?: (job: Job, text: string) => void;
}

/** How the pool works, apart from what it does. */
export interface PoolOptions {
  /** Starts a worker. Default: {@linkcode startTrainingWorker}. */
  readonly startWorker?: () => Worker;
  /** How long to wait before asking again for a run that another process has. Default 1000. */
  readonly retryMilliseconds?: number;
}

/**
 * Does all jobs, at most `workers` at once, in the order given, except that a run which another process has is asked
 * for again after the others.
 *
 * A job that fails, or takes its worker with it, stops no other one.
 *
 * @throws {Error} When all others are done, if a job failed: which, and why.
 */
export async function runJobs(
  jobs: readonly Job[],
  workers: number,
  events: PoolEvents,
  options: PoolOptions = {},
): Promise<void> {
  const queue = new Queue(jobs, events, options);
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, () => queue.work()));
  queue.throwFailures();
}

/** Starts a worker of `training_worker.ts`. */
export function startTrainingWorker(): Worker {
  return new Worker(new URL("./training_worker.ts", import.meta.url), { type: "module" });
}

type Ended = Exclude<Report, { kind: "work" | "note" }>;

class Queue {
  readonly #waiting: Job[];
  readonly #busy = new Set<Job>();
  readonly #failures: { readonly identity: string; readonly why: string }[] = [];
  readonly #events: PoolEvents;
  readonly #startWorker: () => Worker;
  readonly #retryMilliseconds: number;

  constructor(
    jobs: readonly Job[],
    events: PoolEvents,
    { startWorker = startTrainingWorker, retryMilliseconds = 1000 }: PoolOptions,
  ) {
    this.#waiting = [...jobs];
    this.#events = events;
    this.#startWorker = startWorker;
    this.#retryMilliseconds = retryMilliseconds;
  }

  /** Does jobs on a worker of its own until none waits; a worker that failed is replaced. */
  async work(): Promise<void> {
    let thread: Worker | undefined;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      if (this.#busy.has(job)) await new Promise((resolve) => setTimeout(resolve, this.#retryMilliseconds));
      thread ??= this.#startWorker();
      const ended = await endOf(job, thread, this.#events);
      if (ended.kind === "busy") this.#postpone(job);
      if (ended.kind !== "failed") continue;
      this.#failures.push({ identity: job.identity, why: ended.message });
      thread.terminate();
      thread = undefined;
    }
    thread?.terminate();
  }

  throwFailures(): void {
    if (this.#failures.length === 0) return;
    const byReason = Map.groupBy(this.#failures, ({ why }) => why);
    const sentences = [...byReason].map(([why, failures]) =>
      `Cannot finish run ${failures.map(({ identity }) => identity).join(", ")}: ${why}`
    );
    throw new Error(
      `${sentences.join("; ")} (what is stored stays, and the same command goes on from there)`,
    );
  }

  #postpone(job: Job): void {
    if (!this.#busy.has(job)) note(this.#events, job, "another process has it and is waited for");
    this.#busy.add(job);
    this.#waiting.push(job);
  }
}

async function endOf(job: Job, thread: Worker, events: PoolEvents): Promise<Ended> {
  const started = performance.now();
  const ended = await ask(job, thread, events);
  if (ended.kind !== "done" || !ended.wasMissing) return ended;
  try {
    await events.onDone(job, (performance.now() - started) / 1000);
    return ended;
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function ask(job: Job, thread: Worker, events: PoolEvents): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  thread.onmessage = ({ data }: MessageEvent<Report>): void => {
    if (data.kind === "work") events.onWork(job, data.operations);
    else if (data.kind === "note") note(events, job, data.text);
    else resolve(data);
  };
  thread.onerror = (event): void => {
    event.preventDefault();
    resolve({ kind: "failed", message: `its worker died: ${event.message}` });
  };
  thread.postMessage(job);
  return promise;
}

function note({ onNote }: PoolEvents, job: Job, text: string): void {
  if (onNote) onNote(job, text);
  else console.error(`run ${job.identity}: ${text}`);
}
