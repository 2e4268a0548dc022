/**
 * What every bound of the package is: an identity, a citation, and its value in each reading.
 *
 * @module
 */
import type { LayerShape } from "../theory/theorem_5_2.ts";

/**
 * How a bound is read:
 *
 * - `published`: the form that the paper's own tables contain. For the baselines a capacity: no root, not divided by
 *   n. For the paper's own bound a root of a capacity over n.
 * - `sameUnits`: sqrt(capacity / n) for every bound, comparable across rows.
 * - `theorem`: the cited theorem with every constant written out, empirical margin loss included.
 */
export type Reading = "published" | "sameUnits" | "theorem";

/** The readings in the order in which tables show them. */
export const readings: readonly Reading[] = ["published", "sameUnits", "theorem"];

/** The failure probability delta for which every `theorem` reading is stated. */
export const failureProbability = 0.05;

/** What bounds need to know of a layer. Norms are in weight units; the distance is from the initial weights. */
export interface LayerMeasures extends LayerShape {
  /** ||A||_2. */
  readonly spectralNorm: number;
  /** ||A||_F. */
  readonly frobeniusNorm: number;
  /** ||(A - A_0)^T||_{2,1}: the sum over outputs of the l2 norm of the change in their incoming weights. */
  readonly twoOneDistance: number;
  /** Psi, the mean of the squared weights. */
  readonly variance: number;
}

/** What pruning by the paper's own procedure came to. */
export interface PruningMeasures {
  /** The pruning parameter of Algorithm 1. */
  readonly d: number;
  /** R^_gamma of the unpruned network at the margin that the perturbation by pruning needs; a fraction. */
  readonly marginLoss: number;
}

/** What bounds need to know of a trained network and its training set S. */
export interface NetworkMeasures {
  /** The layers, first to last. */
  readonly layers: readonly LayerMeasures[];
  /** n = |S|. */
  readonly exampleCount: number;
  /** Number of classes K. */
  readonly classes: number;
  /** max ||x||_2 over S, after scaling of the inputs. */
  readonly maximumInputNorm: number;
  /** sqrt(mean ||x||^2) over S: ||X||_F / sqrt(n). */
  readonly rootMeanSquareInputNorm: number;
  /** gamma, in logit units; a bound that needs gamma > 0 is infinite otherwise. */
  readonly margin: number;
  /** R^_gamma of the unpruned network at `margin`; a fraction. */
  readonly marginLoss: number;
  /** The error of the unpruned network on S; a fraction. */
  readonly trainError: number;
  /** The pruning that the margin condition allows. */
  readonly pruning: PruningMeasures;
}

/** A generalization bound. `Network` is what it needs to know: most need no more than {@linkcode NetworkMeasures}. */
export interface Bound<Network extends NetworkMeasures = NetworkMeasures> {
  /** File, column and row stem. */
  readonly id: string;
  /** The name a table shows. */
  readonly title: string;
  /** Where the theorem is stated. */
  readonly citation: string;
  /** What the published form leaves out of the theorem. */
  readonly omits: string;
  /** The natural logarithm of the bound in each reading; Infinity where it says nothing. */
  readonly ln: Readonly<Record<Reading, (network: Network) => number>>;
}

/**
 * sqrt(capacity / n) in logarithms: a capacity in the units in which all bounds compare.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(capacityInEqualUnits(Math.log(400), 100), Math.log(2));
 * ```
 */
export function capacityInEqualUnits(capacityLn: number, exampleCount: number): number {
  return (capacityLn - Math.log(exampleCount)) / 2;
}

/**
 * -2 ln gamma, the share of the margin in a squared capacity: Infinity where the margin is not positive.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(inverseSquaredMarginLn(0), Infinity);
 * ```
 */
export function inverseSquaredMarginLn(margin: number): number {
  return margin > 0 ? -2 * Math.log(margin) : Infinity;
}

/** 2 ln prod_l ||A^l||_2: the product itself overflows for wide networks. */
export function squaredSpectralProductLn(layers: readonly LayerMeasures[]): number {
  return 2 * layers.reduce((sum, { spectralNorm }) => sum + Math.log(spectralNorm), 0);
}

/** ||A||_F^2 / ||A||_2^2, between 1 and the rank; 0 for a layer of zeros. */
export function stableRank({ frobeniusNorm, spectralNorm }: LayerMeasures): number {
  return frobeniusNorm === 0 ? 0 : (frobeniusNorm / spectralNorm) ** 2;
}
