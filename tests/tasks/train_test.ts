import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runFileNames } from "../../src/experiments/run.ts";
import { failureName, failureOf } from "../../tasks/failure.ts";
import type { PlanRun } from "../../tasks/plan_file.ts";
import { writeWhole } from "../../tasks/files.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { differingFiles } from "../../tasks/soak.ts";
import { busyExitCode, exitCodeOf, outcomeLine, summaryLine } from "../../tasks/train.ts";
import { train, trainAll, type TrainOutcome } from "../../tasks/train_all.ts";
import { startTrainingWorker } from "../../tasks/training_thread.ts";
import { tinyOptions, tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const runs = [1, 2, 3].map(tinyPlanRun);
const run = runs[0];

Deno.test("a run is done once and was done afterwards, without its data being asked for", () =>
  inFolder(async (folder) => {
    const first = await train(run, tinyOptions(folder));
    assertEquals([first.kind, exitCodeOf([first])], ["done", 0]);
    const provenance = await openRunStore(folder).run(run.identity).read(runFileNames.provenance);
    assert(provenance);
    const noData = () => Promise.reject(new Error("no data"));
    const second = await train(run, { ...tinyOptions(folder), dataset: noData });
    assertEquals([second.kind, exitCodeOf([second])], ["before", 0]);
    assertEquals(outcomeLine(run.identity, second), `run ${run.identity}: was done`);
  }));

Deno.test("a failure is kept in the run's folder with its reason until the run is tried again", () =>
  inFolder(async (folder) => {
    const files = openRunStore(folder).run(run.identity);
    const noData = () => Promise.reject(new Error("the data are gone"));
    const failed = await train(run, { ...tinyOptions(folder), dataset: noData });
    assertEquals(exitCodeOf([failed]), 1);
    assertStringIncludes(outcomeLine(run.identity, failed), "failed: the data are gone");
    const kept = JSON.parse(new TextDecoder().decode(await files.read(failureName)));
    assertEquals(kept.reason, "the data are gone");
    assertEquals((await train(run, tinyOptions(folder))).kind, "done");
    assertEquals(await files.read(failureName), undefined);
  }));

Deno.test("a run that another process has is left to it, or waited for", () =>
  inFolder(async (folder) => {
    const holder = (await takeRun(folder, run.identity))!;
    const busy = await train(run, tinyOptions(folder));
    assertEquals([busy.kind, exitCodeOf([busy])], ["busy", busyExitCode]);
    const waiting = train(run, { ...tinyOptions(folder), waits: true, retryMilliseconds: 20 });
    setTimeout(() => holder.release(), 300);
    assertEquals((await waiting).kind, "done");
  }));

Deno.test("runs of a batch share one thread, and one that fails stops no other", () =>
  inFolder(async (folder) => {
    let started = 0;
    const startWorker = (): Worker => {
      started++;
      return startTrainingWorker();
    };
    const lines: string[] = [];
    const onOutcome = ({ identity }: PlanRun, { kind }: TrainOutcome) =>
      void lines.push(`${identity} ${kind}`);
    await trainAll(runs, { ...tinyOptions(`${folder}/whole`), startWorker });
    assertEquals(started, 1);
    const store = `${folder}/refuses`;
    // A file in the place of the second run's folder, in which nothing can be written then.
    await writeWhole(`${store}/${runs[1].identity}`, "");
    const outcomes = await trainAll(runs, { ...tinyOptions(store), startWorker, onOutcome });
    const kinds = ["done", "failed", "done"];
    assertEquals(lines, runs.map(({ identity }, index) => `${identity} ${kinds[index]}`));
    assertEquals([exitCodeOf(outcomes), summaryLine(outcomes, 3)], [1, "3 runs: 2 done, 1 failed"]);
    const third = [`${folder}/whole`, store].map((each) => `${each}/${runs[2].identity}`);
    assertEquals(await differingFiles(third[0], third[1]), ["provenance.json"]);
  }));

Deno.test("on a terminal what came of a run is told on a line of its own, not behind the progress", () =>
  inFolder(async (folder) => {
    let seconds = 0, text = "";
    const write = (part: string): void => void (text += part);
    const progress = { isTerminal: true, isQuiet: false, now: () => 1000 * seconds++, write };
    const onOutcome = ({ identity }: PlanRun, { kind }: TrainOutcome): void => write(`${identity} ${kind}\n`);
    await trainAll(runs.slice(0, 2), { ...tinyOptions(folder), progress, onOutcome });
    for (const { identity } of runs.slice(0, 2)) {
      const line = new RegExp(`% done, about \\d+ s left<erase>${identity} done\\n`);
      assertMatch(text.replaceAll("\r\x1b[K", "<erase>"), line);
    }
  }));

Deno.test("a run of a batch that another process has comes after the others", () =>
  inFolder(async (folder) => {
    const holder = (await takeRun(folder, runs[0].identity))!;
    const done: string[] = [];
    const onOutcome = ({ identity }: PlanRun): void => {
      if (done.push(identity) === 1) holder.release();
    };
    const options = { ...tinyOptions(folder), waits: true, retryMilliseconds: 20, onOutcome };
    assertEquals(exitCodeOf(await trainAll(runs.slice(0, 2), options)), 0);
    assertEquals(done, [runs[1].identity, runs[0].identity]);
  }));

Deno.test("a batch that is stopped says why of the run that it was at, and begins no other", async () => {
  // The signal comes while the data are read, or when the thread is at work.
  for (const later of [undefined, 0, 100]) {
    await inFolder(async (folder) => {
      const controller = new AbortController();
      const stop = (): void => controller.abort(new Error("stopped by a test"));
      const { dataset, ...quiet } = tinyOptions(folder);
      const read: typeof dataset = async (name) => {
        if (later === undefined) stop();
        else setTimeout(stop, later);
        return await dataset!(name);
      };
      const outcomes = await trainAll(runs, { ...quiet, signal: controller.signal, dataset: read });
      assertEquals(outcomes, [{ kind: "stopped", reason: "stopped by a test" }]);
      assertEquals(exitCodeOf(outcomes), 143);
      assertEquals(summaryLine(outcomes, 3), "3 runs: 1 stopped, 2 not begun");
      const failure = await failureOf(openRunStore(folder).run(runs[0].identity));
      assertEquals([failure?.reason, failure?.isStop], ["stopped by a test", true]);
    });
  }
});
