/**
 * Equation 1: a sparse matrix X as a small dense sketch Y = A X B^T, and back by l1 minimisation.
 *
 * The paper writes A X B and "A^{-1} Y B^{-1}" in places; A and B have no inverse, and the transpose is needed for the
 * shapes to fit (erratum 15).
 *
 * @module
 */
import { type L1Recovery, type L1RecoveryOptions, minimiseL1 } from "../math/l1_recovery.ts";
import type { Matrix } from "../math/matrix.ts";
import { type TwoSidedMap, twoSidedProduct } from "../math/two_sided_map.ts";

/**
 * The sketch Y = A X B^T.
 *
 * @param x X, p1 x p2.
 * @param map A (m x p1) as `left` and B (m x p2) as `right`, drawn by Definition F.1.
 * @returns Y, m x m.
 * @throws {TypeError} If the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const ones = matrix(1, 2, Float64Array.of(1, 1));
 * const x = matrix(2, 2, Float64Array.of(1, 2, 3, 4));
 * assertEquals([...sketch(x, { left: ones, right: ones }).data], [10]);
 * ```
 */
export function sketch(x: Matrix, map: TwoSidedMap): Matrix {
  return twoSidedProduct(map, x);
}

/**
 * Equation 1, argmin ||X||_1 subject to Y = A X B^T, with the gap that says how far from least the norm can be.
 *
 * The sketch was lossless if this is X: the minimiser need not be unique, and then any of them is returned.
 *
 * @param y Y, m x m.
 * @param map A (m x p1) as `left` and B (m x p2) as `right`.
 * @throws {TypeError} If the shapes do not fit.
 * @throws {RangeError} If an option is out of range or no matrix has the sketch Y.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const map = { left: matrix(2, 3, Float64Array.of(1, 0, 1, 0, 1, 1)), right: matrix(1, 1, Float64Array.of(1)) };
 * const x = matrix(3, 1, Float64Array.of(0, 0, 5));
 * assertAlmostEquals(decode(sketch(x, map), map).solution.data[2], 5, 1e-6);
 * ```
 */
export function decode(y: Matrix, map: TwoSidedMap, options: L1RecoveryOptions = {}): L1Recovery {
  return minimiseL1(y, map, options);
}
