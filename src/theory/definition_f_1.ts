/**
 * Definition F.1: the delta-random bipartite ensemble, from which the sketching matrices A and B are drawn.
 *
 * @module
 */
import { logBinomial } from "../math/log_gamma.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import type { RandomStream } from "../math/random_stream.ts";
import { requireInteger } from "../math/requirements.ts";

/** The shape of a sketching matrix and its degree. */
export interface BipartiteEnsemble {
  /** m, the number of rows: the side of the sketch. */
  readonly sketchSize: number;
  /** p, the number of columns: the side of the sketched matrix. */
  readonly size: number;
  /** delta, the number of edges of a node. It is a degree, not the "probability term" of the text (erratum 15). */
  readonly degree: number;
}

/**
 * A draw from the ensemble as printed: each of the m rows has delta ones, in distinct columns, all choices alike.
 *
 * A column may stay empty, and then that row of X leaves no trace in the sketch (erratum 15). See
 * {@linkcode expectedEmptyColumns} and {@linkcode columnEnsemble}.
 *
 * @returns A in {0, 1}^{m x p}.
 * @throws {RangeError} If p is not an integer >= 1, m none from 1 to p, or delta none from 1 to p.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * const { data } = rowEnsemble({ sketchSize: 1, size: 5, degree: 2 }, new RandomStream(0, "sketch"));
 * assertEquals([...data].toSorted(), [0, 0, 0, 1, 1]);
 * ```
 */
export function rowEnsemble(ensemble: BipartiteEnsemble, stream: RandomStream): Matrix {
  requireEnsemble(ensemble, ensemble.size);
  const { sketchSize, size, degree } = ensemble;
  const a = matrix(sketchSize, size);
  for (let row = 0; row < sketchSize; row++) {
    for (const column of chosen(size, degree, stream)) a.data[row * size + column] = 1;
  }
  return a;
}

/**
 * A draw from the ensemble with erratum 15, which is that of Dasarathy et al. (2013): each of the p columns has delta
 * ones. They are in distinct rows here; the source draws rows with replacement, which gives at most delta.
 *
 * @returns A in {0, 1}^{m x p}.
 * @throws {RangeError} If p is not an integer >= 1, m none from 1 to p, or delta none from 1 to m.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * const { data } = columnEnsemble({ sketchSize: 5, size: 6, degree: 2 }, new RandomStream(0, "sketch"));
 * assertEquals([...data].filter((entry) => entry === 1).length, 12);
 * ```
 */
export function columnEnsemble(ensemble: BipartiteEnsemble, stream: RandomStream): Matrix {
  requireEnsemble(ensemble, ensemble.sketchSize);
  const { sketchSize, size, degree } = ensemble;
  const a = matrix(sketchSize, size);
  for (let column = 0; column < size; column++) {
    for (const row of chosen(sketchSize, degree, stream)) a.data[row * size + column] = 1;
  }
  return a;
}

/**
 * p (1 - delta/p)^m, how many columns of a draw from the printed ensemble are empty on average. At the m and delta of
 * Theorem 5.1 its share of p tends to 1.
 *
 * @throws {RangeError} If p is not an integer >= 1, m none from 1 to p, or delta none from 1 to p.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(expectedEmptyColumns({ sketchSize: 187, size: 784, degree: 14 }), 27, 0.1);
 * ```
 */
export function expectedEmptyColumns(ensemble: BipartiteEnsemble): number {
  requireEnsemble(ensemble, ensemble.size);
  const { sketchSize, size, degree } = ensemble;
  return size * (1 - degree / size) ** sketchSize;
}

/**
 * The probability that two columns of a draw with erratum 15 are equal: 1 - prod_{k < p} (1 - k / C(m, delta)). No rule
 * then tells X from X with the two rows of these columns exchanged.
 *
 * @throws {RangeError} If p is not an integer >= 1, m none from 1 to p, or delta none from 1 to m.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(equalColumnsProbability({ sketchSize: 4, size: 4, degree: 1 }), 1 - 24 / 256, 1e-14);
 * ```
 */
export function equalColumnsProbability(ensemble: BipartiteEnsemble): number {
  requireEnsemble(ensemble, ensemble.sketchSize);
  const { sketchSize, size, degree } = ensemble;
  const choices = Math.exp(logBinomial(sketchSize, degree));
  let distinctLn = 0;
  for (let column = 1; column < size; column++) distinctLn += Math.log1p(-Math.min(1, column / choices));
  return -Math.expm1(distinctLn);
}

function requireEnsemble({ sketchSize, size, degree }: BipartiteEnsemble, mostEdges: number): void {
  requireInteger("draw a sketching matrix", "m", sketchSize, 1);
  requireInteger("draw a sketching matrix", "p", size, 1);
  requireInteger("draw a sketching matrix", "delta", degree, 1);
  requireAtMost("m", sketchSize, size);
  requireAtMost("delta", degree, mostEdges);
}

function requireAtMost(name: string, value: number, most: number): void {
  if (value <= most) return;
  throw new RangeError(
    `Cannot draw a sketching matrix as ${name} must be <= ${most}: current value is ${value}`,
  );
}

function chosen(count: number, degree: number, stream: RandomStream): Uint32Array {
  return stream.permutation(count).subarray(0, degree);
}
