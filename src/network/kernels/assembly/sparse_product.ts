// The matrix product for large operands of which the left has many zeros: each row adds the rows of B that it asks for.
import { packLanes } from "./pack";
import { multiplyAdd, present, storeSums } from "./sums";

/** Columns of a panel of B: eight sums for a row of C, as many as the addition's latency needs. */
const PANEL_COLUMNS: i32 = 32;

/** Most terms of the sums that one block adds: the packed panel of B (128 KiB) stays in the second-level cache. */
const BLOCK_DEPTH: i32 = 1024;

/** Most rows of A in a block: each panel of B is packed once for all of them. Their lists are read in a row. */
const BLOCK_ROWS: i32 = 1024;

const PANEL_BYTES: i32 = 4 * PANEL_COLUMNS;
const B_BYTES: i32 = BLOCK_DEPTH * PANEL_BYTES;

/** A term of a row: where in the panel its row of B starts, and its factor. */
const TERM_BYTES: i32 = 8;

/** The terms of one row, after their bytes, which take the place of a term; one place more is written to. */
const LIST_BYTES: i32 = TERM_BYTES * (1 + BLOCK_DEPTH);
const LISTS_BYTES: i32 = BLOCK_ROWS * LIST_BYTES + TERM_BYTES;

/** For each term of a block a byte: whether any row has it. */
const PRESENCE_BYTES: i32 = BLOCK_DEPTH;

/** Where what is needed lies in the scratch memory: a panel of B, a row of C, the presence of terms, the rows' lists. */
const ROW: i32 = B_BYTES, PRESENCE: i32 = ROW + PANEL_BYTES, LISTS: i32 = PRESENCE + PRESENCE_BYTES;

/** Bytes that `writeSparseProduct` needs. */
export const SPARSE_BYTES: i32 = LISTS + LISTS_BYTES;

/**
 * C = A B without the terms in which A is zero. Each entry of C is summed in the order of the terms, so that the sums
 * are the same bits as with them, where all of B is finite.
 */
export function writeSparseProduct(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  for (let p = 0; p < depth; p += BLOCK_DEPTH) {
    const terms = min(BLOCK_DEPTH, depth - p);
    for (let i = 0; i < rows; i += BLOCK_ROWS) {
      const height = min(BLOCK_ROWS, rows - i);
      listTerms(height, terms, a + i * aRowStride + p * aColumnStride, aRowStride, aColumnStride, scratch);
      addBlock(
        height, columns, terms, b + p * bRowStride, bRowStride, bColumnStride, c + 4 * i * columns, scratch, p == 0,
      );
    }
  }
}

/** Lists the terms of each row of a block of A, and which of all there are. */
function listTerms(rows: i32, depth: i32, a: usize, rowStride: usize, columnStride: usize, scratch: usize): void {
  const presence = scratch + PRESENCE;
  memory.fill(presence, 0, PRESENCE_BYTES);
  for (let i = 0, list = scratch + LISTS; i < rows; i++, a += rowStride) {
    const start = list + TERM_BYTES, end = listEntries(depth, a, columnStride, start);
    store<i32>(list, <i32>(end - start));
    for (let term = start; term < end; term += TERM_BYTES) store<u8>(presence + load<u32>(term) / PANEL_BYTES, 1);
    list = end;
  }
}

/** Lists the entries of one row that are not zero, from `end` on; returns where the list ends. */
@inline
function listEntries(depth: i32, entry: usize, stride: usize, end: usize): usize {
  let p = 0;
  if (stride == 4) {
    for (; p + 4 <= depth; p += 4, entry += 16) {
      if (!v128.any_true(f32x4.ne(v128.load(entry), f32x4.splat(0)))) continue;
      for (let lane = 0; lane < 4; lane++) end = listEntry(p + lane, load<f32>(entry + 4 * lane), end);
    }
  }
  for (; p < depth; p++, entry += stride) end = listEntry(p, load<f32>(entry), end);
  return end;
}

/** Writes without a branch, which would be guessed wrong half of the time. */
@inline
function listEntry(p: i32, factor: f32, end: usize): usize {
  store<i32>(end, p * PANEL_BYTES);
  store<f32>(end, factor, 4);
  return end + (factor != 0 ? TERM_BYTES : 0);
}

/** C += A B for a block of A, whose lists are in the scratch memory, and the rows of B that belong to it. */
function addBlock(
  rows: i32, columns: i32, depth: i32, b: usize, bRowStride: usize, bColumnStride: usize, c: usize, scratch: usize,
  isFirst: bool,
): void {
  for (let j = 0; j < columns; j += PANEL_COLUMNS) {
    const width = min(PANEL_COLUMNS, columns - j);
    packPanel(b + j * bColumnStride, bRowStride, bColumnStride, width, depth, scratch);
    addPanel(rows, width, c + 4 * j, 4 * columns, scratch, isFirst);
  }
}

/** Packs the rows of B that some row of A asks for, in runs of groups of four. */
function packPanel(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, scratch: usize): void {
  const presence = scratch + PRESENCE;
  for (let p = 0; p < depth; p += 4) {
    const start = p;
    while (p < depth && load<u32>(presence + p) != 0) p += 4;
    if (p == start) continue;
    packTerms(b + start * rowStride, rowStride, columnStride, columns, min(p, depth) - start, scratch + start * PANEL_BYTES);
  }
}

function packTerms(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, panel: usize): void {
  for (let j = 0; j < PANEL_COLUMNS; j += 4) {
    const lanes = min(4, max(0, columns - j));
    packLanes(b + j * columnStride, columnStride, rowStride, lanes, depth, panel + 4 * j, PANEL_BYTES);
  }
}

function addPanel(rows: i32, width: i32, c: usize, stride: usize, panel: usize, isFirst: bool): void {
  for (let i = 0, list = panel + LISTS; i < rows; i++, c += stride) {
    const terms = list + TERM_BYTES, end = terms + load<u32>(list);
    list = end;
    if (width < PANEL_COLUMNS) addPartOfRow(terms, end, panel, c, 4 * width, isFirst);
    else if (isFirst) addTerms(terms, end, panel, c, true);
    else if (terms < end) addTerms(terms, end, panel, c, false);
  }
}

/** The end of a row is computed as wide as the panel, beside C, and its part inside copied. */
function addPartOfRow(terms: usize, end: usize, panel: usize, c: usize, bytes: usize, isFirst: bool): void {
  const row = panel + ROW;
  if (isFirst) memory.fill(row, 0, PANEL_BYTES);
  else memory.copy(row, c, bytes);
  addTerms(terms, end, panel, row, false);
  memory.copy(c, row, bytes);
}

/** Adds the terms to 32 entries of a row of C. */
@inline
function addTerms(terms: usize, end: usize, panel: usize, c: usize, isFirst: bool): void {
  let s0 = present(c, isFirst), s1 = present(c + 16, isFirst), s2 = present(c + 32, isFirst);
  let s3 = present(c + 48, isFirst), s4 = present(c + 64, isFirst), s5 = present(c + 80, isFirst);
  let s6 = present(c + 96, isFirst), s7 = present(c + 112, isFirst);
  for (; terms < end; terms += TERM_BYTES) {
    const b = panel + <usize>load<u32>(terms), factor = v128.load_splat<f32>(terms, 4);
    s0 = multiplyAdd(s0, factor, v128.load(b));
    s1 = multiplyAdd(s1, factor, v128.load(b, 16));
    s2 = multiplyAdd(s2, factor, v128.load(b, 32));
    s3 = multiplyAdd(s3, factor, v128.load(b, 48));
    s4 = multiplyAdd(s4, factor, v128.load(b, 64));
    s5 = multiplyAdd(s5, factor, v128.load(b, 80));
    s6 = multiplyAdd(s6, factor, v128.load(b, 96));
    s7 = multiplyAdd(s7, factor, v128.load(b, 112));
  }
  storeSums(c, s0), storeSums(c + 16, s1), storeSums(c + 32, s2), storeSums(c + 48, s3);
  storeSums(c + 64, s4), storeSums(c + 80, s5), storeSums(c + 96, s6), storeSums(c + 112, s7);
}
