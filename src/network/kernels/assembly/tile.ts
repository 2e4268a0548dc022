// The innermost loop of the packed matrix product.
import { multiplyAdd, present, storeSums } from "./sums";

/** Rows of one tile of the product. */
export const TILE_ROWS: i32 = 4;

/** Columns of one tile of the product. */
export const TILE_COLUMNS: i32 = 8;

/**
 * C += A B for one tile of C: 4 rows, `stride` bytes apart, of 8 columns; C = A B where the terms are the first.
 *
 * `a` holds the 4 entries of A's first column, then those of the second, up to `depth` columns; `b` the 8 entries of B's
 * first row, then those of the second. Each load costs a bounds check as well: one vector of A serves four rows, its
 * entries spread by shuffles, which do not wait for the unit that adds. Eight sums are as many as its latency needs.
 */
@inline
export function addTile(a: usize, b: usize, c: usize, stride: usize, depth: i32, isFirst: bool): void {
  const d = c + stride, e = d + stride, f = e + stride;
  let c0 = present(c, isFirst), c1 = present(c + 16, isFirst);
  let d0 = present(d, isFirst), d1 = present(d + 16, isFirst);
  let e0 = present(e, isFirst), e1 = present(e + 16, isFirst);
  let f0 = present(f, isFirst), f1 = present(f + 16, isFirst);
  for (const end = a + <usize>depth * 16; a < end; a += 16, b += 32) {
    const factors = v128.load(a), row0 = v128.load(b), row1 = v128.load(b, 16);
    let factor = v128.shuffle<f32>(factors, factors, 0, 0, 0, 0);
    c0 = multiplyAdd(c0, factor, row0), c1 = multiplyAdd(c1, factor, row1);
    factor = v128.shuffle<f32>(factors, factors, 1, 1, 1, 1);
    d0 = multiplyAdd(d0, factor, row0), d1 = multiplyAdd(d1, factor, row1);
    factor = v128.shuffle<f32>(factors, factors, 2, 2, 2, 2);
    e0 = multiplyAdd(e0, factor, row0), e1 = multiplyAdd(e1, factor, row1);
    factor = v128.shuffle<f32>(factors, factors, 3, 3, 3, 3);
    f0 = multiplyAdd(f0, factor, row0), f1 = multiplyAdd(f1, factor, row1);
  }
  storeSums(c, c0), storeSums(c + 16, c1), storeSums(d, d0), storeSums(d + 16, d1);
  storeSums(e, e0), storeSums(e + 16, e1), storeSums(f, f0), storeSums(f + 16, f1);
}
