import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Codebook, kMeansCodebook, quantise, uniformCodebook } from "../../src/math/codebook.ts";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

function prunedWeights(): Float32Array {
  const stream = new RandomStream(2, "codebook");
  return Float32Array.from({ length: 3000 }, () => stream.uniform() < 0.8 ? 0 : stream.normal() / 10);
}

function squaredError(weights: Float32Array, codebook: Codebook): number {
  const coded = quantise(matrix(1, weights.length, weights), codebook).data;
  return weights.reduce((sum, weight, index) => sum + (weight - coded[index]) ** 2, 0);
}

Deno.test("replaces each nonzero weight by the nearest value and leaves zeros", () => {
  const weights = prunedWeights();
  for (const codebook of [uniformCodebook(weights, { bits: 3 }), kMeansCodebook(weights, { bits: 3 })]) {
    const coded = quantise(matrix(30, 100, weights), codebook);
    assertEquals([coded.rows, coded.columns, coded.data.constructor], [30, 100, Float32Array]);
    weights.forEach((weight, index) => {
      if (weight === 0) return assertEquals(coded.data[index], 0);
      const nearest = Math.min(...codebook.values.map((value) => Math.abs(value - weight)));
      assertEquals(Math.abs(coded.data[index] - weight), nearest);
    });
  }
});

Deno.test("ends k-means where every value is the mean of its weights", () => {
  const weights = prunedWeights();
  const codebook = kMeansCodebook(weights, { bits: 2, numberBits: 32 });
  const coded = quantise(matrix(1, 3000, weights), codebook).data;
  for (const value of codebook.values) {
    const members = weights.filter((weight, index) => weight !== 0 && coded[index] === value);
    assertAlmostEquals(value, members.reduce((sum, weight) => sum + weight, 0) / members.length, 1e-8);
  }
});

Deno.test("finds the best two values, by exhaustive search over boundaries", () => {
  const weights = prunedWeights().filter((weight) => weight !== 0).slice(0, 60).sort();
  let least = Infinity;
  for (let cut = 1; cut < weights.length; cut++) {
    const spread = (part: Float32Array) => {
      const mean = part.reduce((sum, weight) => sum + weight, 0) / part.length;
      return part.reduce((sum, weight) => sum + (weight - mean) ** 2, 0);
    };
    least = Math.min(least, spread(weights.slice(0, cut)) + spread(weights.slice(cut)));
  }
  assertAlmostEquals(
    squaredError(weights, kMeansCodebook(weights, { bits: 1, numberBits: 32 })),
    least,
    1e-9,
  );
});

Deno.test("makes smaller errors with more bits and with k-means", () => {
  const weights = prunedWeights();
  const errors = [1, 2, 3, 5].map((bits) => squaredError(weights, kMeansCodebook(weights, { bits })));
  errors.slice(1).forEach((error, index) => assert(error < errors[index] / 2));
  assert(errors[2] < squaredError(weights, uniformCodebook(weights, { bits: 3 })));
});

Deno.test("stores values that half precision has, and says what it stores", () => {
  const codebook = kMeansCodebook(prunedWeights(), { bits: 4 });
  for (const value of codebook.values) assertEquals(Math.f16round(value), value);
  assertEquals([codebook.indexBits, codebook.storedNumbers, codebook.numberBits], [4, 16, 16]);
  const uniform = uniformCodebook(prunedWeights(), { bits: 4, numberBits: 32 });
  assertEquals([uniform.values.length, uniform.storedNumbers, uniform.numberBits], [16, 2, 32]);
});

Deno.test("needs fewer values where there are fewer weights", () => {
  const weights = Float32Array.of(0, 0.5, 0.5, -1);
  assertEquals([...kMeansCodebook(weights, { bits: 3 }).values], [-1, 0.5]);
  assertEquals([...uniformCodebook(Float32Array.of(2), { bits: 3 }).values], [2]);
});

Deno.test("refuses what cannot be quantised", () => {
  assertThrows(
    () => kMeansCodebook(Float32Array.of(0, 0), { bits: 2 }),
    RangeError,
    "nonzero weights must not be empty",
  );
  assertThrows(() => kMeansCodebook(Float32Array.of(1), { bits: 0 }), RangeError, "an integer >= 1");
  assertThrows(() => uniformCodebook(Float32Array.of(1), { bits: 17 }), RangeError, "<= 16");
});
