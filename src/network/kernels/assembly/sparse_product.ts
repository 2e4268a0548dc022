// The matrix product for large operands of which the left has many zeros: each row adds the rows of B that it asks for.
import { packLanes } from "./pack";

/** Columns of a panel of B: eight sums for a row of C, as many as the addition's latency needs. */
const PANEL_COLUMNS: i32 = 32;

/** Most terms of the sums that one block adds: the packed panel of B (32 KiB) stays in the first-level cache. */
const BLOCK_DEPTH: i32 = 256;

/** Most rows of A in a block: their lists (512 KiB) stay in the second-level cache. */
const BLOCK_ROWS: i32 = 256;

const PANEL_BYTES: i32 = 4 * PANEL_COLUMNS;
const B_BYTES: i32 = BLOCK_DEPTH * PANEL_BYTES;

/** A term of a row: where in the panel its row of B starts, and its factor. */
const TERM_BYTES: i32 = 8;

/** The terms of one row: their number, padded to the size of a term, then the terms. */
const LIST_BYTES: i32 = TERM_BYTES * (1 + BLOCK_DEPTH) + TERM_BYTES;

/** Bytes that `addSparseProduct` needs: a panel of B, a row of C, the lists of a block's rows. */
export const SPARSE_BYTES: i32 = B_BYTES + PANEL_BYTES + BLOCK_ROWS * LIST_BYTES;

/**
 * C += A B without the terms in which A is zero. Each entry of C is summed in the order of the terms, so that the sums
 * are the same bits as with them, where all of B is finite.
 */
export function addSparseProduct(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  const lists = scratch + B_BYTES + PANEL_BYTES;
  for (let p = 0; p < depth; p += BLOCK_DEPTH) {
    const terms = min(BLOCK_DEPTH, depth - p);
    for (let i = 0; i < rows; i += BLOCK_ROWS) {
      const height = min(BLOCK_ROWS, rows - i);
      listTerms(height, terms, a + i * aRowStride + p * aColumnStride, aRowStride, aColumnStride, lists);
      addBlock(height, columns, terms, b + p * bRowStride, bRowStride, bColumnStride, c + 4 * i * columns, scratch);
    }
  }
}

function listTerms(rows: i32, depth: i32, a: usize, rowStride: usize, columnStride: usize, lists: usize): void {
  for (let i = 0; i < rows; i++, a += rowStride, lists += LIST_BYTES) {
    let end = lists + TERM_BYTES;
    for (let p = 0, entry = a; p < depth; p++, entry += columnStride) {
      const factor = load<f32>(entry);
      store<i32>(end, p * PANEL_BYTES);
      store<f32>(end, factor, 4);
      end += factor != 0 ? TERM_BYTES : 0;
    }
    store<i32>(lists, <i32>(end - lists) - TERM_BYTES);
  }
}

/** C += A B for a block of A, whose lists are in the scratch memory, and the rows of B that belong to it. */
function addBlock(
  rows: i32, columns: i32, depth: i32, b: usize, bRowStride: usize, bColumnStride: usize, c: usize, panel: usize,
): void {
  const lists = panel + B_BYTES + PANEL_BYTES;
  for (let j = 0; j < columns; j += PANEL_COLUMNS) {
    const width = min(PANEL_COLUMNS, columns - j);
    packPanel(b + j * bColumnStride, bRowStride, bColumnStride, width, depth, panel);
    addPanel(rows, width, lists, panel, c + 4 * j, 4 * columns);
  }
}

function packPanel(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, panel: usize): void {
  for (let j = 0; j < PANEL_COLUMNS; j += 4) {
    const lanes = min(4, max(0, columns - j));
    packLanes(b + j * columnStride, columnStride, rowStride, lanes, depth, panel + 4 * j, PANEL_BYTES);
  }
}

function addPanel(rows: i32, width: i32, lists: usize, panel: usize, c: usize, stride: usize): void {
  for (let i = 0; i < rows; i++, lists += LIST_BYTES, c += stride) {
    const terms = lists + TERM_BYTES, end = terms + load<u32>(lists);
    if (width == PANEL_COLUMNS) addTerms(terms, end, panel, c);
    else addPartOfRow(terms, end, panel, c, 4 * width);
  }
}

/** The end of a row is computed as wide as the panel, beside C, and its part inside copied. */
function addPartOfRow(terms: usize, end: usize, panel: usize, c: usize, bytes: usize): void {
  const row = panel + B_BYTES;
  memory.copy(row, c, bytes);
  addTerms(terms, end, panel, row);
  memory.copy(c, row, bytes);
}

/** Adds the terms to 32 entries of a row of C. */
function addTerms(terms: usize, end: usize, panel: usize, c: usize): void {
  let s0 = v128.load(c), s1 = v128.load(c, 16), s2 = v128.load(c, 32), s3 = v128.load(c, 48);
  let s4 = v128.load(c, 64), s5 = v128.load(c, 80), s6 = v128.load(c, 96), s7 = v128.load(c, 112);
  for (; terms < end; terms += TERM_BYTES) {
    const b = panel + <usize>load<u32>(terms), factor = v128.load_splat<f32>(terms, 4);
    s0 = f32x4.add(s0, f32x4.mul(factor, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(factor, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(factor, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(factor, v128.load(b, 48)));
    s4 = f32x4.add(s4, f32x4.mul(factor, v128.load(b, 64)));
    s5 = f32x4.add(s5, f32x4.mul(factor, v128.load(b, 80)));
    s6 = f32x4.add(s6, f32x4.mul(factor, v128.load(b, 96)));
    s7 = f32x4.add(s7, f32x4.mul(factor, v128.load(b, 112)));
  }
  v128.store(c, s0), v128.store(c, s1, 16), v128.store(c, s2, 32), v128.store(c, s3, 48);
  v128.store(c, s4, 64), v128.store(c, s5, 80), v128.store(c, s6, 96), v128.store(c, s7, 112);
}
