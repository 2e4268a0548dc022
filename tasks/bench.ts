/**
 * How fast this package is: training steps and matrix products by engine, width and batch, beside tfjs as published and
 * PyTorch, all in turns within one run; several networks at once; what measuring a network costs; and whole runs.
 *
 * @module
 */
import { cpus } from "node:os";
import type { EngineName } from "../src/network/engines/engine.ts";
import { engineNames } from "../src/network/engines/mod.ts";
import { choiceOf, flagsOf } from "./arguments.ts";
import { doesWork, products, quickStepShapes, reference, stepShapes } from "./bench/cases.ts";
import type { Contestant, Work } from "./bench/contestant.ts";
import { type ContestantName, enter, type Field, findEntrants, startWorker } from "./bench/contestants.ts";
import { costsInChild } from "./bench/measures.ts";
import { benchText } from "./bench/report.ts";
import {
  benchCsv,
  type BenchRow,
  benchRows,
  timeRow,
  withOtherMachines,
  withPeak,
  workRow,
} from "./bench/rows.ts";
import { timeRun, wholeRuns } from "./bench/runs.ts";
import { tileRegisters, wideVectors } from "./bench/targets.ts";
import { alone, type Patience, timeInTurns, together } from "./bench/timing.ts";
import { ifExists, writeWhole } from "./files.ts";

/** What is to be timed. */
export interface BenchOptions {
  /** The only engine, beside those that it is compared with. Default: all that are set up. */
  readonly engine?: EngineName | undefined;
  /** Only the comparisons at width 784, in a minute. */
  readonly isQuick: boolean;
  /** Whole runs too, which take minutes. */
  readonly withRuns: boolean;
  /** Hears what is timed. */
  readonly note: (line: string) => void;
}

interface Scene extends BenchOptions {
  readonly field: Field;
  readonly machine: string;
}

const file = "paper/data/bench.csv";

const usual: Patience = { rounds: 9, turnMilliseconds: 150, restMilliseconds: 100, limitMilliseconds: 4000 };
const quick: Patience = { rounds: 3, turnMilliseconds: 100, restMilliseconds: 50, limitMilliseconds: 2000 };

/**
 * Times everything.
 *
 * @throws {Error} If a contestant that is set up fails: in one sentence.
 */
export async function bench(options: BenchOptions): Promise<BenchRow[]> {
  const load = Deno.loadavg()[0];
  const field = new Map<ContestantName, Contestant>();
  try {
    const { names, missing } = await findEntrants(options.engine);
    missing.forEach((line) => options.note(line));
    for (const name of names) field.set(name, await enter(name));
    const scene = { ...options, field, machine: machineName(field, load) };
    return withPeak([...await timeWork(scene), ...await timeRest(scene)]);
  } finally {
    for (const contestant of field.values()) await contestant.leave();
  }
}

/** All contestants at all work that is theirs. */
async function timeWork({ field, machine, isQuick, note }: Scene): Promise<BenchRow[]> {
  const steps = (isQuick ? quickStepShapes : stepShapes).map((shape): Work => ({ kind: "step", shape }));
  const rows: BenchRow[] = [];
  for (const work of [...products, ...steps]) {
    const own = [...field].filter(([name]) => doesWork(name, work));
    note(`${work.kind} ${Object.entries(work.shape).map((entry) => entry.join(" ")).join(", ")}`);
    const takers = own.map(([, contestant]) => alone(contestant, work));
    const times = await timeInTurns(takers, isQuick ? quick : usual);
    own.forEach(([who, contestant], index) =>
      rows.push(workRow({ work, who, contestant, times: times[index], machine }))
    );
  }
  return rows;
}

async function timeRest(scene: Scene): Promise<BenchRow[]> {
  const rows = scene.field.has("wasm") ? await timeNetworks(scene) : [];
  if (!scene.isQuick) rows.push(...await timeMeasurements(scene));
  if (scene.withRuns) rows.push(...await timeRuns(scene));
  return rows;
}

/** Networks at once on wasm, two and as many as there are cores. */
async function timeNetworks({ machine, isQuick, note }: Scene): Promise<BenchRow[]> {
  const work = { kind: "step", shape: reference } as const;
  const counts = [...new Set([1, 2, navigator.hardwareConcurrency])].sort((a, b) => a - b);
  const workers = await Promise.all(Array.from({ length: Math.max(...counts) }, () => startWorker("wasm")));
  note(`networks at once: ${counts.join(", ")}`);
  const takers = counts.map((count) => together(workers.slice(0, count), work));
  const times = await timeInTurns(takers, isQuick ? quick : usual);
  await Promise.all(workers.map((worker) => worker.leave()));
  return counts.map((networks, index): BenchRow => {
    const measured = { work, who: "wasm", contestant: workers[0], times: times[index], networks, machine };
    return { ...workRow(measured), what: "networks" };
  });
}

/** What is measured of a network, on the engines that measure on a CPU: the reviewer's and the fastest. */
async function timeMeasurements(scene: Scene): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const engine of ["tensorflow", "wasm"] as const) {
    const contestant = scene.field.get(engine);
    if (contestant) rows.push(...await timeMeasurementsOn(engine, contestant, scene));
  }
  return rows;
}

async function timeMeasurementsOn(
  engine: EngineName,
  { label }: Contestant,
  { machine, note }: Scene,
): Promise<BenchRow[]> {
  note(`an epoch and the measurements on ${label}`);
  const common = { who: engine, label, inputs: 784, width: 784, machine };
  try {
    const { epoch, measurements } = await costsInChild(engine);
    return [
      timeRow({ ...common, what: "epoch", subject: "an epoch" }, [epoch]),
      ...Object.entries(measurements).map(([subject, milliseconds]) =>
        timeRow({ ...common, what: "measurement", subject }, [milliseconds])
      ),
    ];
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return [];
  }
}

async function timeRuns({ field, machine, note }: Scene): Promise<BenchRow[]> {
  await Deno.mkdir("results", { recursive: true });
  const rows: BenchRow[] = [];
  for (const run of wholeRuns.filter(({ engine }) => field.has(engine))) {
    note(`${run.name} on ${run.engine}`);
    const label = field.get(run.engine)?.label ?? run.engine;
    try {
      const milliseconds = await timeRun(run, await Deno.realPath("results"));
      rows.push(timeRow({ what: "run", who: run.engine, label, subject: run.name, machine }, [milliseconds]));
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
    }
  }
  return rows;
}

/** The machine, with how busy others kept it before the bench began: ratios of a busy machine say little. */
function machineName(field: Field, load: number): string {
  const cores = navigator.hardwareConcurrency;
  const contestants = [...field.values()];
  return [
    `${Deno.build.os} ${Deno.build.arch}`,
    `${cores} cores of ${cpus()[0]?.model.trim() ?? "an unknown processor"}`,
    ...contestants.some(({ hasWideVectors }) => hasWideVectors) ? [wideVectors] : [],
    ...contestants.some(({ hasTileRegisters }) => hasTileRegisters) ? [tileRegisters] : [],
    `Deno ${Deno.version.deno}`,
    `load ${load.toFixed(1)} at the start`,
  ].join(", ");
}

/**
 * What benches of other machines, and of this one, left.
 *
 * @throws {Error} If it is not what a bench writes: in one sentence.
 */
async function keptRows(): Promise<BenchRow[]> {
  const csv = await ifExists(Deno.readTextFile(file));
  try {
    return csv === undefined ? [] : benchRows(csv);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = `bring it back (git checkout ${file}) or remove it`;
    throw new Error(
      `${file} must hold what a bench wrote, as other machines' rows are kept: ${remedy} (${reason})`,
    );
  }
}

const usage = `deno task bench [--engine NAME] [--quick] [--runs]

Times training steps, matrix products and measurements, everybody in turns, in less than ten minutes.
  --engine NAME   only this engine (${engineNames.join(", ")}), beside those that it is compared with
  --quick         only the comparisons at width 784, in a minute
  --runs          whole runs of the smoke and quick profiles too, which take many minutes
A bench of everything writes ${file}, where it takes the place of what was timed on such a machine
before; deno task readme puts it into the README.`;

function readOptions(): BenchOptions {
  const { engine, quick, runs } = flagsOf(usage, {
    engine: { type: "string" },
    quick: { type: "boolean", default: false },
    runs: { type: "boolean", default: false },
  });
  return {
    engine: engine === undefined ? undefined : choiceOf("engine", engine, engineNames),
    isQuick: quick,
    withRuns: runs,
    note: console.error,
  };
}

/** Times, prints, and keeps what a bench of everything found. Returns the exit code. */
async function benchAndPrint(options: BenchOptions): Promise<number> {
  try {
    const kept = !options.engine && !options.isQuick ? await keptRows() : undefined;
    const rows = await bench(options);
    if (kept) await writeWhole(file, benchCsv(withOtherMachines(rows, kept)));
    console.log(benchText(rows));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await benchAndPrint(readOptions()));
