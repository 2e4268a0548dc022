/**
 * Lemma D.3: Lemma C.5 with the factors kappa_l of Lemma D.1.
 *
 * @module
 */
import type { SubGaussianTail } from "./condition_d_1.ts";
import {
  type PrunedLayer,
  pruningErrorBoundLn,
  pruningErrorBoundPrintedLn,
  pruningErrorProbability,
} from "./lemma_c_5.ts";
import {
  kappa,
  kappaPrinted,
  type StretchedLayer,
  stretchFailure,
  stretchFailurePrinted,
} from "./lemma_d_1.ts";

/** A pruned layer whose kappa_l follows from its shape and threshold. */
export type SubGaussianPrunedLayer = Omit<PrunedLayer, "kappa"> & StretchedLayer;

/**
 * ln of e ||x|| ( prod_l L_l kappa_l s_l ) sum_l epsilon_l Gamma_l / s_l with kappa_l as printed.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 0.1, spectralNorm: 2, gamma: 1, epsilon: 2 };
 * assertAlmostEquals(subGaussianPruningErrorPrintedLn([layer], 1), Math.log(Math.E * 0.2 * 2));
 * ```
 */
export function subGaussianPruningErrorPrintedLn(
  layers: readonly SubGaussianPrunedLayer[],
  inputNorm: number,
): number {
  return pruningErrorBoundPrintedLn(
    layers.map((layer) => ({ ...layer, kappa: kappaPrinted(layer) })),
    inputNorm,
  );
}

/**
 * The same with errata 7 and 10: kappa_l in the right orientation and at most 1, and Infinity where the side condition
 * epsilon_l Gamma_l <= s_l / L fails.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 4, inputs: 100, threshold: 0.1, spectralNorm: 2, gamma: 1, epsilon: 2 };
 * assertAlmostEquals(subGaussianPruningErrorLn([layer], 1), Math.log(Math.E * 0.2 * 2));
 * ```
 */
export function subGaussianPruningErrorLn(
  layers: readonly SubGaussianPrunedLayer[],
  inputNorm: number,
): number {
  return pruningErrorBoundLn(layers.map((layer) => ({ ...layer, kappa: kappa(layer) })), inputNorm);
}

/**
 * The probability 1 - sum_l [ 1/epsilon_l + |S| a exp(-b t_l^2 d1_l) ], the printed indices i and t read as l
 * (erratum 11).
 *
 * @param exampleCount |S|.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 1, epsilon: 2 };
 * assertAlmostEquals(subGaussianProbabilityPrinted([layer], 10, { a: 1, b: 1 }), 0.5);
 * ```
 */
export function subGaussianProbabilityPrinted(
  layers: readonly (StretchedLayer & Pick<PrunedLayer, "epsilon">)[],
  exampleCount: number,
  tail: SubGaussianTail,
): number {
  const failures = layers.map((layer) => stretchFailurePrinted(layer, exampleCount, tail));
  return pruningErrorProbability(layers) - failures.reduce((total, next) => total + next, 0);
}

/**
 * The probability with erratum 10: 1 - sum_l [ 1/epsilon_l + 2 a |S| d1 exp(-b t_l^2 d2) ].
 *
 * @param exampleCount |S|.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 4, inputs: 10000, threshold: 0.1, epsilon: 2 };
 * assertAlmostEquals(subGaussianProbability([layer], 10, { a: 1, b: 0.5 }), 0.5 - 80 * Math.exp(-50));
 * ```
 */
export function subGaussianProbability(
  layers: readonly (StretchedLayer & Pick<PrunedLayer, "epsilon">)[],
  exampleCount: number,
  tail: SubGaussianTail,
): number {
  const failures = layers.map((layer) => stretchFailure(layer, exampleCount, tail));
  return pruningErrorProbability(layers) - failures.reduce((total, next) => total + next, 0);
}
