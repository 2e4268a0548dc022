/**
 * Measuring a network that was trained elsewhere: everything that the bounds and the statements' checks need.
 *
 * @module
 */
import type { Examples } from "../datasets/dataset.ts";
import type { InputScaling, ScalingName } from "../datasets/scaling.ts";
import { subset } from "../datasets/subset.ts";
import { RandomStream } from "../math/random_stream.ts";
import { requireInteger } from "../math/requirements.ts";
import type { EngineName } from "../network/engines/engine.ts";
import { selectEngine } from "../network/engines/mod.ts";
import { outputsOf } from "../network/evaluate.ts";
import type { NetworkWeights } from "../network/mlp.ts";
import { pruningParameter } from "../theory/lemma_5_1.ts";
import { marginLoss, margins } from "../theory/margin_loss.ts";
import { certifiedCodes, type CodedNetwork } from "./certified_codes.ts";
import { type ExampleSet, scaledExamples } from "./example_set.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { crossEntropies } from "./measurements/hessian.ts";
import type { Subject } from "./measurements/measurement.ts";
import { network, type NetworkMeasurement } from "./measurements/network.ts";
import { type AssumptionCheck, checkAssumption, checkPruning, type PruningCheck } from "./layer_checks.ts";

/** A trained network, its data, and what is left out. */
export interface OwnNetwork {
  /** The trained network: ReLU between layers, none at the end. */
  readonly weights: NetworkWeights;
  /** Its weights before training. Without them, distances are from zero. */
  readonly initial?: NetworkWeights | undefined;
  /** S, the very examples that it was trained on. */
  readonly trainingSet: ExampleSet;
  /** Examples that it was not trained on. Without them, no test error is known. */
  readonly testSet?: ExampleSet | undefined;
  /** For each decision made by looking at S (a scaling of the inputs, a network), out of how many. Default none. */
  readonly choices?: readonly number[];
  /** The root seed of the draws of Algorithm 1. Default 1. */
  readonly seed?: number;
  /** What evaluates. Default wasm. */
  readonly engine?: EngineName;
  /** Called with the number of examples whose outputs were computed. */
  readonly onEvaluated?: (examples: number) => void;
}

/** What was measured of a network. */
export interface OwnNetworkMeasurement {
  /** Norms, margins, errors, and the pruning that the margin condition allows; test errors are NaN without a test set. */
  readonly network: NetworkMeasurement;
  /** How the weights of each layer are distributed: Assumption 3.1. */
  readonly assumption: readonly AssumptionCheck[];
  /** Algorithm 1 on each layer, at each d found and at {@linkcode checkedParameters}: Lemmas C.2 and 5.1. */
  readonly pruning: readonly PruningCheck[];
  /** The certified bound at each way to code the network. */
  readonly certified: readonly CodedNetwork[];
  /** Whether the weights before training were given. */
  readonly hasInitialWeights: boolean;
  /** Whether a test set was given. */
  readonly hasTestSet: boolean;
  /** Whether the network has biases, which the theorems do not. */
  readonly hasBiases: boolean;
}

/** The d at which the lemmas are checked besides those found: little pruning, and 1/60 of Gaussian weights kept. */
export const checkedParameters: readonly number[] = [0.1, 1, 10, pruningParameter(1 / 60)];

/** How many evaluations of S {@linkcode measureOwnNetwork} makes at most, for the estimate of its cost. */
export const evaluationsOfTrainingSet = 15;

/** How many examples of S tell scalings apart. */
const recognitionExamples = 2000;

/**
 * Measures a network on its data.
 *
 * @throws {TypeError} If the network has no layer or fewer than two outputs, a layer does not take the outputs of the one
 * before or the inputs of the data, a bias is missing or has another length than its layer has outputs, or the initial
 * weights have another shape, or biases where the network has none.
 * @throws {RangeError} If there are no examples, a label has no output, a weight or an initial one is not finite, or a layer
 * has no weight that is not zero.
 */
export async function measureOwnNetwork(own: OwnNetwork): Promise<OwnNetworkMeasurement> {
  const { weights, initial, testSet, seed = 1, engine = "wasm" } = own;
  requireMeasurable(own);
  await selectEngine(engine);
  const measured = await measureNetwork(own, seed);
  const found = measured.pruned.map(({ d }) => d).filter((d) => d > 0 && Number.isFinite(d));
  const parameters = [...new Set([...found, ...checkedParameters])].sort((a, b) => a - b);
  return {
    network: measured,
    assumption: weights.layers.map((layer) => checkAssumption(layer)),
    pruning: weights.layers.flatMap((layer, index) => checkPruning(layer, index, parameters, seed)),
    certified: await certifiedCodes(own),
    hasInitialWeights: initial !== undefined,
    hasTestSet: testSet !== undefined,
    hasBiases: weights.biases.some((bias) => bias.some((entry) => entry !== 0)),
  };
}

/** The scaling that fits a network best, with its error under each. */
export interface RecognisedScaling {
  /** The scaling. */
  readonly name: ScalingName;
  /** The share of wrong predictions on examples of S under each scaling. */
  readonly errorFractions: Readonly<Partial<Record<ScalingName, number>>>;
}

/**
 * Recognises how the inputs were scaled when a network was trained: the scaling with the smallest error on (at most
 * 2,000) examples of S and, among equal ones, the smallest cross-entropy.
 *
 * This looks at S, so that certificates count it as a choice among as many as are tried.
 *
 * @param weights The trained network.
 * @param train S.
 * @param scalings The scalings to try, by name.
 * @param engine What evaluates. Default wasm.
 * @throws {TypeError} If the layers are no chain from the examples' pixels on, or a bias is missing or has another length.
 */
export async function recogniseScaling(
  weights: NetworkWeights,
  train: Examples,
  scalings: Readonly<Partial<Record<ScalingName, InputScaling>>>,
  engine: EngineName = "wasm",
): Promise<RecognisedScaling> {
  requireChain(weights, train.dimension);
  await selectEngine(engine);
  const sample = subset(train, Math.min(recognitionExamples, train.count), new RandomStream(1, "scaling"));
  const fits: { name: ScalingName; error: number; loss: number }[] = [];
  for (const [name, scaling] of Object.entries(scalings) as [ScalingName, InputScaling][]) {
    fits.push({ name, ...await fitOn(weights, scaledExamples(sample, scaling)) });
  }
  const [{ name }] = fits.toSorted((a, b) => a.error - b.error || a.loss - b.loss);
  return { name, errorFractions: Object.fromEntries(fits.map((fit) => [fit.name, fit.error])) };
}

async function fitOn(weights: NetworkWeights, set: ExampleSet): Promise<{ error: number; loss: number }> {
  const outputs = await outputsOf(weights, (...range) => set.inputs(...range), set.count);
  const losses = crossEntropies(outputs, set.labels);
  return {
    error: marginLoss(margins(outputs, set.labels), 0),
    loss: losses.reduce((sum, loss) => sum + loss, 0),
  };
}

/** Of the hyper-parameters, a measurement of norms and margins reads the seed alone. */
interface SeededMeasurement {
  measure(
    subject: Omit<Subject, "hyperparameters"> & { readonly hyperparameters: Pick<Hyperparameters, "seed"> },
  ): Promise<NetworkMeasurement>;
}

async function measureNetwork(own: OwnNetwork, seed: number): Promise<NetworkMeasurement> {
  const { weights, trainingSet, testSet, onEvaluated = () => {} } = own;
  const measurement: SeededMeasurement = network;
  const measured = await measurement.measure({
    weights,
    initial: own.initial ?? zerosLike(weights),
    hyperparameters: { seed },
    trainingSet,
    testSet: testSet ?? firstExample(trainingSet),
    epochs: [],
    onEvaluated,
  });
  return testSet ? measured : withoutTestErrors(measured);
}

/** Something must be evaluated where a test error is measured; {@linkcode withoutTestErrors} forgets what it gave. */
function firstExample(set: ExampleSet): ExampleSet {
  return { ...set, count: 1, labels: set.labels.subarray(0, 1) };
}

function withoutTestErrors(measured: NetworkMeasurement): NetworkMeasurement {
  const pruned = measured.pruned.map((one) => ({ ...one, testErrorFraction: NaN }));
  return { ...measured, testCount: 0, testErrorFraction: NaN, pruned };
}

function zerosLike({ layers, biases }: NetworkWeights): NetworkWeights {
  return {
    layers: layers.map((layer) => ({ ...layer, data: new Float32Array(layer.data.length) })),
    biases: biases.map(({ length }) => new Float32Array(length)),
  };
}

function requireMeasurable({ weights, initial, trainingSet, testSet }: OwnNetwork): void {
  const sets = [trainingSet, ...(testSet ? [testSet] : [])];
  for (const { count } of sets) requireInteger("measure the network", "the number of examples", count, 1);
  for (const set of sets) requireChain(weights, set.inputs(0, 1).length);
  const outputs = weights.layers[weights.layers.length - 1].rows;
  if (outputs < 2) {
    throw new TypeError(`Cannot measure the network as it must have two outputs or more: it has ${outputs}`);
  }
  for (const label of [...trainingSet.labels, ...(testSet?.labels ?? [])]) {
    if (label < outputs) continue;
    throw new RangeError(
      `Cannot measure the network as it must have an output for every label: it has ${outputs}, and a label is ${label}`,
    );
  }
  requireFinite("measure the network as its weights", weights);
  const zero = weights.layers.findIndex(({ data }) => data.every((weight) => weight === 0));
  if (zero >= 0) {
    throw new RangeError(`Cannot measure the network as layer ${zero + 1} must have a weight: all are zero`);
  }
  if (!initial) return;
  requireSameShapes(weights, initial);
  requireFinite("measure distances as the initial weights", initial);
}

/** Each layer takes what the one before gives, the first one the inputs; every layer has a bias, or none has. */
function requireChain({ layers, biases }: NetworkWeights, inputs: number): void {
  if (layers.length === 0) {
    throw new TypeError("Cannot measure the network as it must have a layer: it has none");
  }
  layers.forEach(({ columns }, index) => {
    const given = index === 0 ? inputs : layers[index - 1].rows;
    if (columns === given) return;
    const what = index === 0 ? "inputs of the data" : `outputs of layer ${index}`;
    throw new TypeError(
      `Cannot measure the network as layer ${index + 1} must take the ${given} ${what}: it takes ${columns}`,
    );
  });
  if (biases.length > 0) requireBiases(layers, biases);
}

function requireBiases(layers: NetworkWeights["layers"], biases: NetworkWeights["biases"]): void {
  if (biases.length !== layers.length) {
    throw new TypeError(
      `Cannot measure the network as it must have a bias for each of its ${layers.length} layers, or none at all: it has ${biases.length}`,
    );
  }
  const wrong = layers.findIndex(({ rows }, index) => biases[index].length !== rows);
  if (wrong < 0) return;
  throw new TypeError(
    `Cannot measure the network as the bias of layer ${wrong + 1} must have an entry for each of ${
      layers[wrong].rows
    } outputs: it has ${biases[wrong].length}`,
  );
}

function requireFinite(task: string, { layers, biases }: NetworkWeights): void {
  for (const entries of [...layers.map(({ data }) => data), ...biases]) {
    const index = entries.findIndex((entry) => !Number.isFinite(entry));
    if (index < 0) continue;
    throw new RangeError(`Cannot ${task} must be finite: current value of one is ${entries[index]}`);
  }
}

function requireSameShapes(weights: NetworkWeights, initial: NetworkWeights): void {
  const [trained, before] = [weights, initial].map(({ layers }) =>
    layers.map(({ rows, columns }) => `${rows} x ${columns}`).join(", ")
  );
  if (trained !== before) {
    throw new TypeError(
      `Cannot measure distances as the initial weights must have the shapes ${trained}: they have ${before}`,
    );
  }
  if (weights.biases.length === 0 && initial.biases.length > 0) {
    throw new TypeError(
      "Cannot measure distances as the initial weights must be of this network, which has no biases: they have some",
    );
  }
}
