// The product of two matrices: which of the four ways is the fastest for the shape and the left operand's zeros.
import { writeDotProducts } from "./dot_products";
import { writePackedProduct, PACKED_BYTES } from "./packed_product";
import { combineRows } from "./row_combinations";
import { writeSparseProduct, SPARSE_BYTES } from "./sparse_product";
import { costOfSkippingZeros, isFinite } from "./zeros";

/** Below this many rows (or terms) a product is done before packing its large operand would pay. */
const FEW: i32 = 8;

/** What an entry costs `transpose`, in products of `writePackedProduct`. */
const TRANSPOSING_COST: f64 = 15;

/** Bytes of scratch memory, 64-byte aligned, that `multiply` needs. */
export function scratchBytes(): i32 {
  return max(PACKED_BYTES, SPARSE_BYTES);
}

/**
 * C = A B, with A (rows x depth), B (depth x columns) and C (rows x columns, contiguous).
 *
 * Entry (i, p) of A lies at `a + i * aRowStride + p * aColumnStride` (bytes), and likewise for B, so that a
 * transposition is a choice of strides. A single column is the single row of the transposed product.
 */
export function multiply(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  if (columns == 1 && rows > 1) {
    multiply(1, rows, depth, b, bColumnStride, bRowStride, a, aColumnStride, aRowStride, c, scratch);
    return;
  }
  if (depth == 0) {
    memory.fill(c, 0, <usize>rows * columns * 4);
  } else if (bColumnStride == 4 && (rows <= FEW || depth <= FEW)) {
    combineRows(rows, columns, depth, a, aRowStride, aColumnStride, b, bRowStride, c);
  } else if (bRowStride == 4 && aColumnStride == 4 && rows <= FEW) {
    writeDotProducts(rows, columns, depth, a, aRowStride, b, bColumnStride, c);
  } else {
    writeLargeProduct(
      rows, columns, depth, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, scratch,
    );
  }
}

/**
 * Whether C^T = B^T A^T and its transposition are faster than C = A B, as B has more zeros to skip than A. Both give the
 * same bits.
 */
export function isFasterTransposed(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
): bool {
  if (rows <= FEW || columns <= FEW || depth <= FEW) return false;
  const cost = costOfSkippingZeros(columns, rows, depth, b, bColumnStride, bRowStride) + TRANSPOSING_COST / depth;
  return cost < 1 && cost < costOfSkippingZeros(rows, columns, depth, a, aRowStride, aColumnStride);
}

/** Zero times an infinity or NaN of B must reach the sums, so that nothing is skipped where there is one. */
function writeLargeProduct(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  if (
    costOfSkippingZeros(rows, columns, depth, a, aRowStride, aColumnStride) < 1 &&
    isFinite(depth, columns, b, bRowStride, bColumnStride)
  ) {
    writeSparseProduct(
      rows, columns, depth, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, scratch,
    );
  } else {
    writePackedProduct(
      rows, columns, depth, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, scratch,
    );
  }
}
