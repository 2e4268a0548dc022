/**
 * Condition D.1: inputs whose component along a fixed direction is sub-Gaussian.
 *
 * As printed, the direction is "some" unit vector; the use made of it in Lemma D.1 needs every direction that is fixed
 * before the data, and inputs of norm 1 (erratum 10).
 *
 * @module
 */
import { betaTails } from "../math/incomplete_beta.ts";
import {
  requireInteger,
  requireNonNegative,
  requirePositive,
  requireProbability,
} from "../math/requirements.ts";

/** The constants of the tail a exp(-b t^2 d). */
export interface SubGaussianTail {
  /** The factor a. */
  readonly a: number;
  /** The rate b. */
  readonly b: number;
}

/**
 * Constants with which the uniform distribution on the unit sphere meets the condition. The rate b = 1 that the paper
 * suggests by leaving b open does not.
 */
export const sphereConstants: SubGaussianTail = { a: 1, b: 0.5 };

/**
 * The condition's right-hand side a exp(-b t^2 d), where d is the dimension of the layer's input.
 *
 * @param t The threshold, for inputs of norm 1.
 * @param dimension d; the paper writes d_1^l.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(subGaussianTail(0.1, 200, { a: 1, b: 0.5 }), Math.exp(-1));
 * ```
 */
export function subGaussianTail(t: number, dimension: number, { a, b }: SubGaussianTail): number {
  requireNonNegative("evaluate the tail", "t", t);
  requireInteger("evaluate the tail", "the dimension", dimension, 1);
  requirePositive("evaluate the tail", "a", a);
  requirePositive("evaluate the tail", "b", b);
  return a * Math.exp(-b * t * t * dimension);
}

/**
 * The threshold t at which `events` such tails add up to delta: sqrt( ln(events a / delta) / (b d) ).
 *
 * @param tail The constants, the dimension d, the number of events in the union and its probability delta.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const t = subGaussianThreshold({ a: 1, b: 1, dimension: 784, events: 60000, delta: 0.01 });
 * assertAlmostEquals(60000 * subGaussianTail(t, 784, { a: 1, b: 1 }), 0.01);
 * ```
 */
export function subGaussianThreshold(
  tail: SubGaussianTail & { readonly dimension: number; readonly events: number; readonly delta: number },
): number {
  const { a, b, dimension, events, delta } = tail;
  requirePositive("find the threshold", "a", a);
  requirePositive("find the threshold", "b", b);
  requireInteger("find the threshold", "the dimension", dimension, 1);
  requireInteger("find the threshold", "the number of events", events, 1);
  requirePositive("find the threshold", "delta", delta);
  return Math.sqrt(Math.max(0, Math.log(events * a / delta)) / (b * dimension));
}

/**
 * P(<x, v> >= t) for x uniform on the unit sphere of R^d, exactly: I_{1 - t^2}((d - 1) / 2, 1/2) / 2.
 *
 * @param t The threshold, in [0, 1].
 * @param dimension d, an integer >= 2.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(sphereTail(0.5, 3), 0.25);
 * ```
 */
export function sphereTail(t: number, dimension: number): number {
  requireProbability("compute the cap", "t", t);
  requireInteger("compute the cap", "the dimension", dimension, 2);
  return Math.exp(betaTails(1 - t * t, (dimension - 1) / 2, 0.5, t * t).lowerLn) / 2;
}
