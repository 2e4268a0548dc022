/**
 * Definition 5.1: matrices whose nonzero entries are spread over rows and columns.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { type SparseMatrix, sparsePart } from "../math/sparse_matrix.ts";

/** How the nonzero entries of a matrix lie. */
export interface DistributedSparsity {
  /** j_r, the most nonzero entries in a column. */
  readonly largestColumnCount: number;
  /** j_c, the most nonzero entries in a row. */
  readonly largestRowCount: number;
  /** Whether every entry with i = j is nonzero; a d1 x d2 matrix has min(d1, d2) of them. */
  readonly hasFullDiagonal: boolean;
}

/**
 * The smallest j_r and j_c for which a matrix can be (j_r, j_c)-distributed sparse, and whether its diagonal allows it.
 *
 * @param a A^^l (rows = outputs, columns = inputs).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const { largestColumnCount, largestRowCount } = distributedSparsity(matrix(2, 2, Float64Array.of(1, 7, 0, 1)));
 * assertEquals([largestColumnCount, largestRowCount], [2, 2]);
 * ```
 */
export function distributedSparsity({ rows, columns, data }: Matrix): DistributedSparsity {
  return distributedSparsityWithout(sparsePart({ rows, columns, data }, (index) => data[index] === 0));
}

/**
 * The same of a mask, in which a kept weight counts even if it is zero.
 *
 * @param pruned What the mask takes away: {@linkcode prunedPart} of a layer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * import { prunedPart } from "./algorithm_1.ts";
 * const pruned = prunedPart(matrix(2, 2), Float64Array.of(Infinity, 0.5, 2, Infinity), 1);
 * const mask = distributedSparsityWithout(pruned);
 * assertEquals(mask, { largestColumnCount: 2, largestRowCount: 2, hasFullDiagonal: true });
 * ```
 */
export function distributedSparsityWithout(pruned: SparseMatrix): DistributedSparsity {
  const { rows, columns, rowStarts, columnIndices } = pruned;
  const columnCounts = new Uint32Array(columns).fill(rows);
  const rowCounts = new Uint32Array(rows);
  let hasFullDiagonal = true;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [rowStarts[row], rowStarts[row + 1]];
    rowCounts[row] = columns - (to - from);
    for (let entry = from; entry < to; entry++) {
      columnCounts[columnIndices[entry]]--;
      if (columnIndices[entry] === row) hasFullDiagonal = false;
    }
  }
  return {
    largestColumnCount: largest(columnCounts),
    largestRowCount: largest(rowCounts),
    hasFullDiagonal,
  };
}

/**
 * Whether a matrix is (j_r, j_c)-distributed sparse: at most j_r nonzero entries in any column, at most j_c in any row,
 * and none that is zero on the diagonal.
 *
 * @param limits j_r as `largestColumnCount` and j_c as `largestRowCount`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const identity = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
 * assert(isDistributedSparse(identity, { largestColumnCount: 1, largestRowCount: 1 }));
 * ```
 */
export function isDistributedSparse(
  a: Matrix,
  limits: Omit<DistributedSparsity, "hasFullDiagonal">,
): boolean {
  const found = distributedSparsity(a);
  return found.hasFullDiagonal && found.largestColumnCount <= limits.largestColumnCount &&
    found.largestRowCount <= limits.largestRowCount;
}

function largest(counts: Uint32Array): number {
  return counts.reduce((high, count) => Math.max(high, count), 0);
}
