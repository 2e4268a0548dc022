/**
 * The error function, its complement and the normal distribution function.
 *
 * @module
 */
import { continuedFraction } from "./continued_fraction.ts";

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/**
 * The Gauss error function erf(x) = 2/sqrt(pi) int_0^x exp(-t^2) dt, to about 1e-15 relative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(errorFunction(0.5), 0.5204998778130465, 1e-15);
 * ```
 */
export function errorFunction(x: number): number {
  return Math.abs(x) < 1 ? errorFunctionSeries(x) : Math.sign(x) * (1 - upperErrorFunction(Math.abs(x)));
}

/**
 * The complement erfc(x) = 1 - erf(x), to about 1e-14 relative, also where erf(x) rounds to 1.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(complementaryErrorFunction(5) / 1.5374597944280349e-12, 1, 1e-14);
 * ```
 */
export function complementaryErrorFunction(x: number): number {
  if (x >= 1) return upperErrorFunction(x);
  return x <= -1 ? 2 - upperErrorFunction(-x) : 1 - errorFunctionSeries(x);
}

/**
 * The standard normal distribution function Phi(x) = erfc(-x / sqrt 2) / 2.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(normalDistribution(1.959963984540054), 0.975, 1e-15);
 * ```
 */
export function normalDistribution(x: number): number {
  return complementaryErrorFunction(-x / Math.SQRT2) / 2;
}

// 2/sqrt(pi) x exp(-x^2) sum_n (2 x^2)^n / (2n+1)!!: all terms are positive, so that nothing cancels.
function errorFunctionSeries(x: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; term > total * Number.EPSILON / 2; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return TWO_OVER_ROOT_PI * x * Math.exp(-x * x) * total;
}

// erfc(x) = 2 x exp(-x^2) / sqrt(pi) / (2x^2+1 - 1*2/(2x^2+5 - 3*4/(2x^2+9 - ...))), for x >= 1.
function upperErrorFunction(x: number): number {
  if (!(x < 30)) return Number.isNaN(x) ? NaN : 0;
  const fraction = continuedFraction({
    numerator: (k) => -(2 * k - 1) * (2 * k),
    denominator: (k) => 2 * x * x + 4 * k + 1,
  });
  return (TWO_OVER_ROOT_PI * x * Math.exp(-x * x)) / fraction;
}
