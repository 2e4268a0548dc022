/**
 * Statistics of large samples (the weights of a layer), accumulated in double precision.
 *
 * @module
 */
import { normalDistribution } from "./error_function.ts";
import { requireEntries, requireInteger, requirePositive, requireProbability } from "./requirements.ts";

/** A sample: the entries of a matrix, for instance. */
export type Sample = Float32Array | Float64Array;

/** Moments of a sample, all with the weight 1/n. */
export interface SampleMoments {
  /** The number of entries n. */
  readonly count: number;
  /** The mean. */
  readonly mean: number;
  /** The mean squared deviation from the mean, in squared units. */
  readonly variance: number;
  /** The third standardised moment; 0 for a constant sample. */
  readonly skewness: number;
  /** The fourth standardised moment less the 3 of a normal distribution; 0 for a constant sample. */
  readonly excessKurtosis: number;
  /** The smallest entry. */
  readonly minimum: number;
  /** The largest entry. */
  readonly maximum: number;
}

/** A histogram with bins of equal width. */
export interface Histogram {
  /** The left edge of the first bin. */
  readonly low: number;
  /** The right edge of the last bin. */
  readonly high: number;
  /** Entries a bin; the last bin includes its right edge. */
  readonly counts: Uint32Array;
  /** Entries outside [low, high]. */
  readonly outside: number;
}

// Sums over blocks of this length are added up separately, which keeps rounding errors near those of one block.
const BLOCK = 4096;

/**
 * Mean, variance, skewness, excess kurtosis and range, in two passes.
 *
 * @throws {RangeError} If the sample is empty or an entry is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const moments = sampleMoments(Float64Array.of(1, 2, 3, 4));
 * assertEquals([moments.mean, moments.variance, moments.skewness], [2.5, 1.25, 0]);
 * ```
 */
export function sampleMoments(sample: Sample): SampleMoments {
  requireEntries("describe the sample", "it", sample);
  const mean = meanOf(sample);
  const { second, third, fourth } = centralMoments(sample, mean);
  const range = rangeOf(sample);
  // The mean of equal numbers may be rounded to another one.
  const isConstant = range.minimum === range.maximum;
  return {
    count: sample.length,
    mean: isConstant ? range.minimum : mean,
    variance: isConstant ? 0 : second,
    skewness: isConstant ? 0 : third / second ** 1.5,
    excessKurtosis: isConstant ? 0 : fourth / second ** 2 - 3,
    ...range,
  };
}

/**
 * The distance of Kolmogorov and Smirnov, sup_x |F_n(x) - Phi((x - mean) / deviation)|, from a normal distribution.
 *
 * @param mean The mean of the normal distribution, often the sample's own.
 * @param deviation Its standard deviation.
 * @throws {RangeError} If the sample is empty or `deviation` is not > 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(kolmogorovSmirnovDistance(Float64Array.of(0), 0, 1), 0.5);
 * ```
 */
export function kolmogorovSmirnovDistance(sample: Sample, mean: number, deviation: number): number {
  requireEntries("measure the distance from a normal distribution", "the sample", sample);
  requirePositive("measure the distance from a normal distribution", "the deviation", deviation);
  const sorted = sample.toSorted();
  const normal = (rank: number) => normalDistribution((sorted[rank] - mean) / deviation);
  return largestGap(normal, sorted.length);
}

/**
 * Quantiles by linear interpolation between order statistics (Hyndman and Fan's type 7).
 *
 * @param probabilities Numbers in [0, 1], in any order: 0 gives the minimum, 1 the maximum.
 * @throws {RangeError} If the sample is empty or a probability is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(sampleQuantiles(Float64Array.of(3, 1, 2), [0, 0.25, 1]), [1, 1.5, 3]);
 * ```
 */
export function sampleQuantiles(sample: Sample, probabilities: readonly number[]): number[] {
  requireEntries("compute quantiles", "the sample", sample);
  const sorted = sample.toSorted();
  return probabilities.map((probability) => {
    requireProbability("compute quantiles", "the probability", probability);
    return interpolate(sorted, probability * (sorted.length - 1));
  });
}

/**
 * How many entries fall into each of `bins` equal parts of [low, high].
 *
 * @throws {RangeError} If `bins` is not an integer >= 1 or the range is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { counts, outside } = sampleHistogram(Float64Array.of(0, 1, 2, 3), { bins: 2, low: 0, high: 2 });
 * assertEquals([...counts, outside], [1, 2, 1]);
 * ```
 */
export function sampleHistogram(
  sample: Sample,
  { bins, low, high }: { readonly bins: number; readonly low: number; readonly high: number },
): Histogram {
  requireInteger("make a histogram", "the number of bins", bins, 1);
  requirePositive("make a histogram", "the width of its range", high - low);
  const counts = new Uint32Array(bins);
  let outside = 0;
  for (const entry of sample) {
    if (entry >= low && entry <= high) {
      counts[Math.min(bins - 1, Math.floor(((entry - low) / (high - low)) * bins))]++;
    } else outside++;
  }
  return { low, high, counts, outside };
}

function meanOf(sample: Sample): number {
  let total = 0;
  for (let from = 0; from < sample.length; from += BLOCK) {
    let block = 0;
    for (const entry of sample.subarray(from, from + BLOCK)) block += entry;
    total += block;
  }
  if (!Number.isFinite(total)) {
    throw new RangeError(`Cannot describe the sample as its entries must be finite: their sum is ${total}`);
  }
  return total / sample.length;
}

function centralMoments(sample: Sample, mean: number): { second: number; third: number; fourth: number } {
  const sums = [0, 0, 0];
  for (let from = 0; from < sample.length; from += BLOCK) {
    addBlockOfPowers(sums, sample.subarray(from, from + BLOCK), mean);
  }
  const [second, third, fourth] = sums.map((sum) => sum / sample.length);
  return { second, third, fourth };
}

function addBlockOfPowers(sums: number[], block: Sample, mean: number): void {
  let [second, third, fourth] = [0, 0, 0];
  for (const entry of block) {
    const deviation = entry - mean;
    const square = deviation * deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
  sums[0] += second;
  sums[1] += third;
  sums[2] += fourth;
}

function rangeOf(sample: Sample): { minimum: number; maximum: number } {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const entry of sample) {
    if (entry < minimum) minimum = entry;
    if (entry > maximum) maximum = entry;
  }
  return { minimum, maximum };
}

function interpolate(sorted: Sample, position: number): number {
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

// Branch and bound over ranks: F_n and the normal distribution both increase, so the gap inside a range of ranks is
// at most the larger of the two differences across it. Few of the millions of entries need the normal distribution.
function largestGap(normal: (rank: number) => number, count: number): number {
  let largest = 0;
  const measure = (rank: number): number => {
    const probability = normal(rank);
    largest = Math.max(largest, probability - rank / count, (rank + 1) / count - probability);
    return probability;
  };
  const search = (low: number, high: number, normalLow: number, normalHigh: number): void => {
    const bound = Math.max(high / count - normalLow, normalHigh - (low + 1) / count);
    if (high - low < 2 || bound <= largest) return;
    const middle = (low + high) >>> 1;
    const normalMiddle = measure(middle);
    search(low, middle, normalLow, normalMiddle);
    search(middle, high, normalMiddle, normalHigh);
  };
  search(0, count - 1, measure(0), measure(count - 1));
  return largest;
}
