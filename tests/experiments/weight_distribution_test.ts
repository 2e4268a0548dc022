import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { distributionOf, standardisedBins } from "../../src/experiments/measurements/weight_distribution.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

function gaussian(rows: number, columns: number, spike = 0): Matrix {
  const stream = new RandomStream(5, "weights");
  const made = matrix(rows, columns);
  made.data.forEach((_, index) => made.data[index] = 0.3 * stream.normal() + 0.1);
  const [left, right] = [rows, columns].map((length) =>
    Array.from({ length }, () => stream.normal() / Math.sqrt(length))
  );
  made.data.forEach((_, index) => {
    made.data[index] += spike * left[Math.floor(index / columns)] * right[index % columns];
  });
  return made;
}

Deno.test("the histogram counts every weight once, on a grid that moves with mean and deviation", () => {
  const weights = gaussian(60, 50);
  const layer = distributionOf(weights);
  assertEquals(layer.counts.reduce((sum, count) => sum + count, 0) + layer.outside, 3000);
  const moved = distributionOf({ ...weights, data: weights.data.map((weight) => 8 * weight + 16) });
  assertEquals(moved.counts, layer.counts);
  assertAlmostEquals(moved.mean, 8 * layer.mean + 16, 1e-9);
});

Deno.test("of normal weights, the densities are those of the standard normal distribution", () => {
  const bins = standardisedBins(distributionOf(gaussian(300, 300)), 6);
  assertAlmostEquals(bins.reduce((sum, { low, high, density }) => sum + density * (high - low), 0), 1, 1e-12);
  for (const { low, high, density } of bins) {
    const centre = (low + high) / 2;
    const normal = Math.exp(-(centre ** 2) / 2) / Math.sqrt(2 * Math.PI);
    // Five standard errors of a count, and the curvature of the density within a bin.
    assertAlmostEquals(density, normal, 5 * Math.sqrt((normal + 1e-4) / 90_000 / 0.2) + 0.002);
  }
});

Deno.test("a spike that the marginal does not show raises the largest singular value above the edge", () => {
  const plain = distributionOf({ ...gaussian(80, 80), data: gaussian(80, 80).data.map((w) => w - 0.1) });
  const spiked = distributionOf({
    ...gaussian(80, 80, 9),
    data: gaussian(80, 80, 9).data.map((w) => w - 0.1),
  });
  assert(plain.spectralNorm / plain.spectralEdge < 1.05);
  assert(spiked.spectralNorm / spiked.spectralEdge > 1.3);
  assert(spiked.lilliefors < 0.886 * 1.5);
  assert(spiked.spikeProbabilityLn < -100 && plain.spikeProbabilityLn > -20);
});

Deno.test("a constant layer has all its weights in one bin", () => {
  const layer = distributionOf(matrix(2, 3, Float64Array.from({ length: 6 }, () => 2)));
  assertEquals([layer.variance, layer.kolmogorovSmirnov, layer.outside], [0, 0.5, 0]);
  assertEquals(layer.counts.filter((count) => count > 0), [6]);
});
