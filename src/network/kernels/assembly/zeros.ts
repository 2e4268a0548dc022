// Whether the zeros of a product's left operand are worth skipping, and may be.

/** Rows that stand for all, spread evenly. */
const SAMPLED_ROWS: i32 = 32;

/** Columns that `writeSparseProduct` adds at a time, and those that `writePackedProduct` does. */
const SPARSE_COLUMNS: i32 = 32, DENSE_COLUMNS: i32 = 8;

/**
 * What costs `writeSparseProduct` so much, in products of `writePackedProduct`: a product that is not skipped; an entry of
 * A, zero or not, for each column; an entry of A once, to list it.
 */
const PRODUCT_COST: f64 = 1.75, ENTRY_COST: f64 = 0.04, LISTING_COST: f64 = 12;

/** What the product without A's zeros costs, in those with them: it pays below 1. The choice changes no bit. */
export function costOfSkippingZeros(
  rows: i32, columns: i32, depth: i32, a: usize, rowStride: usize, columnStride: usize,
): f64 {
  const step = max(1, rows / SAMPLED_ROWS);
  let nonzeros = 0, entries = 0;
  for (let i = 0; i < rows; i += step, entries += depth) {
    nonzeros += countNonzeros(depth, a + i * rowStride, columnStride);
  }
  const perColumn = PRODUCT_COST * nonzeros + ENTRY_COST * entries;
  const sparse = perColumn * roundedUp(columns, SPARSE_COLUMNS) + LISTING_COST * entries;
  return sparse / (<f64>entries * roundedUp(columns, DENSE_COLUMNS));
}

function countNonzeros(length: i32, entry: usize, stride: usize): i32 {
  let count = 0;
  for (let p = 0; p < length; p++, entry += stride) count += i32(load<f32>(entry) != 0);
  return count;
}

function roundedUp(length: i32, unit: i32): i32 {
  return (length + unit - 1) / unit * unit;
}

/** Whether no entry is an infinity or NaN. One of the strides must be 4 bytes. */
export function isFinite(rows: i32, columns: i32, b: usize, rowStride: usize, columnStride: usize): bool {
  return columnStride == 4
    ? areVectorsFinite(rows, columns, b, rowStride)
    : areVectorsFinite(columns, rows, b, columnStride);
}

/** An entry minus itself is zero, unless it is an infinity or NaN. */
function areVectorsFinite(vectors: i32, length: i32, b: usize, stride: usize): bool {
  let differences = f32x4.splat(0), others = differences, last: f32 = 0;
  const blocked = length & ~7;
  for (let v = 0; v < vectors; v++, b += stride) {
    for (let p = 0; p < blocked; p += 8) {
      const entries = v128.load(b + 4 * p), next = v128.load(b + 4 * p, 16);
      differences = f32x4.add(differences, f32x4.sub(entries, entries));
      others = f32x4.add(others, f32x4.sub(next, next));
    }
    for (let p = blocked; p < length; p++) last += load<f32>(b + 4 * p) - load<f32>(b + 4 * p);
  }
  return i32x4.all_true(f32x4.eq(f32x4.add(differences, others), f32x4.splat(0))) && last == 0;
}
