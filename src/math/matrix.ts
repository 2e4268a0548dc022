/**
 * Dense row-major matrices: the shape every weight matrix has here.
 *
 * @module
 */

/** A dense matrix. A weight matrix has `rows` = outputs and `columns` = inputs, as A^l in R^{d1 x d2}. */
export interface Matrix {
  /** Number of rows (outputs, d1). */
  readonly rows: number;
  /** Number of columns (inputs, d2). */
  readonly columns: number;
  /** Row-major entries, `rows * columns` of them. */
  readonly data: Float32Array | Float64Array;
}

/**
 * Makes a matrix of `rows * columns` entries, zero unless `data` is given (it is kept, not copied).
 *
 * @throws {RangeError} If a side is not a positive integer or `data` has another length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(matrix(2, 3).data.length, 6);
 * ```
 */
export function matrix(rows: number, columns: number, data?: Float32Array | Float64Array): Matrix {
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1) {
    throw new RangeError(
      `Cannot make a matrix as its sides must be positive integers: they are ${rows} x ${columns}`,
    );
  }
  const entries = data ?? new Float64Array(rows * columns);
  if (entries.length !== rows * columns) {
    throw new RangeError(
      `Cannot make a ${rows} x ${columns} matrix as it needs ${
        rows * columns
      } entries: ${entries.length} were given`,
    );
  }
  return { rows, columns, data: entries };
}
