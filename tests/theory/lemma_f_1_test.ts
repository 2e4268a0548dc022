import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  hasLoadForTriple,
  maximumLoadProbability,
  smallestLoadForTriple,
  tripleLoadFailure,
  tripleLoadFailureBound,
  tripleLoadFailurePrinted,
} from "../../src/theory/lemma_f_1.ts";
import { pascalRow, relativeDifference, toNumber } from "../math/exact.ts";

/** The number of ways to throw 0 .. balls balls into bins with no load above the limit, bin by bin. */
function exactWays(balls: number, bins: number, load: number): bigint {
  const pascal = Array.from({ length: balls + 1 }, (_, n) => pascalRow(n));
  let ways: bigint[] = [1n, ...Array(balls).fill(0n)];
  for (let bin = 0; bin < bins; bin++) {
    ways = ways.map((_, total) => {
      let sum = 0n;
      for (let own = 0; own <= Math.min(load, total); own++) sum += pascal[total][own] * ways[total - own];
      return sum;
    });
  }
  return ways[balls];
}

Deno.test("has the exact probability of the largest load, to 1e-12 relative", () => {
  for (const [balls, bins] of [[1, 1], [5, 3], [12, 12], [30, 7], [40, 20]]) {
    for (let load = 1; load <= balls; load += 1 + Math.floor(balls / 8)) {
      const exact = { numerator: exactWays(balls, bins, load), denominator: BigInt(bins) ** BigInt(balls) };
      const probability = maximumLoadProbability({ balls, bins }, load);
      if (exact.numerator === 0n) assertEquals(probability, 0);
      else {assert(
          relativeDifference(probability, exact) < 1e-12,
          `${balls}, ${bins}, ${load}: ${toNumber(exact)}`,
        );}
    }
  }
});

Deno.test("agrees with thrown balls", () => {
  const stream = new RandomStream(12, "balls");
  let within = 0;
  for (let trial = 0; trial < 3000; trial++) {
    const loads = new Uint32Array(20);
    for (let ball = 0; ball < 50; ball++) loads[stream.integer(20)]++;
    if (Math.max(...loads) <= 6) within++;
  }
  const exact = maximumLoadProbability({ balls: 50, bins: 20 }, 6);
  assertAlmostEquals(within / 3000, exact, 4 * Math.sqrt(exact * (1 - exact) / 3000));
});

Deno.test("shows the lemma false below its missing condition: n = 784", () => {
  const failure = (load: number) => tripleLoadFailure({ balls: load * 784, bins: 784 });
  const expected = [[0.5, 1, 1e-3], [1, 1, 1e-3], [2, 0.974, 1e-3], [3, 0.579, 1e-3], [4, 0.192, 1e-3], [
    5,
    0.052,
    1e-3,
  ]];
  for (const [load, probability, tolerance] of expected) {
    assertAlmostEquals(failure(load), probability, tolerance);
  }
  assertAlmostEquals(failure(8) / 9e-4, 1, 0.05);
  assert(failure(4) > tripleLoadFailurePrinted({ balls: 1, bins: 784 }));
});

Deno.test("holds from the corrected condition on, and Chernoff's bound everywhere", () => {
  for (const bins of [2, 10, 50, 100, 300]) {
    const balls = Math.ceil(smallestLoadForTriple(bins) * bins);
    const experiment = { balls, bins };
    assert(hasLoadForTriple(experiment) && !hasLoadForTriple({ balls: balls - 1, bins }));
    assert(tripleLoadFailure(experiment) <= tripleLoadFailureBound(experiment));
    assert(tripleLoadFailureBound(experiment) <= tripleLoadFailurePrinted(experiment) + 1e-15);
  }
  assertAlmostEquals(smallestLoadForTriple(1000) / Math.log(1000), 1.029, 5e-4);
});

Deno.test("is certain where no bin can hold more, and impossible where the balls do not fit", () => {
  assertEquals(maximumLoadProbability({ balls: 7, bins: 3 }, 7), 1);
  assertEquals(maximumLoadProbability({ balls: 7, bins: 3 }, 2.9), 0);
  assertEquals(maximumLoadProbability({ balls: 0, bins: 3 }, 0), 1);
  assertAlmostEquals(maximumLoadProbability({ balls: 6, bins: 3 }, 2), 90 / 729, 1e-14);
});

Deno.test("refuses counts out of range", () => {
  assertThrows(() => maximumLoadProbability({ balls: -1, bins: 3 }, 1), RangeError, "number of balls");
  assertThrows(() => maximumLoadProbability({ balls: 1, bins: 0 }, 1), RangeError, "number of bins");
  assertThrows(() => smallestLoadForTriple(0.5), RangeError, "number of bins");
});
