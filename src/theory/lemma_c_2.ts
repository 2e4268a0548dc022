/**
 * Lemma C.2: the spectral norm of what pruning takes away, ||Delta^l||_2 <= epsilon_l Gamma_l with probability
 * 1 - 1/epsilon_l.
 *
 * @module
 */
import { deltaFourthMoment, deltaSecondMoment } from "./lemma_c_1.ts";

/** A layer as Assumption 3.1 sees it. */
export interface GaussianLayer {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** Psi_l, the variance of a weight. */
  readonly variance: number;
}

/**
 * Gamma_l = C [ sqrt(E Delta^2) (sqrt d1 + sqrt d2) + (d1 d2 E Delta^4)^(1/4) ], in weight units.
 *
 * This is the paper's form with the moments of Lemma C.1 in place. The paper leaves the constant C of Latala's
 * theorem open; with C = 1 it was above the mean of ||Delta||_2 for every shape of Gaussian weights that was tried.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 100, variance: 1 };
 * assertAlmostEquals(gammaOfLayer(layer, Infinity), 20 + 3 ** 0.25 * 10);
 * ```
 */
export function gammaOfLayer(layer: GaussianLayer, d: number, latalaConstant = 1): number {
  const { outputs, inputs, variance } = layer;
  const spread = Math.sqrt(deltaSecondMoment(d, variance)) * (Math.sqrt(outputs) + Math.sqrt(inputs));
  return latalaConstant * (spread + (outputs * inputs * deltaFourthMoment(d, variance)) ** 0.25);
}
