/**
 * `train`: one run of a plan, as a worker of a cluster does it. Needs the plan, the data and the store, and nothing else.
 *
 * @module
 */
import { Command } from "@cliffy/command";
import { recordJson } from "../src/experiments/record.ts";
import { isComplete, runFileNames } from "../src/experiments/run.ts";
import { writeText } from "../src/experiments/run_store.ts";
import { ensureDataset } from "./data.ts";
import { requireAccess } from "./engines.ts";
import { failureSentence, finishJob, type Job, type JobEvents, type JobOutcome } from "./finish_job.ts";
import { type PlanRun, runOfPlan } from "./plan_file.ts";
import { duration, Progress, type ProgressOptions, standardProgress } from "./progress.ts";
import { provenance } from "./provenance.ts";
import { runStoreFolder } from "./reproduce.ts";
import { openRunStore } from "./run_store.ts";

/** The name of the file in a run's folder that says why its last training failed. */
export const failureName = "failure.json";

/** The exit code where another process has the run: that of a temporary failure. */
export const busyExitCode = 75;

/** What a run came to. */
export type TrainOutcome =
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "before" | "busy" }
  | { readonly kind: "failed"; readonly reason: string };

/** What training a run depends on, beside the run. */
export interface TrainOptions {
  /** The store's folder. */
  readonly store: string;
  /** Whether to wait for a process that has the run. */
  readonly waits: boolean;
  readonly progress: ProgressOptions;
  /** Gives the data of a run. Default the verified ones of the cache. */
  readonly dataset?: (name: Job["dataset"]["name"]) => Promise<Job["dataset"]>;
  /** How long to wait before asking again for a run that another process has. Default 2000. */
  readonly retryMilliseconds?: number;
}

/**
 * Trains and measures what is missing of a run. A failure is kept in the run's folder until the run succeeds.
 *
 * @returns What came of it; a failure is returned, not thrown.
 */
export async function train(run: PlanRun, options: TrainOptions): Promise<TrainOutcome> {
  const files = openRunStore(options.store).run(run.identity);
  if (await isComplete(run.measurements, files)) return { kind: "before" };
  try {
    const outcome = await trained(run, options);
    if (outcome.kind !== "busy") await files.remove(failureName);
    return outcome;
  } catch (error) {
    // Where there are no locks another process may have finished the run and cleared away what this one needed.
    if (await isComplete(run.measurements, files)) return { kind: "before" };
    const reason = failureSentence(error);
    const failure = { schema: 1, reason, failedAt: new Date().toISOString() };
    // A store that cannot be written is itself the reason, which the last line tells.
    await writeText(files, failureName, recordJson(failure)).catch(() => {});
    return { kind: "failed", reason };
  }
}

async function trained(run: PlanRun, options: TrainOptions): Promise<TrainOutcome> {
  const started = performance.now();
  await requireAccess(run.hyperparameters.engine);
  const { store, dataset = (name) => ensureDataset(name, { quiet: true }) } = options;
  const job = { ...run, dataset: await dataset(run.hyperparameters.dataset), store };
  const outcome = await finished(job, options, eventsOf(run, options.progress));
  if (outcome !== "done") return { kind: outcome };
  const seconds = (performance.now() - started) / 1000;
  const text = await provenance(job, seconds);
  await writeText(openRunStore(store).run(run.identity), runFileNames.provenance, text);
  return { kind: "done", seconds };
}

/** Who looks whether a lock is held holds it for a moment, so a run counts as busy at the third time. */
async function finished(job: Job, options: TrainOptions, events: JobEvents): Promise<JobOutcome> {
  const { waits, retryMilliseconds = 2000 } = options;
  for (let asked = 1;; asked++) {
    const outcome = await finishJob(job, events);
    if (outcome !== "busy" || (asked >= 3 && !waits)) return outcome;
    if (asked === 3) events.onNote("another process has it and is waited for");
    await new Promise((resolve) => setTimeout(resolve, asked < 3 ? 100 : retryMilliseconds));
  }
}

function eventsOf({ operations }: PlanRun, options: ProgressOptions): JobEvents {
  const progress = new Progress(operations, options);
  return { onWork: (done) => progress.add(done), onNote: (text) => progress.line(text) };
}

/**
 * What happened, as the last line of the output.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(outcomeLine("4341eead70c13b0b", { kind: "before" }), "run 4341eead70c13b0b: was done");
 * ```
 */
export function outcomeLine(identity: string, outcome: TrainOutcome): string {
  return `run ${identity}: ${outcomeText(outcome)}`;
}

function outcomeText(outcome: TrainOutcome): string {
  if (outcome.kind === "done") return `done in ${duration(outcome.seconds)}`;
  if (outcome.kind === "failed") return `failed: ${outcome.reason}`;
  return outcome.kind === "before" ? "was done" : "another process has it";
}

/** The exit code of an outcome: 0 if the run is done, 75 if another process has it, 1 if it failed. */
export function exitCodeOf({ kind }: TrainOutcome): number {
  if (kind === "busy") return busyExitCode;
  return kind === "failed" ? 1 : 0;
}

/** The command `train`. */
export const trainCommand = new Command()
  .description(
    "Trains and measures one run of a plan; goes on from its checkpoint, and ends at once if it is done. " +
      "The last line says what happened. Exit code 0: done or was done, 1: failed, 75: another process has it.",
  )
  .arguments("<hash:string>")
  .option("--plan <file:file>", "The plan, as deno task plan --json writes it.", { required: true })
  .option("--store <folder:file>", "Where runs are kept. Default: results/<profile of the plan>/runs.")
  .option("--wait", "Wait for a process that has the run instead of ending with exit code 75.")
  .option("--quiet", "Say nothing but what happened.")
  .example("A run", "deno task train 4341eead70c13b0b --plan plan.json")
  .action(async ({ plan, store, wait = false, quiet = false }, identity) => {
    const { profile, run } = runOfPlan(await Deno.readTextFile(plan), identity, plan);
    const progress = standardProgress(quiet);
    const outcome = await train(run, { store: store ?? runStoreFolder(profile), waits: wait, progress });
    console.log(outcomeLine(identity, outcome));
    Deno.exit(exitCodeOf(outcome));
  });
