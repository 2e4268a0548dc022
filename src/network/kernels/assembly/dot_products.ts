// The matrix product for few rows when B is transposed, so that its columns are contiguous: no packing.
import { multiplyAdd, multiplyAddOne } from "./sums";

/** C = A B by dot products: four columns of B at a time serve all rows of A from the first-level cache. */
export function writeDotProducts(
  rows: i32, columns: i32, depth: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize,
): void {
  const stride = 4 * columns;
  let j = 0;
  for (; j + 4 <= columns; j += 4, b += 4 * bStride, c += 16) {
    let i = 0;
    for (; i + 2 <= rows; i += 2) {
      writeEightDotProducts(depth, a + i * aStride, aStride, b, bStride, c + i * stride, stride);
    }
    if (i < rows) v128.store(c + i * stride, fourDotProducts(depth, a + i * aStride, b, bStride));
  }
  for (; j < columns; j++, b += bStride, c += 4) {
    for (let i = 0; i < rows; i++) store<f32>(c + i * stride, dotProduct(depth, a + i * aStride, b));
  }
}

/** The products of `a` with four vectors that lie `stride` bytes apart. */
function fourDotProducts(depth: i32, a: usize, b: usize, stride: usize): v128 {
  const b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  const blocked = <usize>(depth & ~3) * 4;
  for (let p: usize = 0; p < blocked; p += 16) {
    const factor = v128.load(a + p);
    sum0 = multiplyAdd(sum0, factor, v128.load(b + p));
    sum1 = multiplyAdd(sum1, factor, v128.load(b1 + p));
    sum2 = multiplyAdd(sum2, factor, v128.load(b2 + p));
    sum3 = multiplyAdd(sum3, factor, v128.load(b3 + p));
  }
  return withLastTerms(sumsOfLanes(sum0, sum1, sum2, sum3), depth, a, b, stride);
}

/** Adds what is left of four dot products, at most three terms each. */
@inline
function withLastTerms(sums: v128, depth: i32, a: usize, b: usize, stride: usize): v128 {
  const b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
  for (let p = <usize>(depth & ~3) * 4, end = <usize>depth * 4; p < end; p += 4) {
    const column = f32x4(load<f32>(b + p), load<f32>(b1 + p), load<f32>(b2 + p), load<f32>(b3 + p));
    sums = multiplyAdd(sums, v128.load_splat<f32>(a + p), column);
  }
  return sums;
}

/** Writes the products of two vectors with four: one load of each of the four serves both. */
function writeEightDotProducts(
  depth: i32, a: usize, aStride: usize, b: usize, stride: usize, c: usize, cStride: usize,
): void {
  const b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride, d = a + aStride;
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  let other0 = sum0, other1 = sum0, other2 = sum0, other3 = sum0;
  const blocked = <usize>(depth & ~3) * 4;
  for (let p: usize = 0; p < blocked; p += 16) {
    const factor = v128.load(a + p), second = v128.load(d + p);
    let column = v128.load(b + p);
    sum0 = multiplyAdd(sum0, factor, column), other0 = multiplyAdd(other0, second, column);
    column = v128.load(b1 + p);
    sum1 = multiplyAdd(sum1, factor, column), other1 = multiplyAdd(other1, second, column);
    column = v128.load(b2 + p);
    sum2 = multiplyAdd(sum2, factor, column), other2 = multiplyAdd(other2, second, column);
    column = v128.load(b3 + p);
    sum3 = multiplyAdd(sum3, factor, column), other3 = multiplyAdd(other3, second, column);
  }
  v128.store(c, withLastTerms(sumsOfLanes(sum0, sum1, sum2, sum3), depth, a, b, stride));
  v128.store(c + cStride, withLastTerms(sumsOfLanes(other0, other1, other2, other3), depth, d, b, stride));
}

/** The four sums over the lanes of four vectors. */
@inline
function sumsOfLanes(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const even01 = v128.shuffle<f32>(v0, v1, 0, 4, 2, 6), odd01 = v128.shuffle<f32>(v0, v1, 1, 5, 3, 7);
  const even23 = v128.shuffle<f32>(v2, v3, 0, 4, 2, 6), odd23 = v128.shuffle<f32>(v2, v3, 1, 5, 3, 7);
  const pairs01 = f32x4.add(even01, odd01), pairs23 = f32x4.add(even23, odd23);
  const first = v128.shuffle<f32>(pairs01, pairs23, 0, 1, 4, 5);
  const second = v128.shuffle<f32>(pairs01, pairs23, 2, 3, 6, 7);
  return f32x4.add(first, second);
}

function dotProduct(depth: i32, a: usize, b: usize): f32 {
  let sum: f32 = 0;
  for (let p: usize = 0, end = <usize>depth * 4; p < end; p += 4) {
    sum = multiplyAddOne(sum, load<f32>(a + p), load<f32>(b + p));
  }
  return sum;
}
