/**
 * `status`: which runs of a plan are done, running or failed and why, how fast it goes, and the time left.
 *
 * @module
 */
import { Command, EnumType } from "@cliffy/command";
import { type ProfileName, profiles } from "../src/experiments/presets.ts";
import { parsePlan, type PlanFile, type PlanRun, readPlanText } from "./plan_file.ts";
import { duration } from "./progress.ts";
import { profileRuns, resultsFolder, runStoreFolder } from "./reproduce.ts";
import { openRunStore } from "./run_store.ts";
import { type Finished, type RunState, survey, type SurveyedRun } from "./survey.ts";

/** Runs that finished longer ago than this say nothing about the speed of now. */
const windowMilliseconds = 6 * 3600_000;

/** How many runs of a kind are listed for a person. */
const listedAtMost = 20;

const kinds = ["done", "running", "failed", "stopped", "waiting"] as const;

/** What is true of a plan's runs together. */
export interface Status {
  /** Version of this record. */
  readonly version: 1;
  readonly profile: ProfileName;
  readonly engine: string;
  /** How many runs are in each state. */
  readonly counts: Readonly<Record<RunState["kind"], number>>;
  /** Operations (`runCost`) of the runs that are not done. */
  readonly operationsLeft: number;
  /** Operations a second over the last six hours, or null if no run finished in them. */
  readonly operationsPerSecond: number | null;
  /** Runs an hour over the same time. */
  readonly runsPerHour: number | null;
  /** Seconds until all is done at this speed, or null if it is not known. */
  readonly secondsLeft: number | null;
  /** The runs that are not done. */
  readonly unfinished: readonly (RunState & { readonly identity: string; readonly run: string })[];
}

/** Where the plan that `cluster` made is kept. */
export function clusterPlanFile(profile: ProfileName): string {
  return `${resultsFolder(profile)}/cluster/plan.json`;
}

/** Sums a survey up. */
export function statusOf(
  { profile, engine }: Pick<PlanFile, "profile" | "engine">,
  runs: readonly SurveyedRun[],
  now: number,
): Status {
  const unfinished = runs.filter(({ state }) => state.kind !== "done");
  const operationsLeft = unfinished.reduce((sum, { run }) => sum + run.operations, 0);
  const speed = throughput(runs, now);
  return {
    version: 1,
    profile,
    engine,
    counts: countsOf(runs),
    operationsLeft,
    operationsPerSecond: speed?.operationsPerSecond ?? null,
    runsPerHour: speed?.runsPerHour ?? null,
    secondsLeft: speed ? operationsLeft / speed.operationsPerSecond : null,
    unfinished: unfinished.map(({ run, state }) => ({
      identity: run.identity,
      run: describe(run),
      ...state,
    })),
  };
}

function countsOf(runs: readonly SurveyedRun[]): Status["counts"] {
  const counts = { done: 0, running: 0, failed: 0, stopped: 0, waiting: 0 };
  for (const { state } of runs) counts[state.kind]++;
  return counts;
}

interface Throughput {
  readonly operationsPerSecond: number;
  readonly runsPerHour: number;
}

/**
 * The work of the last hours over their length. A run that was at work before them counts by its share within; runs
 * that are still at work do not count, so that the time left is rather too long.
 */
function throughput(runs: readonly SurveyedRun[], now: number): Throughput | undefined {
  const done = runs.flatMap(({ run, state }) =>
    state.kind === "done" && state.finished && state.finished.at > now - windowMilliseconds
      ? [{ operations: run.operations, ...state.finished }]
      : []
  );
  if (done.length === 0) return undefined;
  const began = done.reduce((earliest, run) => Math.min(earliest, startOf(run)), Infinity);
  const from = Math.max(began, now - windowMilliseconds);
  const shares = done.map((run) => ({ ...run, share: shareWithin(run, from) }));
  // A run that ended in this very millisecond still took some time.
  const seconds = Math.max(now - from, 1) / 1000;
  return {
    operationsPerSecond: shares.reduce((sum, { operations, share }) => sum + operations * share, 0) / seconds,
    runsPerHour: 3600 * shares.reduce((sum, { share }) => sum + share, 0) / seconds,
  };
}

function startOf({ at, seconds }: Finished): number {
  return at - 1000 * seconds;
}

function shareWithin(run: Finished, from: number): number {
  const length = run.at - startOf(run);
  return length > 0 ? Math.min(1, (run.at - from) / length) : 1;
}

function describe({ hyperparameters }: PlanRun): string {
  const { dataset, hidden, optimiser, seed } = hyperparameters;
  return `${dataset}, ${hidden.join("-")}, learning rate ${optimiser.learningRate}, seed ${seed}`;
}

/** A status as text for a person. */
export function statusText(status: Status): string {
  const { profile, engine, counts, unfinished } = status;
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  const rest = kinds.slice(1).map((kind) => `${counts[kind]} ${kind}`).join(", ");
  const listed = (["running", "failed", "stopped"] as const).flatMap((kind) => linesOf(kind, unfinished));
  return [
    `Profile ${profile}, engine ${engine}: ${counts.done} of ${total} runs done, ${rest}`,
    speedLine(status),
    ...listed,
  ].join("\n");
}

function speedLine({ operationsPerSecond, runsPerHour, secondsLeft }: Status): string {
  if (secondsLeft === 0) return "Nothing is left to do.";
  if (operationsPerSecond === null || runsPerHour === null || secondsLeft === null) {
    return "No run has finished in the last six hours, so the time left is not known.";
  }
  const speed = `${runsPerHour.toPrecision(3)} runs an hour, ${
    (operationsPerSecond / 1e9).toPrecision(3)
  } GFLOPS`;
  return `${speed}; about ${duration(secondsLeft)} left`;
}

function linesOf(kind: RunState["kind"], unfinished: Status["unfinished"]): string[] {
  const runs = unfinished.filter((run) => run.kind === kind);
  const lines = runs.slice(0, listedAtMost).map((run) =>
    `  ${kind} ${run.identity} (${run.run})${detail(run)}`
  );
  const more = runs.length - lines.length;
  return more > 0 ? [...lines, `  and ${more} more ${kind}: --json lists all`] : lines;
}

function detail(state: RunState): string {
  if (state.kind === "running") return `: ${state.evidence === "lock" ? "its lock is held" : "recent files"}`;
  if (state.kind === "failed") return `: ${state.reason} (${state.failedAt})`;
  if (state.kind !== "stopped") return "";
  const when = state.failedAt === null ? "" : ` (${state.failedAt})`;
  return `: ${state.reason}${when}; ${state.hasCheckpoint ? "goes on from its checkpoint" : "begins anew"}`;
}

/** The command `status`. */
export const statusCommand = new Command()
  .description("Which runs of a plan are done, running, failed and why, and the time left. Writes nothing.")
  .type("profile", new EnumType(Object.keys(profiles) as ProfileName[]))
  .option("--profile <name:profile>", "Whose plan, as deno task cluster keeps it.", {
    default: "quick" as const,
  })
  .option("--plan <file:file>", "Another plan. Default: results/<profile>/cluster/plan.json.")
  .option("--store <folder:file>", "Where runs are kept. Default: results/<profile of the plan>/runs.")
  .option("--json", "Everything, with every run that is not done.")
  .option("--require-done", "End with exit code 1 unless all runs are done.")
  .example("While a cluster works", "deno task status --profile paper")
  .action(async ({ profile, plan: named, store: folder, json, requireDone }) => {
    const path = named ?? clusterPlanFile(profile);
    const plan = parsePlan(await readPlanText(path), path);
    const now = Date.now();
    const runs = await survey(plan.runs, {
      store: folder === undefined ? profileRuns(plan.profile) : openRunStore(folder),
      folder: folder ?? runStoreFolder(plan.profile),
      now,
    });
    const status = statusOf(plan, runs, now);
    console.log(json ? JSON.stringify(status, null, 1) : statusText(status));
    if (requireDone && status.unfinished.length > 0) Deno.exit(1);
  });
