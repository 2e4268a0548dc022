/**
 * Matrix norms that need one pass over the entries, summed in double precision.
 *
 * @module
 */
import type { Matrix } from "./matrix.ts";

/**
 * The Frobenius norm ||A||_F, the root of the sum of squares.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * assertEquals(frobeniusNorm(matrix(1, 2, Float64Array.of(3, 4))), 5);
 * ```
 */
export function frobeniusNorm(a: Matrix): number {
  return Math.sqrt(sumOfSquares(a.data, 0, a.data.length));
}

/**
 * The norm ||A^T||_{2,1} of Bartlett et al. 2017: the sum over output units (rows) of the l2 norm of their incoming
 * weights.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * assertEquals(twoOneNorm(matrix(2, 2, Float64Array.of(3, 4, 5, 12))), 18);
 * ```
 */
export function twoOneNorm(a: Matrix): number {
  let total = 0;
  for (let row = 0; row < a.rows; row++) {
    total += Math.sqrt(sumOfSquares(a.data, row * a.columns, (row + 1) * a.columns));
  }
  return total;
}

/**
 * The difference A - B, entry by entry, in the precision of A.
 *
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * assertEquals(difference(matrix(1, 1, Float64Array.of(3)), matrix(1, 1, Float64Array.of(1))).data[0], 2);
 * ```
 */
export function difference(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new TypeError(
      `Cannot subtract matrices as their shapes must be equal: they are ${a.rows} x ${a.columns} and ${b.rows} x ${b.columns}`,
    );
  }
  const data = a.data.slice();
  for (let index = 0; index < data.length; index++) data[index] -= b.data[index];
  return { ...a, data };
}

function sumOfSquares(data: Matrix["data"], from: number, to: number): number {
  let total = 0;
  for (let index = from; index < to; index++) total += data[index] * data[index];
  return total;
}
