/**
 * Lemma D.4: Lemma 4.2 (pruning and rounding) with the factors kappa_l of Lemma D.1. Its probability is that of
 * Lemma D.3, up to a sign in the last line of the proof.
 *
 * @module
 */
import { requireInteger, requireNonNegative, requirePositive } from "../math/requirements.ts";
import type { SubGaussianTail } from "./condition_d_1.ts";
import { isWithinSideCondition } from "./lemma_c_4.ts";
import { type PrunedLayer, pruningErrorProbability } from "./lemma_c_5.ts";
import { type StretchedLayer, stretchFailurePrinted } from "./lemma_d_1.ts";
import {
  type SubGaussianLayer,
  subGaussianPerturbationBoundLn,
  subGaussianPerturbationBoundPrintedLn,
} from "./lemma_d_2.ts";
import type { SubGaussianPrunedLayer } from "./lemma_d_3.ts";

/** A pruned layer that is rounded too. */
export interface RoundedLayer extends SubGaussianPrunedLayer {
  /** rho_l, the rounding step in weight units. */
  readonly roundingStep: number;
  /** J_l, the number of nonzero weights of the pruned layer. */
  readonly nonzeroCount: number;
}

/**
 * ln of e ||x|| ( prod_l L_l kappa_l s_l ) sum_l (epsilon_l Gamma_l + rho_l J_l) / s_l with kappa_l as printed.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const shape = { outputs: 100, inputs: 4, threshold: 0.1 };
 * const layer = { ...shape, spectralNorm: 2, gamma: 1, epsilon: 2, roundingStep: 0.25, nonzeroCount: 8 };
 * assertAlmostEquals(subGaussianRoundingErrorPrintedLn([layer], 1), Math.log(Math.E * 0.2 * (2 + 2)));
 * ```
 */
export function subGaussianRoundingErrorPrintedLn(
  layers: readonly RoundedLayer[],
  inputNorm: number,
): number {
  return subGaussianPerturbationBoundPrintedLn(layers.map(withRoundingPrinted), inputNorm);
}

/**
 * The same with errata 7, 9 and 10: rounding to the nearest multiple moves a layer by at most (rho_l / 2) sqrt(J_l),
 * kappa_l has the right orientation, and the value is Infinity where the side condition fails.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const shape = { outputs: 4, inputs: 100, threshold: 0.1 };
 * const layer = { ...shape, spectralNorm: 2, gamma: 0.5, epsilon: 2, roundingStep: 0.25, nonzeroCount: 16 };
 * assertAlmostEquals(subGaussianRoundingErrorLn([layer], 1), Math.log(Math.E * 0.2 * (1 + 0.5)));
 * ```
 */
export function subGaussianRoundingErrorLn(layers: readonly RoundedLayer[], inputNorm: number): number {
  const perturbed = layers.map(withRounding);
  return isWithinSideCondition(perturbed) ? subGaussianPerturbationBoundLn(perturbed, inputNorm) : Infinity;
}

/**
 * The largest rounding step that the lemma allows a layer, (s_l / L - epsilon_l Gamma_l) / J_l. Not positive where
 * pruning alone breaks the side condition, and then no step will do.
 *
 * @param layerCount L.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4, nonzeroCount: 6 };
 * assertAlmostEquals(largestRoundingStep(layer, 2), 0.1);
 * ```
 */
export function largestRoundingStep(
  layer: Pick<RoundedLayer, "spectralNorm" | "gamma" | "epsilon" | "nonzeroCount">,
  layerCount: number,
): number {
  requireInteger("choose a rounding step", "the number of layers", layerCount, 1);
  requireInteger("choose a rounding step", "the number of nonzero weights", layer.nonzeroCount, 1);
  return (layer.spectralNorm / layerCount - layer.epsilon * layer.gamma) / layer.nonzeroCount;
}

/**
 * The probability in the last line of the proof, 1 - [ sum_l 1/epsilon_l - |S| a exp(-b t_l^2 d1) ], as printed. The
 * inner minus should be a plus (erratum 11): this value exceeds 1 as soon as the second term exceeds the first.
 *
 * @param exampleCount |S|.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 0, epsilon: 2 };
 * assert(subGaussianProbabilityOfProofPrinted([layer], 10, { a: 1, b: 1 }) > 1);
 * ```
 */
export function subGaussianProbabilityOfProofPrinted(
  layers: readonly (StretchedLayer & Pick<PrunedLayer, "epsilon">)[],
  exampleCount: number,
  tail: SubGaussianTail,
): number {
  const failures = layers.map((layer) => stretchFailurePrinted(layer, exampleCount, tail));
  return pruningErrorProbability(layers) + failures.reduce((total, next) => total + next, 0);
}

function withRoundingPrinted(layer: RoundedLayer): SubGaussianLayer {
  return perturbedBy(layer, layer.roundingStep * layer.nonzeroCount);
}

function withRounding(layer: RoundedLayer): SubGaussianLayer {
  return perturbedBy(layer, layer.roundingStep / 2 * Math.sqrt(layer.nonzeroCount));
}

function perturbedBy(layer: RoundedLayer, rounding: number): SubGaussianLayer {
  requirePositive("bound the rounding error", "epsilon", layer.epsilon);
  requireNonNegative("bound the rounding error", "the rounding step", layer.roundingStep);
  requireInteger("bound the rounding error", "the number of nonzero weights", layer.nonzeroCount, 0);
  return { ...layer, perturbationNorm: layer.epsilon * layer.gamma + rounding };
}
