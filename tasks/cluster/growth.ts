/**
 * How planning and status grow with the number of runs: `deno task cluster:growth 100 1000 10000`.
 *
 * The runs are those of the smoke profile over many seeds. Their files have seals of their own, and what was measured of
 * other runs.
 *
 * @module
 */
import { canonicalJson } from "../../src/experiments/hyperparameters.ts";
import { type MeasurementName, measurements } from "../../src/experiments/measurements/mod.ts";
import { measurementFile, runFileNames } from "../../src/experiments/run.ts";
import { readText, type RunFiles, writeText } from "../../src/experiments/run_store.ts";
import { openJson } from "../../src/experiments/seal.ts";
import { SealedFiles } from "../../src/experiments/sealed_files.ts";
import { countsOf } from "../arguments.ts";
import { inOneSentence } from "../ending.ts";
import { makeFolder } from "../files.ts";
import { keptRecordsFolder } from "../kept_records.ts";
import { parsePlan, type PlanRun } from "../plan_file.ts";
import { openRunStore } from "../run_store.ts";

type Records = ReadonlyMap<MeasurementName, unknown>;

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly text: string;
}

/** Runs cli.ts and watches its memory in /proc, for which Deno asks for all permissions. */
async function measured(...args: string[]): Promise<Measured> {
  const started = performance.now();
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "cli.ts", ...args],
    stdin: "null",
    stdout: "piped",
  });
  const child = command.spawn();
  let kilobytes = 0;
  const watch = setInterval(() => kilobytes = Math.max(kilobytes, peakKilobytes(child.pid)), 20);
  const { success, stdout } = await child.output();
  clearInterval(watch);
  if (!success) throw new Error(`Cannot measure ${args.join(" ")} as it must end well: it failed`);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, megabytes: kilobytes / 1024, text: new TextDecoder().decode(stdout) };
}

function peakKilobytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0);
  } catch (error) {
    // The process has just ended.
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Files that are written at once and in place, as nobody reads them meanwhile: 100,000 runs take a minute so. */
function newFiles(folder: string): RunFiles {
  Deno.mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Uint8Array): void => Deno.writeFileSync(`${folder}/${name}`, bytes);
  return {
    read: () => Promise.resolve(undefined),
    write: (name, bytes) => Promise.resolve(write(name, bytes)),
    remove: () => Promise.resolve(),
  };
}

/** A record of every measurement, from those kept with the goldens. */
async function keptRecords(): Promise<Records> {
  const store = openRunStore(keptRecordsFolder("standard"));
  const records = new Map<MeasurementName, unknown>();
  for (const identity of await store.identities()) {
    const owner = await readText(store.run(identity), runFileNames.hyperparameters) ?? "";
    for (const name of Object.keys(measurements) as MeasurementName[]) {
      const sealed = await readText(store.run(identity), measurementFile(name));
      if (sealed !== undefined) records.set(name, JSON.parse(openJson(sealed, owner, name)));
    }
  }
  return records;
}

/** Files that count as those of a finished run. */
async function pretend(
  store: string,
  { identity, hyperparameters, measurements }: PlanRun,
  records: Records,
): Promise<void> {
  const files = newFiles(`${store}/${identity}`);
  const owner = canonicalJson(hyperparameters) + "\n";
  const sealed = new SealedFiles(files, owner);
  await writeText(files, runFileNames.hyperparameters, owner);
  for (const name of measurements) {
    await sealed.writeJson(measurementFile(name), records.get(name));
  }
  await sealed.writeJson(runFileNames.training, { schema: 1, epochs: [] });
  const finishedAt = new Date().toISOString();
  await writeText(files, runFileNames.provenance, JSON.stringify({ finishedAt, seconds: 10 }));
}

/** How many runs the smoke profile has for one seed. */
async function runsOfOneSeed(): Promise<number> {
  const { text } = await measured("plan", "--profile", "smoke", "--seeds", "1", "--json");
  return parsePlan(text, "the plan of one seed").runs.length;
}

async function measureGrowth(seedCount: number, folder: string): Promise<string> {
  const [store, path] = [`${folder}/runs`, `${folder}/plan.json`];
  const seeds = String(seedCount);
  const planArguments = ["plan", "--profile", "smoke", "--seeds", seeds, "--store", store, "--json"];
  const { text } = await measured(...planArguments);
  await Deno.writeTextFile(path, text);
  const planned = parsePlan(text, path).runs;
  const records = await keptRecords();
  for (const run of planned) await pretend(store, run, records);
  const plan = await measured(...planArguments);
  const status = await measured("status", "--plan", path, "--store", store, "--require-done");
  const cells = [plan, status].map(({ seconds, megabytes }) =>
    `${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`
  );
  return `| ${planned.length} | ${cells.join(" | ")} |`;
}

/** Prints a line for each number of runs. */
async function printGrowth(runCounts: readonly number[]): Promise<void> {
  const folder = `results/growth-${Deno.pid}`;
  await makeFolder(folder);
  try {
    const runsPerSeed = await runsOfOneSeed();
    console.log("| runs | plan | status |\n|---|---|---|");
    for (const runs of runCounts) {
      await makeFolder(`${folder}/${runs}`);
      console.log(await measureGrowth(Math.ceil(runs / runsPerSeed), `${folder}/${runs}`));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const usage = `deno task cluster:growth RUNS...

Time and memory of planning and status, for each number of runs: 100 1000 10000, say.`;

if (import.meta.main) {
  const runCounts = countsOf(usage);
  await inOneSentence(() => printGrowth(runCounts));
}
