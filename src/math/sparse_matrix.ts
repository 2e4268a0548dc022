/**
 * Sparse matrices in compressed rows.
 *
 * @module
 */
import type { Matrix } from "./matrix.ts";
import type { LinearOperator } from "./spectral_norm.ts";

/** A sparse matrix: the entries of row i are those from rowStarts[i] to rowStarts[i + 1]. */
export interface SparseMatrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** Where each row starts in `values`, and the number of all entries at the end. */
  readonly rowStarts: Uint32Array;
  /** The column of each entry. */
  readonly columnIndices: Uint32Array;
  /** The entries. */
  readonly values: Float64Array;
}

/**
 * The entries of a dense matrix whose row-major index is chosen; the others count as zero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const { rowStarts, values } = sparsePart(matrix(2, 2, Float64Array.of(1, 2, 3, 4)), (index) => index > 0);
 * assertEquals([[...rowStarts], [...values]], [[0, 1, 3], [2, 3, 4]]);
 * ```
 */
export function sparsePart(
  { rows, columns, data }: Matrix,
  isChosen: (index: number) => boolean,
): SparseMatrix {
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(data.length);
  const values = new Float64Array(data.length);
  let count = 0;
  for (let row = 0, index = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, index++) {
      if (!isChosen(index)) continue;
      columnIndices[count] = column;
      values[count++] = data[index];
    }
    rowStarts[row + 1] = count;
  }
  return withoutEnds({ rows, columns, rowStarts, columnIndices, values }, count);
}

/**
 * The entries of a sparse matrix whose row-major index is chosen.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const whole = sparsePart(matrix(2, 2, Float64Array.of(1, 2, 3, 4)), () => true);
 * assertEquals(subPart(whole, (index) => index > 0), sparsePart(matrix(2, 2, Float64Array.of(1, 2, 3, 4)), (index) => index > 0));
 * ```
 */
export function subPart(
  whole: SparseMatrix,
  isChosen: (index: number) => boolean,
): SparseMatrix {
  const { rows, columns } = whole;
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(whole.values.length);
  const values = new Float64Array(whole.values.length);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let entry = whole.rowStarts[row]; entry < whole.rowStarts[row + 1]; entry++) {
      const column = whole.columnIndices[entry];
      if (!isChosen(row * columns + column)) continue;
      columnIndices[count] = column;
      values[count++] = whole.values[entry];
    }
    rowStarts[row + 1] = count;
  }
  return withoutEnds({ rows, columns, rowStarts, columnIndices, values }, count);
}

/** Views of the entries that were written. Large memory that was not written is not taken from the system. */
function withoutEnds(matrix: SparseMatrix, count: number): SparseMatrix {
  const [columnIndices, values] = [matrix.columnIndices.subarray(0, count), matrix.values.subarray(0, count)];
  return { ...matrix, columnIndices, values };
}

/** A sparse matrix as a linear operator, for the spectral norm. */
export function sparseOperator(matrix: SparseMatrix): LinearOperator {
  const { rows, columns, rowStarts, columnIndices, values } = matrix;
  return {
    rows,
    columns,
    normalTimes(x: Float64Array): Float64Array {
      const image = new Float64Array(columns);
      for (let row = 0; row < rows; row++) {
        const [from, to] = [rowStarts[row], rowStarts[row + 1]];
        let total = 0;
        for (let entry = from; entry < to; entry++) total += values[entry] * x[columnIndices[entry]];
        for (let entry = from; entry < to; entry++) image[columnIndices[entry]] += total * values[entry];
      }
      return image;
    },
  };
}
