/**
 * Continued fractions by the modified method of Lentz.
 *
 * @module
 */

/** The terms of b_0 + a_1 / (b_1 + a_2 / (b_2 + ...)). */
export interface ContinuedFraction {
  /** The numerator a_k, k >= 1. */
  readonly numerator: (k: number) => number;
  /** The denominator b_k, k >= 0. */
  readonly denominator: (k: number) => number;
}

// Stands for zero where a partial denominator vanishes: too small to change a digit, and its inverse square is finite.
const TINY = 1e-100;
const MOST_TERMS = 1_000_000;

/**
 * The value of a convergent continued fraction, to the last few bits of a double.
 *
 * @throws {RangeError} If it has not converged after a million terms.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const golden = continuedFraction({ numerator: () => 1, denominator: () => 1 });
 * assertAlmostEquals(golden, (1 + Math.sqrt(5)) / 2);
 * ```
 */
export function continuedFraction({ numerator, denominator }: ContinuedFraction): number {
  let value = awayFromZero(denominator(0));
  let ratioOfNumerators = value;
  let ratioOfDenominators = 0;
  for (let k = 1; k <= MOST_TERMS; k++) {
    const [a, b] = [numerator(k), denominator(k)];
    ratioOfDenominators = 1 / awayFromZero(b + a * ratioOfDenominators);
    ratioOfNumerators = awayFromZero(b + a / ratioOfNumerators);
    const factor = ratioOfNumerators * ratioOfDenominators;
    value *= factor;
    if (Math.abs(factor - 1) <= Number.EPSILON) return value;
  }
  throw new RangeError(
    `Cannot evaluate the continued fraction as it must converge in ${MOST_TERMS} terms: current value is ${value}`,
  );
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
