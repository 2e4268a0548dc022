import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeWhole } from "../../tasks/files.ts";
import { runJobs } from "../../tasks/pool.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { differingFiles } from "../../tasks/soak.ts";
import { inFolder, tinyJob } from "../fixtures/tiny_run.ts";

const bytes = new TextEncoder().encode("content");

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("a store gives back what was written, and undefined for what was not", () =>
  inFolder(async (folder) => {
    const store = openRunStore(`${folder}/runs`);
    assertEquals([await store.identities(), await store.run("a").read("x")], [[], undefined]);
    await store.run("b").write("x", bytes);
    await store.run("a").write("x", bytes);
    await store.run("a").write("x", bytes.subarray(1));
    assertEquals(await store.run("a").read("x"), bytes.subarray(1));
    assertEquals([await store.identities(), namesIn(`${folder}/runs/a`)], [["a", "b"], ["x"]]);
    await store.run("a").remove("x");
    await store.run("a").remove("x");
    assertEquals(await store.run("a").read("x"), undefined);
  }));

Deno.test("a run that is taken is not given to another until it is released", () =>
  inFolder(async (folder) => {
    const first = await takeRun(folder, "a");
    assert(first?.isLocked);
    assertEquals(await takeRun(folder, "a"), undefined);
    const other = await takeRun(folder, "b");
    assert(other);
    other.release();
    first.release();
    const second = await takeRun(folder, "a");
    assert(second);
    second.release();
  }));

Deno.test("what a killed process left half written is removed by who takes the run, and by nobody else", () =>
  inFolder(async (folder) => {
    const holder = (await takeRun(folder, "a"))!;
    await Deno.writeFile(`${folder}/a/weights.safetensors.1.tmp`, bytes);
    await Deno.writeFile(`${folder}/a/weights.safetensors`, bytes);
    assertEquals(await takeRun(folder, "a"), undefined);
    assertEquals(namesIn(`${folder}/a`), ["lock", "weights.safetensors", "weights.safetensors.1.tmp"]);
    holder.release();
    (await takeRun(folder, "a"))!.release();
    assertEquals(namesIn(`${folder}/a`), ["lock", "weights.safetensors"]);
  }));

Deno.test("a lock ends with the process that holds it, killed or not", () =>
  inFolder(async (folder) => {
    const script = `const lock = await Deno.open(Deno.args[0], { create: true, write: true });
      console.log(await lock.tryLock(true)); setInterval(() => {}, 1000);`;
    await Deno.mkdir(`${folder}/a`);
    await Deno.writeTextFile(`${folder}/hold.ts`, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "-A", `${folder}/hold.ts`, `${folder}/a/lock`],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const output = child.stdout.getReader();
    assertEquals(new TextDecoder().decode((await output.read()).value), "true\n");
    assertEquals(await takeRun(folder, "a"), undefined);
    child.kill("SIGKILL");
    await child.status;
    await output.cancel();
    (await takeRun(folder, "a"))!.release();
  }));

Deno.test("a writer whose temporary file was cleared away writes again", () =>
  inFolder(async (folder) => {
    const { rename } = Deno;
    let renames = 0;
    Deno.rename = async (from, to) => {
      if (renames++ === 0) await Deno.remove(from);
      return await rename(from, to);
    };
    try {
      await openRunStore(folder).run("a").write("x", bytes);
    } finally {
      Deno.rename = rename;
    }
    assertEquals([renames, namesIn(`${folder}/a`)], [2, ["x"]]);
  }));

Deno.test("a file that cannot be written is named with the reason, and nothing of it is left", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "old");
    const message = `Cannot write ${folder}/file/below, of which nothing was changed: `;
    await assertRejects(() => writeWhole(`${folder}/file/below`, "new"), Error, message);
    await assertRejects(() => takeRun(`${folder}/file`, "a"), Error, `Cannot write ${folder}/file/a/lock`);
    await Deno.mkdir(`${folder}/taken`);
    await assertRejects(() => writeWhole(`${folder}/taken`, "new"), Error, `Cannot write ${folder}/taken`);
    assertEquals(namesIn(folder), ["file", "taken"]);
  }));

Deno.test("where the file system has no locks the run is given, and said to be unlocked", () =>
  inFolder(async (folder) => {
    const { tryLock } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("Function not implemented (os error 38)"));
    try {
      const run = (await takeRun(folder, "a"))!;
      assertEquals(run.isLocked, false);
      run.release();
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
  }));

Deno.test("two pools on one store train each run once, and both see all runs done", () =>
  inFolder(async (folder) => {
    const done: string[] = [];
    const notes: string[] = [];
    const events = {
      onWork: () => {},
      onDone: async ({ identity }: { identity: string }) => void done.push(await Promise.resolve(identity)),
      onNote: ({ identity }: { identity: string }, text: string) => void notes.push(`${identity}: ${text}`),
    };
    const jobs = ["a", "b"].map((identity) => ({ ...tinyJob(`${folder}/together`), identity }));
    const pool = () => runJobs(jobs, 1, events, { retryMilliseconds: 20 });
    await Promise.all([pool(), pool()]);
    assertEquals(done.sort(), ["a", "b"]);
    assert(notes.every((text) => text.endsWith("another process has it and is waited for")), notes.join());
    assertEquals(await differingFiles(`${folder}/together/a`, `${folder}/together/b`), []);
  }));
