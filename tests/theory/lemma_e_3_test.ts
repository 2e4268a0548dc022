import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  chainedNonzeroCount,
  directNonzeroCount,
  prunedCountProbability,
  prunedCountProbabilityPrinted,
} from "../../src/theory/lemma_e_3.ts";
import { exactBinomial, toNumber } from "../math/exact.ts";

Deno.test("is P(more than alpha) as printed and P(at least alpha) as corrected", () => {
  const { weights, total } = exactBinomial(100, 0.3);
  const tail = (from: number) =>
    toNumber({ numerator: weights.slice(from).reduce((sum, weight) => sum + weight), denominator: total });
  const event = { candidates: 100, kappa: 0.3, prunedCount: 30 };
  assertAlmostEquals(prunedCountProbabilityPrinted(event), tail(31), 1e-13);
  assertAlmostEquals(prunedCountProbability(event), tail(30), 1e-13);
  assertAlmostEquals(prunedCountProbabilityPrinted(event), 0.4509, 5e-5);
  assertAlmostEquals(prunedCountProbability(event), 0.5377, 5e-5);
});

/** The least share of weights that the chained lemmas can certify, over a grid of kappa. */
function bestChainedShare(entries: number, d: number): number {
  let least = 1;
  for (let kappa = 0.02; kappa < 1; kappa += 0.02) {
    least = Math.min(least, chainedNonzeroCount({ entries, kappa, d }, 0.01) / entries);
  }
  return least;
}

Deno.test("certifies far more weights by both lemmas than straight from the distribution", () => {
  const entries = 784 ** 2;
  for (const [d, chained, direct] of [[1, 0.685, 0.424], [10, 0.31, 0.088], [58.5, 0.106, 0.017]]) {
    assertAlmostEquals(bestChainedShare(entries, d), chained, 2e-3);
    assertAlmostEquals(directNonzeroCount({ entries, d }, 0.01) / entries, direct, 5e-4);
  }
});

Deno.test("certifies a true count: the direct one is exceeded with probability delta at most", () => {
  const { weights, total } = exactBinomial(200, 1 - Math.sqrt(3 / 5));
  const count = directNonzeroCount({ entries: 200, d: 3 }, 0.02);
  const exceeded = (limit: number) =>
    toNumber({
      numerator: weights.slice(limit + 1).reduce((sum, weight) => sum + weight),
      denominator: total,
    });
  assert(exceeded(count) <= 0.02 && exceeded(count - 1) > 0.02);
});

Deno.test("refuses fields out of range", () => {
  const event = { candidates: 10, kappa: 0.3, prunedCount: 3 };
  assertThrows(() => prunedCountProbability({ ...event, kappa: -0.1 }), RangeError, "kappa");
  assertThrows(() => prunedCountProbability({ ...event, prunedCount: -1 }), RangeError, "alpha");
  assertThrows(() => prunedCountProbabilityPrinted({ ...event, candidates: 0.5 }), RangeError, "tau");
  assertThrows(() => chainedNonzeroCount({ entries: 10, kappa: 0.5, d: 1 }, 0), RangeError, "delta");
  assertThrows(() => directNonzeroCount({ entries: 10, d: -1 }, 0.1), RangeError, "d must be >= 0");
});
