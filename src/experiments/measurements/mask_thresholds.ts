/**
 * The draws of Algorithm 1 that all measurements of a run share, so that their masks are nested; the spectral norms of
 * layers and of what is pruned; and what becomes of layers that are zero or not finite, of which it can prune nothing.
 *
 * @module
 */
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { type SparseMatrix, sparseOperator } from "../../math/sparse_matrix.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import { pruningThresholds, secondMoment } from "../../theory/algorithm_1.ts";

/** Why Algorithm 1, which divides by a layer's variance, cannot prune it. */
export type DegenerateWeights = "weights not finite" | "all weights zero";

/**
 * The value of d above which each weight is pruned, one list a layer, from the stream `mask/<layer>` of the run's seed.
 * A layer with {@linkcode degenerateWeights} is never pruned.
 *
 * @param layers A^1 .. A^L (rows = outputs, columns = inputs).
 * @param seed The run's seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const [zero, whole] = maskThresholds([matrix(1, 2), matrix(1, 2, Float32Array.of(3, 0))], 1);
 * assertEquals([[...zero], [...whole]], [[Infinity, Infinity], [Infinity, 0]]);
 * ```
 */
export function maskThresholds(layers: readonly Matrix[], seed: number): Float64Array[] {
  return layers.map((layer, index) => {
    const variance = secondMoment(layer);
    return degenerateWeights(variance) === null
      ? pruningThresholds(layer, variance, maskStream(index, seed))
      : new Float64Array(layer.data.length).fill(Infinity);
  });
}

/**
 * The uniform draws of one layer's masks.
 *
 * @param index Which layer it is, from 0.
 * @param seed The run's seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(maskStream(0, 1).uniform(), maskStream(0, 1).uniform());
 * ```
 */
export function maskStream(index: number, seed: number): RandomStream {
  return new RandomStream(seed, `mask/${index}`);
}

/**
 * Why a layer cannot be pruned, or null where it can.
 *
 * @param variance Psi, the mean of the layer's squared weights.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([0.1, 0, NaN].map(degenerateWeights), [null, "all weights zero", "weights not finite"]);
 * ```
 */
export function degenerateWeights(variance: number): DegenerateWeights | null {
  if (variance === 0) return "all weights zero";
  return Number.isFinite(variance) ? null : "weights not finite";
}

/** From this d on the dense product is the faster one: of normal weights more than a third is pruned. */
const denseFrom = 0.3;

/**
 * ||Delta^l||_2 at d, Delta^l being what is pruned: by its sparse product where few weights are pruned, else by its dense
 * one. Both give the same bits, as they add the same numbers in the same order, or zeros.
 *
 * @param layer A^l (rows = outputs, columns = inputs).
 * @param thresholds The value of d above which each weight is pruned.
 * @param part Gives {@linkcode prunedPart} of these, where it is needed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * import { prunedPart } from "../../theory/algorithm_1.ts";
 * const [layer, thresholds] = [matrix(1, 2, Float32Array.of(3, 4)), Float64Array.of(0.5, 5)];
 * const normAt = (d: number) => perturbationNorm(layer, thresholds, d, () => prunedPart(layer, thresholds, d));
 * assertEquals([normAt(1), normAt(4), normAt(Infinity)], [3, 3, 5]);
 * ```
 */
export function perturbationNorm(
  layer: Matrix,
  thresholds: Float64Array,
  d: number,
  part: () => SparseMatrix,
): number {
  if (d < denseFrom) return spectralNorm(sparseOperator(part()));
  const pruned = layer.data.slice();
  for (let index = 0; index < pruned.length; index++) if (!(d > thresholds[index])) pruned[index] = 0;
  return spectralNorm({ ...layer, data: pruned });
}

/** What {@linkcode finiteSpectralNorm} found: several measurements ask for the norms of the trained layers. */
const knownNorms = new WeakMap<Matrix, number>();

/**
 * ||A||_2, or NaN where a weight is not finite: computed once for a matrix, whose entries are not to be changed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * assertEquals([3, NaN].map((weight) => finiteSpectralNorm(matrix(1, 1, Float32Array.of(weight)))), [3, NaN]);
 * ```
 */
export function finiteSpectralNorm(layer: Matrix): number {
  const known = knownNorms.get(layer);
  if (known !== undefined) return known;
  const norm = Number.isFinite(secondMoment(layer)) ? spectralNorm(layer) : NaN;
  knownNorms.set(layer, norm);
  return norm;
}
