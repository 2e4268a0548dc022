/**
 * What the checks draw: Gaussian layers, pruned layers, inputs.
 *
 * @module
 */
import { type Matrix, matrix } from "../../math/matrix.ts";
import { difference } from "../../math/norms.ts";
import type { RandomStream } from "../../math/random_stream.ts";
import { prune, pruningThresholds } from "../../theory/algorithm_1.ts";

/** A layer under Assumption 3.1 (rows = outputs, columns = inputs). */
export function gaussianLayer(rows: number, columns: number, variance: number, stream: RandomStream): Matrix {
  const deviation = Math.sqrt(variance);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => deviation * stream.normal()),
  );
}

/** A layer whose entries look independent and are not: Gaussian, with the rank-one part `norm` u v^T added. */
export function spikedLayer(size: number, variance: number, norm: number, stream: RandomStream): Matrix {
  const layer = gaussianLayer(size, size, variance, stream);
  const [u, v] = [unitVector(size, stream), unitVector(size, stream)];
  layer.data.forEach((_, index) => {
    layer.data[index] += norm * u[Math.floor(index / size)] * v[index % size];
  });
  return layer;
}

/** A^, the layer after Algorithm 1 at d, with a draw a weight from the stream. */
export function prunedLayer(layer: Matrix, variance: number, d: number, stream: RandomStream): Matrix {
  return prune(layer, pruningThresholds(layer, variance, stream), d);
}

/** Delta = A - A^ after Algorithm 1 at d. */
export function deltaOf(layer: Matrix, variance: number, d: number, stream: RandomStream): Matrix {
  return difference(layer, prunedLayer(layer, variance, d, stream));
}

/** A uniformly random vector of norm 1. */
export function unitVector(dimension: number, stream: RandomStream): Float64Array {
  const direction = Float64Array.from({ length: dimension }, () => stream.normal());
  const norm = Math.hypot(...direction);
  return direction.map((entry) => entry / norm);
}

/** A x. */
export function product({ rows, columns, data }: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from(
    { length: rows },
    (_, row) => x.reduce((total, entry, column) => total + data[row * columns + column] * entry, 0),
  );
}

/** The mean of `draws` draws. */
export function meanOf(draws: number, draw: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < draws; index++) total += draw(index);
  return total / draws;
}

/** The largest of `draws` draws. */
export function largestOf(draws: number, draw: (index: number) => number): number {
  let largest = -Infinity;
  for (let index = 0; index < draws; index++) largest = Math.max(largest, draw(index));
  return largest;
}

/** E f(z) for a standard normal z, by the trapezoidal rule, which converges geometrically for smooth f. */
export function gaussianMean(f: (z: number) => number): number {
  const step = 1e-3;
  let total = 0;
  for (let z = -12; z <= 12; z += step) total += f(z) * Math.exp(-z * z / 2);
  return total * step / Math.sqrt(2 * Math.PI);
}
