import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runFileNames } from "../../src/experiments/run.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { differingFiles } from "../../tasks/soak.ts";
import { busyExitCode, exitCodeOf, failureName, outcomeLine, train } from "../../tasks/train.ts";
import { tinyOptions, tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const run = tinyPlanRun();

Deno.test("a run is done once and was done afterwards, without its data being asked for", () =>
  inFolder(async (folder) => {
    const first = await train(run, tinyOptions(folder));
    assertEquals([first.kind, exitCodeOf(first)], ["done", 0]);
    const provenance = await openRunStore(folder).run(run.identity).read(runFileNames.provenance);
    assert(provenance);
    const noData = () => Promise.reject(new Error("no data"));
    const second = await train(run, { ...tinyOptions(folder), dataset: noData });
    assertEquals([second.kind, exitCodeOf(second)], ["before", 0]);
    assertEquals(outcomeLine(run.identity, second), `run ${run.identity}: was done`);
  }));

Deno.test("a failure is kept in the run's folder with its reason until the run succeeds", () =>
  inFolder(async (folder) => {
    const files = openRunStore(folder).run(run.identity);
    const noData = () => Promise.reject(new Error("the data are gone"));
    const failed = await train(run, { ...tinyOptions(folder), dataset: noData });
    assertEquals(exitCodeOf(failed), 1);
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
    assertEquals([busy.kind, exitCodeOf(busy)], ["busy", busyExitCode]);
    const waiting = train(run, { ...tinyOptions(folder), waits: true, retryMilliseconds: 20 });
    setTimeout(() => holder.release(), 300);
    assertEquals((await waiting).kind, "done");
  }));

Deno.test("without locks two workers on one run both end well, in the bytes of one", () =>
  inFolder(async (folder) => {
    await train(run, tinyOptions(`${folder}/alone`));
    const { tryLock } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("Function not implemented (os error 38)"));
    try {
      const store = `${folder}/together`;
      const workers = Array.from({ length: 2 }, () => train(run, tinyOptions(store)));
      for (const outcome of await Promise.all(workers)) assertEquals(exitCodeOf(outcome), 0);
      const paths = [`${folder}/alone`, store].map((each) => `${each}/${run.identity}`);
      // The provenance holds the time, and is no part of the result.
      assertEquals(await differingFiles(paths[0], paths[1]), ["provenance.json"]);
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
  }));
