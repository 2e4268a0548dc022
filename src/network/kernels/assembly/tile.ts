// The innermost loop of the packed matrix product.
import { multiplyAdd, present } from "./sums";

/** Rows of one tile of the product. */
export const TILE_ROWS: i32 = 2;

/** Columns of one tile of the product. */
export const TILE_COLUMNS: i32 = 16;

/** Terms that the tile adds at a time: those of both rows are one vector. */
export const TILE_TERMS: i32 = 2;

/**
 * C += A B for one tile of C: 2 rows, `stride` bytes apart, of 16 columns; C = A B where the terms are the first.
 *
 * `a` holds the 2 entries of A's first column, then those of the second, up to `depth` columns, which are even; `b` the
 * 16 entries of B's first row, then those of the second. Each load costs a bounds check as well, and its branch would
 * wait for a port of the arithmetic unit: a vector of A serves two terms, its entries spread by shuffles, which wait
 * for that unit too, so that two rows of sixteen columns are faster than four of eight. Eight sums are as many as the
 * addition's latency needs.
 */
@inline
export function addTile(a: usize, b: usize, c: usize, stride: usize, depth: i32, isFirst: bool): void {
  const d = c + stride;
  let c0 = present(c, isFirst), c1 = present(c + 16, isFirst);
  let c2 = present(c + 32, isFirst), c3 = present(c + 48, isFirst);
  let d0 = present(d, isFirst), d1 = present(d + 16, isFirst);
  let d2 = present(d + 32, isFirst), d3 = present(d + 48, isFirst);
  for (const end = a + <usize>depth * 8; a < end; a += 16, b += 128) {
    const factors = v128.load(a);
    let first = v128.shuffle<f32>(factors, factors, 0, 0, 0, 0);
    let second = v128.shuffle<f32>(factors, factors, 1, 1, 1, 1);
    let row = v128.load(b);
    c0 = multiplyAdd(c0, first, row), d0 = multiplyAdd(d0, second, row);
    row = v128.load(b, 16);
    c1 = multiplyAdd(c1, first, row), d1 = multiplyAdd(d1, second, row);
    row = v128.load(b, 32);
    c2 = multiplyAdd(c2, first, row), d2 = multiplyAdd(d2, second, row);
    row = v128.load(b, 48);
    c3 = multiplyAdd(c3, first, row), d3 = multiplyAdd(d3, second, row);
    first = v128.shuffle<f32>(factors, factors, 2, 2, 2, 2);
    second = v128.shuffle<f32>(factors, factors, 3, 3, 3, 3);
    row = v128.load(b, 64);
    c0 = multiplyAdd(c0, first, row), d0 = multiplyAdd(d0, second, row);
    row = v128.load(b, 80);
    c1 = multiplyAdd(c1, first, row), d1 = multiplyAdd(d1, second, row);
    row = v128.load(b, 96);
    c2 = multiplyAdd(c2, first, row), d2 = multiplyAdd(d2, second, row);
    row = v128.load(b, 112);
    c3 = multiplyAdd(c3, first, row), d3 = multiplyAdd(d3, second, row);
  }
  v128.store(c, c0), v128.store(c, c1, 16), v128.store(c, c2, 32), v128.store(c, c3, 48);
  v128.store(d, d0), v128.store(d, d1, 16), v128.store(d, d2, 32), v128.store(d, d3, 48);
}
