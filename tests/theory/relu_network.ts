/** Random networks for tests: dense matrices, ReLU between them, everything in plain loops. */
import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import type { RandomStream } from "../../src/math/random_stream.ts";

export function randomMatrix(rows: number, columns: number, scale: number, stream: RandomStream): Matrix {
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => scale * stream.normal()));
}

export function spectralNorm({ rows, columns, data }: Matrix): number {
  return new SingularValueDecomposition(Dense.from1DArray(rows, columns, data), { autoTranspose: true })
    .norm2;
}

export function euclideanNorm(vector: ArrayLike<number>): number {
  return Math.sqrt(Array.from(vector).reduce((sum, entry) => sum + entry ** 2, 0));
}

export function apply({ rows, columns, data }: Matrix, vector: ArrayLike<number>): Float64Array {
  const result = new Float64Array(rows);
  data.forEach((entry, index) => result[Math.floor(index / columns)] += entry * vector[index % columns]);
  return result;
}

/** What enters each layer: the input, then each activation; and the output last. */
export function activations(layers: readonly Matrix[], input: Float64Array): Float64Array[] {
  const values = [input];
  layers.forEach((layer, index) => {
    const sums = apply(layer, values[index]);
    values.push(index === layers.length - 1 ? sums : sums.map((sum) => Math.max(0, sum)));
  });
  return values;
}

export function add(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: a.data.map((entry, index) => entry + b.data[index]) };
}

export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return euclideanNorm(Array.from(a, (entry, index) => entry - b[index]));
}
