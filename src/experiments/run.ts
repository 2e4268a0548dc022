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
import { measureNetwork } from "./network_measurement.ts";
import {
  networkMeasurementSchema,
  parseRecord,
  recordJson,
  type RunRecord,
  trainingLogSchema,
} from "./record.ts";
import { readText, type RunFiles, writeText } from "./run_store.ts";
import { type Checkpoint, startingPoint, trainRun } from "./training.ts";

/** The names of a run's files. */
export const runFileNames = {
  hyperparameters: "hyperparameters.json",
  checkpoint: "checkpoint.safetensors",
  training: "training.json",
  weights: "weights.safetensors",
  network: "network.json",
  provenance: "provenance.json",
} as const;

/** What a run needs besides its hyper-parameters. */
export interface RunContext {
  /** Selected for this process. */
  readonly engine: Engine;
  readonly files: RunFiles;
  /** S, of `trainingExamples` examples. */
  readonly trainingSet: ExampleSet;
  readonly testSet: ExampleSet;
  /** Called with the floating-point operations done, in the units of {@linkcode runCost}. */
  readonly onWork: (operations: number) => void;
}

/** An optimiser step reads and writes four numbers a weight, which takes as long as training on six more examples. */
const optimiserStepInExamples = 6;

/**
 * About how many floating-point operations a run costs: 6 a weight and example to train, 2 to evaluate, with the
 * network evaluated up to three times (unpruned, and pruned under each margin rule that allows it).
 */
export function runCost(hyperparameters: Hyperparameters): number {
  const { trainingExamples, testExamples, epochs, examplesPerEpoch, batchSize } = hyperparameters;
  const steps = epochs * Math.ceil(examplesPerEpoch / batchSize);
  const trained = epochs * examplesPerEpoch + steps * optimiserStepInExamples;
  return weightCountOf(hyperparameters) * (6 * trained + 2 * 2 * (trainingExamples + testExamples));
}

/** Whether everything that artifacts need of the run is stored. */
export async function isComplete(files: RunFiles): Promise<boolean> {
  return await files.read(runFileNames.network) !== undefined;
}

/** Trains and measures what is not stored yet. */
export async function completeRun(hyperparameters: Hyperparameters, context: RunContext): Promise<void> {
  if (await isComplete(context.files)) return;
  await writeText(context.files, runFileNames.hyperparameters, canonicalJson(hyperparameters) + "\n");
  const weights = await trainedWeights(hyperparameters, context);
  const weightCount = weightCountOf(hyperparameters);
  const measurement = await measureNetwork({
    weights,
    initial: initialWeights(architectureOf(hyperparameters), hyperparameters.seed),
    seed: hyperparameters.seed,
    trainingSet: context.trainingSet,
    testSet: context.testSet,
    onEvaluated: (examples) => context.onWork(2 * weightCount * examples),
  });
  await writeText(context.files, runFileNames.network, recordJson(measurement));
}

/**
 * Reads a finished run.
 *
 * @throws {SyntaxError} If a file is damaged or of another version.
 * @throws {Error} If the run is not finished.
 */
export async function readRun(identity: string, files: RunFiles): Promise<RunRecord> {
  const names = [runFileNames.hyperparameters, runFileNames.training, runFileNames.network];
  const [hyperparameters, training, network] = await Promise.all(names.map((name) => readText(files, name)));
  if (hyperparameters === undefined || training === undefined || network === undefined) {
    throw new Error(`Cannot read run ${identity} as it is not finished: run the artifact again`);
  }
  return {
    identity,
    hyperparameters: parseHyperparameters(hyperparameters),
    training: parseRecord(trainingLogSchema, training, `run ${identity}/${runFileNames.training}`),
    network: parseRecord(networkMeasurementSchema, network, `run ${identity}/${runFileNames.network}`),
  };
}

async function trainedWeights(
  hyperparameters: Hyperparameters,
  context: RunContext,
): Promise<NetworkWeights> {
  const stored = await context.files.read(runFileNames.weights);
  if (stored) return weightsFromTensors(decodeSafetensors(stored).tensors);
  const weightCount = weightCountOf(hyperparameters);
  const start = await storedCheckpoint(context.files) ?? startingPoint(hyperparameters);
  const { state, log } = await trainRun(context.engine, hyperparameters, context.trainingSet, start, {
    onStep: (examples) => context.onWork(6 * weightCount * (examples + optimiserStepInExamples)),
    onEpoch: (checkpoint) => context.files.write(runFileNames.checkpoint, encodeCheckpoint(checkpoint)),
  });
  await writeText(context.files, runFileNames.training, recordJson(log));
  const weightFile = { tensors: weightsToTensors(state.weights), metadata: {} };
  await context.files.write(runFileNames.weights, encodeSafetensors(weightFile));
  await context.files.remove(runFileNames.checkpoint);
  return state.weights;
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
