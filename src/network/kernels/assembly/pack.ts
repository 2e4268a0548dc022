// Packing: the operands in the order in which the tile reads them.

/**
 * Copies `lanes` (0 to 4) vectors of `depth` entries side by side: entry p of lane l goes to
 * `to + p * step + 4 l`, and missing lanes become 0.
 *
 * Entry p of lane l lies at `from + l * laneStride + p * depthStride` (bytes).
 */
export function packLanes(
  from: usize, laneStride: usize, depthStride: usize, lanes: i32, depth: i32, to: usize, step: usize,
): void {
  if (lanes < 4) packSomeLanes(from, laneStride, depthStride, lanes, depth, to, step);
  else if (laneStride == 4) copyLanes(from, depthStride, depth, to, step);
  else packFourLanes(from, laneStride, depthStride, depth, to, step);
}

function copyLanes(from: usize, depthStride: usize, depth: i32, to: usize, step: usize): void {
  for (let p = 0; p < depth; p++, from += depthStride, to += step) v128.store(to, v128.load(from));
}

function packFourLanes(
  from: usize, laneStride: usize, depthStride: usize, depth: i32, to: usize, step: usize,
): void {
  const blocked = depthStride == 4 ? depth & ~3 : 0;
  for (let p = 0; p < blocked; p += 4, from += 16, to += 4 * step) transposeBlock(from, laneStride, to, step);
  packSomeLanes(from, laneStride, depthStride, 4, depth - blocked, to, step);
}

/** Transposes a 4 x 4 block whose rows lie `stride` bytes apart into one whose rows lie `step` bytes apart. */
@inline
function transposeBlock(from: usize, stride: usize, to: usize, step: usize): void {
  const row0 = v128.load(from), row1 = v128.load(from + stride);
  const row2 = v128.load(from + 2 * stride), row3 = v128.load(from + 3 * stride);
  const low01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

function packSomeLanes(
  from: usize, laneStride: usize, depthStride: usize, lanes: i32, depth: i32, to: usize, step: usize,
): void {
  for (let p = 0; p < depth; p++, from += depthStride, to += step) {
    v128.store(to, f32x4.splat(0));
    for (let lane = 0; lane < lanes; lane++) {
      store<f32>(to + 4 * lane, load<f32>(from + lane * laneStride));
    }
  }
}

/** Writes the transpose of a matrix (rows x columns, contiguous) to `to`. */
export function transpose(rows: i32, columns: i32, from: usize, to: usize): void {
  const stride: usize = 4 * columns, step: usize = 4 * rows, blocked = rows & ~3;
  for (let i = 0; i < blocked; i += 4) packFourLanes(from + i * stride, stride, 4, columns, to + 4 * i, step);
  for (let i = blocked; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + j * step + 4 * i, load<f32>(from + i * stride + 4 * j));
  }
}
