/**
 * The draws of Algorithm 1 that all measurements of a run share, so that their masks are nested; and what becomes of
 * layers that are zero or not finite, of which it can prune nothing.
 *
 * @module
 */
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
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
