import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { normalDistribution } from "../../src/math/error_function.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  kolmogorovSmirnovDistance,
  sampleHistogram,
  sampleMoments,
  sampleQuantiles,
} from "../../src/math/sample_statistics.ts";
import { toNumber } from "./exact.ts";

function normals(length: number, name: string): Float32Array {
  const stream = new RandomStream(1, name);
  return Float32Array.from({ length }, () => stream.normal());
}

/** The central moment of an order, summed exactly: the entries are multiples of 2^-40. */
function centralMoment(sample: Float32Array, order: number): number {
  const entries = [...sample].map((entry) => BigInt(entry * 2 ** 40));
  const [count, sum] = [BigInt(entries.length), entries.reduce((total, entry) => total + entry)];
  const total = entries.reduce((power, entry) => power + (count * entry - sum) ** BigInt(order), 0n);
  const denominator = count ** BigInt(order + 1) * 2n ** BigInt(40 * order);
  return Math.sign(Number(total)) * toNumber({ numerator: total < 0n ? -total : total, denominator });
}

Deno.test("has the moments of a sample far from zero", () => {
  const sample = normals(700, "moments").map((entry) => 1000 + Math.exp(entry / 2));
  const { count, variance, skewness, excessKurtosis, minimum, maximum } = sampleMoments(sample);
  assertEquals([count, minimum, maximum], [700, Math.min(...sample), Math.max(...sample)]);
  const [second, third, fourth] = [2, 3, 4].map((order) => centralMoment(sample, order));
  assertAlmostEquals(variance / second, 1, 1e-12);
  assertAlmostEquals(skewness / (third / second ** 1.5), 1, 1e-12);
  assertAlmostEquals((excessKurtosis + 3) / (fourth / second ** 2), 1, 1e-12);
});

Deno.test("has the moments of more entries than one block", () => {
  const sample = Float32Array.from({ length: 100_000 }, (_, index) => 1e4 + (index % 2));
  const { mean, variance, excessKurtosis } = sampleMoments(sample);
  assertAlmostEquals(mean, 1e4 + 0.5, 1e-9);
  assertAlmostEquals(variance, 0.25, 1e-12);
  assertAlmostEquals(excessKurtosis, -2, 1e-10);
});

Deno.test("calls the shape of a constant sample that of a point", () => {
  // In double precision the mean of three times 0.1 is another number.
  for (const sample of [new Float32Array(5), new Float64Array(3)]) {
    const { mean, variance, skewness, excessKurtosis } = sampleMoments(sample.fill(0.1));
    assertEquals([mean, variance, skewness, excessKurtosis], [sample[0], 0, 0, 0]);
  }
});

Deno.test("measures the distance from a normal distribution as an exhaustive search does", () => {
  for (const [name, shape] of [["a", 1], ["b", 0.3], ["ties", 0]] as const) {
    const sample = normals(1500, name).map((entry) =>
      shape === 0 ? Math.round(entry * 2) : entry + shape * entry ** 3
    );
    const sorted = sample.toSorted();
    let largest = 0;
    sorted.forEach((entry, rank) => {
      const probability = normalDistribution((entry - 0.1) / 1.3);
      largest = Math.max(largest, probability - rank / 1500, (rank + 1) / 1500 - probability);
    });
    assertEquals(kolmogorovSmirnovDistance(sample, 0.1, 1.3), largest);
  }
});

Deno.test("interpolates quantiles", () => {
  const sample = Float64Array.of(10, 0, 30, 20);
  assertEquals(sampleQuantiles(sample, [1, 0.5, 1 / 3, 0.125]), [30, 15, 10, 3.75]);
  assertEquals([...sample], [10, 0, 30, 20]);
  assertEquals(sampleQuantiles(Float32Array.of(7), [0, 0.3, 1]), [7, 7, 7]);
});

Deno.test("counts every entry of a histogram once", () => {
  const sample = normals(5000, "histogram");
  const { counts, outside } = sampleHistogram(sample, { bins: 20, low: -2, high: 2 });
  const inBin = (bin: number) => sample.filter((x) => x >= -2 + bin / 5 && x < -2 + (bin + 1) / 5).length;
  assertEquals(counts[3], inBin(3));
  assertEquals(counts.reduce((sum, count) => sum + count) + outside, 5000);
  assert(outside > 150);
});

Deno.test("refuses samples without meaning", () => {
  assertThrows(() => sampleMoments(new Float32Array(0)), RangeError, "must not be empty");
  assertThrows(() => sampleMoments(Float32Array.of(1, NaN)), RangeError, "entries must be finite");
  assertThrows(() => sampleMoments(Float32Array.of(1, Infinity)), RangeError, "entries must be finite");
  assertThrows(
    () => kolmogorovSmirnovDistance(Float32Array.of(1), 0, 0),
    RangeError,
    "deviation must be > 0",
  );
  assertThrows(() => sampleQuantiles(Float32Array.of(1), [1.1]), RangeError, "probability must be in [0, 1]");
  assertThrows(() => sampleHistogram(Float32Array.of(1), { bins: 0, low: 0, high: 1 }), RangeError, "bins");
  assertThrows(() => sampleHistogram(Float32Array.of(1), { bins: 1, low: 1, high: 1 }), RangeError, "width");
});
