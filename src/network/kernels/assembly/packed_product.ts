// The matrix product for large operands: blocks of A and panels of B are packed, then multiplied tile by tile.
import { packLanes, packPairs } from "./pack";
import { addTile, TILE_COLUMNS, TILE_ROWS, TILE_TERMS } from "./tile";

/** Most terms of the sums that one block adds: a packed panel of B (32 KiB) and one of A share the first-level cache. */
const BLOCK_DEPTH: i32 = 512;

/** Most rows of A in a block: each panel of B is packed once for all of them. Packed (2 MiB) they are read in a row. */
const BLOCK_ROWS: i32 = 1024;

const A_BYTES: i32 = 4 * BLOCK_DEPTH * BLOCK_ROWS;
const B_BYTES: i32 = 4 * BLOCK_DEPTH * TILE_COLUMNS;
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

/** The terms of a tile: where they are odd, a last one of zeros is added. */
@inline
function evenDepth(depth: i32): i32 {
  return (depth + TILE_TERMS - 1) & ~(TILE_TERMS - 1);
}

function packRows(a: usize, rowStride: usize, columnStride: usize, rows: i32, depth: i32, to: usize): void {
  const bytes = 4 * TILE_ROWS * evenDepth(depth);
  for (let i = 0; i < rows; i += TILE_ROWS, a += TILE_ROWS * rowStride, to += bytes) {
    packPairs(a, rowStride, columnStride, min(TILE_ROWS, rows - i), depth, to);
  }
}

function packColumns(b: usize, rowStride: usize, columnStride: usize, columns: i32, depth: i32, to: usize): void {
  const step = 4 * TILE_COLUMNS;
  for (let j = 0; j < TILE_COLUMNS; j += 4) {
    packLanes(b + j * columnStride, columnStride, rowStride, min(4, max(0, columns - j)), depth, to + 4 * j, step);
  }
  memory.fill(to + depth * step, 0, (evenDepth(depth) - depth) * step);
}

/** C += A B for a packed block of A and the rows of B that belong to it, or C = A B where those are the first. */
function addBlock(
  rows: i32, columns: i32, depth: i32, packedA: usize, b: usize, rowStride: usize, columnStride: usize, c: usize,
  isFirst: bool,
): void {
  const packedB = packedA + A_BYTES;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - j);
    packColumns(b + j * columnStride, rowStride, columnStride, width, depth, packedB);
    addPanel(rows, width, evenDepth(depth), packedA, packedB, c + 4 * j, 4 * columns, isFirst);
  }
}

/** The same for a packed block of A and a packed panel of B, at most 16 columns wide. */
function addPanel(
  rows: i32, width: i32, depth: i32, packedA: usize, packedB: usize, c: usize, stride: usize, isFirst: bool,
): void {
  const bytes = 4 * TILE_ROWS * depth;
  for (let i = 0; i < rows; i += TILE_ROWS, packedA += bytes, c += TILE_ROWS * stride) {
    const height = min(TILE_ROWS, rows - i);
    if (height < TILE_ROWS || width < TILE_COLUMNS) {
      addPartOfTile(packedA, packedB, c, stride, depth, height, width, isFirst);
    } else if (isFirst) {
      addTile(packedA, packedB, c, stride, depth, true);
    } else {
      addTile(packedA, packedB, c, stride, depth, false);
    }
  }
}

/** The tile at the edge of C is computed whole, beside C, and its part inside copied. */
function addPartOfTile(
  packedA: usize, packedB: usize, c: usize, stride: usize, depth: i32, height: i32, width: i32, isFirst: bool,
): void {
  const tile = packedB + B_BYTES, tileStride: usize = 4 * TILE_COLUMNS;
  if (isFirst) memory.fill(tile, 0, TILE_BYTES);
  else for (let i = 0; i < height; i++) memory.copy(tile + i * tileStride, c + i * stride, 4 * width);
  addTile(packedA, packedB, tile, tileStride, depth, false);
  for (let i = 0; i < height; i++) memory.copy(c + i * stride, tile + i * tileStride, 4 * width);
}
