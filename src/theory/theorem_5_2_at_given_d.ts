/**
 * Theorem 5.2 at a pruning parameter d that is given, as in Table 1, rather than found from the margin.
 *
 * @module
 */
import { chi } from "./lemma_5_1.ts";
import { gammaOfLayer } from "./lemma_c_2.ts";
import { sketchingTerm } from "./theorem_5_2.ts";
import {
  expectedKeptCount,
  perturbationBudgetLn,
  type TheoremConditionOptions,
  type TheoremLayer,
} from "./theorem_5_2_condition.ts";

/** What the theorem asks for and gives at d. */
export interface TheoremAtGivenD {
  /** ln of the smallest gamma for which the margin condition holds, in logit units. */
  readonly neededMarginLn: number;
  /** Whether epsilon_l Gamma_l + rho_l J_l <= ||A^l|| / L for every layer, without which the proof fails (erratum 7). */
  readonly isWithinSideCondition: boolean;
  /** ln rho_l of each layer, rho_l in weight units. */
  readonly roundingStepsLn: readonly number[];
  /** The theorem's second term with the constant of O() set to 1. */
  readonly sketchingTerm: number;
}

/** A rounding step is below 1/2, so that the printed ln(1/rho_l) counts at least one bit. */
const LARGEST_ROUNDING_STEP_LN = -Math.LN2;

/**
 * The margin condition of Theorem 5.2 solved for gamma at a given d, and the bound's second term there.
 *
 * Rounding gets the share phi of what the side condition leaves a layer, rho_l J_l = phi ||A^l|| / L, and at most 1/2 a
 * step: unlike a share of the margin, that does not depend on the pruning, which alone may already exceed the rest.
 *
 * @param network The unpruned layers with epsilon_l and lambda_l, and the norm ||x||_2.
 * @param d The pruning parameter.
 * @param exampleCount n = |S|.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 10, inputs: 10, variance: 0.1, spectralNorm: 2, epsilon: 1, lambda: 1 };
 * const { neededMarginLn } = theoremAtGivenD({ layers: [layer], inputNorm: 3 }, 0, 1000);
 * assertAlmostEquals(Math.exp(neededMarginLn), Math.E * 3 * 2 * 0.5);
 * ```
 */
export function theoremAtGivenD(
  network: { readonly layers: readonly TheoremLayer[]; readonly inputNorm: number },
  d: number,
  exampleCount: number,
  { roundingShare = 0.5, latalaConstant = 1 }: TheoremConditionOptions = {},
): TheoremAtGivenD {
  const { layers } = network;
  const roundingStepsLn = layers.map((layer) => {
    const step = roundingShare * layer.spectralNorm / (layers.length * expectedKeptCount(layer, d));
    return Math.min(LARGEST_ROUNDING_STEP_LN, Math.log(step));
  });
  const relative = layers.map((layer, index) => {
    const rounding = Math.exp(roundingStepsLn[index]) * expectedKeptCount(layer, d);
    return (layer.epsilon * gammaOfLayer(layer, d, latalaConstant) + rounding) / layer.spectralNorm;
  });
  const total = relative.reduce((sum, value) => sum + value, 0);
  const sketched = layers.map((layer, index) => ({ ...layer, roundingStepLn: roundingStepsLn[index] }));
  return {
    neededMarginLn: Math.log(total) - perturbationBudgetLn({ ...network, margin: 1 }),
    isWithinSideCondition: relative.every((value) => value <= 1 / layers.length),
    roundingStepsLn,
    sketchingTerm: sketchingTerm(sketched, chi(d), exampleCount),
  };
}
