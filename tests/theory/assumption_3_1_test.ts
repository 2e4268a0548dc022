import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { secondMoment } from "../../src/theory/algorithm_1.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  baiYinEdge,
  lillieforsCriticalValue,
  marginalFit,
  spikeTest,
} from "../../src/theory/assumption_3_1.ts";
import { spectralNorm } from "./relu_network.ts";

function gaussian(rows: number, columns: number, stream: RandomStream): Matrix {
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.normal()));
}

function testSpike(weights: Matrix) {
  const variance = secondMoment(weights);
  return spikeTest({
    outputs: weights.rows,
    inputs: weights.columns,
    variance,
    spectralNorm: spectralNorm(weights),
  });
}

/** Adds a rank-one part of spectral norm 3, spread over all entries. */
function withSpike(weights: Matrix, size: number): Matrix {
  const share = size / Math.sqrt(weights.data.length);
  const sign = (index: number) =>
    (index % 3 === 0 ? 1 : -1) * (Math.floor(index / weights.columns) % 2 ? 1 : -1);
  return { ...weights, data: weights.data.map((weight, index) => weight + share * sign(index)) };
}

Deno.test("rejects normal samples about as often as Lilliefors' table says", () => {
  const stream = new RandomStream(4, "lilliefors");
  let rejected = 0;
  for (let trial = 0; trial < 400; trial++) {
    if (marginalFit(gaussian(20, 50, stream)).lilliefors > lillieforsCriticalValue) rejected++;
  }
  // 0.05 with four standard errors of 400 trials.
  assertAlmostEquals(rejected / 400, 0.05, 4 * Math.sqrt(0.05 * 0.95 / 400));
});

Deno.test("rejects uniform weights, whose kurtosis it also sees", () => {
  const stream = new RandomStream(4, "uniform");
  const uniform = matrix(40, 50, Float32Array.from({ length: 2000 }, () => stream.uniform() - 0.5));
  const fit = marginalFit(uniform);
  assert(fit.lilliefors > lillieforsCriticalValue);
  assertAlmostEquals(fit.excessKurtosis, -1.2, 0.1);
});

Deno.test("finds the spike that the histogram of entries misses", () => {
  const weights = gaussian(60, 90, new RandomStream(4, "spike"));
  const spiked = withSpike(weights, 40);
  assert(marginalFit(spiked).lilliefors < lillieforsCriticalValue);
  assert(Math.abs(testSpike(weights).ratio - 1) < 0.05);
  const { ratio, probabilityLn } = testSpike(spiked);
  assert(ratio > 1.8 && probabilityLn < -100);
});

Deno.test("bounds how often the norm of independent weights passes the edge", () => {
  const stream = new RandomStream(4, "edge");
  const layer = { outputs: 12, inputs: 8, variance: 1 };
  const norms = Array.from({ length: 400 }, () => spectralNorm(gaussian(12, 8, stream)));
  for (const t of [-0.5, 0, 0.3, 0.6]) {
    const share = norms.filter((norm) => norm > baiYinEdge(layer) + t).length / 400;
    const { probabilityLn } = spikeTest({ ...layer, spectralNorm: baiYinEdge(layer) + t });
    assert(share <= Math.exp(probabilityLn));
  }
  const { probabilityLn } = spikeTest({
    outputs: 12,
    inputs: 8,
    variance: 4,
    spectralNorm: 2 * baiYinEdge(layer) + 6,
  });
  assertAlmostEquals(probabilityLn, -(3 ** 2) / 2, 1e-12);
  const mean = norms.reduce((sum, norm) => sum + norm) / 400;
  assert(mean < baiYinEdge(layer) && mean > 0.85 * baiYinEdge(layer));
});

Deno.test("has a defined answer for a constant layer, and refuses what is none", () => {
  const { kolmogorovSmirnov, lilliefors, variance } = marginalFit(matrix(2, 2));
  assertEquals([kolmogorovSmirnov, lilliefors, variance], [0.5, 1, 0]);
  assertThrows(() => marginalFit(matrix(1, 2, Float64Array.of(1, NaN))), RangeError, "finite");
  const layer = { outputs: 2, inputs: 2, variance: 1, spectralNorm: 1 };
  assertThrows(() => spikeTest({ ...layer, variance: 0 }), RangeError, "variance must be > 0");
  assertThrows(() => spikeTest({ ...layer, spectralNorm: NaN }), RangeError, "spectral norm");
  assertThrows(() => baiYinEdge({ ...layer, inputs: 0 }), RangeError, "number of inputs");
});
