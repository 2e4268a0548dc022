/**
 * Definition 3.1: a classifier f is (gamma, S)-compressible if some g_A is close to it on all of S.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { requireNonNegative } from "../math/requirements.ts";

/**
 * max over x in S and classes y of |f(x)[y] - g_A(x)[y]|, in logit units.
 *
 * @param outputs f(x) for each x in S (rows = examples, columns = classes).
 * @param compressedOutputs g_A(x), of the same shape.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const f = matrix(1, 2, Float64Array.of(3, 0));
 * assertEquals(compressionDistance(f, matrix(1, 2, Float64Array.of(1, 1))), 2);
 * ```
 */
export function compressionDistance(outputs: Matrix, compressedOutputs: Matrix): number {
  requireSameShape(outputs, compressedOutputs);
  let largest = 0;
  for (let index = 0; index < outputs.data.length; index++) {
    const distance = Math.abs(outputs.data[index] - compressedOutputs.data[index]);
    // Written so that an output that is no number is infinitely far.
    if (!(distance <= largest)) largest = Number.isNaN(distance) ? Infinity : distance;
  }
  return largest;
}

/**
 * Definition 3.1 as printed: every output differs by at most gamma.
 *
 * This closeness does not give R^_0(g_A) <= R^_gamma(f), on which Theorem 3.1 rests (erratum 1): two outputs may move
 * by gamma towards each other. See {@linkcode isCompressible}.
 *
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If gamma is negative or not a number.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const f = matrix(1, 2, Float64Array.of(1.5, 0));
 * assert(isCompressiblePrinted(f, matrix(1, 2, Float64Array.of(0.5, 1)), 1));
 * ```
 */
export function isCompressiblePrinted(outputs: Matrix, compressedOutputs: Matrix, gamma: number): boolean {
  requireNonNegative("decide compressibility", "gamma", gamma);
  return compressionDistance(outputs, compressedOutputs) <= gamma;
}

/**
 * Definition 3.1 with erratum 1: every output differs by at most gamma / 2, so that a margin above gamma stays
 * positive.
 *
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If gamma is negative or not a number.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const f = matrix(1, 2, Float64Array.of(1.5, 0));
 * assert(!isCompressible(f, matrix(1, 2, Float64Array.of(0.5, 1)), 1));
 * ```
 */
export function isCompressible(outputs: Matrix, compressedOutputs: Matrix, gamma: number): boolean {
  return isCompressiblePrinted(outputs, compressedOutputs, gamma / 2);
}

function requireSameShape(a: Matrix, b: Matrix): void {
  if (a.rows === b.rows && a.columns === b.columns) return;
  throw new TypeError(
    `Cannot compare outputs as their shapes must be equal: they are ${a.rows} x ${a.columns} and ${b.rows} x ${b.columns}`,
  );
}
