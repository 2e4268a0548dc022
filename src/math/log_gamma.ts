/**
 * Logarithms of the Gamma function, factorials and binomial coefficients.
 *
 * @module
 */
import { requireInteger, requirePositive } from "./requirements.ts";

// Coefficients of 1/z, 1/z^3, ... in Stirling's series: B_2j / (2j (2j - 1)).
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
// From here on the series above is good to the last bit.
const SERIES_FROM = 16;
const HALF_LN_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * Stirling's remainder s(z) = ln Gamma(z) - (z - 1/2) ln z + z - ln(2 pi) / 2, z > 0.
 *
 * Logarithms of ratios of Gamma functions are exact to the last digits when their large parts are cancelled by hand
 * and only the remainders are subtracted.
 *
 * @throws {RangeError} If z is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(stirlingRemainder(1), 1 - Math.log(2 * Math.PI) / 2, 1e-15);
 * ```
 */
export function stirlingRemainder(z: number): number {
  requirePositive("compute Stirling's remainder", "z", z);
  let total = 0;
  let shifted = z;
  for (; shifted < SERIES_FROM; shifted++) total += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  const square = shifted * shifted;
  return total + STIRLING.reduceRight((sum, coefficient) => sum / square + coefficient, 0) / shifted;
}

/**
 * ln Gamma(z) for z > 0, to about 1e-15 of its largest part.
 *
 * @throws {RangeError} If z is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logGamma(0.5), Math.log(Math.PI) / 2, 1e-15);
 * ```
 */
export function logGamma(z: number): number {
  return stirlingRemainder(z) + (z - 0.5) * Math.log(z) - z + HALF_LN_TWO_PI;
}

/**
 * ln n!.
 *
 * @throws {RangeError} If n is not an integer >= 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logFactorial(5), Math.log(120), 1e-14);
 * ```
 */
export function logFactorial(n: number): number {
  requireInteger("take a factorial", "n", n, 0);
  return logGamma(n + 1);
}

/**
 * ln C(n, k), the number of ways to choose k of n, to about 1e-15 relative however large n is.
 *
 * It is n times the entropy of k/n plus small terms, all of one sign, where a difference of three log-factorials
 * would lose the digits of n ln n.
 *
 * @throws {RangeError} If n or k is not an integer >= 0 or k > n.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logBinomial(52, 5), Math.log(2598960), 1e-14);
 * ```
 */
export function logBinomial(n: number, k: number): number {
  requireInteger("count choices", "k", k, 0);
  requireInteger("count choices", "n", n, k);
  const chosen = Math.min(k, n - k);
  if (chosen === 0) return 0;
  const rest = n - chosen;
  const entropy = chosen * Math.log(n / chosen) - rest * Math.log1p(-chosen / n);
  const remainders = stirlingRemainder(n) - stirlingRemainder(chosen) - stirlingRemainder(rest);
  return entropy + remainders + Math.log(n / rest / chosen) / 2 - HALF_LN_TWO_PI;
}

/**
 * ln (n! / (n_1! n_2! ...)) with n = sum n_i: the number of arrangements of a multiset.
 *
 * @throws {RangeError} If a count is not an integer >= 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logMultinomial([2, 1, 1]), Math.log(12), 1e-14);
 * ```
 */
export function logMultinomial(counts: ArrayLike<number>): number {
  let placed = 0;
  let total = 0;
  for (let index = 0; index < counts.length; index++) {
    placed += counts[index];
    total += logBinomial(placed, counts[index]);
  }
  return total;
}
