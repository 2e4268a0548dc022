import { assertEquals, assertStringIncludes } from "@std/assert";
import { copy } from "../fixtures/copy_folder.ts";
import type { PlanRun } from "../../tasks/plan_file.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { statusOf, statusText } from "../../tasks/status.ts";
import { survey, type SurveyedRun } from "../../tasks/survey.ts";
import { train, trainAll } from "../../tasks/train_all.ts";
import { tinyOptions, tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const plan = { profile: "smoke", engine: "wasm" } as const;
const runs = [1, 2, 3].map(tinyPlanRun);
const hour = 3600_000;

async function kindsIn(folder: string, now = Date.now()): Promise<string[]> {
  const surveyed = await survey(runs, { store: openRunStore(folder), folder, now });
  return surveyed.map(({ state }) => state.kind);
}

function done(run: PlanRun, at: number, seconds: number): SurveyedRun {
  return { run, state: { kind: "done", finished: { at, seconds } } };
}

Deno.test("a run is done, running by its lock, failed with its reason, or waiting", () =>
  inFolder(async (folder) => {
    assertEquals(await kindsIn(folder), ["waiting", "waiting", "waiting"]);
    await train(runs[0], tinyOptions(folder));
    const noData = () => Promise.reject(new Error("the data are gone"));
    await train(runs[1], { ...tinyOptions(folder), dataset: noData });
    const holder = (await takeRun(folder, runs[2].identity))!;
    assertEquals(await kindsIn(folder), ["done", "failed", "running"]);
    const now = Date.now();
    const status = statusOf(plan, await survey(runs, { store: openRunStore(folder), folder, now }), now);
    assertStringIncludes(statusText(status), "1 of 3 runs done, 1 running, 1 failed");
    assertStringIncludes(
      statusText(status),
      `${runs[1].identity} (mnist, 6-6, learning rate 0.001, seed 2): the data are gone`,
    );
    holder.release();
  }));

Deno.test("a run that was begun and has no lock is running while its files are young, and stopped afterwards", () =>
  inFolder(async (folder) => {
    await openRunStore(folder).run(runs[0].identity).write(
      "hyperparameters.json",
      new TextEncoder().encode("{}"),
    );
    assertEquals((await kindsIn(folder))[0], "running");
    assertEquals((await kindsIn(folder, Date.now() + hour))[0], "stopped");
  }));

Deno.test("the speed is that of the last six hours, and the time left follows from it", () => {
  const now = 100 * hour;
  const waiting: SurveyedRun = { run: runs[2], state: { kind: "waiting" } };
  const old = done(runs[0], now - 7 * hour, 60);
  assertEquals(statusOf(plan, [old, waiting], now).secondsLeft, null);
  const status = statusOf(plan, [old, done(runs[1], now - 1000, 99), waiting], now);
  // One run in 100 seconds; the one that is left costs as much.
  assertEquals(status.runsPerHour, 36);
  assertEquals(status.secondsLeft, 100 * runs[2].operations / runs[1].operations);
  assertEquals(status.counts, { done: 2, running: 0, failed: 0, stopped: 0, waiting: 1 });
});

Deno.test("of a run that began before the six hours, its share in them counts", () => {
  const now = 100 * hour;
  const { runsPerHour } = statusOf(plan, [done(runs[0], now, 12 * 3600)], now);
  assertEquals(runsPerHour, 0.5 / 6);
});

Deno.test("when all is done there is nothing left", () => {
  const status = statusOf(plan, [done(runs[0], 1000, 1)], 2000);
  assertEquals([status.secondsLeft, status.unfinished], [0, []]);
  assertStringIncludes(statusText(status), "Nothing is left to do.");
});

Deno.test("two stores that were filled apart are one store when they are copied together", () =>
  inFolder(async (folder) => {
    const [left, right, union] = ["left", "right", "union"].map((name) => `${folder}/${name}`);
    await trainAll(runs.slice(0, 2), tinyOptions(left));
    await trainAll(runs.slice(1), tinyOptions(right));
    assertEquals(await kindsIn(left), ["done", "done", "waiting"]);
    for (const store of [left, right]) await copy(store, union);
    assertEquals(await kindsIn(union), ["done", "done", "done"]);
    for (const { kind } of await trainAll(runs, tinyOptions(union))) assertEquals(kind, "before");
  }));
