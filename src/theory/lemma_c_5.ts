/**
 * Lemma C.5 (stated in Section 4.1 as Lemma 4.1): how far pruning by Algorithm 1 moves the output.
 *
 * @module
 */
import { requirePositive } from "../math/requirements.ts";
import {
  isWithinSideCondition,
  perturbationBoundLn,
  type PerturbedLayer,
  telescopedPerturbationBoundLn,
} from "./lemma_c_4.ts";

/** A layer with the bound that Lemma C.2 gives for what pruning takes from it. */
export interface PrunedLayer {
  /** s_l = ||A^l||_2. */
  readonly spectralNorm: number;
  /** Gamma_l of Lemma C.2, in weight units. */
  readonly gamma: number;
  /** Markov's factor epsilon_l, > 0. */
  readonly epsilon: number;
  /** L_l, the Lipschitz constant of the activation that feeds the layer. Default 1. */
  readonly lipschitz?: number;
  /** kappa_l of Appendix D. Default 1. */
  readonly kappa?: number;
}

/**
 * ln of e ||x|| ( prod_l L_l s_l ) sum_l epsilon_l Gamma_l / s_l, as printed.
 *
 * The proof needs epsilon_l Gamma_l <= s_l / L, which the statement omits (erratum 7): see
 * {@linkcode pruningErrorBoundLn}.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4 };
 * assertAlmostEquals(pruningErrorBoundPrintedLn([layer, layer], 1), Math.log(Math.E * 4 * 0.4));
 * ```
 */
export function pruningErrorBoundPrintedLn(layers: readonly PrunedLayer[], inputNorm: number): number {
  return perturbationBoundLn(layers.map(withPruning), inputNorm);
}

/**
 * The lemma with erratum 7: as printed where epsilon_l Gamma_l <= s_l / L for every layer, Infinity where not.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(pruningErrorBoundLn([{ spectralNorm: 2, gamma: 1, epsilon: 4 }], 1), Infinity);
 * ```
 */
export function pruningErrorBoundLn(layers: readonly PrunedLayer[], inputNorm: number): number {
  const perturbed = layers.map(withPruning);
  return isWithinSideCondition(perturbed) ? perturbationBoundLn(perturbed, inputNorm) : Infinity;
}

/**
 * The same bound before its proof rounds up: ln of ||x|| ( prod_l L_l (s_l + epsilon_l Gamma_l) - prod_l L_l s_l ). No
 * side condition.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4 };
 * assertAlmostEquals(telescopedPruningErrorBoundLn([layer, layer], 1), Math.log(2.4 ** 2 - 4));
 * ```
 */
export function telescopedPruningErrorBoundLn(layers: readonly PrunedLayer[], inputNorm: number): number {
  return telescopedPerturbationBoundLn(layers.map(withPruning), inputNorm);
}

/**
 * The lemma's probability 1 - sum_l 1 / epsilon_l; not positive unless the epsilon_l exceed the number of layers on
 * average, against the proof's "sufficiently small epsilon_l" (erratum 7).
 *
 * @throws {RangeError} If a factor is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(pruningErrorProbability([{ epsilon: 4 }, { epsilon: 4 }]), 0.5);
 * ```
 */
export function pruningErrorProbability(layers: readonly Pick<PrunedLayer, "epsilon">[]): number {
  return layers.reduce((probability, { epsilon }) => {
    requirePositive("compute the lemma's probability", "epsilon", epsilon);
    return probability - 1 / epsilon;
  }, 1);
}

function withPruning({ gamma, epsilon, ...layer }: PrunedLayer): PerturbedLayer {
  requirePositive("bound the pruning error", "epsilon", epsilon);
  return { ...layer, perturbationNorm: epsilon * gamma };
}
