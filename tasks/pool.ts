/**
 * Runs side by side, one Deno Worker each.
 *
 * @module
 */
import { type Ended, startTrainingWorker, TrainingThread } from "./training_thread.ts";
import type { Job } from "./training_worker.ts";

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

  /** Does jobs on a thread of its own until none waits. */
  async work(): Promise<void> {
    const thread = new TrainingThread(this.#startWorker);
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      if (this.#busy.has(job)) await new Promise((resolve) => setTimeout(resolve, this.#retryMilliseconds));
      const ended = await endOf(job, thread, this.#events);
      if (ended.kind === "busy") this.#postpone(job);
      if (ended.kind === "failed") this.#failures.push({ identity: job.identity, why: ended.message });
    }
    thread.end();
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

async function endOf(job: Job, thread: TrainingThread, events: PoolEvents): Promise<Ended> {
  const started = performance.now();
  const ended = await thread.finish(job, {
    onWork: (operations) => events.onWork(job, operations),
    onNote: (text) => note(events, job, text),
  });
  if (ended.kind !== "done" || !ended.wasMissing) return ended;
  try {
    await events.onDone(job, (performance.now() - started) / 1000);
    return ended;
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function note({ onNote }: PoolEvents, job: Job, text: string): void {
  if (onNote) onNote(job, text);
  else console.error(`run ${job.identity}: ${text}`);
}
