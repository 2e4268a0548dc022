/**
 * The spectral norm ||A||_2 (largest singular value) by the Lanczos method.
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix as Dense } from "ml-matrix";
import { denseOperator } from "./dense_operator.ts";
import type { Matrix } from "./matrix.ts";
import { RandomStream } from "./random_stream.ts";

/** A linear map that is known only by its products. */
export interface LinearOperator {
  /** Length of A x. */
  readonly rows: number;
  /** Length of x. */
  readonly columns: number;
  /** A^T A x, of length `columns`. */
  normalTimes(x: Float64Array): Float64Array;
}

/** Options of {@linkcode spectralNorm}. */
export interface SpectralNormOptions {
  /** Stop when the residual ||A^T A v - theta v|| is at most this share of theta. Default 1e-6. */
  readonly tolerance?: number;
  /** Where the start vector comes from. Default: a pinned stream, so that equal matrices have equal norms. */
  readonly stream?: RandomStream;
}

/**
 * The largest singular value of A, from Lanczos tridiagonalisation of A^T A with full reorthogonalisation.
 *
 * The Ritz value never exceeds the true norm. Its error is of the order of the squared residual, so the default
 * tolerance of 1e-6 gives ten or more digits; a random start misses the top singular vector with probability 0.
 *
 * @throws {RangeError} If an entry is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * assertAlmostEquals(spectralNorm(matrix(2, 2, Float64Array.of(3, 0, 0, -7))), 7);
 * ```
 */
export function spectralNorm(a: Matrix | LinearOperator, options: SpectralNormOptions = {}): number {
  const { tolerance = 1e-6, stream = new RandomStream(0, "spectral norm/start") } = options;
  const scale = "data" in a ? scaleOf(a) : 1;
  if ("data" in a && scale !== 1) {
    return scale * spectralNorm({ ...a, data: a.data.map((entry) => entry / scale) }, options);
  }
  const operator = "data" in a ? denseOperator(a) : a;
  let vector = unit(Float64Array.from({ length: operator.columns }, () => stream.normal()));
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  for (;;) {
    basis.push(vector);
    const image = operator.normalTimes(vector);
    diagonal.push(dot(image, vector));
    if (!Number.isFinite(diagonal[diagonal.length - 1])) {
      throw new RangeError(
        "Cannot compute a spectral norm as every entry must be finite: there is one that is not",
      );
    }
    orthogonalise(image, basis);
    const beta = Math.sqrt(dot(image, image));
    // A start vector with a part in the null space of A spans a Krylov space of one dimension more than the rank.
    const isLast = basis.length === Math.min(operator.rows + 1, operator.columns) || beta === 0;
    // The small eigenproblem costs as much as several products, so it is solved at every fourth step only.
    if (isLast || basis.length % 4 === 0) {
      const { value, residual } = largestRitzPair(diagonal, offDiagonal, beta);
      if (isLast || residual <= tolerance * value) return Math.sqrt(Math.max(0, value));
    }
    offDiagonal.push(beta);
    vector = image.map((entry) => entry / beta);
  }
}

/** A power of two of the size of the entries where their fourth powers, which are formed, leave the range; else 1. */
function scaleOf({ data }: Matrix): number {
  if (data instanceof Float32Array) return 1;
  const largest = data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  const exponent = Math.max(-1000, Math.floor(Math.log2(largest)));
  return largest > 0 && largest < Infinity && Math.abs(exponent) > 200 ? 2 ** exponent : 1;
}

/** The largest eigenvalue of the tridiagonal T and beta times the last entry of its vector: the residual's norm. */
function largestRitzPair(
  diagonal: number[],
  offDiagonal: number[],
  beta: number,
): { value: number; residual: number } {
  const size = diagonal.length;
  const tridiagonal = Dense.zeros(size, size);
  diagonal.forEach((entry, index) => tridiagonal.set(index, index, entry));
  offDiagonal.forEach((entry, index) => {
    tridiagonal.set(index, index + 1, entry);
    tridiagonal.set(index + 1, index, entry);
  });
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(tridiagonal, {
    assumeSymmetric: true,
  });
  const top = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  return { value: realEigenvalues[top], residual: beta * Math.abs(eigenvectorMatrix.get(size - 1, top)) };
}

/** Removes from `vector` its part in the span of the basis, twice, as once leaves rounding errors behind. */
function orthogonalise(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const projection = dot(vector, direction);
      for (let index = 0; index < vector.length; index++) vector[index] -= projection * direction[index];
    }
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let index = 0; index < x.length; index++) total += x[index] * y[index];
  return total;
}

function unit(x: Float64Array): Float64Array {
  const length = Math.sqrt(dot(x, x));
  return x.map((entry) => entry / length);
}
