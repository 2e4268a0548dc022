/**
 * Iterative magnitude pruning: train, prune, rewind or go on, repeat.
 *
 * The practical counterpart of Theorem 6.1 (Frankle and Carbin 2019).
 *
 * @module
 */
import { z } from "zod";
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { requireProbability } from "../../math/requirements.ts";
import { selectEngine } from "../../network/engines/mod.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { startingState, Trainer } from "../../network/train.ts";
import { batchesOf, type ExampleSet } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import { examplesWithSteps } from "../step_cost.ts";
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

/** A round trains as long as the run did, at most this many epochs: the paper says nothing of it. */
const MOST_EPOCHS = 2;

// Records of earlier versions say more of a round: it is let go.
const prunedRound = z.object({
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

/** Iterative magnitude pruning of the run's network. */
export const iterativePruning: Measurement<IterativePruning> = {
  name: "iterative-pruning",
  schema: iterativePruningSchema,
  evaluations: (hyperparameters) => {
    const { trainingExamples, testExamples } = hyperparameters;
    const rounds = pruningSeries.length * keptShares.length;
    return rounds * trainingInEvaluations *
        examplesWithSteps(hyperparameters, roundExamples(hyperparameters)) +
      (rounds + keptShares.length) * trainingExamples + rounds * testExamples;
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
  const count = layers.reduce((total, { data }) => total + data.length, 0);
  return largestMasks(layers, masks, Math.ceil(share * count));
}

/**
 * Masks that keep a number of weights: those largest in magnitude among the weights that the old masks keep, whatever
 * their layer; of equal ones the first.
 *
 * @param layers The weights (rows = outputs, columns = inputs).
 * @param masks The masks so far, of zeros and ones.
 * @param keptCount How many weights to keep, at most as many as there are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = [matrix(1, 3, Float32Array.of(1, -4, 2))];
 * const all = [matrix(1, 3, Float32Array.of(1, 1, 1))];
 * assertEquals([...largestMasks(layers, all, 2)[0].data], [0, 1, 1]);
 * ```
 */
export function largestMasks(
  layers: readonly Matrix[],
  masks: readonly Matrix[],
  keptCount: number,
): Matrix[] {
  const magnitudes = layers.map(({ data }, layer) =>
    // A pruned weight ranks below one that training left at zero; one that is no number ranks with that.
    Float64Array.from(data, (weight, index) => {
      return masks[layer].data[index] === 0 ? -1 : Number.isNaN(weight) ? 0 : Math.abs(weight);
    })
  );
  const threshold = nthLargest(magnitudes, keptCount);
  let free = keptCount - magnitudes.reduce((total, layer) => total + countAbove(layer, threshold), 0);
  return layers.map((layer, index) => ({
    ...layer,
    data: Float32Array.from(magnitudes[index], (magnitude) => {
      return magnitude > threshold || (magnitude === threshold && free-- > 0) ? 1 : 0;
    }),
  }));
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
    });
  }
  return rounds;
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
      for (const batch of batchesOf(trainingSet, order, batchSize)) {
        trainer.train(batch);
        onEvaluated(trainingInEvaluations * examplesWithSteps(hyperparameters, batch.labels.length));
      }
      visited += order.length;
    }
    return await trainer.weights();
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
