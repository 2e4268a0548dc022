/**
 * Sums and differences of numbers that are only known by their natural logarithms.
 *
 * @module
 */
import { requireNonNegative } from "./requirements.ts";

/**
 * ln(sum_i exp(x_i)), free of overflow; -Infinity for an empty list.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logSumExp([1000, 1000]), 1000 + Math.LN2);
 * ```
 */
export function logSumExp(logarithms: readonly number[]): number {
  const largest = logarithms.reduce((high, next) => Math.max(high, next), -Infinity);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(logarithms.reduce((total, next) => total + Math.exp(next - largest), 0));
}

/**
 * ln(1 - exp(-x)) for x >= 0: the logarithm of a probability's complement.
 *
 * @throws {RangeError} If x is negative or not a number.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(logOneMinusExp(1e-20), Math.log(1e-20));
 * ```
 */
export function logOneMinusExp(x: number): number {
  requireNonNegative("take ln(1 - exp(-x))", "x", x);
  // Below ln 2 the difference from 1 is what expm1 keeps; above it exp(-x) is the small term.
  return x < Math.LN2 ? Math.log(-Math.expm1(-x)) : Math.log1p(-Math.exp(-x));
}

/**
 * ln(exp(x) - 1) for x >= 0, free of overflow.
 *
 * @throws {RangeError} If x is negative or not a number.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * assertAlmostEquals(logExpMinusOne(Math.log(3)), Math.LN2);
 * assertEquals(logExpMinusOne(5000), 5000);
 * ```
 */
export function logExpMinusOne(x: number): number {
  return x === Infinity ? Infinity : x + logOneMinusExp(x);
}
