/**
 * Pruning to few weights of few values: the networks that the certified bound says most about.
 *
 * The paper has no such procedure. This one is ours, and the same for every network, profile and protocol; it was
 * found by looking at training errors, never at the test set.
 *
 * @module
 */
import { z } from "zod";
import { networkCode, type QuantisedLayer } from "../../bounds/certified.ts";
import { dropDeadPaths, livingPart, wholeNetwork } from "../../bounds/dead_paths.ts";
import type { Matrix } from "../../math/matrix.ts";
import { requireInteger } from "../../math/requirements.ts";
import { architectureOf, type Hyperparameters, weightCountOf } from "../hyperparameters.ts";
import { examplesWithSteps } from "../step_cost.ts";
import { errorCount, marginsOn } from "./evaluation.ts";
import { fineTuned, type ReadInputs, readInputs } from "./fine_tuning.ts";
import { trainingInEvaluations, withMask } from "./heavy_pruning.ts";
import { largestMasks } from "./iterative_pruning.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";
import { nonzeroCount, nonzeroMask, quantisationSteps, trainedQuantisation } from "./trained_quantisation.ts";

/** The weights that each round keeps, at most; a network of fewer skips the round. */
export const keptCounts: readonly number[] = [8000, 4000, 2000, 1400, 1000, 700, 500];

/** The rounds whose networks are quantised and coded, by the weights they keep. */
export const codedCounts: readonly number[] = [1000, 700, 500];

/** b: a quantised weight is one of 2^b values of its layer. */
export const codedBits: readonly number[] = [2, 3];

/** A round visits four times as many examples as the run's training did, and at most four times S. */
const ROUND_LENGTH = 4;

/** What a step of quantisation visits of what a round does. */
const STEP_SHARE = 1 / 4;

/** The terms of the code's length, each summed over layers. */
export const codeParts = ["units", "count", "support", "levels", "codebook", "permutations"] as const;

const codedNetwork = z.strictObject({
  bits: z.int(),
  /** Weights that are not zero. */
  nonzeroCount: z.int(),
  /** Training examples that the quantised network itself gets wrong. */
  trainErrors: z.int(),
  testErrors: z.int(),
  /** Nats for each part of the code: living units named, levels enumerated. Permutations save, and are negative. */
  code: z.strictObject({
    units: numeric,
    count: numeric,
    support: numeric,
    levels: numeric,
    codebook: numeric,
    permutations: numeric,
  }),
});

const certifiedRound = z.strictObject({
  /** From 1, in {@linkcode keptCounts}. */
  round: z.int(),
  keptCount: z.int(),
  /** Weights that are not zero after fine-tuning, a layer. */
  keptWeights: z.array(z.int()),
  /** Inputs and hidden units that have any, a layer. */
  livingUnits: z.array(z.int()),
  /** Training errors before quantisation. */
  trainErrors: z.int(),
  testErrors: z.int(),
  quantised: z.array(codedNetwork),
});

const certifiedPruningSchema = z.strictObject({
  schema: z.literal(1),
  exampleCount: z.int(),
  testCount: z.int(),
  /** They end where a layer has no weight left, or one that is not finite. */
  rounds: z.array(certifiedRound),
});

/** Pruning to few weights of few values, round by round. */
export type CertifiedPruning = z.infer<typeof certifiedPruningSchema>;

/** One round of {@linkcode CertifiedPruning}. */
export type CertifiedRound = z.infer<typeof certifiedRound>;

/** A pruned network with few-bit weights, and the length of its code. */
export type CodedFewBits = z.infer<typeof codedNetwork>;

/**
 * Pruning to few weights of few values.
 *
 * A round of k weights keeps the busiest inputs and hidden units ({@linkcode mostInputs}, {@linkcode mostHidden}) and,
 * of what is left, the k weights largest in magnitude over all layers; then it trains those (`fine_tuning.ts`). Some
 * rounds are quantised besides (`trained_quantisation.ts`), and the next goes on from the unquantised weights.
 */
export const certifiedPruning: Measurement<CertifiedPruning> = {
  name: "certified-pruning",
  schema: certifiedPruningSchema,
  evaluations: (hyperparameters) => {
    const { trainingExamples, testExamples } = hyperparameters;
    const trained = trainingInEvaluations *
      examplesWithSteps(hyperparameters, roundExamples(hyperparameters));
    const evaluated = trainingExamples + testExamples;
    const steps = trained * STEP_SHARE * quantisationSteps;
    return roundsOf(hyperparameters).reduce((total, keptCount) => {
      const coded = codedCounts.includes(keptCount) ? codedBits.length * (steps + evaluated) : 0;
      return total + denseShare(hyperparameters, keptCount) * (trained + evaluated + coded);
    }, 0);
  },
  measure: measureCertifiedPruning,
};

/**
 * The inputs that a network of k weights may read: sqrt(10 k) rounded up. The fewer they are, the cheaper it is to say
 * where among them the weights lie.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([mostInputs(1000), mostInputs(700)], [100, 84]);
 * ```
 */
export function mostInputs(keptCount: number): number {
  return Math.ceil(Math.sqrt(10 * keptCount));
}

/**
 * The units of a hidden layer that a network of k weights may have: sqrt(2 k) rounded up.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([mostHidden(1000), mostHidden(700)], [45, 38]);
 * ```
 */
export function mostHidden(keptCount: number): number {
  return Math.ceil(Math.sqrt(2 * keptCount));
}

/**
 * The network pruned to its busiest units and, of those, to its largest weights over all layers, without dead paths.
 *
 * The largest weight into each unit and the largest out of it are kept before any other, so that no layer of small
 * weights loses them all.
 *
 * How busy a unit is: the Euclidean norm of the weights into it times that of the weights out of it, so that it does
 * not change when one is scaled up and the other down as the ReLU allows. Of an input, the norm of the weights out of
 * it.
 *
 * @param layers The weights (rows = outputs, columns = inputs), without biases.
 * @param keptCount k: an integer >= 1. Fewer weights are left where the network has fewer, or dead paths.
 * @throws {RangeError} If `keptCount` is out of range or there is no layer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = [matrix(2, 2, Float32Array.of(1, 4, 2, 3)), matrix(1, 2, Float32Array.of(5, 6))];
 * assertEquals(prunedToCount(layers, 5).map(({ data }) => [...data]), [[0, 4, 2, 3], [5, 6]]);
 * ```
 */
export function prunedToCount(layers: readonly Matrix[], keptCount: number): Matrix[] {
  requireInteger("prune the network", "the number of kept weights", keptCount, 1);
  const busiest = dropDeadPaths(withBusiestUnits(layers, keptCount));
  const widths = widthsOf(layers);
  const { layers: living, units } = livingPart(busiest);
  const masks = living.map(nonzeroMask);
  const present = masks.reduce((total, { data }) => total + nonzeroCount(data), 0);
  const kept = largestMasks(living.map(withUnitsJoined), masks, Math.min(keptCount, present));
  const pruned = living.map((layer, index) => withMask(layer, kept[index]));
  return dropDeadPaths(wholeNetwork({ layers: pruned, units }, widths));
}

/** The length of a code that names living units and enumerates levels, each part summed over the layers, in nats. */
export function codeByPart(layers: readonly QuantisedLayer[]): CodedFewBits["code"] {
  const terms = networkCode(layers, { namesLivingUnits: true, levelCode: "enumerated" });
  const sumOf = (part: string): number =>
    terms.filter((term) => term.part === part).reduce((total, { nats }) => total + nats, 0);
  return Object.fromEntries(codeParts.map((part) => [part, sumOf(part)])) as CodedFewBits["code"];
}

/** A pruned network reduced to its living units, with the inputs that it reads. */
interface SparseNetwork {
  readonly subject: Subject;
  readonly keptCount: number;
  readonly layers: readonly Matrix[];
  readonly units: readonly Uint32Array[];
  readonly trainingSet: ReadInputs;
  readonly testSet: ReadInputs;
}

async function measureCertifiedPruning(subject: Subject): Promise<CertifiedPruning> {
  const { trainingSet, testSet, hyperparameters, weights } = subject;
  const rounds: CertifiedRound[] = [];
  let { layers } = weights;
  for (const keptCount of roundsOf(hyperparameters)) {
    // The code has no room for biases.
    if (weights.biases.length > 0 || !isTrainable(layers)) break;
    const pruned = prunedToCount(layers, keptCount);
    if (!isTrainable(pruned)) break;
    const network = await tuned(sparseNetwork(subject, pruned, keptCount));
    layers = wholeNetwork(network, widthsOf(layers));
    rounds.push(await measureRound(network));
  }
  return { schema: 1, exampleCount: trainingSet.count, testCount: testSet.count, rounds };
}

async function measureRound(network: SparseNetwork): Promise<CertifiedRound> {
  const { layers, units, keptCount } = network;
  return {
    round: keptCounts.indexOf(keptCount) + 1,
    keptCount,
    keptWeights: layers.map(({ data }) => nonzeroCount(data)),
    livingUnits: units.slice(0, -1).map(({ length }) => length),
    ...await errorsOf(network),
    quantised: codedCounts.includes(keptCount) ? await measureQuantised(network) : [],
  };
}

async function measureQuantised(network: SparseNetwork): Promise<CodedFewBits[]> {
  const coded: CodedFewBits[] = [];
  if (!isTrainable(network.layers)) return coded;
  for (const bits of codedBits) coded.push(await quantisedTo(network, bits));
  return coded;
}

async function quantisedTo(network: SparseNetwork, bits: number): Promise<CodedFewBits> {
  const stream = `certified-pruning/${network.keptCount}/${bits}`;
  const quantised = await trainedQuantisation(
    network.layers,
    bits,
    (layers, masks, step) => trained({ ...network, layers }, masks, STEP_SHARE, `${stream}/${step}`),
  );
  const layers = quantised.map(({ weights }) => weights);
  const whole = wholeNetwork({ ...network, layers }, widthsOf(network.subject.weights.layers));
  return {
    bits,
    nonzeroCount: layers.reduce((total, { data }) => total + nonzeroCount(data), 0),
    ...await errorsOf({ ...network, layers }),
    code: codeByPart(quantised.map(({ codebook }, index) => ({ weights: whole[index], codebook }))),
  };
}

function sparseNetwork(subject: Subject, pruned: readonly Matrix[], keptCount: number): SparseNetwork {
  const { layers, units } = livingPart(pruned);
  const [trainingSet, testSet] = [subject.trainingSet, subject.testSet].map((set) =>
    readInputs(set, units[0])
  );
  return { subject, keptCount, layers, units, trainingSet, testSet };
}

async function tuned(network: SparseNetwork): Promise<SparseNetwork> {
  const { layers, keptCount } = network;
  return {
    ...network,
    layers: await trained(network, layers.map(nonzeroMask), 1, `certified-pruning/${keptCount}`),
  };
}

/** The layers after a share of a round's training of the weights under the masks. */
function trained(
  { subject, keptCount, layers, trainingSet }: SparseNetwork,
  masks: readonly Matrix[],
  share: number,
  stream: string,
): Promise<Matrix[]> {
  const { hyperparameters } = subject;
  const examples = Math.ceil(share * roundExamples(hyperparameters));
  const onEvaluated = scaled(subject, keptCount);
  return fineTuned(hyperparameters, { layers, masks, trainingSet, examples, stream, onEvaluated });
}

async function errorsOf(
  { subject, keptCount, layers, trainingSet, testSet }: SparseNetwork,
): Promise<Pick<CodedFewBits, "trainErrors" | "testErrors">> {
  const weights = { layers, biases: [] };
  const onEvaluated = scaled(subject, keptCount);
  return {
    trainErrors: errorCount(await marginsOn({ onEvaluated }, weights, trainingSet)),
    testErrors: errorCount(await marginsOn({ onEvaluated }, weights, testSet)),
  };
}

function roundExamples({ epochs, examplesPerEpoch, trainingExamples }: Hyperparameters): number {
  return ROUND_LENGTH * Math.min(epochs * examplesPerEpoch, trainingExamples);
}

function roundsOf(hyperparameters: Hyperparameters): number[] {
  return keptCounts.filter((count) => count < weightCountOf(hyperparameters));
}

/** A network between the units that a round may keep is smaller than the whole by this factor, and as much cheaper. */
function denseShare(hyperparameters: Hyperparameters, keptCount: number): number {
  const { inputs, hidden, outputs } = architectureOf(hyperparameters);
  const units = [
    Math.min(inputs, mostInputs(keptCount)),
    ...hidden.map((width) => Math.min(width, mostHidden(keptCount))),
    outputs,
  ];
  const weights = units.slice(1).reduce((total, width, index) => total + width * units[index], 0);
  return weights / weightCountOf(hyperparameters);
}

function scaled({ hyperparameters, onEvaluated }: Subject, keptCount: number): (examples: number) => void {
  const share = denseShare(hyperparameters, keptCount);
  return (examples) => onEvaluated(share * examples);
}

function withBusiestUnits(layers: readonly Matrix[], keptCount: number): Matrix[] {
  return layers.map((layer, index) => {
    const before = index === 0 ? undefined : rowNorms(layers[index - 1]);
    const busyness = columnNorms(layer).map((norm, unit) => norm * (before?.[unit] ?? 1));
    const kept = largestPlaces(busyness, index === 0 ? mostInputs(keptCount) : mostHidden(keptCount));
    return {
      ...layer,
      data: layer.data.map((weight, place) => kept.has(place % layer.columns) ? weight : 0),
    };
  });
}

function largestPlaces(values: Float64Array, count: number): Set<number> {
  const [mask] = largestMasks(
    [{ rows: 1, columns: values.length, data: values }],
    [{ rows: 1, columns: values.length, data: new Float32Array(values.length).fill(1) }],
    Math.min(count, values.length),
  );
  return new Set([...mask.data.keys()].filter((place) => mask.data[place] === 1));
}

/** The weights, the largest of each row and of each column infinite: those come first. */
function withUnitsJoined({ rows, columns, data }: Matrix): Matrix {
  const joined = data.slice();
  const joinLargest = (places: number[]): void => {
    if (places.length === 0) return;
    const largest = places.reduce((best, place) =>
      Math.abs(data[place]) > Math.abs(data[best]) ? place : best
    );
    joined[largest] = Infinity;
  };
  for (let row = 0; row < rows; row++) joinLargest(placesOf(row * columns, 1, columns));
  for (let column = 0; column < columns; column++) joinLargest(placesOf(column, columns, rows));
  return { rows, columns, data: joined };
}

function placesOf(first: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + step * index);
}

function rowNorms({ rows, columns, data }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    return Math.sqrt(squaredSum(data.subarray(row * columns, (row + 1) * columns)));
  });
}

function columnNorms({ columns, data }: Matrix): Float64Array {
  const squares = new Float64Array(columns);
  data.forEach((weight, place) => squares[place % columns] += weight ** 2);
  return squares.map(Math.sqrt);
}

function squaredSum(values: Matrix["data"]): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return sum;
}

function widthsOf(layers: readonly Matrix[]): number[] {
  return [layers[0].columns, ...layers.map(({ rows }) => rows)];
}

/** Whether every layer has a weight, and all are finite. */
function isTrainable(layers: readonly Matrix[]): boolean {
  return layers.every(({ data }) => data.some((weight) => weight !== 0) && data.every(Number.isFinite));
}
