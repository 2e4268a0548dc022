/**
 * One run from beginning to end: train, store, measure. Each stage returns at once if its result is stored.
 *
 * @module
 */
import type { z } from "zod";
import type { Engine } from "../network/engines/engine.ts";
import { initialWeights, type NetworkWeights } from "../network/mlp.ts";
import { weightsFromTensors, weightsToTensors } from "../network/weights.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { ExampleSet } from "./example_set.ts";
import {
  architectureOf,
  canonicalJson,
  type Hyperparameters,
  parseHyperparameters,
  weightCountOf,
} from "./hyperparameters.ts";
import { epochMeasurementSchema } from "./measurements/epochs.ts";
import { type EpochMeasurement, measuredEpochs, type Subject } from "./measurements/measurement.ts";
import { type MeasurementName, type Measurements, measurements } from "./measurements/mod.ts";
import { parseRecord, recordJson, type RunRecord, type TrainingLog, trainingLogSchema } from "./record.ts";
import { readText, type RunFiles, writeText } from "./run_store.ts";
import { openJson } from "./seal.ts";
import { SealedFiles } from "./sealed_files.ts";
import { examplesWithSteps } from "./step_cost.ts";
import { type Checkpoint, startingPoint, trainRun } from "./training.ts";

/** The names of a run's files, besides its measurements and, while it trains, its checkpoints. */
export const runFileNames = {
  hyperparameters: "hyperparameters.json",
  training: "training.json",
  weights: "weights.safetensors",
  provenance: "provenance.json",
} as const;

/** What a run needs besides its hyper-parameters. */
export interface RunContext {
  /** Selected for this process. */
  readonly engine: Engine;
  /** Where the run is kept. */
  readonly files: RunFiles;
  /** S, of `trainingExamples` examples. */
  readonly trainingSet: ExampleSet;
  /** The examples that errors are estimated on. */
  readonly testSet: ExampleSet;
  /** Called with the floating-point operations done, in the units of {@linkcode runCost}. */
  readonly onWork: (operations: number) => void;
  /** Called with a sentence where a damaged file is made again or training goes on from a checkpoint. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Milliseconds on a clock that never goes back, by which checkpoints are spaced; without it every epoch has one. */
  readonly now?: (() => number) | undefined;
}

/** A run with what is to be measured on it. */
export interface RunRequest {
  /** What to train. */
  readonly hyperparameters: Hyperparameters;
  /** What to measure. */
  readonly measurements: readonly MeasurementName[];
}

/**
 * About how many floating-point operations a run costs: 6 a weight and example to train, with the steps' own cost in
 * examples, 2 a weight and example whose outputs are measured.
 */
export function runCost(request: RunRequest): number {
  return trainingCost(request.hyperparameters) + measuringCost(request);
}

/** About what is left to do of a run, in the units of {@linkcode runCost}; some measurements count for nothing. */
export async function remainingCost(request: RunRequest, files: RunFiles): Promise<number> {
  const sealed = await ownFiles(request.hyperparameters, files);
  if (sealed === undefined) return runCost(request);
  const missing = await missingMeasurements(request.measurements, sealed);
  if (missing.length === 0 && await isStored(sealed)) return 0;
  const needsEpochs = missing.some((name) => measurements[name].needsEpochs);
  const trainsNothing = !needsEpochs && await storedWeights(sealed) !== undefined;
  return measuringCost({ ...request, measurements: missing }) +
    (trainsNothing ? 0 : trainingCost(request.hyperparameters));
}

function trainingCost(hyperparameters: Hyperparameters): number {
  const { epochs, examplesPerEpoch } = hyperparameters;
  return 6 * weightCountOf(hyperparameters) * epochs * examplesWithSteps(hyperparameters, examplesPerEpoch);
}

function measuringCost({ hyperparameters, measurements: names }: RunRequest): number {
  const evaluated = names.reduce((sum, name) => sum + measurements[name].evaluations(hyperparameters), 0);
  return 2 * weightCountOf(hyperparameters) * evaluated;
}

/** Whether everything that was asked for is stored, whole, and of this run and version. */
export async function isComplete(request: RunRequest, files: RunFiles): Promise<boolean> {
  const sealed = await ownFiles(request.hyperparameters, files);
  return sealed !== undefined && await isStored(sealed) &&
    (await missingMeasurements(request.measurements, sealed)).length === 0;
}

/** The files of a run, besides its weights, that are there but not whole, or of another run or version. */
export async function damagedFiles(request: RunRequest, files: RunFiles): Promise<string[]> {
  const sealed = new SealedFiles(files, ownerOf(request.hyperparameters));
  const records = [runFileNames.training, ...request.measurements.map(measurementFile)];
  const isThere = await Promise.all(records.map(async (name) => await files.read(name) !== undefined));
  const missing = (await missingMeasurements(request.measurements, sealed)).map(measurementFile);
  if (!await isStored(sealed)) missing.push(runFileNames.training);
  const damaged = records.filter((name, index) => isThere[index] && missing.includes(name));
  const isBegun = isThere.includes(true) || await files.read(runFileNames.hyperparameters) !== undefined;
  const isOwned = await ownFiles(request.hyperparameters, files) !== undefined;
  return isBegun && !isOwned ? [runFileNames.hyperparameters, ...damaged] : damaged;
}

/** What the files of a run are sealed for: its hyper-parameters, as they stand in their own file. */
function ownerOf(hyperparameters: Hyperparameters): string {
  return canonicalJson(hyperparameters) + "\n";
}

/** The files of a run, unless it was never begun or what is stored has other hyper-parameters. */
async function ownFiles(hyperparameters: Hyperparameters, files: RunFiles): Promise<SealedFiles | undefined> {
  const owner = ownerOf(hyperparameters);
  const isOwned = await readText(files, runFileNames.hyperparameters) === owner;
  return isOwned ? new SealedFiles(files, owner) : undefined;
}

/**
 * Trains and measures what is not stored yet, or not whole.
 *
 * @returns Whether anything was missing.
 */
export async function completeRun(request: RunRequest, context: RunContext): Promise<boolean> {
  const { hyperparameters } = request;
  const owner = await storeHyperparameters(hyperparameters, context.files);
  const files = new SealedFiles(context.files, owner, context.onNote);
  const missing = await missingMeasurements(request.measurements, files);
  if (missing.length === 0 && await isStored(files)) return false;
  const stored = await storedWeights(files);
  const toMeasure = stored === undefined ? request.measurements : missing;
  const needsEpochs = toMeasure.some((name) => measurements[name].needsEpochs);
  const measured = needsEpochs ? measuredEpochs(hyperparameters) : [];
  const initial = initialWeights(architectureOf(hyperparameters), hyperparameters.seed);
  const weights = await trainedWeights(stored, hyperparameters, { ...context, files, initial }, measured);
  const epochs = await storedEpochs(measured, files);
  const subject = subjectOf(weights, hyperparameters, { ...context, initial }, epochs);
  for (const name of await missingMeasurements(request.measurements, files)) {
    await files.writeJson(measurementFile(name), await measurements[name].measure(subject));
  }
  for (const { epoch } of epochs) await files.remove(epochFile(epoch));
  return true;
}

/**
 * Reads a finished run.
 *
 * @throws {SyntaxError} If a file is damaged, of another run or of another version.
 * @throws {Error} If the run is not finished.
 */
export async function readRun(
  identity: string,
  names: readonly MeasurementName[],
  files: RunFiles,
): Promise<RunRecord> {
  const read = async (name: string): Promise<string> => {
    const text = await readText(files, name);
    if (text !== undefined) return text;
    throw new Error(`Cannot read run ${identity} as ${name} is missing: run the artifact again`);
  };
  const owner = await read(runFileNames.hyperparameters);
  const record = async <T>(schema: z.ZodType<T>, name: string): Promise<T> => {
    const what = `run ${identity}/${name}`;
    return parseRecord(schema, openJson(await read(name), owner, what), what);
  };
  const measured = async (name: MeasurementName): Promise<[string, unknown]> => {
    return [name, await record<unknown>(measurements[name].schema, measurementFile(name))];
  };
  return {
    identity,
    hyperparameters: parseHyperparameters(owner),
    training: await record(trainingLogSchema, runFileNames.training),
    measured: Object.fromEntries(await Promise.all(names.map(measured))) as Partial<Measurements>,
  };
}

/** The name of a measurement's file. */
export function measurementFile(name: MeasurementName): string {
  return `${name}.json`;
}

/** Stores the hyper-parameters and returns their text, which seals the other files. */
async function storeHyperparameters(hyperparameters: Hyperparameters, files: RunFiles): Promise<string> {
  const text = ownerOf(hyperparameters);
  const stored = await readText(files, runFileNames.hyperparameters);
  if (stored !== text) await writeText(files, runFileNames.hyperparameters, text);
  return text;
}

async function isStored(files: SealedFiles): Promise<boolean> {
  return await storedLog(files) !== undefined;
}

async function storedLog(files: SealedFiles): Promise<TrainingLog | undefined> {
  return await files.readRecord(trainingLogSchema, runFileNames.training);
}

async function missingMeasurements(
  names: readonly MeasurementName[],
  files: SealedFiles,
): Promise<MeasurementName[]> {
  const stored = await Promise.all(
    names.map((name) => files.readRecord<unknown>(measurements[name].schema, measurementFile(name))),
  );
  return names.filter((_, index) => stored[index] === undefined);
}

function subjectOf(
  weights: NetworkWeights,
  hyperparameters: Hyperparameters,
  { initial, trainingSet, testSet, onWork }: Pick<
    TrainingContext,
    "initial" | "trainingSet" | "testSet" | "onWork"
  >,
  epochs: readonly EpochMeasurement[],
): Subject {
  const operations = 2 * weightCountOf(hyperparameters);
  const onEvaluated = (examples: number): void => onWork(operations * examples);
  return { weights, initial, hyperparameters, trainingSet, testSet, epochs, onEvaluated };
}

interface TrainingContext extends Omit<RunContext, "files"> {
  readonly files: SealedFiles;
  /** The network before training. */
  readonly initial: NetworkWeights;
}

/** The stored weights, unless the network must still be measured on the way to them, else those from training. */
async function trainedWeights(
  stored: NetworkWeights | undefined,
  hyperparameters: Hyperparameters,
  context: TrainingContext,
  measured: readonly number[],
): Promise<NetworkWeights> {
  const { files } = context;
  const checkpoints = new Checkpoints(files, weightCountOf(hyperparameters), context.now);
  const isMeasured = await haveEpochs(measured, hyperparameters.epochs, files);
  const weights = isMeasured && stored !== undefined
    ? stored
    : await train(hyperparameters, context, measured, checkpoints);
  await checkpoints.remove();
  return weights;
}

/** The weights of a training that came to its end; its log is stored before them. */
async function storedWeights(files: SealedFiles): Promise<NetworkWeights | undefined> {
  if (!await isStored(files)) return undefined;
  const stored = await files.readTensors(runFileNames.weights);
  return stored && weightsFromTensors(stored.tensors);
}

/** Trains from the newest checkpoint that can be used, or from the start, and stores what comes out. */
async function train(
  hyperparameters: Hyperparameters,
  context: TrainingContext,
  measured: readonly number[],
  checkpoints: Checkpoints,
): Promise<NetworkWeights> {
  const { engine, files, initial, trainingSet, onWork, onNote } = context;
  const operations = 6 * weightCountOf(hyperparameters);
  const checkpoint = await checkpoints.newest(({ log }) => haveEpochs(measured, log.epochs.length, files));
  if (checkpoint) onNote?.(`training goes on after epoch ${checkpoint.log.epochs.length}`);
  const start = checkpoint ?? startingPoint(initial);
  const earlier = await earlierTraining(files);
  const { weights, log } = await trainRun(engine, hyperparameters, trainingSet, start, {
    onStep: (examples) => onWork(operations * examplesWithSteps(hyperparameters, examples)),
    onEpoch: async (epoch, read) => {
      if (measured.includes(epoch)) await measureEpoch(hyperparameters, context, epoch, await read());
      // After the last epoch the network itself is stored, at once.
      if (epoch < hyperparameters.epochs) await checkpoints.offer(read);
    },
  });
  await removeOutdated(earlier, log, files);
  await files.writeJson(runFileNames.training, log);
  await files.writeTensors(runFileNames.weights, { tensors: weightsToTensors(weights), metadata: {} });
  return weights;
}

/** What a run holds of an earlier training. */
interface EarlierTraining {
  readonly log: TrainingLog | undefined;
  readonly measured: readonly MeasurementName[];
}

async function earlierTraining(files: SealedFiles): Promise<EarlierTraining> {
  const names = Object.keys(measurements) as MeasurementName[];
  const missing = await missingMeasurements(names, files);
  return {
    log: await storedLog(files),
    measured: names.filter((name) => !missing.includes(name)),
  };
}

/**
 * Removes what was measured of an earlier training that this one did not repeat: not every engine gives the same bits.
 * What another worker has measured since is of this training.
 */
async function removeOutdated(earlier: EarlierTraining, log: TrainingLog, files: SealedFiles): Promise<void> {
  if (earlier.log !== undefined && recordJson(earlier.log) === recordJson(log)) return;
  for (const name of earlier.measured) await files.remove(measurementFile(name));
}

async function measureEpoch(
  hyperparameters: Hyperparameters,
  context: TrainingContext,
  epoch: number,
  { state }: Checkpoint,
): Promise<void> {
  const network = await measurements.network.measure(subjectOf(state.weights, hyperparameters, context, []));
  await context.files.writeJson(epochFile(epoch), { epoch, network });
}

/** Whether the epochs to measure, up to the one that a checkpoint is of, were measured. */
async function haveEpochs(measured: readonly number[], last: number, files: SealedFiles): Promise<boolean> {
  const wanted = measured.filter((epoch) => epoch <= last);
  const stored = await Promise.all(
    wanted.map((epoch) => files.readRecord(epochMeasurementSchema, epochFile(epoch))),
  );
  return stored.every((measured) => measured !== undefined);
}

async function storedEpochs(measured: readonly number[], files: SealedFiles): Promise<EpochMeasurement[]> {
  return await Promise.all(measured.map(async (epoch) => {
    const text = await files.readJson(epochFile(epoch)) ?? "";
    return parseRecord(epochMeasurementSchema, text, epochFile(epoch));
  }));
}

function epochFile(epoch: number): string {
  return `epoch-${epoch}.json`;
}
