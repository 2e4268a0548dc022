/**
 * Theorem 5.2: the paper's main bound on the error of the pruned and rounded network.
 *
 * R_0(g_A) <= R^_gamma(f) + O( sqrt( sum_l 3 lambda_l chi d1 d2 ln^2(p_l) ln(1/rho_l) / n ) ), p_l = max(d1, d2).
 *
 * The margin condition that makes it hold, and that fixes d and rho, is in `theorem_5_2_condition.ts`.
 *
 * @module
 */

/** A layer's shape: `outputs` = d1, `inputs` = d2. */
export interface LayerShape {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
}

/** A layer with what Theorem 5.2 charges for it. */
export interface SketchedLayer extends LayerShape {
  /** Markov's factor lambda_l of Lemma 5.1, at least 1. */
  readonly lambda: number;
  /** ln rho_l, rho_l being the rounding step of Section 4.2 in weight units, below 1. */
  readonly roundingStepLn: number;
}

/**
 * sum_l chi d1 d2 ln^2(max(d1, d2)): the count of parameters in the form that the paper's tables contain, which drops
 * the factor 3, lambda_l and ln(1/rho_l). Natural logarithms.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(sketchedParameterCount([{ outputs: 10, inputs: 784 }], 1), 7840 * Math.log(784) ** 2);
 * ```
 */
export function sketchedParameterCount(layers: readonly LayerShape[], chi: number): number {
  return layers.reduce((total, layer) => total + chi * denseCount(layer), 0);
}

/**
 * The theorem's second term with the constant of O() set to 1.
 *
 * @param layers Each layer's shape, lambda_l and rho_l.
 * @param chi The kept fraction of Lemma 5.1.
 * @param exampleCount n = |S|.
 * @throws {RangeError} If a rounding step is 1 or more, where the printed ln(1/rho) counts nothing.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 784, inputs: 784, lambda: 1, roundingStepLn: -3 };
 * assertAlmostEquals(sketchingTerm([layer], 1 / 9, 784), Math.sqrt(784) * Math.log(784));
 * ```
 */
export function sketchingTerm(layers: readonly SketchedLayer[], chi: number, exampleCount: number): number {
  const total = layers.reduce((sum, layer) => {
    const { lambda, roundingStepLn } = layer;
    if (!(roundingStepLn < 0)) {
      throw new RangeError(
        `Cannot count the rounded weights as the rounding step must be below 1: its logarithm is ${roundingStepLn}`,
      );
    }
    return sum + 3 * lambda * chi * denseCount(layer) * -roundingStepLn;
  }, 0);
  return Math.sqrt(total / exampleCount);
}

/**
 * The probability 1 - sum_l (1/lambda_l + 1/epsilon_l + p_l^-c) with which Theorem 5.2 is stated to hold. A value
 * that is not positive says nothing.
 *
 * @param layers Each layer's shape, lambda_l and epsilon_l.
 * @param c The exponent of Theorem 5.1; Remark 5.1 says at least 2.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 10, lambda: 4, epsilon: 4 };
 * assertAlmostEquals(statedProbability([layer]), 0.4999);
 * ```
 */
export function statedProbability(
  layers: readonly (LayerShape & { readonly lambda: number; readonly epsilon: number })[],
  c = 2,
): number {
  return layers.reduce((probability, { outputs, inputs, lambda, epsilon }) => {
    return probability - 1 / lambda - 1 / epsilon - Math.max(outputs, inputs) ** -c;
  }, 1);
}

/**
 * The probability with the terms that Lemma 5.1 brings and the statement drops, d1^(-1/3) + d2^(-1/3) a layer
 * (erratum 21).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 1000, inputs: 1000, lambda: 4, epsilon: 4 };
 * assertAlmostEquals(correctedProbability([layer]), 0.299999);
 * ```
 */
export function correctedProbability(
  layers: readonly (LayerShape & { readonly lambda: number; readonly epsilon: number })[],
  c = 2,
): number {
  const dropped = layers.reduce(
    (sum, { outputs, inputs }) => sum + outputs ** (-1 / 3) + inputs ** (-1 / 3),
    0,
  );
  return statedProbability(layers, c) - dropped;
}

function denseCount({ outputs, inputs }: LayerShape): number {
  return outputs * inputs * Math.log(Math.max(outputs, inputs)) ** 2;
}
