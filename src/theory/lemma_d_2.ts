/**
 * Lemma D.2: the perturbation bound of Lemma C.4 with the factors kappa_l of Lemma D.1.
 *
 * Every use of kappa_l needs Condition D.1 for that layer's input and for the difference of the two networks' inputs,
 * which activations such as the ReLU do not give (erratum 10).
 *
 * @module
 */
import { perturbationBoundLn, type PerturbedLayer, telescopedPerturbationBoundLn } from "./lemma_c_4.ts";
import { kappa, kappaPrinted, type StretchedLayer } from "./lemma_d_1.ts";

/** A perturbed layer whose kappa_l follows from its shape and threshold. */
export type SubGaussianLayer = Omit<PerturbedLayer, "kappa"> & StretchedLayer;

/**
 * ln of e ||x|| ( prod_l kappa_l L_l s_l ) sum_l u_l / s_l with kappa_l as Lemma D.1 prints it.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 0.1, spectralNorm: 2, perturbationNorm: 1 };
 * assertAlmostEquals(subGaussianPerturbationBoundPrintedLn([layer], 1), Math.log(Math.E * 0.2 * 2 * 0.5));
 * ```
 */
export function subGaussianPerturbationBoundPrintedLn(
  layers: readonly SubGaussianLayer[],
  inputNorm: number,
): number {
  return perturbationBoundLn(layers.map((layer) => ({ ...layer, kappa: kappaPrinted(layer) })), inputNorm);
}

/**
 * The same with kappa_l in the right orientation and at most 1.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 0.1, spectralNorm: 2, perturbationNorm: 1 };
 * assertAlmostEquals(subGaussianPerturbationBoundLn([layer], 1), Math.log(Math.E));
 * ```
 */
export function subGaussianPerturbationBoundLn(
  layers: readonly SubGaussianLayer[],
  inputNorm: number,
): number {
  return perturbationBoundLn(layers.map(withKappa), inputNorm);
}

/**
 * ln of ||x|| ( prod_l kappa_l L_l (s_l + u_l) - prod_l kappa_l L_l s_l ): the induction of the proof, without its side
 * condition.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 4, inputs: 100, threshold: 0.1, spectralNorm: 2, perturbationNorm: 1 };
 * assertAlmostEquals(telescopedSubGaussianBoundLn([layer], 1), Math.log(0.2));
 * ```
 */
export function telescopedSubGaussianBoundLn(layers: readonly SubGaussianLayer[], inputNorm: number): number {
  return telescopedPerturbationBoundLn(layers.map(withKappa), inputNorm);
}

function withKappa(layer: SubGaussianLayer): PerturbedLayer {
  return { ...layer, kappa: kappa(layer) };
}
