/**
 * Reproducing an artifact: finish its runs, derive its rows, write its files.
 *
 * @module
 */
import type { Artifact, FinishedRun, WantedRun } from "../src/artifacts/artifact.ts";
import type { DatasetName } from "../src/datasets/dataset.ts";
import { datasetChecksum, rawFiles } from "../src/datasets/raw_files.ts";
import {
  changedHyperparameters,
  type Hyperparameters,
  runIdentity,
} from "../src/experiments/hyperparameters.ts";
import { type ProfileName, profiles, type ProtocolName, type Selection } from "../src/experiments/presets.ts";
import { isComplete, readRun, remainingCost, runFileNames } from "../src/experiments/run.ts";
import { type RunStore, writeText } from "../src/experiments/run_store.ts";
import type { EngineName } from "../src/network/engines/engine.ts";
import { shareCores } from "../src/network/engines/tensorflow/threads.ts";
import { toBooktabs } from "../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../src/render/csv.ts";
import { toPgfplots } from "../src/render/pgfplots.ts";
import { toPgfplotsFigure } from "../src/render/pgfplots_figure.ts";
import { toSvg } from "../src/render/svg.ts";
import type { Row } from "../src/render/table.ts";
import { mapInBatches } from "./batches.ts";
import { ensureDataset } from "./data.ts";
import { requireAccess } from "./engines.ts";
import { writeWhole } from "./files.ts";
import { keptRecordsFolder, requireWholeRecords, withKeptRecords } from "./kept_records.ts";
import { runJobs } from "./pool.ts";
import { duration, Progress, type ProgressOptions } from "./progress.ts";
import { provenance } from "./provenance.ts";
import { openRunStore } from "./run_store.ts";
import type { Job } from "./training_worker.ts";

/** Which runs the user asked for. */
export interface RunSelection {
  readonly profile: ProfileName;
  /** The protocols; those of the profile where undefined. */
  readonly protocol?: ProtocolName | undefined;
  readonly engine: EngineName;
  /** Only networks on these data sets; all where undefined. */
  readonly datasets?: readonly DatasetName[] | undefined;
  /** Only networks of these widths of the paper; all where undefined. */
  readonly widths?: readonly number[] | undefined;
  /** The first seed. */
  readonly seed: number;
  /** How many seeds, counting up; as many as the profile says where undefined. */
  readonly seeds?: number | undefined;
}

/** What the user asked for. */
export interface ReproduceOptions extends RunSelection {
  /** How many runs at once. */
  readonly workers: number;
  readonly progress: ProgressOptions;
}

/** A wanted run with its name in the store. */
export interface IdentifiedRun extends WantedRun {
  /** `runIdentity`. */
  readonly identity: string;
}

/** What a data set's part of a run's identity is. */
const checksums: Readonly<Record<DatasetName, string>> = {
  mnist: datasetChecksum(rawFiles("mnist")),
  cifar10: datasetChecksum(rawFiles("cifar10")),
};

/** The folder of a profile's results. */
export function resultsFolder(profile: ProfileName): string {
  return `results/${profile}`;
}

/** The run store of a profile. */
export function runStoreFolder(profile: ProfileName): string {
  return `${resultsFolder(profile)}/runs`;
}

/** The runs of a profile: those in its run store, and the kept records of those that were never begun there. */
export function profileRuns(profile: ProfileName): RunStore {
  return withKeptRecords(openRunStore(runStoreFolder(profile)), openRunStore(keptRecordsFolder(profile)));
}

/** Finishes the runs of all artifacts, each run once, and derives the rows of each artifact. */
export async function reproduce(
  artifacts: readonly Artifact[],
  options: ReproduceOptions,
): Promise<ReadonlyMap<Artifact, readonly Row[]>> {
  const store = profileRuns(options.profile);
  const wanted = artifacts.flatMap((artifact) => wantedRuns(artifact, options));
  const missing = await missingRuns(wanted, store);
  const kept = keptRecordsFolder(options.profile);
  await requireWholeRecords(await notBegun(missing, options.profile), openRunStore(kept), kept);
  await finishRuns(missing, runStoreFolder(options.profile), options);
  const rows = new Map<Artifact, readonly Row[]>();
  for (const artifact of artifacts) rows.set(artifact, await rowsFrom(store, artifact, options));
  return rows;
}

/** The runs of which nothing is in the profile's own store. */
async function notBegun(runs: readonly IdentifiedRun[], profile: ProfileName): Promise<IdentifiedRun[]> {
  const own = await openRunStore(runStoreFolder(profile)).identities();
  return runs.filter(({ identity }) => !own.includes(identity));
}

/**
 * The rows of an artifact whose runs are all finished in a store.
 *
 * @throws {Error} If a run is not finished, or its record is of another run.
 */
export async function rowsFrom(
  store: RunStore,
  artifact: Artifact,
  options: RunSelection,
): Promise<readonly Row[]> {
  const runs = wantedRuns(artifact, options);
  return artifact.rows(await mapInBatches(runs, (run) => finishedRun(run, store)), options);
}

async function finishedRun(run: IdentifiedRun, store: RunStore): Promise<FinishedRun> {
  const { identity, measurements, hyperparameters } = run;
  const record = await readRun(identity, measurements, store.run(identity));
  const [difference] = changedHyperparameters(hyperparameters, record.hyperparameters);
  if (difference === undefined) return { ...run, record };
  throw new Error(
    `Cannot use run ${identity} as it must be the one that it is named after: its record has another ${difference}; remove its folder and run again`,
  );
}

/**
 * Names runs by `runIdentity`, each content once: artifacts share most of their runs, and of 10,000 runs the names take
 * a third of a plan's time otherwise.
 */
export function runNames(): (hyperparameters: Hyperparameters) => string {
  const known = new Map<string, string>();
  return (hyperparameters) => {
    const text = JSON.stringify(hyperparameters);
    const name = known.get(text) ?? runIdentity(hyperparameters, checksums[hyperparameters.dataset]);
    known.set(text, name);
    return name;
  };
}

/**
 * The artifact's runs for every protocol, seed, data set and width of the options.
 *
 * @param nameOf Names a run. Default {@linkcode runNames}; one for several artifacts names their common runs once.
 * @throws {RangeError} If the artifact has runs, but none of the data sets or widths that the options name.
 */
export function wantedRuns(
  artifact: Artifact,
  options: RunSelection,
  nameOf: (hyperparameters: Hyperparameters) => string = runNames(),
): IdentifiedRun[] {
  return chosenRuns(everyRun(artifact, options), artifact, options).map((run) => {
    return { ...run, identity: nameOf(run.hyperparameters) };
  });
}

function chosenRuns(
  runs: readonly WantedRun[],
  { id }: Artifact,
  { datasets, widths }: RunSelection,
): readonly WantedRun[] {
  const datasetOf = ({ hyperparameters }: WantedRun) => hyperparameters.dataset;
  const onDatasets = chosen(runs, datasetOf, datasets, `${id} as --dataset`);
  return chosen(onDatasets, ({ paperWidth }) => paperWidth, widths, `${id} as --width`);
}

/** The artifact's runs that the data sets and widths of the options leave out. */
export function leftOutRuns(artifact: Artifact, options: RunSelection): WantedRun[] {
  return everyRun(artifact, options).filter((run) => !isChosen(run, options));
}

/**
 * The artifacts that have networks on the data sets and of the widths that the options name, or need none at all.
 *
 * @throws {RangeError} If the options name data sets or widths, and no artifact has such networks.
 */
export function artifactsWithRuns(artifacts: readonly Artifact[], options: RunSelection): Artifact[] {
  const runs = new Map(artifacts.map((artifact) => [artifact, everyRun(artifact, options)]));
  if (runs.values().some((all) => all.some((run) => isChosen(run, options)))) {
    return artifacts.filter((artifact) => {
      const all = runs.get(artifact) ?? [];
      return all.length === 0 || all.some((run) => isChosen(run, options));
    });
  }
  const named = [...options.datasets ?? [], ...options.widths ?? []].join(", ");
  throw new RangeError(
    `Cannot choose artifacts as --dataset and --width must fit networks of one of them: current value is ${named}`,
  );
}

function everyRun(artifact: Artifact, options: RunSelection): WantedRun[] {
  return selections(options).flatMap((selection) => artifact.runs(selection));
}

function isChosen({ hyperparameters, paperWidth }: WantedRun, { datasets, widths }: RunSelection): boolean {
  return (datasets?.includes(hyperparameters.dataset) ?? true) && (widths?.includes(paperWidth) ?? true);
}

/** The runs with a value that is wanted; all where none is named. */
function chosen<T>(
  runs: readonly WantedRun[],
  valueOf: (run: WantedRun) => T,
  wanted: readonly T[] | undefined,
  what: string,
): readonly WantedRun[] {
  const found = wanted ? runs.filter((run) => wanted.includes(valueOf(run))) : runs;
  if (found.length > 0 || runs.length === 0) return found;
  const known = [...new Set(runs.map(valueOf))].join(", ");
  throw new RangeError(`Cannot make ${what} must be one of ${known}: current value is ${wanted?.join(", ")}`);
}

/** The runs that are not finished, each once, with all that is to be measured on it. */
export async function missingRuns(
  wanted: readonly IdentifiedRun[],
  store: RunStore,
): Promise<IdentifiedRun[]> {
  const merged = mergedRuns(wanted);
  const complete = await mapInBatches(
    merged,
    (run) => isComplete(run, store.run(run.identity)),
  );
  return merged.filter((_, index) => !complete[index]);
}

/** Each run once, with the measurements of all that want it. */
export function mergedRuns(wanted: readonly IdentifiedRun[]): IdentifiedRun[] {
  return [...Map.groupBy(wanted, ({ identity }) => identity).values()].map((same) => ({
    ...same[0],
    measurements: [...new Set(same.flatMap(({ measurements }) => measurements))],
  }));
}

/** The CSV of an artifact's rows: what goldens are compared with. */
export function artifactCsv(artifact: Artifact, rows: readonly Row[]): string {
  return toCsv(artifact.columns, rows);
}

/** Where an artifact's files go. */
export interface Destination {
  /** The profile, named in every table. */
  readonly profile: ProfileName;
  /** One folder for all files in place of results/ and paper/. */
  readonly out?: string | undefined;
}

/**
 * Writes the artifact's files: CSV and SVG among the results; CSV, LaTeX and pgfplots data into `paper`; or all into
 * `out`. Tables and figures are made of what the CSV holds, so that whoever has it comes to the same.
 *
 * @returns Their paths, the CSV first.
 */
export async function writeArtifact(
  artifact: Artifact,
  rows: readonly Row[],
  destination: Destination,
): Promise<string[]> {
  const csv = artifactCsv(artifact, rows);
  const kept = fromCsv(csv, artifact.columns);
  const files = new Map([
    ...resultFiles(artifact, csv, kept, destination),
    ...tableFiles(artifact, kept, destination),
    ...figureFiles(artifact, kept, destination),
  ]);
  for (const [path, content] of files) await writeWhole(path, content);
  return [...files.keys()];
}

type NamedFiles = [path: string, content: string][];

function resultFiles(
  artifact: Artifact,
  csv: string,
  rows: readonly Row[],
  { profile, out }: Destination,
): NamedFiles {
  const folders = [out ?? resultsFolder(profile), out ?? "paper/data"];
  const data = toPgfplots(artifact.columns, rows);
  return [
    ...folders.map((folder): [string, string] => [`${folder}/${artifact.id}.csv`, csv]),
    [`${out ?? "paper/data"}/${artifact.id}.dat`, data],
  ];
}

function tableFiles(artifact: Artifact, rows: readonly Row[], { profile, out }: Destination): NamedFiles {
  const tables = artifact.present(rows).map((presentation, index) => {
    const notes = [`Profile ${profile}.`, ...presentation.notes];
    return toBooktabs({ ...presentation, notes, label: `tab:${artifact.id}-${index + 1}` });
  });
  return tables.length === 0 ? [] : [[`${out ?? "paper/tables"}/${artifact.id}.tex`, tables.join("\n")]];
}

function figureFiles(artifact: Artifact, rows: readonly Row[], { profile, out }: Destination): NamedFiles {
  const figure = artifact.figure?.(rows);
  if (!figure) return [];
  const { code, data } = toPgfplotsFigure(figure, { stem: artifact.id, folder: "data" });
  return [
    [`${out ?? resultsFolder(profile)}/${artifact.id}.svg`, toSvg(figure)],
    [out ? `${out}/${artifact.id}-figure.tex` : `paper/figures/${artifact.id}.tex`, code],
    ...[...data].map(([name, content]): [string, string] => [`${out ?? "paper/data"}/${name}`, content]),
  ];
}

function selections(
  { profile, protocol, engine, seed, seeds = profiles[profile].seeds }: RunSelection,
): Selection[] {
  return (protocol ? [protocol] : profiles[profile].protocols).flatMap((chosen) =>
    Array.from({ length: seeds }, (_, index) => ({ profile, protocol: chosen, seed: seed + index, engine }))
  );
}

async function finishRuns(
  missing: readonly IdentifiedRun[],
  store: string,
  options: ReproduceOptions,
): Promise<void> {
  if (missing.length === 0) return;
  await requireAccess(options.engine);
  const names = [...new Set(missing.map(({ hyperparameters }) => hyperparameters.dataset))];
  const { isQuiet } = options.progress;
  const datasets = new Map<DatasetName, Job["dataset"]>();
  for (const name of names) datasets.set(name, await ensureDataset(name, { quiet: isQuiet }));
  const jobs = missing.map(({ identity, hyperparameters, measurements }) => {
    return {
      identity,
      hyperparameters,
      measurements,
      dataset: datasets.get(hyperparameters.dataset)!,
      store,
    };
  });
  const costs = new Map<Job, number>();
  for (const job of jobs) costs.set(job, await remainingCost(job, openRunStore(store).run(job.identity)));
  const progress = new Progress(costs.values().reduce((sum, cost) => sum + cost, 0), options.progress);
  progress.line(`${missing.length} runs to do, ${options.workers} at once, engine ${options.engine}`);
  if (options.engine === "tensorflow") shareCores(Math.min(options.workers, jobs.length));
  await runJobs(costliestFirst(costs), options.workers, {
    onWork: (_job, operations) => progress.add(operations),
    onNote: (job, text) => progress.line(`${named(job)}: ${text}`),
    onDone: async (job, seconds) => {
      await writeText(
        openRunStore(store).run(job.identity),
        runFileNames.provenance,
        await provenance(job, seconds),
      );
      progress.line(`${named(job)} done in ${duration(seconds)}`);
    },
  }).finally(() => progress.erase());
}

/** With the longest first, the last ones to finish are short and no worker idles for long. */
function costliestFirst(costs: ReadonlyMap<Job, number>): Job[] {
  return [...costs].toSorted(([, a], [, b]) => b - a).map(([job]) => job);
}

/** The run as lines for a person name it. */
function named({ identity, hyperparameters }: Job): string {
  const { dataset, hidden, optimiser, seed } = hyperparameters;
  return `run ${identity} (${dataset}, width ${
    hidden[0]
  }, learning rate ${optimiser.learningRate}, seed ${seed})`;
}
