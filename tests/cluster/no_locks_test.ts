/** A store on a file system whose locks do not work, as on some NFS mounts: only that a rename is atomic can be relied on. */
import { assert, assertEquals } from "@std/assert";
import { completeRun, isComplete } from "../../src/experiments/run.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { differingFiles } from "../../tasks/soak.ts";
import { exitCodeOf } from "../../tasks/train.ts";
import { trainAll } from "../../tasks/train_all.ts";
import { tinyOptions, tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { contextOf, inFolder, tinyJob } from "../fixtures/tiny_run.ts";

const job = tinyJob("");

async function complete(store: string): Promise<void> {
  const run = (await takeRun(store, "run"))!;
  try {
    await completeRun(job, await contextOf(job, run.files));
  } finally {
    run.release();
  }
}

Deno.test("without locks a second worker on a run may be in vain at any moment, and no byte differs", () =>
  inFolder(async (folder) => {
    await complete(`${folder}/alone`);
    const { tryLock } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("No locks available (os error 37)"));
    try {
      for (const later of [0, 5, 20, 60]) {
        const store = `${folder}/${later}`;
        const second = new Promise((resolve) => setTimeout(resolve, later)).then(() => complete(store));
        const ends = await Promise.allSettled([complete(store), second]);
        assert(ends.some(({ status }) => status === "fulfilled"));
        assert(await isComplete(job, openRunStore(store).run("run")));
        await complete(store);
        assertEquals(await differingFiles(`${folder}/alone/run`, `${store}/run`), [], `${later} ms later`);
      }
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
  }));

const startWorker = (): Worker =>
  new Worker(new URL("../fixtures/lockless_worker.ts", import.meta.url), { type: "module" });

Deno.test("without locks two jobs that are given the same runs both end well, in the bytes of one", () =>
  inFolder(async (folder) => {
    const runs = [1, 2, 3].map(tinyPlanRun);
    await trainAll(runs, tinyOptions(`${folder}/alone`));
    const notes: string[] = [];
    const quiet = tinyOptions(`${folder}/together`);
    const progress = { ...quiet.progress, write: (text: string) => void notes.push(text) };
    const jobs = await Promise.all([1, 2].map(() => trainAll(runs, { ...quiet, progress, startWorker })));
    assertEquals(jobs.map(exitCodeOf), [0, 0]);
    assert(notes.some((note) => note.includes("this file system has no locks")), "there were locks");
    for (const { identity } of runs) {
      // The provenance holds the time, and is no part of the result.
      const differing = await differingFiles(`${folder}/alone/${identity}`, `${folder}/together/${identity}`);
      assertEquals(differing, ["provenance.json"]);
    }
  }));
