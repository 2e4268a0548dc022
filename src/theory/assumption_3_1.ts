/**
 * Assumption 3.1: the weights of a layer are independent N(0, Psi). Tests of the marginal distribution, which the
 * paper's Figures 1 and 6 look at, and of the independence, which they do not see.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { requireInteger, requireNonNegative, requirePositive } from "../math/requirements.ts";
import { kolmogorovSmirnovDistance, type SampleMoments, sampleMoments } from "../math/sample_statistics.ts";

/**
 * The value of sqrt(n) D that Lilliefors (1967) gives for normal samples, with mean and variance fitted to them, at level
 * 0.05. Samples of a thousand exceed it with probability 0.06.
 */
export const lillieforsCriticalValue = 0.886;

/** How normal the entries of a layer look, one by one. */
export interface MarginalFit extends SampleMoments {
  /**
   * D, the distance of Kolmogorov and Smirnov from the fitted normal distribution; for a constant layer, to which none can
   * be fitted, 1/2: that of a point from every normal distribution around it.
   */
  readonly kolmogorovSmirnov: number;
  /** sqrt(n) D, to be compared with {@linkcode lillieforsCriticalValue}. */
  readonly lilliefors: number;
}

/** A layer's spectrum as far as the test of independence needs it. */
export interface LayerSpectrum {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** Psi, the mean of the squared weights. */
  readonly variance: number;
  /** ||A||_2, the largest singular value. */
  readonly spectralNorm: number;
}

/** The verdict on a layer's largest singular value. */
export interface SpikeTest {
  /** The edge sqrt(Psi) (sqrt d1 + sqrt d2), in weight units. */
  readonly edge: number;
  /** ||A||_2 / edge; above 1 by more than a few percent, the weights are not independent. */
  readonly ratio: number;
  /** ln of a bound on the probability of so large a value under the assumption; 0 says nothing. */
  readonly probabilityLn: number;
}

/**
 * Moments of a layer's weights and their distance from a normal distribution with the same mean and variance.
 *
 * @param weights A^l (rows = outputs, columns = inputs).
 * @throws {RangeError} If an entry is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const { excessKurtosis } = marginalFit(matrix(1, 4, Float64Array.of(-1, 1, -1, 1)));
 * assertAlmostEquals(excessKurtosis, -2);
 * ```
 */
export function marginalFit(weights: Matrix): MarginalFit {
  const moments = sampleMoments(weights.data);
  const { mean, variance, count } = moments;
  const distance = variance === 0 ? 0.5 : kolmogorovSmirnovDistance(weights.data, mean, Math.sqrt(variance));
  return { ...moments, kolmogorovSmirnov: distance, lilliefors: Math.sqrt(count) * distance };
}

/**
 * The edge sqrt(Psi) (sqrt d1 + sqrt d2) of Bai and Yin: where the largest singular value of independent entries lies.
 * For Gaussian ones it also bounds its mean, at every size.
 *
 * @throws {RangeError} If a side is not an integer >= 1 or the variance negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(baiYinEdge({ outputs: 9, inputs: 16, variance: 4 }), 14);
 * ```
 */
export function baiYinEdge({ outputs, inputs, variance }: Omit<LayerSpectrum, "spectralNorm">): number {
  requireInteger("compute the spectrum's edge", "the number of outputs", outputs, 1);
  requireInteger("compute the spectrum's edge", "the number of inputs", inputs, 1);
  requireNonNegative("compute the spectrum's edge", "the variance", variance);
  return Math.sqrt(variance) * (Math.sqrt(outputs) + Math.sqrt(inputs));
}

/**
 * Tests the independence of the weights by the largest singular value, which a histogram of entries cannot see.
 *
 * Under Assumption 3.1, P(||A||_2 > edge + sqrt(Psi) t) <= exp(-t^2 / 2) (Davidson and Szarek), so that
 * t = (||A||_2 - edge) / sqrt(Psi) gives a bound on the probability of what was seen.
 *
 * @throws {RangeError} If a side is not an integer >= 1, the variance is not > 0 or the norm negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { ratio, probabilityLn } = spikeTest({ outputs: 25, inputs: 25, variance: 1, spectralNorm: 20 });
 * assertEquals([ratio, probabilityLn], [2, -50]);
 * ```
 */
export function spikeTest(layer: LayerSpectrum): SpikeTest {
  requirePositive("test the spectrum", "the variance", layer.variance);
  requireNonNegative("test the spectrum", "the spectral norm", layer.spectralNorm);
  const edge = baiYinEdge(layer);
  const excess = Math.max(0, layer.spectralNorm - edge);
  return { edge, ratio: layer.spectralNorm / edge, probabilityLn: 0 - excess ** 2 / layer.variance / 2 };
}
