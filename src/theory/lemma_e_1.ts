/**
 * Lemma E.1: the generalisation bound from counting pruned and rounded networks.
 *
 * It holds under the margin condition of Theorem 5.2; the kappa_l that its proof adds belong to Lemma D.4 (erratum 12).
 *
 * @module
 */
import { logBinomial } from "../math/log_gamma.ts";
import {
  requireEntries,
  requireInteger,
  requireNonNegative,
  requireOpenProbability,
  requirePositive,
  requireProbability,
} from "../math/requirements.ts";
import { hoeffdingBound } from "./theorem_e_1.ts";

/** A pruned and rounded layer, as far as counting is concerned. */
export interface CountedLayer {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** alpha, the number of nonzero weights, the diagonal included. (In Lemma E.3 alpha is the number pruned.) */
  readonly nonzeroCount: number;
  /** rho_l, the rounding step in weight units, in (0, 1). */
  readonly roundingStep: number;
  /** max |A_ij|, in weight units: what a rounded weight can be depends on it. */
  readonly largestWeight: number;
}

/** What was observed on the training set. */
export interface MarginObservation {
  /** R^_gamma(f), a fraction. */
  readonly marginLoss: number;
  /** n = |S|. */
  readonly exampleCount: number;
}

/**
 * ln J as printed: sum_l [ ln C(d1 d2, alpha) + alpha ln(1 / rho_l) ], in nats.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1 };
 * assertAlmostEquals(countedClassLnPrinted([layer]), Math.log(6 * 4));
 * ```
 */
export function countedClassLnPrinted(layers: readonly CountedLayer[]): number {
  return sumOver(layers, ({ outputs, inputs, nonzeroCount, roundingStep }) => {
    requireOpenProbability("count networks", "the rounding step", roundingStep);
    return logBinomial(outputs * inputs, nonzeroCount) - nonzeroCount * Math.log(roundingStep);
  });
}

/**
 * ln J with erratum 12: sum_l [ ln C(d1 d2, alpha) + ln(d1 d2 + 1) + alpha ln r_l ], r_l being the number of
 * multiples of rho_l that a weight can become, and the middle term saying what alpha is.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1 };
 * assertAlmostEquals(countedClassLn([layer]), Math.log(6 * 5 * 25));
 * ```
 */
export function countedClassLn(layers: readonly CountedLayer[]): number {
  return sumOver(layers, ({ outputs, inputs, nonzeroCount, ...values }) => {
    const entries = outputs * inputs;
    return logBinomial(entries, nonzeroCount) + Math.log1p(entries) +
      nonzeroCount * Math.log(roundedValues(values));
  });
}

/**
 * r, the number of multiples of rho that a weight in [-max|A|, max|A|] can round to: 2 floor(max|A| / rho + 1/2) + 1,
 * the paper's O(1 / rho).
 *
 * @throws {RangeError} If the step is not > 0 or the largest weight negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(roundedValues({ roundingStep: 0.25, largestWeight: 1 }), 9);
 * ```
 */
export function roundedValues(
  { roundingStep, largestWeight }: Pick<CountedLayer, "roundingStep" | "largestWeight">,
): number {
  requirePositive("count values", "the rounding step", roundingStep);
  requireNonNegative("count values", "the largest weight", largestWeight);
  return 2 * Math.floor(largestWeight / roundingStep + 0.5) + 1;
}

/**
 * R^_gamma(f) + C sqrt( ln J / n ), with ln J and O() as printed.
 *
 * @param constant C; the paper leaves it open.
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1 };
 * const bound = countingBoundPrinted([layer], { marginLoss: 0.1, exampleCount: 100 });
 * assertAlmostEquals(bound, 0.1 + Math.sqrt(Math.log(24) / 100));
 * ```
 */
export function countingBoundPrinted(
  layers: readonly CountedLayer[],
  { marginLoss, exampleCount }: MarginObservation,
  constant = 1,
): number {
  requireProbability("bound the risk", "the margin loss", marginLoss);
  requireInteger("bound the risk", "the number of examples", exampleCount, 1);
  requireNonNegative("bound the risk", "the constant", constant);
  return marginLoss + constant * Math.sqrt(countedClassLnPrinted(layers) / exampleCount);
}

/**
 * R^_gamma(f) + sqrt( (ln J + ln(1/delta)) / (2n) ) with probability 1 - delta: the corrected count in Theorem E.1, for
 * steps, largest weights and a gamma that do not depend on S.
 *
 * @param delta The probability of failure.
 * @throws {RangeError} If a field or delta is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1 };
 * const bound = countingBound([layer], { marginLoss: 0.1, exampleCount: 100 }, 0.05);
 * assertAlmostEquals(bound, 0.1 + Math.sqrt(Math.log(750 / 0.05) / 200));
 * ```
 */
export function countingBound(
  layers: readonly CountedLayer[],
  { marginLoss, exampleCount }: MarginObservation,
  delta: number,
): number {
  return hoeffdingBound({ loss: marginLoss, classSizeLn: countedClassLn(layers), exampleCount, delta });
}

function sumOver(layers: readonly CountedLayer[], countLn: (layer: CountedLayer) => number): number {
  requireEntries("count networks", "the list of layers", layers);
  return layers.reduce((total, layer) => total + countLn(layer), 0);
}
