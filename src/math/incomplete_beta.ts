/**
 * The regularised incomplete beta function, both tails, in natural log.
 *
 * @module
 */
import { poissonDeviance } from "./bernoulli_divergence.ts";
import { continuedFraction } from "./continued_fraction.ts";
import { logOneMinusExp } from "./log_domain.ts";
import { stirlingRemainder } from "./log_gamma.ts";
import { requirePositive, requireProbability } from "./requirements.ts";

/** Natural logarithms of the two tails of a beta distribution; their exponentials add up to 1. */
export interface BetaTails {
  /** ln I_x(a, b). */
  readonly lowerLn: number;
  /** ln (1 - I_x(a, b)). */
  readonly upperLn: number;
}

/**
 * Both tails of the Beta(a, b) distribution at x, in natural log, so that neither underflows nor loses digits.
 *
 * @param complement 1 - x, for callers that know it to more digits than the subtraction gives.
 * @throws {RangeError} If x is outside [0, 1], or a or b is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(betaTails(0.5, 1, 400).upperLn, 400 * Math.log(0.5), 1e-10);
 * ```
 */
export function betaTails(x: number, a: number, b: number, complement: number = 1 - x): BetaTails {
  requireProbability("compute the incomplete beta function", "x", x);
  requirePositive("compute the incomplete beta function", "a", a);
  requirePositive("compute the incomplete beta function", "b", b);
  if (x === 0) return { lowerLn: -Infinity, upperLn: 0 };
  if (complement === 0) return { lowerLn: 0, upperLn: -Infinity };
  if (x <= (a + 1) / (a + b + 2)) {
    const lowerLn = smallTailLn(x, complement, a, b);
    return { lowerLn, upperLn: logOneMinusExp(-lowerLn) };
  }
  const upperLn = smallTailLn(complement, x, b, a);
  return { lowerLn: logOneMinusExp(-upperLn), upperLn };
}

/**
 * The regularised incomplete beta function I_x(a, b).
 *
 * @throws {RangeError} If x is outside [0, 1], or a or b is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(regularizedIncompleteBeta(0.3, 2, 1), 0.09, 1e-15);
 * ```
 */
export function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  return Math.exp(betaTails(x, a, b).lowerLn);
}

function smallTailLn(x: number, complement: number, a: number, b: number): number {
  const tailLn = densityLn(x, complement, a, b) - Math.log(a * tailFraction(x, a, b));
  return Math.min(0, tailLn);
}

// ln(x^a (1 - x)^b / B(a, b)). The powers and the Gamma functions are of the order of exp(a + b) each and cancel
// almost wholly: what is left are two deviances from the mean and three Stirling remainders.
function densityLn(x: number, complement: number, a: number, b: number): number {
  const n = a + b;
  const difference = x < complement ? a - n * x : n * complement - b;
  const deviance = poissonDeviance(a, n * x, difference) + poissonDeviance(b, n * complement, -difference);
  const remainders = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b);
  return remainders - deviance + Math.log(a / n * b / (2 * Math.PI)) / 2;
}

// The fraction 1 + c_1 / (1 + c_2 / (1 + ...)) of which x^a (1 - x)^b / (a B(a, b)) is divided.
function tailFraction(x: number, a: number, b: number): number {
  return continuedFraction({ numerator: (k) => tailCoefficient(k, x, a, b), denominator: () => 1 });
}

function tailCoefficient(k: number, x: number, a: number, b: number): number {
  const m = Math.floor(k / 2);
  const numerator = k % 2 === 0 ? m * (b - m) : -(a + m) * (a + b + m);
  return (numerator * x) / ((a + k - 1) * (a + k));
}
