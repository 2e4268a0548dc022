/**
 * Quantisation of a pruned matrix: every weight that is left becomes one of a few values.
 *
 * @module
 */
import type { Matrix } from "./matrix.ts";
import { requireEntries, requireInteger } from "./requirements.ts";

/** The precision in which a codebook's numbers are written down: IEEE half or single. */
export type NumberBits = 16 | 32;

/** The values that quantised weights may take, and what it costs to write them down. */
export interface Codebook {
  /** The values in increasing order, each different. */
  readonly values: Float64Array;
  /** b: a weight's value is one of at most 2^b. */
  readonly indexBits: number;
  /** Numbers from which a decoder rebuilds the values. */
  readonly storedNumbers: number;
  /** Bits of each of those numbers. */
  readonly numberBits: NumberBits;
}

/** Options of both codebooks. */
export interface CodebookOptions {
  /** b, the number of bits of a weight's index: an integer from 1 to 16. */
  readonly bits: number;
  /** The precision of the codebook's numbers. Default 16. */
  readonly numberBits?: NumberBits;
}

// Lloyd's iteration stops by itself once no boundary moves; the cap only guards against a cycle of rounding errors.
const MOST_ROUNDS = 1000;

/**
 * The codebook of 2^b values at equal distances from the smallest to the largest nonzero weight. Its two ends alone
 * are stored.
 *
 * @throws {RangeError} If `bits` is out of range or no weight is nonzero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...uniformCodebook(Float64Array.of(0, -1, 2), { bits: 2 }).values], [-1, 0, 1, 2]);
 * ```
 */
export function uniformCodebook(weights: Matrix["data"], options: CodebookOptions): Codebook {
  const { bits, numberBits = 16 } = options;
  const sorted = sortedNonzero(weights, bits);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]].map((end) => roundTo(end, numberBits));
  const last = 2 ** bits - 1;
  const values = Float64Array.from(
    { length: last + 1 },
    (_, k) => Math.fround(low + (high - low) * k / last),
  );
  return { values: distinct(values), indexBits: bits, storedNumbers: 2, numberBits };
}

/**
 * The codebook of 2^b values that makes the squared error small: Lloyd's iteration (k-means in one dimension) from
 * the quantiles of the nonzero weights. All its values are stored.
 *
 * @throws {RangeError} If `bits` is out of range or no weight is nonzero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const weights = Float64Array.of(0, -1, -1.5, 2, 2.5);
 * assertEquals([...kMeansCodebook(weights, { bits: 1 }).values], [-1.25, 2.25]);
 * ```
 */
export function kMeansCodebook(weights: Matrix["data"], options: CodebookOptions): Codebook {
  const { bits, numberBits = 16 } = options;
  const sorted = sortedNonzero(weights, bits);
  const centres = lloyd(sorted, quantileCentres(sorted, 2 ** bits));
  const values = distinct(centres.map((centre) => roundTo(centre, numberBits)));
  return { values, indexBits: bits, storedNumbers: 2 ** bits, numberBits };
}

/**
 * The matrix with each nonzero weight replaced by the nearest value of the codebook; zeros stay zeros.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const weights = matrix(1, 3, Float64Array.of(0, 0.9, -2));
 * const codebook = kMeansCodebook(Float64Array.of(1, -1), { bits: 1 });
 * assertEquals([...quantise(weights, codebook).data], [0, 1, -1]);
 * ```
 */
export function quantise(weights: Matrix, codebook: Codebook): Matrix {
  const boundaries = midpoints(codebook.values);
  const nearest = (weight: number) => codebook.values[countBelow(boundaries, weight)];
  return { ...weights, data: weights.data.map((weight) => (weight === 0 ? 0 : nearest(weight))) };
}

function sortedNonzero(weights: Matrix["data"], bits: number): Float64Array {
  requireInteger("make a codebook", "the number of bits", bits, 1);
  if (bits > 16) {
    throw new RangeError(
      `Cannot make a codebook as the number of bits must be <= 16: current value is ${bits}`,
    );
  }
  const nonzero = Float64Array.from(weights.filter((weight) => weight !== 0));
  requireEntries("make a codebook", "the set of nonzero weights", nonzero);
  return nonzero.sort();
}

function roundTo(value: number, bits: NumberBits): number {
  return bits === 16 ? Math.f16round(value) : Math.fround(value);
}

function distinct(sorted: Float64Array): Float64Array {
  return sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
}

function midpoints(values: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, k) => (values[k] + values[k + 1]) / 2);
}

function quantileCentres(sorted: Float64Array, count: number): Float64Array {
  const at = (k: number) => sorted[Math.floor(((k + 0.5) / count) * sorted.length)];
  return Float64Array.from({ length: count }, (_, k) => at(k));
}

// With the weights sorted, a cluster is a range, and its mean is a difference of two prefix sums.
function lloyd(sorted: Float64Array, start: Float64Array): Float64Array {
  const sums = prefixSums(sorted);
  let centres = start;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = clusterMeans(sorted, sums, centres);
    if (next.every((centre, k) => centre === centres[k])) return centres;
    centres = next;
  }
  return centres;
}

function clusterMeans(sorted: Float64Array, sums: Float64Array, centres: Float64Array): Float64Array {
  const inner = midpoints(centres).map((boundary) => countBelow(sorted, boundary));
  const edges = [0, ...inner, sorted.length];
  // An empty cluster stays where it was.
  return centres.map((centre, k) => {
    const size = edges[k + 1] - edges[k];
    return size === 0 ? centre : (sums[edges[k + 1]] - sums[edges[k]]) / size;
  });
}

function prefixSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => sums[index + 1] = sums[index] + value);
  return sums;
}

function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
