import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkpointNames } from "../../src/experiments/checkpoints.ts";
import { recordJson } from "../../src/experiments/record.ts";
import { completeRun, isComplete, readRun, remainingCost, runCost } from "../../src/experiments/run.ts";
import type { RunFiles } from "../../src/experiments/run_store.ts";
import { openJson, sealJson } from "../../src/experiments/seal.ts";
import { runJobs } from "../../tasks/pool.ts";
import { openRunStore, takeRun } from "../../tasks/run_store.ts";
import { differingFiles } from "../../tasks/soak.ts";
import type { Job } from "../../tasks/training_worker.ts";
import { contextOf, inFolder, tinyJob } from "../fixtures/tiny_run.ts";

const tiny = tinyJob("");

/** Three epochs, after two of which there are checkpoints. */
const job: Job = { ...tiny, hyperparameters: { ...tiny.hyperparameters, epochs: 3 } };

/** Trains the tiny run in a folder and returns what it noted. */
async function train(
  store: string,
  wrap: (files: RunFiles) => RunFiles = (files) => files,
): Promise<string[]> {
  const notes: string[] = [];
  const run = (await takeRun(store, "run"))!;
  try {
    const context = await contextOf(job, wrap(run.files));
    await completeRun(job, { ...context, onNote: (text) => notes.push(text) });
  } finally {
    run.release();
  }
  return notes;
}

class Killed extends Error {}

/** Stops at the given write or removal, before it, in the middle of it or after it; counts them. */
function killing(files: RunFiles, folder: string, at: number, moment: "before" | "within" | "after") {
  let operations = 0;
  const step = async (name: string, work: () => Promise<void>): Promise<void> => {
    if (operations++ !== at) return await work();
    if (moment === "within") await Deno.writeTextFile(`${folder}/${name}.0.tmp`, "half");
    if (moment === "after") await work();
    throw new Killed();
  };
  return {
    read: files.read,
    write: (name: string, bytes: Uint8Array) => step(name, () => files.write(name, bytes)),
    remove: (name: string) => step(name, () => files.remove(name)),
    operations: () => operations,
  };
}

Deno.test("a training that stops before, within or after any write ends in the same bytes", () =>
  inFolder(async (folder) => {
    let count = 0;
    await train(`${folder}/reference`, (files) => {
      const counted = killing(files, "", -1, "before");
      return {
        ...counted,
        write: (name, bytes) => counted.write(name, bytes).finally(() => count = counted.operations()),
      };
    });
    assert(count > 8);
    for (let at = 0; at < count; at++) {
      const moment = (["before", "within", "after"] as const)[at % 3];
      const store = `${folder}/${at}`;
      await assertRejects(() => train(store, (files) => killing(files, `${store}/run`, at, moment)), Killed);
      await train(store);
      const differences = await differingFiles(`${folder}/reference/run`, `${store}/run`);
      assertEquals(differences, [], `stopped ${moment} operation ${at}`);
    }
  }));

/** A store with a training that was stopped after all epochs, before their log was written. */
async function stoppedStore(store: string): Promise<void> {
  const stop = (files: RunFiles): RunFiles => ({
    ...files,
    write: (name, bytes) =>
      name === "training.json" ? Promise.reject(new Killed()) : files.write(name, bytes),
  });
  await assertRejects(() => train(store, stop), Killed);
}

async function damage(path: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await Deno.writeFile(path, change(await Deno.readFile(path)));
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 9, bytes[bytes.length - 9] ^ 4);
const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
const emptied = (): Uint8Array => new Uint8Array();

Deno.test("with a damaged checkpoint training goes on from the one before it, with two it starts anew, and it says so", () =>
  inFolder(async (folder) => {
    await train(`${folder}/reference`);
    const [first, second] = checkpointNames;
    const cases: [string[], typeof cut, string[]][] = [
      [[], cut, ["training goes on after epoch 2"]],
      [[second], flipped, [`${second} was cut`, "training goes on after epoch 1"]],
      [[first], emptied, [`${first} was cut`, "training goes on after epoch 2"]],
      [[first, second], cut, [`${first} was cut`, `${second} was cut`]],
    ];
    for (const [index, [names, change, expected]] of cases.entries()) {
      const store = `${folder}/${index}`;
      await stoppedStore(store);
      for (const name of names) await damage(`${store}/run/${name}`, change);
      const notes = await train(store);
      assertEquals(notes.map((note, place) => note.slice(0, expected[place]?.length)), expected);
      assertEquals(await differingFiles(`${folder}/reference/run`, `${store}/run`), []);
    }
  }));

Deno.test("a finished run with any file damaged counts as unfinished and is made whole again", () =>
  inFolder(async (folder) => {
    await train(`${folder}/reference`);
    const files = openRunStore(`${folder}/damaged`).run("run");
    await train(`${folder}/damaged`);
    for (const name of ["hyperparameters.json", "training.json", "network.json", "epochs.json"]) {
      for (const change of [flipped, cut]) {
        await damage(`${folder}/damaged/run/${name}`, change);
        assertEquals(await isComplete(job, files), false, name);
        await assertRejects(() => readRun("run", job.measurements, files), SyntaxError);
        await train(`${folder}/damaged`);
        assertEquals(await differingFiles(`${folder}/reference/run`, `${folder}/damaged/run`), [], name);
      }
    }
    await damage(`${folder}/damaged/run/weights.safetensors`, flipped);
    await Deno.remove(`${folder}/damaged/run/network.json`);
    const [note] = await train(`${folder}/damaged`);
    assertStringIncludes(note, "weights.safetensors was cut, altered or moved");
    assertEquals(await differingFiles(`${folder}/reference/run`, `${folder}/damaged/run`), []);
  }));

/** Replaces a record by one that is whole and of another version. */
async function ageRecord(folder: string, name: string): Promise<void> {
  const text = async (file: string): Promise<string> => await Deno.readTextFile(`${folder}/${file}`);
  const owner = await text("hyperparameters.json");
  const record = JSON.parse(openJson(await text(name), owner, name));
  await Deno.writeTextFile(`${folder}/${name}`, sealJson(recordJson({ ...record, schema: 0 }), owner));
}

Deno.test("a record of another version counts as missing and is made again, and it says so", () =>
  inFolder(async (folder) => {
    await train(`${folder}/reference`);
    await train(`${folder}/aged`);
    const files = openRunStore(`${folder}/aged`).run("run");
    for (const name of ["training.json", "network.json", "epochs.json"]) {
      await ageRecord(`${folder}/aged/run`, name);
      assertEquals(await isComplete(job, files), false, name);
      assert(await remainingCost(job, files) > 0);
      const notes = await train(`${folder}/aged`);
      assertStringIncludes(notes.join(), `${name} is of another version and counts as missing`);
      assertEquals(await differingFiles(`${folder}/reference/run`, `${folder}/aged/run`), [], name);
    }
  }));

Deno.test("a run's folder with the files of another run counts as missing, and is made again", () =>
  inFolder(async (folder) => {
    await train(`${folder}/reference`);
    const other: Job = { ...job, hyperparameters: { ...job.hyperparameters, seed: 2 } };
    const files = openRunStore(`${folder}/moved`).run("run");
    await completeRun(other, await contextOf(other, files));
    assertEquals([await isComplete(other, files), await isComplete(job, files)], [true, false]);
    assertEquals(await remainingCost(job, files), runCost(job));
    await train(`${folder}/moved`);
    assertEquals(await differingFiles(`${folder}/reference/run`, `${folder}/moved/run`), []);
  }));

Deno.test("a clock that stands still, jumps or runs backwards changes no byte", () =>
  inFolder(async (folder) => {
    await train(`${folder}/reference`);
    let calls = 0;
    const clocks = [() => 0, () => 1e15 * (calls++ % 3), () => -1e6 * calls++, () => NaN];
    for (const [index, now] of clocks.entries()) {
      const run = (await takeRun(`${folder}/${index}`, "run"))!;
      await completeRun(job, { ...await contextOf(job, run.files), now });
      run.release();
      assertEquals(await differingFiles(`${folder}/reference/run`, `${folder}/${index}/run`), []);
    }
  }));

function failingJobs(...identities: string[]): Job[] {
  return identities.map((identity) => ({ ...job, identity }));
}

const startWorker = (): Worker =>
  new Worker(new URL("../fixtures/failing_worker.ts", import.meta.url), { type: "module" });

Deno.test("a worker that dies or has no memory left costs its own run alone, and one sentence names it", async () => {
  for (const workers of [1, 3]) {
    const done: string[] = [];
    const events = {
      onWork: () => {},
      onDone: async ({ identity }: Job) => void done.push(await Promise.resolve(identity)),
    };
    const jobs = failingJobs("throws", "a", "no memory", "b", "refuses", "c");
    const { message } = await assertRejects(() => runJobs(jobs, workers, events, { startWorker }), Error);
    assertEquals(done.sort(), ["a", "b", "c"]);
    for (
      const part of [
        "run throws: its worker died: ",
        "it fell over",
        "run no memory: ",
        "run refuses: the disk is full",
      ]
    ) {
      assertStringIncludes(message, part);
    }
    assertEquals(message.split("\n").length, 1);
  }
});

Deno.test("runs that fail for one reason are named together, and a failure to record one is a failure of it", async () => {
  const events = { onWork: () => {}, onDone: () => Promise.reject(new Error("no room")) };
  await assertRejects(
    () => runJobs(failingJobs("a", "b"), 1, events, { startWorker }),
    Error,
    "Cannot finish run a, b: no room (what is stored stays",
  );
});

Deno.test("the order of runs and the number of workers change no byte", () =>
  inFolder(async (folder) => {
    const events = { onWork: () => {}, onDone: async () => {}, onNote: () => {} };
    const seeds = [1, 2, 3];
    const jobs = (store: string): Job[] =>
      seeds.map((seed) => ({
        ...job,
        store,
        identity: `${seed}`,
        hyperparameters: { ...job.hyperparameters, seed },
      }));
    await runJobs(jobs(`${folder}/one`), 1, events);
    await runJobs(jobs(`${folder}/two`).reverse(), 2, events);
    for (const seed of seeds) {
      assertEquals(await differingFiles(`${folder}/one/${seed}`, `${folder}/two/${seed}`), []);
    }
    const weights = await Promise.all(
      seeds.map((seed) => Deno.readFile(`${folder}/one/${seed}/weights.safetensors`)),
    );
    assert(weights[0].toHex() !== weights[1].toHex());
  }));

/** Runs a script as root of a mount namespace of its own, where it may mount; nothing of it is seen outside. */
function inNamespace(script: string, ...args: string[]): Deno.Command {
  return new Deno.Command("unshare", {
    args: ["--map-root-user", "--mount", "sh", "-c", script, "sh", ...args],
    stdin: "null",
    env: { NO_COLOR: "1" },
  });
}

function canMount(): boolean {
  try {
    return inNamespace("mount -t tmpfs tmpfs /tmp").outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a full disk and a read-only folder end in one sentence, and the run goes on when there is room",
  ignore: !canMount(),
  fn: () =>
    inFolder(async (folder) => {
      const soak = new URL("../../tasks/soak/training.ts", import.meta.url).pathname;
      const script = `
        train() { "$2" run --quiet --allow-read --allow-write="$1" "$3" "$1/store" 2 2>&1; echo "code $?"; }
        mount -t tmpfs -o size=500k tmpfs "$1" && train "$@" && find "$1" -name "*.tmp"
        mount -o remount,ro "$1" && train "$@"
        mount -o remount,rw,size=20m "$1" && train "$@" && ls "$1/store/run"`;
      const { stdout } = await inNamespace(script, folder, Deno.execPath(), soak).output();
      const [full, readOnly, roomy] = new TextDecoder().decode(stdout).split(/(?<=code \d+\n)/).map((text) =>
        text.trim()
      );
      assertStringIncludes(full, `Cannot finish run run: Cannot write ${folder}/store/run/`);
      assertStringIncludes(full, ", of which nothing was changed: No space left on device");
      assertStringIncludes(readOnly, "Read-only file system");
      assertEquals(full.includes("    at "), false, full);
      assert(full.endsWith("code 1") && readOnly.endsWith("code 1") && !readOnly.includes(".tmp\n"));
      assert(roomy.endsWith("code 0"), roomy);
    }),
});
