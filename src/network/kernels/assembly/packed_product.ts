// The matrix product for large operands: blocks of A and panels of B are packed, then multiplied tile by tile.
import { packLanes } from "./pack";
import { addTile, TILE_COLUMNS, TILE_ROWS } from "./tile";

/** Most terms of the sums that one block adds: a packed panel of B (16 KiB) and one of A share the first-level cache. */
const BLOCK_DEPTH: i32 = 512;

/** Most rows of A in a block: packed (512 KiB) it stays in the second-level cache. */
const BLOCK_ROWS: i32 = 256;

const A_BYTES: i32 = 4 * BLOCK_DEPTH * BLOCK_ROWS;
const B_BYTES: i32 = 4 * BLOCK_DEPTH * TILE_COLUMNS;
const TILE_BYTES: i32 = 4 * TILE_ROWS * TILE_COLUMNS;

/** Bytes that `addPackedProduct` needs: a block of A, a panel of B, a tile of C. */
export const PACKED_BYTES: i32 = A_BYTES + B_BYTES + TILE_BYTES;

/** C += A B by blocks. Each entry of C is summed in the order of the terms, whatever the blocks. */
export function addPackedProduct(
  rows: i32, columns: i32, depth: i32,
  a: usize, aRowStride: usize, aColumnStride: usize,
  b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, scratch: usize,
): void {
  const blockDepth = evenBlock(depth, BLOCK_DEPTH), blockRows = evenBlock(rows, BLOCK_ROWS);
  for (let p = 0; p < depth; p += blockDepth) {
    const terms = min(blockDepth, depth - p);
    for (let i = 0; i < rows; i += blockRows) {
      const height = min(blockRows, rows - i);
      packRows(a + i * aRowStride + p * aColumnStride, aRowStride, aColumnStride, height, terms, scratch);
      addBlock(
        height, columns, terms, scratch, b + p * bRowStride, bRowStride, bColumnStride, c + 4 * i * columns,
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
  for (let i = 0; i < rows; i += TILE_ROWS, a += TILE_ROWS * rowStride, to += 16 * depth) {
    packLanes(a, rowStride, columnStride, min(TILE_ROWS, rows - i), depth, to, 16);
  }
}

function packColumns(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, to: usize): void {
  packLanes(b, columnStride, rowStride, min(4, columns), depth, to, 32);
  packLanes(b + 4 * columnStride, columnStride, rowStride, min(4, max(0, columns - 4)), depth, to + 16, 32);
}

/** C += A B for a packed block of A and the rows of B that belong to it. */
function addBlock(
  rows: i32, columns: i32, depth: i32, packedA: usize, b: usize, rowStride: usize, columnStride: usize, c: usize,
): void {
  const packedB = packedA + A_BYTES;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - j);
    packColumns(b + j * columnStride, rowStride, columnStride, width, depth, packedB);
    addPanel(rows, width, depth, packedA, packedB, c + 4 * j, 4 * columns);
  }
}

/** C += A B for a packed block of A and a packed panel of B, at most 8 columns wide. */
function addPanel(rows: i32, width: i32, depth: i32, packedA: usize, packedB: usize, c: usize, stride: usize): void {
  for (let i = 0; i < rows; i += TILE_ROWS, packedA += 16 * depth, c += TILE_ROWS * stride) {
    const height = min(TILE_ROWS, rows - i);
    if (height == TILE_ROWS && width == TILE_COLUMNS) addTile(packedA, packedB, c, stride, depth);
    else addPartOfTile(packedA, packedB, c, stride, depth, height, width);
  }
}

/** The tile at the edge of C is computed whole, beside C, and its part inside copied. */
function addPartOfTile(
  packedA: usize, packedB: usize, c: usize, stride: usize, depth: i32, height: i32, width: i32,
): void {
  const tile = packedB + B_BYTES;
  for (let i = 0; i < height; i++) memory.copy(tile + 32 * i, c + i * stride, 4 * width);
  addTile(packedA, packedB, tile, 32, depth);
  for (let i = 0; i < height; i++) memory.copy(c + i * stride, tile + 32 * i, 4 * width);
}
