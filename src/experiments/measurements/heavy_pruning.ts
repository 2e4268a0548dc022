/**
 * Pruning to a sixtieth of the weights: by Algorithm 1 and by magnitude, and the training that may follow.
 *
 * @module
 */
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { requireProbability } from "../../math/requirements.ts";
import { selectEngine } from "../../network/engines/mod.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { startingState, Trainer } from "../../network/train.ts";
import { prune } from "../../theory/algorithm_1.ts";
import { pruningParameter } from "../../theory/lemma_5_1.ts";
import { batchesOf } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import { examplesWithSteps } from "../step_cost.ts";
import { maskThresholds } from "./mask_thresholds.ts";
import type { Subject } from "./measurement.ts";

/** The share of weights that Table 1 keeps. */
export const keptFraction = 1 / 60;

/** d = 58.504, at which Algorithm 1 keeps that share of Gaussian weights. */
export const heavyPruningParameter: number = pruningParameter(keptFraction);

/** How a network was pruned, and whether what was left was trained further. */
export const pruningVariants = [
  "algorithm_1",
  "algorithm_1_tuned",
  "threshold",
  "threshold_tuned",
] as const;

/** One of {@linkcode pruningVariants}. */
export type PruningVariant = typeof pruningVariants[number];

/** A pruned network. */
export interface PrunedNetwork {
  /** A^^1 .. A^^L: zero where the mask is. */
  readonly weights: NetworkWeights;
  /** One matrix of zeros and ones a layer. */
  readonly masks: readonly Matrix[];
}

/**
 * The network pruned as the variant says.
 *
 * Algorithm 1 has the draws of the measurement `network`, so that its masks are nested in those of Table 2, and keeps
 * the diagonal beside its sixtieth. The threshold keeps the largest sixtieth of each layer. Fine-tuning goes on with
 * the run's own optimiser, from moments of zero, on what the mask leaves; see {@linkcode fineTuningExamples}.
 */
export async function prunedNetwork(subject: Subject, variant: PruningVariant): Promise<PrunedNetwork> {
  const pruned = variant.startsWith("algorithm_1") ? byAlgorithm1(subject) : byThreshold(subject.weights);
  return variant.endsWith("_tuned") ? await fineTuned(subject, pruned, variant) : pruned;
}

/**
 * Examples that fine-tuning visits: as many as training did, and at most one pass over S. The paper says nothing of
 * fine-tuning.
 */
export function fineTuningExamples(
  { epochs, examplesPerEpoch, trainingExamples }: Hyperparameters,
): number {
  return Math.min(epochs * examplesPerEpoch, trainingExamples);
}

/**
 * The mask that keeps the given share of the entries that are largest in magnitude, rounded up; of equal ones the
 * first.
 *
 * @throws {RangeError} If the share is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const weights = matrix(2, 2, Float32Array.of(1, -4, 2, 3));
 * assertEquals([...magnitudeMask(weights, 0.5).data], [0, 1, 0, 1]);
 * ```
 */
export function magnitudeMask({ rows, columns, data }: Matrix, share: number): Matrix {
  requireProbability("prune by magnitude", "the kept share", share);
  const magnitudes = Float64Array.from(data, Math.abs);
  const kept = Math.ceil(share * data.length);
  const smallestKept = kept === 0 ? Infinity : magnitudes.toSorted()[data.length - kept];
  let ties = kept - magnitudes.reduce((count, magnitude) => count + Number(magnitude > smallestKept), 0);
  const mask = Float32Array.from(magnitudes, (magnitude) => {
    if (magnitude === smallestKept) return ties-- > 0 ? 1 : 0;
    return magnitude > smallestKept ? 1 : 0;
  });
  return { rows, columns, data: mask };
}

/** The entries of `weights` under the ones of a mask, zero elsewhere. */
export function withMask(weights: Matrix, mask: Matrix): Matrix {
  const data = weights.data.slice();
  for (let index = 0; index < data.length; index++) if (mask.data[index] === 0) data[index] = 0;
  return { ...weights, data };
}

function byAlgorithm1({ weights, hyperparameters }: Subject): PrunedNetwork {
  const thresholds = maskThresholds(weights.layers, hyperparameters.seed);
  return {
    weights: {
      ...weights,
      layers: weights.layers.map((layer, index) => prune(layer, thresholds[index], heavyPruningParameter)),
    },
    masks: weights.layers.map((layer, index) => ({ ...layer, data: maskOf(thresholds[index]) })),
  };
}

/** Algorithm 1's mask: 1 where a weight is kept. */
function maskOf(thresholds: Float64Array): Float32Array {
  const mask = new Float32Array(thresholds.length);
  for (let index = 0; index < mask.length; index++) {
    mask[index] = heavyPruningParameter > thresholds[index] ? 0 : 1;
  }
  return mask;
}

function byThreshold(weights: NetworkWeights): PrunedNetwork {
  const masks = weights.layers.map((layer) => magnitudeMask(layer, keptFraction));
  const layers = weights.layers.map((layer, index) => withMask(layer, masks[index]));
  return { weights: { ...weights, layers }, masks };
}

async function fineTuned(
  { hyperparameters, trainingSet, onEvaluated }: Subject,
  { weights, masks }: PrunedNetwork,
  variant: PruningVariant,
): Promise<PrunedNetwork> {
  const { seed, engine, optimiser, batchSize } = hyperparameters;
  const trainer = new Trainer(await selectEngine(engine), startingState(weights), optimiser, { masks });
  try {
    const order = new RandomStream(seed, `fine-tuning/${variant}`).permutation(trainingSet.count);
    const visited = order.subarray(0, fineTuningExamples(hyperparameters));
    for (const batch of batchesOf(trainingSet, visited, batchSize)) {
      trainer.train(batch);
      onEvaluated(trainingInEvaluations * examplesWithSteps(hyperparameters, batch.labels.length));
    }
    return { weights: await trainer.weights(), masks };
  } finally {
    trainer.dispose();
  }
}

/** Training on an example costs three times what computing its outputs does. */
export const trainingInEvaluations = 3;
