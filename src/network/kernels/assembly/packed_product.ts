// The matrix product for large operands: blocks of A and panels of B are packed, then multiplied tile by tile.
import { packLanes } from "./pack";
import { addTile, TILE_COLUMNS, TILE_ROWS } from "./tile";

/** Most terms of the sums that one block adds: a strip of B (12 KiB) and one of A share the first-level cache. */
const BLOCK_DEPTH: i32 = 384;

/** Most rows of A in a block: packed (384 KiB) it shares the second-level cache with a panel of B. */
const BLOCK_ROWS: i32 = 256;

/** Columns of a panel of B: in B they are whole cache lines, and a strip of A serves them all while it is at hand. */
const PANEL_COLUMNS: i32 = 64;

const A_BYTES: i32 = 4 * BLOCK_DEPTH * BLOCK_ROWS;
const B_BYTES: i32 = 4 * BLOCK_DEPTH * PANEL_COLUMNS;
const TILE_BYTES: i32 = 4 * TILE_ROWS * TILE_COLUMNS;

/** Bytes that `writePackedProduct` needs: a block of A, a panel of B, a tile of C. */
export const PACKED_BYTES: i32 = A_BYTES + B_BYTES + TILE_BYTES;

/** C = A B by blocks. Each entry of C is summed in the order of the terms, whatever the blocks. */
export function writePackedProduct(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  if (rows == 0 || columns == 0) return;
  const blockDepth = evenBlock(depth, BLOCK_DEPTH), blockRows = evenBlock(rows, BLOCK_ROWS);
  for (let p = 0; p < depth; p += blockDepth) {
    const terms = min(blockDepth, depth - p);
    for (let i = 0; i < rows; i += blockRows) {
      const height = min(blockRows, rows - i);
      packRows(a + i * aRowStride + p * aColumnStride, aRowStride, aColumnStride, height, terms, scratch);
      addBlock(
        height, columns, terms, scratch, b + p * bRowStride, bRowStride, bColumnStride, c + 4 * i * columns, p == 0,
      );
    }
  }
}

/** The size of equal blocks, a multiple of 4 and at most `largest`, that cover `length`. */
function evenBlock(length: i32, largest: i32): i32 {
  const blocks = (length + largest - 1) / largest;
  return ((length + blocks - 1) / blocks + 3) & ~3;
}

function packRows(a: usize, rowStride: usize, columnStride: usize, rows: i32, depth: i32, to: usize): void {
  const bytes = 4 * TILE_ROWS * depth;
  for (let i = 0; i < rows; i += TILE_ROWS, a += TILE_ROWS * rowStride, to += bytes) {
    packLanes(a, rowStride, columnStride, min(TILE_ROWS, rows - i), depth, to, 4 * TILE_ROWS);
  }
}

/** Packs a panel of B, one strip of tiles after the other. */
function packPanel(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, to: usize): void {
  const step = 4 * TILE_COLUMNS;
  for (let j = 0; j < columns; j += TILE_COLUMNS, to += step * depth) {
    const strip = b + j * columnStride, width = columns - j;
    packLanes(strip, columnStride, rowStride, min(4, width), depth, to, step);
    packLanes(strip + 4 * columnStride, columnStride, rowStride, min(4, max(0, width - 4)), depth, to + 16, step);
  }
}

/** C += A B for a packed block of A and the rows of B that belong to it, or C = A B where those are the first. */
function addBlock(
  rows: i32, columns: i32, depth: i32, packedA: usize, b: usize, rowStride: usize, columnStride: usize, c: usize,
  isFirst: bool,
): void {
  const packedB = packedA + A_BYTES;
  for (let j = 0; j < columns; j += PANEL_COLUMNS) {
    const width = min(PANEL_COLUMNS, columns - j);
    packPanel(b + j * columnStride, rowStride, columnStride, width, depth, packedB);
    addPanel(rows, width, depth, packedA, packedB, c + 4 * j, 4 * columns, isFirst);
  }
}

/** The same for a packed block of A and a packed panel of B, at most 64 columns wide. */
function addPanel(
  rows: i32, columns: i32, depth: i32, packedA: usize, packedB: usize, c: usize, stride: usize, isFirst: bool,
): void {
  const bytesA = 4 * TILE_ROWS * depth, bytesB = 4 * TILE_COLUMNS * depth;
  for (let i = 0; i < rows; i += TILE_ROWS, packedA += bytesA, c += TILE_ROWS * stride) {
    const height = min(TILE_ROWS, rows - i);
    for (let j = 0, strip = packedB; j < columns; j += TILE_COLUMNS, strip += bytesB) {
      const width = min(TILE_COLUMNS, columns - j);
      if (height < TILE_ROWS || width < TILE_COLUMNS) {
        addPartOfTile(packedA, strip, c + 4 * j, stride, depth, height, width, packedB + B_BYTES, isFirst);
      } else if (isFirst) {
        addTile(packedA, strip, c + 4 * j, stride, depth, true);
      } else {
        addTile(packedA, strip, c + 4 * j, stride, depth, false);
      }
    }
  }
}

/** The tile at the edge of C is computed whole, beside C, and its part inside copied. */
function addPartOfTile(
  packedA: usize, strip: usize, c: usize, stride: usize, depth: i32, height: i32, width: i32, tile: usize, isFirst: bool,
): void {
  const tileStride: usize = 4 * TILE_COLUMNS;
  if (isFirst) memory.fill(tile, 0, TILE_BYTES);
  else for (let i = 0; i < height; i++) memory.copy(tile + i * tileStride, c + i * stride, 4 * width);
  addTile(packedA, strip, tile, tileStride, depth, false);
  for (let i = 0; i < height; i++) memory.copy(c + i * stride, tile + i * tileStride, 4 * width);
}
