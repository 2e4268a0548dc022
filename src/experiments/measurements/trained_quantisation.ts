/**
 * Trained quantisation: weights take few values one after another, and those not yet fixed learn to make up for it.
 *
 * The incremental scheme of Zhou et al. 2017 ("Incremental network quantization"), with a codebook of k-means in place
 * of powers of two.
 *
 * @module
 */
import type { QuantisedLayer } from "../../bounds/certified.ts";
import { type Codebook, kMeansCodebook, quantise } from "../../math/codebook.ts";
import type { Matrix } from "../../math/matrix.ts";
import { largestMasks } from "./iterative_pruning.ts";

/** Trains the weights under the ones of the masks and leaves the others; `step` counts from 0. */
export type TrainOpenWeights = (
  layers: readonly Matrix[],
  masks: readonly Matrix[],
  step: number,
) => Promise<readonly Matrix[]>;

/** How many times weights are fixed and the rest is trained, before all are fixed. */
export const quantisationSteps = 10;

/** What a step leaves open of the weights that were open before it. */
const OPEN_SHARE = 2 / 3;

/**
 * The layers with weights of few values: each nonzero weight becomes one of 2^b values of its layer.
 *
 * The values are fixed first, by k-means over the layer's weights. Then {@linkcode quantisationSteps} times a third of
 * a layer's open weights, the largest in magnitude, take their nearest value for good, and the open ones are trained.
 * At the end all are fixed.
 *
 * @param layers Finite weights, some of each layer nonzero (rows = outputs, columns = inputs).
 * @param bits b.
 * @param train What trains the open weights.
 * @throws {RangeError} If `bits` is out of range or a layer has no nonzero weight.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layers = [matrix(1, 4, Float32Array.of(0, 1, 1.25, -2))];
 * const [{ weights }] = await trainedQuantisation(layers, 1, (open) => Promise.resolve(open));
 * assertEquals([...weights.data], [0, 1.125, 1.125, -2]);
 * ```
 */
export async function trainedQuantisation(
  layers: readonly Matrix[],
  bits: number,
  train: TrainOpenWeights,
): Promise<QuantisedLayer[]> {
  const codebooks = layers.map(({ data }) => kMeansCodebook(data, { bits }));
  const weightCounts = layers.map(({ data }) => nonzeroCount(data));
  let weights = layers;
  let open: readonly Matrix[] = layers.map(nonzeroMask);
  for (let step = 0; step < quantisationSteps; step++) {
    const share = OPEN_SHARE ** (step + 1);
    const left = weightCounts.map((count) => Math.floor(share * count));
    const fixed = weights.map((layer, index) => largestOpen(layer, open[index], left[index]));
    weights = weights.map((layer, index) => snapped(layer, fixed[index], codebooks[index]));
    open = open.map((mask, index) => without(mask, fixed[index]));
    weights = await train(weights, open, step);
  }
  return weights.map((layer, index) => ({
    weights: quantise(layer, codebooks[index]),
    codebook: codebooks[index],
  }));
}

/** A mask of the open weights that are largest in magnitude, such that a number of them stays open. */
function largestOpen(layer: Matrix, open: Matrix, left: number): Matrix {
  const [largest] = largestMasks([layer], [open], nonzeroCount(open.data) - left);
  return largest;
}

function snapped(layer: Matrix, mask: Matrix, codebook: Codebook): Matrix {
  const nearest = quantise(layer, codebook).data;
  return {
    ...layer,
    data: layer.data.map((weight, index) => mask.data[index] === 0 ? weight : nearest[index]),
  };
}

function without(mask: Matrix, removed: Matrix): Matrix {
  return { ...mask, data: mask.data.map((kept, index) => removed.data[index] === 0 ? kept : 0) };
}

/** A mask of ones where a weight is not zero. */
export function nonzeroMask({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns, data: Float32Array.from(data, (weight) => weight === 0 ? 0 : 1) };
}

/** How many entries are not zero. */
export function nonzeroCount(data: Matrix["data"]): number {
  let count = 0;
  for (const entry of data) if (entry !== 0) count++;
  return count;
}
