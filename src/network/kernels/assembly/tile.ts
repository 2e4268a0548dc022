// The innermost loop of the packed matrix product.

/** Rows of one tile of the product. */
export const TILE_ROWS: i32 = 4;

/** Columns of one tile of the product. */
export const TILE_COLUMNS: i32 = 8;

@inline
function multiplyAdd(sum: v128, factor: v128, other: v128): v128 {
  return f32x4.add(sum, f32x4.mul(factor, other));
}

/**
 * C += A B for one tile of C: 4 rows, `stride` bytes apart, of 8 columns.
 *
 * `a` holds the 4 entries of A's first column, then those of the second, up to `depth` columns; `b` the 8 entries
 * of B's first row, then those of the second. A column of A is loaded once and its entries spread by shuffles:
 * each load costs a bounds check as well, and its branch would wait for a port of the arithmetic unit. Eight sums
 * are as many as the addition's latency needs and, with the operands, as the registers hold.
 */
export function addTile(a: usize, b: usize, c: usize, stride: usize, depth: i32): void {
  const c1 = c + stride, c2 = c1 + stride, c3 = c2 + stride;
  let s00 = v128.load(c), s01 = v128.load(c, 16);
  let s10 = v128.load(c1), s11 = v128.load(c1, 16);
  let s20 = v128.load(c2), s21 = v128.load(c2, 16);
  let s30 = v128.load(c3), s31 = v128.load(c3, 16);
  for (const end = a + <usize>depth * 16; a < end; a += 16, b += 32) {
    const column = v128.load(a), b0 = v128.load(b), b1 = v128.load(b, 16);
    let factor = v128.shuffle<f32>(column, column, 0, 0, 0, 0);
    s00 = multiplyAdd(s00, factor, b0), s01 = multiplyAdd(s01, factor, b1);
    factor = v128.shuffle<f32>(column, column, 1, 1, 1, 1);
    s10 = multiplyAdd(s10, factor, b0), s11 = multiplyAdd(s11, factor, b1);
    factor = v128.shuffle<f32>(column, column, 2, 2, 2, 2);
    s20 = multiplyAdd(s20, factor, b0), s21 = multiplyAdd(s21, factor, b1);
    factor = v128.shuffle<f32>(column, column, 3, 3, 3, 3);
    s30 = multiplyAdd(s30, factor, b0), s31 = multiplyAdd(s31, factor, b1);
  }
  v128.store(c, s00), v128.store(c, s01, 16);
  v128.store(c1, s10), v128.store(c1, s11, 16);
  v128.store(c2, s20), v128.store(c2, s21, 16);
  v128.store(c3, s30), v128.store(c3, s31, 16);
}
