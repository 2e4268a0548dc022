/**
 * Algorithm 1: magnitude-based pruning (MBP).
 *
 * Each weight off the diagonal becomes zero with probability exp(-A_ij^2 / (d Psi)).
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import type { RandomStream } from "../math/random_stream.ts";
import { type SparseMatrix, sparsePart } from "../math/sparse_matrix.ts";

/** Options of {@linkcode pruningThresholds}. */
export interface PruningOptions {
  /** Whether weights with i = j are never pruned, as the paper says (its authors' code prunes them). Default true. */
  readonly keepsDiagonal?: boolean;
}

/**
 * The layer's variance Psi, in the form that Assumption 3.1 gives it: the mean of the squares, as the mean is zero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * assertEquals(secondMoment(matrix(1, 2, Float64Array.of(1, 3))), 5);
 * ```
 */
export function secondMoment({ data }: Matrix): number {
  let total = 0;
  for (let index = 0; index < data.length; index++) total += data[index] * data[index];
  return total / data.length;
}

/**
 * The value of d above which each weight is pruned, for one fixed uniform draw U_ij a weight.
 *
 * Algorithm 1 prunes when U_ij < exp(-A_ij^2 / (d Psi)), which is the same as d > A_ij^2 / (Psi ln(1 / U_ij)). With
 * the draws fixed, the masks are nested in d and a search over d sees no noise. A kept diagonal has the threshold
 * Infinity; a weight of zero is pruned at every d > 0 and kept at d = 0.
 *
 * @param weights A^l (rows = outputs, columns = inputs).
 * @param variance Psi_l, in squared weight units.
 * @param stream The source of the draws, one a weight in row-major order.
 * @returns One threshold a weight, row-major.
 * @throws {RangeError} If `variance` is not positive.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * import { RandomStream } from "../math/random_stream.ts";
 * const thresholds = pruningThresholds(matrix(2, 2), 1, new RandomStream(0, "mask"));
 * assertEquals([...thresholds], [Infinity, 0, 0, Infinity]);
 * ```
 */
export function pruningThresholds(
  weights: Matrix,
  variance: number,
  stream: RandomStream,
  options: PruningOptions = {},
): Float64Array {
  if (!(variance > 0)) {
    throw new RangeError(`Cannot prune the layer as its variance must be > 0: current value is ${variance}`);
  }
  const { keepsDiagonal = true } = options;
  const thresholds = new Float64Array(weights.data.length);
  for (let index = 0; index < thresholds.length; index++) {
    thresholds[index] = weights.data[index] ** 2 / (variance * -Math.log(stream.uniform()));
  }
  if (keepsDiagonal) {
    for (let i = 0; i < Math.min(weights.rows, weights.columns); i++) {
      thresholds[i * weights.columns + i] = Infinity;
    }
  }
  return thresholds;
}

/**
 * The pruned layer A^^l at pruning parameter d: weights whose threshold is below d are zero.
 *
 * @throws {RangeError} If d is negative or not a number.
 * @throws {TypeError} If there is not one threshold a weight.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const weights = matrix(1, 3, Float64Array.of(7, 8, 9));
 * assertEquals([...prune(weights, Float64Array.of(Infinity, 0.5, 2), 1).data], [7, 0, 9]);
 * ```
 */
export function prune(weights: Matrix, thresholds: Float64Array, d: number): Matrix {
  checkPruning(weights, thresholds, d);
  const data = weights.data.slice();
  for (let index = 0; index < data.length; index++) if (d > thresholds[index]) data[index] = 0;
  return { ...weights, data };
}

/**
 * What pruning at d takes away: Delta^l = A^l - A^^l, which is sparse for the small d that margins allow.
 *
 * @throws {RangeError} If d is negative or not a number.
 * @throws {TypeError} If there is not one threshold a weight.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const weights = matrix(1, 3, Float64Array.of(7, 8, 9));
 * const { columnIndices, values } = prunedPart(weights, Float64Array.of(Infinity, 0.5, 2), 1);
 * assertEquals([[...columnIndices], [...values]], [[1], [8]]);
 * ```
 */
export function prunedPart(weights: Matrix, thresholds: Float64Array, d: number): SparseMatrix {
  checkPruning(weights, thresholds, d);
  return sparsePart(weights, (index) => d > thresholds[index]);
}

/**
 * How many weights pruning at d keeps, the diagonal and kept zeros included.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(keptCount(Float64Array.of(Infinity, 0.5, 2), 1), 2);
 * ```
 */
export function keptCount(thresholds: Float64Array, d: number): number {
  let kept = 0;
  for (let index = 0; index < thresholds.length; index++) if (!(d > thresholds[index])) kept++;
  return kept;
}

function checkPruning(weights: Matrix, thresholds: Float64Array, d: number): void {
  if (!(d >= 0)) throw new RangeError(`Cannot prune the layer as d must be >= 0: current value is ${d}`);
  if (thresholds.length !== weights.data.length) {
    throw new TypeError(
      `Cannot prune the layer as it needs ${weights.data.length} thresholds: ${thresholds.length} were given`,
    );
  }
}
