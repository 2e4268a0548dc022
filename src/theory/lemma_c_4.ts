/**
 * Lemma C.4: how far the output moves when every layer is perturbed, ||x^L - xbar^L||_2 for weights A^l + U^l.
 *
 * @module
 */
import { logExpMinusOne, logSumExp } from "../math/log_domain.ts";
import { requireEntries, requireNonNegative } from "../math/requirements.ts";

/** A layer and its perturbation. */
export interface PerturbedLayer {
  /** s_l = ||A^l||_2. */
  readonly spectralNorm: number;
  /** u_l = ||U^l||_2, or a bound on it. */
  readonly perturbationNorm: number;
  /** L_l, the Lipschitz constant of the activation that feeds the layer. Default 1; the first layer's is 1. */
  readonly lipschitz?: number;
  /** kappa_l of Appendix D. Default 1, which is what the proof of Lemma C.4 shows. */
  readonly kappa?: number;
}

/**
 * ln of e ||x|| ( prod_l kappa_l L_l s_l ) sum_l u_l / s_l: Lemma C.4 as printed.
 *
 * Its kappa_l belongs to Lemma D.2 (erratum 6): leave it at 1. It needs {@linkcode isWithinSideCondition}; without it
 * the value is no bound.
 *
 * @param inputNorm ||x||_2.
 * @returns The natural logarithm, as the product of norms overflows; -Infinity where nothing is perturbed, Infinity
 * where a zero layer is.
 * @throws {RangeError} If there is no layer or a norm is negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layers = [{ spectralNorm: 2, perturbationNorm: 0.5 }, { spectralNorm: 3, perturbationNorm: 0.75 }];
 * assertAlmostEquals(perturbationBoundLn(layers, 1), Math.log(Math.E * 6 * 0.5));
 * ```
 */
export function perturbationBoundLn(layers: readonly PerturbedLayer[], inputNorm: number): number {
  requireLayers(layers, inputNorm);
  // A zero layer that is perturbed makes the product 0 and the sum infinite: the bound says nothing.
  if (layers.some((layer) => layer.spectralNorm === 0 && layer.perturbationNorm > 0)) return Infinity;
  const relative = layers.map(({ spectralNorm, perturbationNorm }) =>
    logRatio(perturbationNorm, spectralNorm)
  );
  const product = sum(layers.map((layer) => gainLn(layer) + Math.log(layer.spectralNorm)));
  return 1 + Math.log(inputNorm) + product + logSumExp(relative);
}

/**
 * The lemma's side condition with erratum 6: u_l <= s_l / L for each of the L layers.
 *
 * @throws {RangeError} If there is no layer or a norm is negative.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const layers = [{ spectralNorm: 2, perturbationNorm: 0.5 }, { spectralNorm: 3, perturbationNorm: 2 }];
 * assert(!isWithinSideCondition(layers));
 * ```
 */
export function isWithinSideCondition(layers: readonly PerturbedLayer[]): boolean {
  requireLayers(layers, 0);
  return layers.every(({ spectralNorm, perturbationNorm }) =>
    perturbationNorm <= spectralNorm / layers.length
  );
}

/**
 * The side condition as printed, u_l <= s_l / l with the layer's own number in place of L. It is too weak: the first
 * layer could be replaced whole.
 *
 * @throws {RangeError} If there is no layer or a norm is negative.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const layers = [{ spectralNorm: 2, perturbationNorm: 2 }, { spectralNorm: 3, perturbationNorm: 1.5 }];
 * assert(isWithinSideConditionPrinted(layers));
 * ```
 */
export function isWithinSideConditionPrinted(layers: readonly PerturbedLayer[]): boolean {
  requireLayers(layers, 0);
  return layers.every(({ spectralNorm, perturbationNorm }, index) =>
    perturbationNorm <= spectralNorm / (index + 1)
  );
}

/**
 * ln of ||x|| ( prod_l kappa_l L_l (s_l + u_l) - prod_l kappa_l L_l s_l ): what the induction gives before it is
 * rounded up to e. Below the printed bound wherever that holds, and in need of no side condition.
 *
 * Computed as a product times exp(sum_l ln(1 + u_l / s_l)) - 1, so that small perturbations keep their digits.
 *
 * @param inputNorm ||x||_2.
 * @returns The natural logarithm; -Infinity where nothing is perturbed.
 * @throws {RangeError} If there is no layer or a norm is negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layers = [{ spectralNorm: 2, perturbationNorm: 0.5 }, { spectralNorm: 3, perturbationNorm: 0.75 }];
 * assertAlmostEquals(telescopedPerturbationBoundLn(layers, 1), Math.log(2.5 * 3.75 - 6));
 * ```
 */
export function telescopedPerturbationBoundLn(layers: readonly PerturbedLayer[], inputNorm: number): number {
  requireLayers(layers, inputNorm);
  const gain = Math.log(inputNorm) + sum(layers.map(gainLn));
  if (layers.some(({ spectralNorm }) => spectralNorm === 0)) {
    return gain + sum(layers.map((layer) => Math.log(layer.spectralNorm + layer.perturbationNorm)));
  }
  const product = gain + sum(layers.map(({ spectralNorm }) => Math.log(spectralNorm)));
  const growth = layers.map(({ spectralNorm, perturbationNorm }) =>
    Math.log1p(perturbationNorm / spectralNorm)
  );
  return product + logExpMinusOne(sum(growth));
}

/**
 * The same induction for one example, with the norms of what really enters each layer:
 * D_l = L_l (s_l + u_l) D_{l-1} + u_l ||h_{l-1}||, D_0 = 0. Valid with biases too.
 *
 * @param layers The layers in order.
 * @param layerInputNorms ||h_{l-1}||_2 of the unperturbed network for this example: the input, then each activation.
 * @returns D_L, a bound on how far this example's output moves, in logit units.
 * @throws {RangeError} If there is no layer or a norm is negative.
 * @throws {TypeError} If there is not one input norm a layer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, perturbationNorm: 0.5 };
 * assertEquals(perturbationBoundOfExample([layer, layer], [1, 1.2]), 2.5 * 0.5 + 0.5 * 1.2);
 * ```
 */
export function perturbationBoundOfExample(
  layers: readonly PerturbedLayer[],
  layerInputNorms: ArrayLike<number>,
): number {
  requireLayers(layers, 0);
  requireOneNormPerLayer(layers.length, layerInputNorms);
  return layers.reduce((distance, { spectralNorm, perturbationNorm, lipschitz = 1 }, index) => {
    return lipschitz * (spectralNorm + perturbationNorm) * distance +
      perturbationNorm * layerInputNorms[index];
  }, 0);
}

/**
 * The sharpest of these inductions for one example: D_l = L_l ||A^l + U^l||_2 D_{l-1} + ||U^l h_{l-1}||_2, D_0 = 0.
 *
 * @param perturbedNorms ||A^l + U^l||_2, the norms of the perturbed (pruned) layers.
 * @param residualNorms ||U^l h_{l-1}||_2 for this example, h_{l-1} from the unperturbed network.
 * @param lipschitz The Lipschitz constant of every activation. Default 1.
 * @returns D_L, in logit units.
 * @throws {RangeError} If there is no layer.
 * @throws {TypeError} If there is not one residual norm a layer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(perturbationBoundFromResiduals([2, 3], [0.1, 0.2]), 3 * 0.1 + 0.2);
 * ```
 */
export function perturbationBoundFromResiduals(
  perturbedNorms: readonly number[],
  residualNorms: ArrayLike<number>,
  lipschitz = 1,
): number {
  requireEntries("bound the perturbation", "the list of layers", perturbedNorms);
  requireOneNormPerLayer(perturbedNorms.length, residualNorms);
  return perturbedNorms.reduce(
    (distance, norm, index) => lipschitz * norm * distance + residualNorms[index],
    0,
  );
}

function gainLn({ lipschitz = 1, kappa = 1 }: PerturbedLayer): number {
  return Math.log(lipschitz * kappa);
}

// A layer that is zero and stays zero adds nothing to the sum of u / s.
function logRatio(numerator: number, denominator: number): number {
  return numerator === 0 ? -Infinity : Math.log(numerator) - Math.log(denominator);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function requireLayers(layers: readonly PerturbedLayer[], inputNorm: number): void {
  requireEntries("bound the perturbation", "the list of layers", layers);
  requireNonNegative("bound the perturbation", "the input norm", inputNorm);
  for (const { spectralNorm, perturbationNorm } of layers) {
    requireNonNegative("bound the perturbation", "a spectral norm", spectralNorm);
    requireNonNegative("bound the perturbation", "the norm of a perturbation", perturbationNorm);
  }
}

function requireOneNormPerLayer(layerCount: number, norms: ArrayLike<number>): void {
  if (norms.length === layerCount) return;
  throw new TypeError(
    `Cannot bound the perturbation as it needs one norm for each of ${layerCount} layers: ${norms.length} were given`,
  );
}
