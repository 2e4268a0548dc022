/**
 * The statements that one network can decide: Assumption 3.1 on its weights, and Lemmas C.2 and 5.1 on what Algorithm 1
 * takes away and leaves.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { spectralNorm } from "../math/spectral_norm.ts";
import { prunedPart, pruningThresholds, secondMoment } from "../theory/algorithm_1.ts";
import { type MarginalFit, marginalFit, type SpikeTest, spikeTest } from "../theory/assumption_3_1.ts";
import { distributedSparsityWithout } from "../theory/definition_5_1.ts";
import { distributedSparsityBound, distributedSparsityQuantile } from "../theory/lemma_5_1.ts";
import { gammaOfLayer } from "../theory/lemma_c_2.ts";
import { maskStream, perturbationNorm } from "./measurements/mask_thresholds.ts";

/** How the weights of a layer are distributed: one by one, and together. */
export interface AssumptionCheck extends MarginalFit, SpikeTest {
  /** d1. */
  readonly outputs: number;
  /** d2. */
  readonly inputs: number;
  /** Psi, the mean of the squared weights. */
  readonly secondMoment: number;
}

/** One layer after Algorithm 1 at one d. */
export interface PruningCheck {
  /** The layer, from 1. */
  readonly layer: number;
  /** The pruning parameter. */
  readonly d: number;
  /** The share of weights that Algorithm 1 kept. */
  readonly keptFraction: number;
  /** ||Delta^l||_2 as it was. */
  readonly perturbationNorm: number;
  /** Gamma_l with C = 1, which Lemma C.2 sets beside it. */
  readonly gamma: number;
  /** max(j_r, j_c), the most weights kept in a column or row. */
  readonly largestCount: number;
  /** max(d1, d2), which it cannot exceed. */
  readonly mostCount: number;
  /** Lemma 5.1's bound on it as printed, with lambda = 1. */
  readonly printedCount: number;
  /** The union bound that holds at every d with probability 1 - delta under Assumption 3.1. */
  readonly quantileCount: number;
}

/** The probability with which {@linkcode PruningCheck.quantileCount} may be exceeded. */
export const quantileFailureProbability = 0.01;

/**
 * Assumption 3.1 on a layer: moments, the distance of Kolmogorov and Smirnov, and the largest singular value.
 *
 * @param weights A^l (rows = outputs, columns = inputs), not all zero.
 * @throws {RangeError} If all weights are zero or one is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const { mean, secondMoment, ratio } = checkAssumption(matrix(1, 1, Float32Array.of(3)));
 * assertEquals([mean, secondMoment, ratio], [3, 9, 0.5]);
 * ```
 */
export function checkAssumption(weights: Matrix): AssumptionCheck {
  const { rows: outputs, columns: inputs } = weights;
  const variance = secondMoment(weights);
  const spike = spikeTest({ outputs, inputs, variance, spectralNorm: spectralNorm(weights) });
  return { outputs, inputs, secondMoment: variance, ...marginalFit(weights), ...spike };
}

/**
 * Algorithm 1 on a layer at several d, with the draws of the measurement `network`: the stream `mask/<layer>`.
 *
 * @param weights A^l (rows = outputs, columns = inputs), not all zero.
 * @param index Which layer it is, from 0.
 * @param parameters The values of d.
 * @param seed The root seed of the draws.
 * @throws {RangeError} If all weights are zero or a d is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const [check] = checkPruning(matrix(1, 2, Float32Array.of(1, 1)), 0, [0], 1);
 * assertEquals([check.keptFraction, check.perturbationNorm, check.largestCount], [1, 0, 2]);
 * ```
 */
export function checkPruning(
  weights: Matrix,
  index: number,
  parameters: readonly number[],
  seed: number,
): PruningCheck[] {
  const variance = secondMoment(weights);
  const thresholds = pruningThresholds(weights, variance, maskStream(index, seed));
  const layer = { outputs: weights.rows, inputs: weights.columns, variance };
  return parameters.map((d) => {
    const pruned = prunedPart(weights, thresholds, d);
    const { largestColumnCount, largestRowCount } = distributedSparsityWithout(pruned);
    return {
      layer: index + 1,
      d,
      keptFraction: (thresholds.length - pruned.values.length) / thresholds.length,
      perturbationNorm: perturbationNorm(weights, thresholds, d, () => pruned),
      gamma: gammaOfLayer(layer, d),
      largestCount: Math.max(largestColumnCount, largestRowCount),
      mostCount: Math.max(weights.rows, weights.columns),
      printedCount: distributedSparsityBound(layer, d, 1),
      quantileCount: distributedSparsityQuantile(layer, d, quantileFailureProbability),
    };
  });
}
