/**
 * `train`: runs of a plan, as a worker of a cluster does them. Needs the plan, the data and the store, and nothing else.
 *
 * @module
 */
import { Command } from "@cliffy/command";
import { readPlanText, runsOfPlan } from "./plan_file.ts";
import { duration, standardProgress } from "./progress.ts";
import { runStoreFolder } from "./reproduce.ts";
import { trainAll, type TrainOutcome } from "./train_all.ts";

/** The exit code where another process has a run: that of a temporary failure. */
export const busyExitCode = 75;

/** The exit code after SIGTERM: 128 and the number of the signal. */
export const stoppedExitCode = 143;

/**
 * What happened to a run, as a line of the output.
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
  if (outcome.kind === "stopped") return `${outcome.reason}; the next attempt goes on from what is stored`;
  return outcome.kind === "before" ? "was done" : "another process has it";
}

/**
 * The exit code for what came of runs: 143 if one was stopped, 1 if one failed, 75 if another process has one, else 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(exitCodeOf([{ kind: "done", seconds: 1 }, { kind: "failed", reason: "the disk is full" }]), 1);
 * ```
 */
export function exitCodeOf(outcomes: readonly TrainOutcome[]): number {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  if (kinds.has("stopped")) return stoppedExitCode;
  if (kinds.has("failed")) return 1;
  return kinds.has("busy") ? busyExitCode : 0;
}

/** What came of several runs, in a line. */
export function summaryLine(outcomes: readonly TrainOutcome[], runs: number): string {
  const names = { done: "done", before: "were done", failed: "failed", stopped: "stopped", busy: "busy" };
  const counts = [...Map.groupBy(outcomes, ({ kind }) => kind)].map(([kind, same]) => {
    return `${same.length} ${names[kind]}`;
  });
  const left = runs - outcomes.length;
  return `${runs} runs: ${[...counts, ...left > 0 ? [`${left} not begun`] : []].join(", ")}`;
}

/** A signal that is aborted when a scheduler ends this process, as it does at a time limit. */
function terminationSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort(new Error("stopped by SIGTERM, as at a time limit"));
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  return controller.signal;
}

/** The command `train`. */
export const trainCommand = new Command()
  .description(
    "Trains and measures runs of a plan, one after the other; goes on from checkpoints, and ends at once with what is " +
      "done. A line a run says what happened. Exit code 0: all are done, 1: one failed, 75: another process has one, " +
      "143: stopped by SIGTERM.",
  )
  .arguments("<hashes...:string>")
  .option("--plan <file:file>", "The plan, as deno task plan --json writes it.", { required: true })
  .option("--store <folder:file>", "Where runs are kept. Default: results/<profile of the plan>/runs.")
  .option("--wait", "Wait for a process that has a run instead of ending with exit code 75.")
  .option("--quiet", "Say nothing but what happened.")
  .example("A run", "deno task train 4341eead70c13b0b --plan plan.json")
  .action(async ({ plan, store, wait = false, quiet = false }, ...identities) => {
    const { profile, runs } = runsOfPlan(await readPlanText(plan), identities, plan);
    const outcomes = await trainAll(runs, {
      store: store ?? runStoreFolder(profile),
      waits: wait,
      progress: standardProgress(quiet),
      onOutcome: ({ identity }, outcome) => console.log(outcomeLine(identity, outcome)),
      signal: terminationSignal(),
    });
    if (runs.length > 1) console.log(summaryLine(outcomes, runs.length));
    Deno.exit(exitCodeOf(outcomes));
  });
