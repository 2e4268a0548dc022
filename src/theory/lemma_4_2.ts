/**
 * Lemma 4.2: rounding the pruned weights to multiples of rho, and how far pruning and rounding move the output.
 *
 * @module
 */
import { type Matrix, matrix } from "../math/matrix.ts";
import { requireInteger, requireNonNegative, requirePositive } from "../math/requirements.ts";
import { distributedSparsity } from "./definition_5_1.ts";
import {
  isWithinSideCondition,
  perturbationBoundLn,
  type PerturbedLayer,
  telescopedPerturbationBoundLn,
} from "./lemma_c_4.ts";
import type { PrunedLayer } from "./lemma_c_5.ts";

export { largestRoundingStep } from "./lemma_d_4.ts";

/** A pruned layer that is rounded too. */
export interface PrunedRoundedLayer extends PrunedLayer {
  /** rho_l, the rounding step in weight units, >= 0. */
  readonly roundingStep: number;
  /** J_l, the number of nonzero weights of the pruned layer. */
  readonly nonzeroCount: number;
}

/** Where the nonzero weights of a pruned layer lie, as far as rounding is concerned. */
export interface RoundedPattern {
  /** rho, the rounding step in weight units. */
  readonly roundingStep: number;
  /** The most nonzero weights in a row. */
  readonly largestRowCount: number;
  /** The most nonzero weights in a column. */
  readonly largestColumnCount: number;
}

/**
 * A~: every weight becomes the nearest multiple of rho.
 *
 * @param weights A^ (rows = outputs, columns = inputs). A weight below rho / 2 becomes zero.
 * @param roundingStep rho, in weight units.
 * @throws {RangeError} If rho is not > 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const rounded = roundToMultiples(matrix(1, 3, Float64Array.of(0.9, -1.2, 0.2)), 0.5);
 * assertEquals([...rounded.data], [1, -1, 0]);
 * ```
 */
export function roundToMultiples({ rows, columns, data }: Matrix, roundingStep: number): Matrix {
  requirePositive("round the weights", "the rounding step", roundingStep);
  // Adding 0 turns -0 into 0, so that a pruned weight is one number.
  return matrix(
    rows,
    columns,
    Float64Array.from(data, (weight) => roundingStep * Math.round(weight / roundingStep) + 0),
  );
}

/**
 * rho J, the bound on ||A~ - A^||_2 as printed. True, and loose by hundreds to thousands: every weight is off by at
 * most rho / 2, and the errors do not add up but in squares (erratum 9).
 *
 * @param nonzeroCount J, the number of nonzero weights.
 * @throws {RangeError} If rho is negative or J not an integer >= 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(roundingNormBoundPrinted(0.25, 16), 4);
 * ```
 */
export function roundingNormBoundPrinted(roundingStep: number, nonzeroCount: number): number {
  requireRounding(roundingStep, nonzeroCount);
  return roundingStep * nonzeroCount;
}

/**
 * (rho / 2) sqrt(J): the Frobenius norm of the errors is at most that, and the spectral norm at most the Frobenius norm.
 *
 * @param nonzeroCount J, the number of nonzero weights.
 * @throws {RangeError} If rho is negative or J not an integer >= 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(roundingNormBound(0.25, 16), 0.5);
 * ```
 */
export function roundingNormBound(roundingStep: number, nonzeroCount: number): number {
  requireRounding(roundingStep, nonzeroCount);
  return roundingStep / 2 * Math.sqrt(nonzeroCount);
}

/**
 * (rho / 2) sqrt(j_c j_r): ||E||_2^2 <= ||E||_1 ||E||_inf, the largest absolute sums of a column and of a row. Below
 * {@linkcode roundingNormBound} wherever the nonzero weights are spread evenly.
 *
 * @throws {RangeError} If rho is negative or a count not an integer >= 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const pattern = { roundingStep: 0.25, largestRowCount: 2, largestColumnCount: 8 };
 * assertEquals(spreadRoundingNormBound(pattern), 0.5);
 * ```
 */
export function spreadRoundingNormBound(pattern: RoundedPattern): number {
  const { roundingStep, largestRowCount, largestColumnCount } = pattern;
  requireRounding(roundingStep, largestRowCount);
  requireRounding(roundingStep, largestColumnCount);
  return roundingStep / 2 * Math.sqrt(largestRowCount * largestColumnCount);
}

/**
 * The smaller of both deterministic bounds for a given matrix.
 *
 * @param pruned A^ (rows = outputs, columns = inputs).
 * @param roundingStep rho, in weight units.
 * @throws {RangeError} If rho is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const identity = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
 * assertEquals(roundingNormBoundOf(identity, 0.5), 0.25);
 * ```
 */
export function roundingNormBoundOf(pruned: Matrix, roundingStep: number): number {
  let nonzeroCount = 0;
  for (const weight of pruned.data) if (weight !== 0) nonzeroCount++;
  const spread = spreadRoundingNormBound({ roundingStep, ...distributedSparsity(pruned) });
  return Math.min(spread, roundingNormBound(roundingStep, nonzeroCount));
}

/**
 * ln of e ||x|| ( prod_l L_l s_l ) sum_l (epsilon_l Gamma_l + rho_l J_l) / s_l, as printed.
 *
 * Its side condition is that rho_l is at most `largestRoundingStep`; without it the value is no bound. The probability is that of
 * Lemma 4.1, as rounding adds no event.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4, roundingStep: 0.1, nonzeroCount: 6 };
 * assertAlmostEquals(roundingErrorBoundPrintedLn([layer, layer], 1), Math.log(Math.E * 4 * 1));
 * ```
 */
export function roundingErrorBoundPrintedLn(
  layers: readonly PrunedRoundedLayer[],
  inputNorm: number,
): number {
  return perturbationBoundLn(layers.map(asPrinted), inputNorm);
}

/**
 * The same with (rho_l / 2) sqrt(J_l) in place of rho_l J_l, and Infinity where the side condition
 * epsilon_l Gamma_l + (rho_l / 2) sqrt(J_l) <= s_l / L fails (errata 7 and 9).
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4, roundingStep: 0.1, nonzeroCount: 16 };
 * assertAlmostEquals(roundingErrorBoundLn([layer, layer], 1), Math.log(Math.E * 4 * 0.6));
 * ```
 */
export function roundingErrorBoundLn(layers: readonly PrunedRoundedLayer[], inputNorm: number): number {
  const perturbed = layers.map(withSharpRounding);
  return isWithinSideCondition(perturbed) ? perturbationBoundLn(perturbed, inputNorm) : Infinity;
}

/**
 * The telescoped form of {@linkcode roundingErrorBoundLn}:
 * ln of ||x|| ( prod_l L_l (s_l + epsilon_l Gamma_l + (rho_l / 2) sqrt J_l) - prod_l L_l s_l ). No side condition.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer, or a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4, roundingStep: 0.1, nonzeroCount: 16 };
 * assertAlmostEquals(telescopedRoundingErrorBoundLn([layer], 1), Math.log(0.6));
 * ```
 */
export function telescopedRoundingErrorBoundLn(
  layers: readonly PrunedRoundedLayer[],
  inputNorm: number,
): number {
  return telescopedPerturbationBoundLn(layers.map(withSharpRounding), inputNorm);
}

function asPrinted(layer: PrunedRoundedLayer): PerturbedLayer {
  return perturbedBy(layer, roundingNormBoundPrinted(layer.roundingStep, layer.nonzeroCount));
}

function withSharpRounding(layer: PrunedRoundedLayer): PerturbedLayer {
  return perturbedBy(layer, roundingNormBound(layer.roundingStep, layer.nonzeroCount));
}

function perturbedBy(layer: PrunedRoundedLayer, rounding: number): PerturbedLayer {
  requirePositive("bound the rounding error", "epsilon", layer.epsilon);
  return { ...layer, perturbationNorm: layer.epsilon * layer.gamma + rounding };
}

function requireRounding(roundingStep: number, nonzeroCount: number): void {
  requireNonNegative("bound the rounding error", "the rounding step", roundingStep);
  requireInteger("bound the rounding error", "the number of nonzero weights", nonzeroCount, 0);
}
