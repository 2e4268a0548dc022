// The matrix product for few rows or few terms, when the rows of B are contiguous: no packing.
import { multiplyAdd, multiplyAddOne, present } from "./sums";

/** C = A B. */
export function combineRows(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize, b: usize, bRowStride: usize, c: usize,
): void {
  if (depth < 4) memory.fill(c, 0, <usize>rows * columns * 4);
  for (let p = 0; p < depth; p += 4, a += 4 * aColumnStride, b += 4 * bRowStride) {
    addSomeTerms(rows, columns, min(4, depth - p), a, aRowStride, aColumnStride, b, bRowStride, c, p == 0);
  }
}

/**
 * Adds up to four terms to C: each of its rows gains the combination of the rows of B that A's row says. Where there are
 * four and they are the first they write C, whose memory need not be read for it.
 */
export function addSomeTerms(
  rows: i32, columns: i32, terms: i32,
  a: usize, aRowStride: usize, aColumnStride: usize, b: usize, bRowStride: usize, c: usize, isFirst: bool,
): void {
  if (terms == 4) {
    if (isFirst) addFourTerms(rows, columns, a, aRowStride, aColumnStride, b, bRowStride, c, true);
    else addFourTerms(rows, columns, a, aRowStride, aColumnStride, b, bRowStride, c, false);
    return;
  }
  for (let p = 0; p < terms; p++, a += aColumnStride, b += bRowStride) {
    for (let i = 0; i < rows; i++) addRow(columns, load<f32>(a + i * aRowStride), b, c + 4 * i * columns);
  }
}

@inline
function addFourTerms(
  rows: i32, columns: i32, a: usize, aRowStride: usize, aColumnStride: usize, b: usize, bStride: usize, c: usize,
  isFirst: bool,
): void {
  const stride = 4 * columns;
  let i = 0;
  for (; i + 2 <= rows; i += 2, a += 2 * aRowStride, c += 2 * stride) {
    addFourRowsTwice(columns, a, a + aRowStride, aColumnStride, b, bStride, c, c + stride, isFirst);
  }
  if (i < rows) addFourRows(columns, a, aColumnStride, b, bStride, c, isFirst);
}

/** Adds to two rows of C at once, so that one load of B serves both. */
@inline
function addFourRowsTwice(
  columns: i32, a: usize, d: usize, aStride: usize, b: usize, bStride: usize, c: usize, e: usize, isFirst: bool,
): void {
  const a0 = v128.load_splat<f32>(a), a1 = v128.load_splat<f32>(a + aStride);
  const a2 = v128.load_splat<f32>(a + 2 * aStride), a3 = v128.load_splat<f32>(a + 3 * aStride);
  const d0 = v128.load_splat<f32>(d), d1 = v128.load_splat<f32>(d + aStride);
  const d2 = v128.load_splat<f32>(d + 2 * aStride), d3 = v128.load_splat<f32>(d + 3 * aStride);
  const b1 = bStride, b2 = 2 * bStride, b3 = 3 * bStride;
  let j = 0;
  for (; j + 4 <= columns; j += 4, b += 16, c += 16, e += 16) {
    let row = v128.load(b);
    let sum = multiplyAdd(present(c, isFirst), a0, row);
    let other = multiplyAdd(present(e, isFirst), d0, row);
    row = v128.load(b + b1);
    sum = multiplyAdd(sum, a1, row), other = multiplyAdd(other, d1, row);
    row = v128.load(b + b2);
    sum = multiplyAdd(sum, a2, row), other = multiplyAdd(other, d2, row);
    row = v128.load(b + b3);
    v128.store(c, multiplyAdd(sum, a3, row)), v128.store(e, multiplyAdd(other, d3, row));
  }
  addFourEntries(columns - j, a, aStride, b, bStride, c, isFirst);
  addFourEntries(columns - j, d, aStride, b, bStride, e, isFirst);
}

@inline
function addFourRows(
  columns: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize, isFirst: bool,
): void {
  const a0 = v128.load_splat<f32>(a), a1 = v128.load_splat<f32>(a + aStride);
  const a2 = v128.load_splat<f32>(a + 2 * aStride), a3 = v128.load_splat<f32>(a + 3 * aStride);
  const b1 = bStride, b2 = 2 * bStride, b3 = 3 * bStride;
  let j = 0;
  for (; j + 4 <= columns; j += 4, b += 16, c += 16) {
    let sum = multiplyAdd(present(c, isFirst), a0, v128.load(b));
    sum = multiplyAdd(sum, a1, v128.load(b + b1));
    sum = multiplyAdd(sum, a2, v128.load(b + b2));
    v128.store(c, multiplyAdd(sum, a3, v128.load(b + b3)));
  }
  addFourEntries(columns - j, a, aStride, b, bStride, c, isFirst);
}

/** What is left of a row, at most three columns, in the order of the terms as everywhere. */
@inline
function addFourEntries(
  columns: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize, isFirst: bool,
): void {
  for (let j = 0; j < columns; j++, b += 4, c += 4) {
    let sum: f32 = isFirst ? 0 : load<f32>(c);
    for (let p = 0; p < 4; p++) {
      sum = multiplyAddOne(sum, load<f32>(a + p * aStride), load<f32>(b + p * bStride));
    }
    store<f32>(c, sum);
  }
}

function addRow(columns: i32, factor: f32, b: usize, c: usize): void {
  const factors = f32x4.splat(factor);
  let j = 0;
  for (; j + 4 <= columns; j += 4, b += 16, c += 16) {
    v128.store(c, multiplyAdd(v128.load(c), factors, v128.load(b)));
  }
  for (; j < columns; j++, b += 4, c += 4) {
    store<f32>(c, multiplyAddOne(load<f32>(c), factor, load<f32>(b)));
  }
}
