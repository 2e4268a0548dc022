/**
 * How the trained weights of each layer are distributed: what Figures 1 and 6 draw, and the largest singular value,
 * which they do not see.
 *
 * @module
 */
import { z } from "zod";
import type { Matrix } from "../../math/matrix.ts";
import { type Histogram, sampleHistogram } from "../../math/sample_statistics.ts";
import { secondMoment } from "../../theory/algorithm_1.ts";
import { marginalFit, spikeTest } from "../../theory/assumption_3_1.ts";
import { degenerateWeights, finiteSpectralNorm } from "./mask_thresholds.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";

const layerDistribution = z.strictObject({
  /** d1. */
  outputs: z.int(),
  /** d2. */
  inputs: z.int(),
  mean: numeric,
  /** The mean squared deviation from the mean. */
  variance: numeric,
  skewness: numeric,
  excessKurtosis: numeric,
  minimum: numeric,
  maximum: numeric,
  /** D, the distance of Kolmogorov and Smirnov from the normal distribution with this mean and variance. */
  kolmogorovSmirnov: numeric,
  /** sqrt(d1 d2) D. */
  lilliefors: numeric,
  /** Psi, the mean of the squared weights. */
  secondMoment: numeric,
  /** ||A||_2. */
  spectralNorm: numeric,
  /** sqrt(Psi) (sqrt d1 + sqrt d2). */
  spectralEdge: numeric,
  /** ln of a bound on the probability of so large a norm under Assumption 3.1. */
  spikeProbabilityLn: numeric,
  /** Weights in each bin of the grid, from left to right. */
  counts: z.array(z.int()),
  /** Weights beyond the grid on either side. */
  outside: z.int(),
});

const weightDistributionSchema = z.strictObject({
  schema: z.literal(1),
  /** The grid reaches so many standard deviations to either side of a layer's mean. */
  reach: z.number(),
  layers: z.array(layerDistribution),
});

/** The distribution of the weights of each layer. */
export type WeightDistribution = z.infer<typeof weightDistributionSchema>;

/** The distribution of the weights of one layer. */
export type LayerDistribution = z.infer<typeof layerDistribution>;

/** One bin of a layer's histogram, in standard deviations from its mean. */
export interface StandardisedBin {
  /** Its left edge. */
  readonly low: number;
  /** Its right edge. */
  readonly high: number;
  /** The share of the layer's weights in it, divided by its width. */
  readonly density: number;
}

/** Wide enough for the tails that a high learning rate makes, fine enough for the spike at the centre. */
const grid = { reach: 6, bins: 60 };

/** The distribution of the weights of each layer. */
export const weightDistribution: Measurement<WeightDistribution> = {
  name: "weight-distribution",
  schema: weightDistributionSchema,
  evaluations: () => 0,
  measure: ({ weights }: Subject): Promise<WeightDistribution> =>
    Promise.resolve({ schema: 1, reach: grid.reach, layers: weights.layers.map(distributionOf) }),
};

/**
 * The histogram of a layer as densities, so that layers of any size compare with the standard normal density.
 *
 * @param layer The layer.
 * @param reach `reach` of the measurement that the layer is part of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const layer = distributionOf(matrix(1, 2, Float64Array.of(-1, 1)));
 * const bins = standardisedBins(layer, 6).filter(({ density }) => density > 0);
 * assertEquals(bins.map(({ low, density }) => [low.toFixed(1), density.toFixed(1)]), [["-1.0", "2.5"], ["1.0", "2.5"]]);
 * ```
 */
export function standardisedBins(layer: LayerDistribution, reach: number): StandardisedBin[] {
  const { counts, outputs, inputs } = layer;
  const width = 2 * reach / counts.length;
  return counts.map((count, bin) => ({
    low: bin * width - reach,
    high: (bin + 1) * width - reach,
    density: count / (outputs * inputs) / width,
  }));
}

/**
 * The distribution of the weights of one layer.
 *
 * Of weights that are not all finite, nothing is known: every number is NaN, and the histogram is empty. Of zeros, whose
 * spectrum has its edge at 0, the largest singular value says nothing.
 *
 * @param weights A^l (rows = outputs, columns = inputs).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../math/matrix.ts";
 * const { mean, variance, secondMoment } = distributionOf(matrix(1, 2, Float64Array.of(1, 3)));
 * assertEquals([mean, variance, secondMoment], [2, 1, 5]);
 * ```
 */
export function distributionOf(weights: Matrix): LayerDistribution {
  const variance = secondMoment(weights);
  const degenerate = degenerateWeights(variance);
  if (degenerate === "weights not finite") return unknownDistribution(weights);
  const { count: _, ...fit } = marginalFit(weights);
  const layer = {
    outputs: weights.rows,
    inputs: weights.columns,
    variance,
    spectralNorm: finiteSpectralNorm(weights),
  };
  const { edge, probabilityLn } = degenerate ? { edge: 0, probabilityLn: 0 } : spikeTest(layer);
  const { counts, outside } = histogramAround(weights.data, fit.mean, Math.sqrt(fit.variance));
  return {
    outputs: layer.outputs,
    inputs: layer.inputs,
    ...fit,
    secondMoment: layer.variance,
    spectralNorm: layer.spectralNorm,
    spectralEdge: edge,
    spikeProbabilityLn: probabilityLn,
    counts: [...counts],
    outside,
  };
}

function unknownDistribution({ rows, columns }: Matrix): LayerDistribution {
  return {
    outputs: rows,
    inputs: columns,
    mean: NaN,
    variance: NaN,
    skewness: NaN,
    excessKurtosis: NaN,
    minimum: NaN,
    maximum: NaN,
    kolmogorovSmirnov: NaN,
    lilliefors: NaN,
    secondMoment: NaN,
    spectralNorm: NaN,
    spectralEdge: NaN,
    spikeProbabilityLn: NaN,
    counts: Array(grid.bins).fill(0),
    outside: rows * columns,
  };
}

/**
 * A constant layer has no deviation, up to the rounding of its mean: all its weights are in the middle of a grid of
 * width 1, or as wide as the weights are large.
 */
function histogramAround(weights: Matrix["data"], mean: number, deviation: number): Histogram {
  const isConstant = deviation <= Number.EPSILON * Math.abs(mean);
  const halfWidth = isConstant ? Math.max(0.5, Math.abs(mean)) : grid.reach * deviation;
  return sampleHistogram(weights, { bins: grid.bins, low: mean - halfWidth, high: mean + halfWidth });
}
