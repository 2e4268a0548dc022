/**
 * The linear map X -> A X B^T, whose matrix would be the Kronecker product of B and A and is never formed.
 *
 * @module
 */
import { Matrix as Dense, pseudoInverse } from "ml-matrix";
import { type Matrix, matrix } from "./matrix.ts";
import { type SparseMatrix, sparsePart } from "./sparse_matrix.ts";

/** The factors of X -> A X B^T. */
export interface TwoSidedMap {
  /** A, m1 x p1. */
  readonly left: Matrix;
  /** B, m2 x p2. */
  readonly right: Matrix;
}

/** The products with the map that an iteration needs, on row-major entries. */
export interface TwoSidedProducts {
  /** A X B^T (m1 x m2) of X (p1 x p2). */
  forward(x: Float64Array): Float64Array;
  /** A^T L B (p1 x p2) of L (m1 x m2). */
  adjoint(l: Float64Array): Float64Array;
  /** (A A^T)^+ R (B B^T)^+ (m1 x m2) of R (m1 x m2): the adjoint of this is the least-squares solution. */
  normalise(r: Float64Array): Float64Array;
}

/**
 * Y = A X B^T.
 *
 * @param x X, p1 x p2.
 * @returns Y, m1 x m2.
 * @throws {TypeError} If X has not as many rows as A has columns, and as many columns as B has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const left = matrix(1, 2, Float64Array.of(1, 2));
 * const right = matrix(1, 1, Float64Array.of(3));
 * assertEquals([...twoSidedProduct({ left, right }, matrix(2, 1, Float64Array.of(4, 5))).data], [42]);
 * ```
 */
export function twoSidedProduct({ left, right }: TwoSidedMap, x: Matrix): Matrix {
  if (x.rows !== left.columns || x.columns !== right.columns) {
    throw new TypeError(
      `Cannot sketch the matrix as it must be ${left.columns} x ${right.columns}: it is ${x.rows} x ${x.columns}`,
    );
  }
  const halfWay = leftProduct(nonzeroPart(left), Float64Array.from(x.data), x.columns);
  return matrix(left.rows, right.rows, rightProduct(halfWay, nonzeroPart(right)));
}

/**
 * The products with a map, prepared once: nonzero entries of A and B are listed, and the pseudo-inverses of their Gram
 * matrices computed.
 *
 * (A A^T)^+ is formed as (A^+)^T A^+, as forming A A^T first would square its condition number.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const left = matrix(1, 2, Float64Array.of(1, 2));
 * const products = twoSidedProducts({ left, right: matrix(1, 1, Float64Array.of(1)) });
 * const leastSquares = products.adjoint(products.normalise(Float64Array.of(10)));
 * assertAlmostEquals(leastSquares[1], 4);
 * ```
 */
export function twoSidedProducts({ left, right }: TwoSidedMap): TwoSidedProducts {
  const [a, b] = [nonzeroPart(left), nonzeroPart(right)];
  const [inverseA, inverseB] = [inverseGram(left), inverseGram(right)];
  return {
    forward: (x) => rightProduct(leftProduct(a, x, b.columns), b),
    adjoint: (l) => transposedRightProduct(transposedLeftProduct(a, l, b.rows), b),
    normalise: (r) => rightProduct(leftProduct(inverseA, r, b.rows), inverseB),
  };
}

function nonzeroPart(a: Matrix): SparseMatrix {
  return sparsePart(a, (index) => a.data[index] !== 0);
}

/** (A A^T)^+, symmetric, in compressed rows like its factors so that the same product serves. */
function inverseGram({ rows, columns, data }: Matrix): SparseMatrix {
  const inverse = pseudoInverse(Dense.from1DArray(rows, columns, data));
  return nonzeroPart(matrix(rows, rows, Float64Array.from(inverse.transpose().mmul(inverse).to1DArray())));
}

/** A X: row i of the product is the combination of rows of X that row i of A says. */
function leftProduct(a: SparseMatrix, x: Float64Array, width: number): Float64Array {
  const product = new Float64Array(a.rows * width);
  for (let row = 0; row < a.rows; row++) {
    for (let entry = a.rowStarts[row]; entry < a.rowStarts[row + 1]; entry++) {
      addMultiple(product, row * width, a.values[entry], x, a.columnIndices[entry] * width, width);
    }
  }
  return product;
}

/** A^T L: row i of L is added to each row of the product for which row i of A has an entry. */
function transposedLeftProduct(a: SparseMatrix, l: Float64Array, width: number): Float64Array {
  const product = new Float64Array(a.columns * width);
  for (let row = 0; row < a.rows; row++) {
    for (let entry = a.rowStarts[row]; entry < a.rowStarts[row + 1]; entry++) {
      addMultiple(product, a.columnIndices[entry] * width, a.values[entry], l, row * width, width);
    }
  }
  return product;
}

/** X B^T: entry (i, j) is row i of X gathered at the entries of row j of B. */
function rightProduct(x: Float64Array, b: SparseMatrix): Float64Array {
  const product = new Float64Array(x.length / b.columns * b.rows);
  for (let index = 0, from = 0; from < x.length; from += b.columns) {
    for (let row = 0; row < b.rows; row++) {
      let total = 0;
      for (let entry = b.rowStarts[row]; entry < b.rowStarts[row + 1]; entry++) {
        total += b.values[entry] * x[from + b.columnIndices[entry]];
      }
      product[index++] = total;
    }
  }
  return product;
}

/** L B: entry (i, j) of L is spread over row i of the product where row j of B has entries. */
function transposedRightProduct(l: Float64Array, b: SparseMatrix): Float64Array {
  const product = new Float64Array(l.length / b.rows * b.columns);
  for (let index = 0, to = 0; index < l.length; to += b.columns) {
    for (let row = 0; row < b.rows; row++, index++) {
      for (let entry = b.rowStarts[row]; entry < b.rowStarts[row + 1]; entry++) {
        product[to + b.columnIndices[entry]] += l[index] * b.values[entry];
      }
    }
  }
  return product;
}

function addMultiple(
  target: Float64Array,
  to: number,
  factor: number,
  source: Float64Array,
  from: number,
  width: number,
): void {
  for (let offset = 0; offset < width; offset++) target[to + offset] += factor * source[from + offset];
}
