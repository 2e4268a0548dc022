/**
 * Iterative magnitude pruning: train, prune, rewind or go on, repeat; and the pruned networks with few-bit weights.
 *
 * The practical counterpart of Theorem 6.1 (Frankle and Carbin 2019), and where the certified bound finds its networks.
 *
 * @module
 */
import { z } from "zod";
import { type CodeOptions, type CodeTerm, networkCode, type QuantisedLayer } from "../../bounds/certified.ts";
import { dropDeadPaths } from "../../bounds/dead_paths.ts";
import { kMeansCodebook, quantise } from "../../math/codebook.ts";
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { requireProbability } from "../../math/requirements.ts";
import { selectEngine } from "../../network/engines/mod.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { startingState, Trainer } from "../../network/train.ts";
import type { ExampleSet } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import { errorCount, marginsOn } from "./evaluation.ts";
import { trainingInEvaluations, withMask } from "./heavy_pruning.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";

/** What a round does with the weights that are left: back to their initial values, or on from where they are. */
export const pruningSeries = ["rewound", "continued"] as const;

/** The kept share of each round: a sixtieth, the paper's budget, after six equal steps, and two steps beyond. */
export const keptShares: readonly number[] = Array.from(
  { length: 8 },
  (_, round) => 60 ** (-(round + 1) / 6),
);

/** b: a quantised weight is one of 2^b values of its layer. */
export const quantisedBits: readonly number[] = [2, 3];

/** The first round (from 1) whose networks are quantised: denser ones have codes too long to certify anything. */
export const firstQuantisedRound = 4;

/** The ways of writing a network down, of which the shortest is taken. */
export const codeOptions: readonly Required<Pick<CodeOptions, "supportCode" | "levelCode">>[] = [
  { supportCode: "whole", levelCode: "fixed" },
  { supportCode: "whole", levelCode: "enumerated" },
  { supportCode: "columns", levelCode: "fixed" },
  { supportCode: "columns", levelCode: "enumerated" },
];

/** A round trains as long as the run did, at most this many epochs: the paper says nothing of it. */
const MOST_EPOCHS = 2;

const codeParts = ["count", "support", "levels", "codebook", "permutations"] as const;

const code = z.strictObject({
  supportCode: z.enum(["whole", "columns"]),
  levelCode: z.enum(["fixed", "enumerated"]),
  /** Nats for how many weights are left. */
  count: numeric,
  /** Nats for where they are. */
  support: numeric,
  /** Nats for which value each has. */
  levels: numeric,
  /** Nats for the values. */
  codebook: numeric,
  /** Nats that counting reordered networks once saves, negative. */
  permutations: numeric,
});

const quantisedNetwork = z.strictObject({
  bits: z.int(),
  /** Weights that are not zero, dead paths dropped. */
  nonzeroCount: z.int(),
  /** Training examples that the quantised network itself gets wrong. */
  trainErrors: z.int(),
  testErrors: z.int(),
  /** The shortest of {@linkcode codeOptions}, summed over layers. */
  code,
});

const prunedRound = z.strictObject({
  series: z.enum(pruningSeries),
  /** From 1. */
  round: z.int(),
  keptShare: numeric,
  /** Weights under the mask, a layer. */
  keptWeights: z.array(z.int()),
  trainErrors: z.int(),
  testErrors: z.int(),
  /**
   * Training errors of the mask on the weights before any training: a weight-subnetwork in Theorem 6.1's sense. Null
   * where training went on.
   */
  untrainedTrainErrors: z.int().nullable(),
  quantised: z.array(quantisedNetwork),
});

const iterativePruningSchema = z.strictObject({
  schema: z.literal(1),
  exampleCount: z.int(),
  testCount: z.int(),
  rounds: z.array(prunedRound),
});

/** Iterative magnitude pruning, round by round. */
export type IterativePruning = z.infer<typeof iterativePruningSchema>;

/** One round of {@linkcode IterativePruning}. */
export type PrunedRound = z.infer<typeof prunedRound>;

/** A pruned network with few-bit weights, and its code. */
export type QuantisedNetwork = z.infer<typeof quantisedNetwork>;

/** Iterative magnitude pruning of the run's network. */
export const iterativePruning: Measurement<IterativePruning> = {
  name: "iterative-pruning",
  schema: iterativePruningSchema,
  evaluations: (hyperparameters) => {
    const { trainingExamples, testExamples } = hyperparameters;
    const quantisedCount = (keptShares.length - firstQuantisedRound + 1) * quantisedBits.length;
    const rounds = pruningSeries.length * keptShares.length;
    const networks = rounds + quantisedCount;
    return rounds * trainingInEvaluations * roundExamples(hyperparameters) +
      (networks + keptShares.length) * trainingExamples + networks * testExamples;
  },
  measure: measureIterativePruning,
};

/**
 * Masks that keep the given share of all weights of the network: those largest in magnitude among the weights that the
 * old masks keep, whatever their layer. Rounded up; of equal ones the first.
 *
 * @param layers The weights (rows = outputs, columns = inputs).
 * @param masks The masks so far, of zeros and ones.
 * @param share In [0, 1].
 * @throws {RangeError} If the share is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = [matrix(1, 2, Float32Array.of(1, -4)), matrix(1, 2, Float32Array.of(2, 3))];
 * const all = layers.map(() => matrix(1, 2, Float32Array.of(1, 1)));
 * assertEquals(globalMasks(layers, all, 0.5).map(({ data }) => [...data]), [[0, 1], [0, 1]]);
 * ```
 */
export function globalMasks(layers: readonly Matrix[], masks: readonly Matrix[], share: number): Matrix[] {
  requireProbability("prune by magnitude", "the kept share", share);
  const magnitudes = layers.map(({ data }, layer) =>
    // A pruned weight ranks below one that training left at zero; one that is no number ranks with that.
    Float64Array.from(data, (weight, index) => {
      return masks[layer].data[index] === 0 ? -1 : Number.isNaN(weight) ? 0 : Math.abs(weight);
    })
  );
  const count = magnitudes.reduce((total, { length }) => total + length, 0);
  let free = Math.ceil(share * count);
  const threshold = nthLargest(magnitudes, free);
  free -= magnitudes.reduce((total, layer) => total + countAbove(layer, threshold), 0);
  return layers.map((layer, index) => ({
    ...layer,
    data: Float32Array.from(magnitudes[index], (magnitude) => {
      return magnitude > threshold || (magnitude === threshold && free-- > 0) ? 1 : 0;
    }),
  }));
}

/**
 * The network without dead paths, its weights replaced by the nearest of 2^b values a layer (k-means).
 *
 * @returns The layers to be coded; undefined where a layer has no weight left, or one that is not finite.
 * @throws {RangeError} If `bits` is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = quantisedLayers([matrix(1, 4, Float32Array.of(0, 1, 1.25, -2))], 1);
 * assertEquals([...layers![0].weights.data], [0, 1.125, 1.125, -2]);
 * ```
 */
export function quantisedLayers(layers: readonly Matrix[], bits: number): QuantisedLayer[] | undefined {
  const alive = dropDeadPaths(layers);
  if (alive.some(({ data }) => data.every((weight) => weight === 0))) return undefined;
  if (alive.some(({ data }) => !data.every(Number.isFinite))) return undefined;
  return alive.map((layer) => {
    const codebook = kMeansCodebook(layer.data, { bits });
    return { weights: quantise(layer, codebook), codebook };
  });
}

/**
 * The shortest of the codes that {@linkcode codeOptions} lists, each part summed over the layers, in nats. That it was
 * chosen after the network was seen costs ln of their number more.
 *
 * @throws {RangeError} If there is no layer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = quantisedLayers([matrix(1, 4, Float32Array.of(0, 1, 1, 1))], 1)!;
 * assertEquals(shortestCode(layers).levelCode, "enumerated");
 * ```
 */
export function shortestCode(layers: readonly QuantisedLayer[]): QuantisedNetwork["code"] {
  const codes = codeOptions.map((options) => ({ ...options, ...sumsByPart(networkCode(layers, options)) }));
  return codes.reduce((best, next) => (codeNats(next) < codeNats(best) ? next : best));
}

/** The length of a code in nats, without what choices cost. */
export function codeNats(code: QuantisedNetwork["code"]): number {
  return codeParts.reduce((total, part) => total + code[part], 0);
}

async function measureIterativePruning(subject: Subject): Promise<IterativePruning> {
  const rounds: PrunedRound[] = [];
  for (const series of pruningSeries) rounds.push(...await measureSeries(subject, series));
  return {
    schema: 1,
    exampleCount: subject.trainingSet.count,
    testCount: subject.testSet.count,
    rounds,
  };
}

async function measureSeries(subject: Subject, series: PrunedRound["series"]): Promise<PrunedRound[]> {
  const rounds: PrunedRound[] = [];
  let { weights } = subject;
  let masks: readonly Matrix[] = weights.layers.map(onesLike);
  for (const [index, keptShare] of keptShares.entries()) {
    masks = globalMasks(weights.layers, masks, keptShare);
    const start = masked(series === "rewound" ? subject.initial : weights, masks);
    weights = await trained(subject, start, masks, `iterative-pruning/${series}/${index}`);
    rounds.push({
      series,
      round: index + 1,
      keptShare,
      keptWeights: masks.map(({ data }) => countAbove(data, 0)),
      trainErrors: await errorsOn(subject, weights, subject.trainingSet),
      testErrors: await errorsOn(subject, weights, subject.testSet),
      untrainedTrainErrors: series === "rewound" ? await errorsOn(subject, start, subject.trainingSet) : null,
      quantised: series === "continued" && index + 1 >= firstQuantisedRound
        ? await measureQuantised(subject, weights)
        : [],
    });
  }
  return rounds;
}

async function measureQuantised(subject: Subject, weights: NetworkWeights): Promise<QuantisedNetwork[]> {
  const networks: QuantisedNetwork[] = [];
  // The code has no room for biases.
  if (weights.biases.length > 0) return networks;
  for (const bits of quantisedBits) {
    const layers = quantisedLayers(weights.layers, bits);
    if (!layers) continue;
    const quantised = { layers: layers.map((layer) => inSinglePrecision(layer.weights)), biases: [] };
    networks.push({
      bits,
      nonzeroCount: layers.reduce((total, { weights: { data } }) => total + nonzeroCount(data), 0),
      trainErrors: await errorsOn(subject, quantised, subject.trainingSet),
      testErrors: await errorsOn(subject, quantised, subject.testSet),
      code: shortestCode(layers),
    });
  }
  return networks;
}

async function trained(
  { hyperparameters, trainingSet, onEvaluated }: Subject,
  start: NetworkWeights,
  masks: readonly Matrix[],
  streamName: string,
): Promise<NetworkWeights> {
  const { seed, engine, optimiser, batchSize } = hyperparameters;
  const trainer = new Trainer(await selectEngine(engine), startingState(start), optimiser, { masks });
  try {
    for (let visited = 0, pass = 0; visited < roundExamples(hyperparameters); pass++) {
      const stream = new RandomStream(seed, `${streamName}/${pass}`);
      const left = roundExamples(hyperparameters) - visited;
      const order = stream.permutation(trainingSet.count).subarray(0, left);
      for (let from = 0; from < order.length; from += batchSize) {
        const batch = order.subarray(from, from + batchSize);
        trainer.train(trainingSet.batch(batch));
        onEvaluated(trainingInEvaluations * batch.length);
      }
      visited += order.length;
    }
    return (await trainer.state()).weights;
  } finally {
    trainer.dispose();
  }
}

async function errorsOn(subject: Subject, weights: NetworkWeights, set: ExampleSet): Promise<number> {
  return errorCount(await marginsOn(subject, weights, set));
}

function roundExamples({ epochs, examplesPerEpoch }: Hyperparameters): number {
  return Math.min(epochs, MOST_EPOCHS) * examplesPerEpoch;
}

function masked({ layers, biases }: NetworkWeights, masks: readonly Matrix[]): NetworkWeights {
  return { layers: layers.map((layer, index) => withMask(layer, masks[index])), biases };
}

function onesLike({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns, data: new Float32Array(data.length).fill(1) };
}

function inSinglePrecision({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}

function sumsByPart(terms: readonly CodeTerm[]): Record<typeof codeParts[number], number> {
  const sumOf = (part: string): number =>
    terms.filter((term) => term.part === part).reduce((total, { nats }) => total + nats, 0);
  return Object.fromEntries(codeParts.map((part) => [part, sumOf(part)])) as Record<
    typeof codeParts[number],
    number
  >;
}

function nthLargest(layers: readonly Float64Array[], n: number): number {
  if (n === 0) return Infinity;
  const all = new Float64Array(layers.reduce((total, { length }) => total + length, 0));
  let filled = 0;
  for (const layer of layers) {
    all.set(layer, filled);
    filled += layer.length;
  }
  return all.sort()[all.length - n];
}

function countAbove(values: Matrix["data"], threshold: number): number {
  let count = 0;
  for (const value of values) if (value > threshold) count++;
  return count;
}

function nonzeroCount(values: Matrix["data"]): number {
  let count = 0;
  for (const value of values) if (value !== 0) count++;
  return count;
}
