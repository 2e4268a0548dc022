/**
 * One run from beginning to end: train, store, measure. Each stage returns at once if its result is stored.
 *
 * @module
 */
import {
  decodeSafetensors,
  encodeSafetensors,
  weightsFromTensors,
  weightsToTensors,
} from "../network/weights.ts";
import type { Engine } from "../network/engines/engine.ts";
import { initialWeights, type NetworkWeights } from "../network/mlp.ts";
import type { NamedTensor } from "../network/weights.ts";
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
import { parseRecord, recordJson, type RunRecord, trainingLogSchema } from "./record.ts";
import { readText, type RunFiles, writeText } from "./run_store.ts";
import { type Checkpoint, startingPoint, trainRun } from "./training.ts";

/** The names of a run's files. */
export const runFileNames = {
  hyperparameters: "hyperparameters.json",
  checkpoint: "checkpoint.safetensors",
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
}

/** An optimiser step reads and writes four numbers a weight, which takes as long as training on six more examples. */
const optimiserStepInExamples = 6;

/** A run with what is to be measured on it. */
export interface RunRequest {
  /** What to train. */
  readonly hyperparameters: Hyperparameters;
  /** What to measure. */
  readonly measurements: readonly MeasurementName[];
}

/**
 * About how many floating-point operations a run costs: 6 a weight and example to train, 2 a weight and example whose
 * outputs are measured.
 */
export function runCost({ hyperparameters, measurements: names }: RunRequest): number {
  const { epochs, examplesPerEpoch, batchSize } = hyperparameters;
  const steps = epochs * Math.ceil(examplesPerEpoch / batchSize);
  const trained = epochs * examplesPerEpoch + steps * optimiserStepInExamples;
  const evaluated = names.reduce((sum, name) => sum + measurements[name].evaluations(hyperparameters), 0);
  return weightCountOf(hyperparameters) * (6 * trained + 2 * evaluated);
}

/** Whether everything that was asked for is stored. */
export async function isComplete(names: readonly MeasurementName[], files: RunFiles): Promise<boolean> {
  const stored = await Promise.all(
    [runFileNames.training, ...names.map(fileOf)].map((name) => files.read(name)),
  );
  return stored.every((bytes) => bytes !== undefined);
}

/** Trains and measures what is not stored yet. */
export async function completeRun(request: RunRequest, context: RunContext): Promise<void> {
  const { hyperparameters } = request;
  const missing = await missingMeasurements(request.measurements, context.files);
  if (missing.length === 0 && await context.files.read(runFileNames.training) !== undefined) return;
  await writeText(context.files, runFileNames.hyperparameters, canonicalJson(hyperparameters) + "\n");
  const needsEpochs = missing.some((name) => measurements[name].needsEpochs);
  const weights = await trainedWeights(hyperparameters, context, needsEpochs);
  const epochs = needsEpochs ? await storedEpochs(hyperparameters, context.files) : [];
  const subject = subjectOf(weights, hyperparameters, context, epochs);
  for (const name of missing) {
    await writeText(context.files, fileOf(name), recordJson(await measurements[name].measure(subject)));
  }
  for (const { epoch } of epochs) await context.files.remove(epochFile(epoch));
}

/**
 * Reads a finished run.
 *
 * @throws {SyntaxError} If a file is damaged or of another version.
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
  const measured = async (name: MeasurementName): Promise<[string, unknown]> => {
    const text = await read(fileOf(name));
    return [name, parseRecord<unknown>(measurements[name].schema, text, `run ${identity}/${fileOf(name)}`)];
  };
  const trainingText = await read(runFileNames.training);
  return {
    identity,
    hyperparameters: parseHyperparameters(await read(runFileNames.hyperparameters)),
    training: parseRecord(trainingLogSchema, trainingText, `run ${identity}/${runFileNames.training}`),
    measured: Object.fromEntries(await Promise.all(names.map(measured))) as Partial<Measurements>,
  };
}

function fileOf(name: MeasurementName): string {
  return `${name}.json`;
}

async function missingMeasurements(
  names: readonly MeasurementName[],
  files: RunFiles,
): Promise<MeasurementName[]> {
  const stored = await Promise.all(names.map((name) => files.read(fileOf(name))));
  return names.filter((_, index) => stored[index] === undefined);
}

function subjectOf(
  weights: NetworkWeights,
  hyperparameters: Hyperparameters,
  { trainingSet, testSet, onWork }: RunContext,
  epochs: readonly EpochMeasurement[],
): Subject {
  const initial = initialWeights(architectureOf(hyperparameters), hyperparameters.seed);
  const operations = 2 * weightCountOf(hyperparameters);
  const onEvaluated = (examples: number): void => onWork(operations * examples);
  return { weights, initial, hyperparameters, trainingSet, testSet, epochs, onEvaluated };
}

/** The trained weights: stored ones, unless the network must be measured on the way, else from where training got to. */
async function trainedWeights(
  hyperparameters: Hyperparameters,
  context: RunContext,
  needsEpochs: boolean,
): Promise<NetworkWeights> {
  const { engine, files, trainingSet, onWork } = context;
  const stored = needsEpochs ? undefined : await files.read(runFileNames.weights);
  if (stored) return weightsFromTensors(decodeSafetensors(stored).tensors);
  const operations = 6 * weightCountOf(hyperparameters);
  const start = await usableCheckpoint(hyperparameters, files, needsEpochs) ?? startingPoint(hyperparameters);
  const { state, log } = await trainRun(engine, hyperparameters, trainingSet, start, {
    onStep: (examples) => onWork(operations * (examples + optimiserStepInExamples)),
    onEpoch: async (checkpoint) => {
      if (needsEpochs) await measureEpoch(hyperparameters, context, checkpoint);
      await files.write(runFileNames.checkpoint, encodeCheckpoint(checkpoint));
    },
  });
  await writeText(files, runFileNames.training, recordJson(log));
  const weightFile = { tensors: weightsToTensors(state.weights), metadata: {} };
  await files.write(runFileNames.weights, encodeSafetensors(weightFile));
  await files.remove(runFileNames.checkpoint);
  return state.weights;
}

async function measureEpoch(
  hyperparameters: Hyperparameters,
  context: RunContext,
  { state, log }: Checkpoint,
): Promise<void> {
  const epoch = log.epochs.length;
  if (!measuredEpochs(hyperparameters).includes(epoch)) return;
  const network = await measurements.network.measure(subjectOf(state.weights, hyperparameters, context, []));
  await writeText(context.files, epochFile(epoch), recordJson({ epoch, network }));
}

/** A stored checkpoint, unless an epoch before it should have been measured and was not. */
async function usableCheckpoint(
  hyperparameters: Hyperparameters,
  files: RunFiles,
  needsEpochs: boolean,
): Promise<Checkpoint | undefined> {
  const checkpoint = await storedCheckpoint(files);
  if (!checkpoint || !needsEpochs) return checkpoint;
  const wanted = measuredEpochs(hyperparameters).filter((epoch) => epoch <= checkpoint.log.epochs.length);
  const stored = await Promise.all(wanted.map((epoch) => files.read(epochFile(epoch))));
  return stored.every((bytes) => bytes !== undefined) ? checkpoint : undefined;
}

async function storedEpochs(hyperparameters: Hyperparameters, files: RunFiles): Promise<EpochMeasurement[]> {
  return await Promise.all(
    measuredEpochs(hyperparameters).map(async (epoch) => {
      const text = await readText(files, epochFile(epoch)) ?? "";
      return parseRecord(epochMeasurementSchema, text, epochFile(epoch));
    }),
  );
}

function epochFile(epoch: number): string {
  return `epoch-${epoch}.json`;
}

function encodeCheckpoint({ state, log }: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors = {
    ...prefixed("weights", weightsToTensors(state.weights)),
    ...prefixed("first", weightsToTensors(state.firstMoments)),
    ...prefixed("second", weightsToTensors(state.secondMoments)),
  };
  return encodeSafetensors({ tensors, metadata: { log: recordJson(log), step: String(state.step) } });
}

async function storedCheckpoint(files: RunFiles): Promise<Checkpoint | undefined> {
  const bytes = await files.read(runFileNames.checkpoint);
  if (!bytes) return undefined;
  const { tensors, metadata } = decodeSafetensors(bytes);
  const part = (prefix: string): NetworkWeights => weightsFromTensors(withPrefix(prefix, tensors));
  const state = {
    weights: part("weights"),
    firstMoments: part("first"),
    secondMoments: part("second"),
    step: Number(metadata.step),
  };
  return { state, log: parseRecord(trainingLogSchema, metadata.log, "the checkpoint's training log") };
}

function prefixed(prefix: string, tensors: Record<string, NamedTensor>): Record<string, NamedTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

function withPrefix(
  prefix: string,
  tensors: Readonly<Record<string, NamedTensor>>,
): Record<string, NamedTensor> {
  const chosen = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(chosen.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}
