import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  binomialLowerLimit,
  binomialLowerQuantile,
  binomialLowerTail,
  binomialLowerTailLn,
  binomialUpperLimit,
  binomialUpperQuantile,
  binomialUpperTail,
  binomialUpperTailLn,
} from "../../src/math/binomial.ts";
import { exactBinomial, relativeDifference, toNumber } from "./exact.ts";

/** Exact P(X >= k) and P(X <= k) as numerators over a common denominator. */
function exactTails(trials: number, probability: number) {
  const { weights, total } = exactBinomial(trials, probability);
  let sum = 0n;
  const lower = weights.map((weight) => sum += weight);
  return { total, lower, upper: lower.map((_, k) => total - (k === 0 ? 0n : lower[k - 1])) };
}

Deno.test("has both tails to 1e-12 relative down to 1e-25", () => {
  for (const [trials, probability] of [[20, 0.5], [200, 0.3], [300, 0.02], [250, 0.999], [100, 1e-9]]) {
    const { total, lower, upper } = exactTails(trials, probability);
    for (let k = 0; k <= trials; k += 1 + Math.floor(trials / 60)) {
      check(binomialUpperTail({ trials, probability }, k), upper[k], total);
      check(binomialLowerTail({ trials, probability }, k), lower[k], total);
    }
  }
});

function check(value: number, numerator: bigint, denominator: bigint): void {
  const exact = { numerator, denominator };
  if (numerator > 0n && toNumber(exact) > 1e-25) {
    assert(relativeDifference(value, exact) < 1e-12, `${value} is not ${toNumber(exact)}`);
  }
}

Deno.test("keeps the logarithm of tails below the smallest double", () => {
  const distribution = { trials: 2000, probability: 0.25 };
  assertAlmostEquals(binomialUpperTailLn(distribution, 2000), 2000 * Math.log(0.25), 1e-9);
  assertAlmostEquals(binomialLowerTailLn(distribution, 0), 2000 * Math.log(0.75), 1e-10);
  assertEquals(binomialUpperTail(distribution, 2000), 0);
});

Deno.test("knows what is certain and what is impossible", () => {
  const distribution = { trials: 5, probability: 0.2 };
  assertEquals([binomialUpperTail(distribution, 0), binomialUpperTail(distribution, 6)], [1, 0]);
  assertEquals([binomialLowerTail(distribution, 5), binomialLowerTail(distribution, -1)], [1, 0]);
  assertEquals(binomialUpperTail({ trials: 5, probability: 0 }, 1), 0);
  assertEquals(binomialLowerTail({ trials: 5, probability: 1 }, 4), 0);
  assertEquals(binomialUpperTail({ trials: 0, probability: 0.5 }, 0), 1);
});

Deno.test("has the quantiles that exact sums give", () => {
  const [trials, probability] = [60, 0.3];
  const { total, lower, upper } = exactTails(trials, probability);
  const share = (numerator: bigint) => numerator === 0n ? 0 : toNumber({ numerator, denominator: total });
  for (const tail of [1e-20, 1e-9, 0.01, 0.3, 0.5, 0.9]) {
    const highest = lower.findIndex((_, k) => k === trials || share(upper[k + 1]) <= tail);
    const lowest = lower.findLastIndex((_, k) => k === 0 || share(lower[k - 1]) <= tail);
    assertEquals(binomialUpperQuantile({ trials, probability }, tail), highest);
    assertEquals(binomialLowerQuantile({ trials, probability }, tail), lowest);
  }
  assertEquals(binomialUpperQuantile({ trials, probability }, 0), 60);
  assertEquals(binomialLowerQuantile({ trials, probability }, 0), 0);
  assertEquals(binomialUpperQuantile({ trials, probability }, 1), 0);
  assertEquals(binomialLowerQuantile({ trials, probability }, 1), 60);
});

Deno.test("gives confidence limits at which the tail is delta", () => {
  for (
    const [trials, successes, delta] of [[100, 3, 0.05], [60000, 1200, 1e-9], [50, 49, 0.9], [10, 0, 0.5]]
  ) {
    const observation = { trials, successes, deltaLn: Math.log(delta) };
    const upper = binomialUpperLimit(observation);
    assertAlmostEquals(binomialLowerTail({ trials, probability: upper }, successes) / delta, 1, 1e-9);
    if (successes === 0) continue;
    const lower = binomialLowerLimit(observation);
    assertAlmostEquals(binomialUpperTail({ trials, probability: lower }, successes) / delta, 1, 1e-9);
  }
  assertEquals(binomialUpperLimit({ trials: 4, successes: 4, deltaLn: -1 }), 1);
  assertEquals(binomialLowerLimit({ trials: 4, successes: 0, deltaLn: -1 }), 0);
});

Deno.test("covers the true probability, by exact sums over everything that can be seen", () => {
  const [trials, delta] = [25, 0.1];
  const limits = Array.from({ length: trials + 1 }, (_, successes) => {
    const observation = { trials, successes, deltaLn: Math.log(delta) };
    return [binomialLowerLimit(observation), binomialUpperLimit(observation)];
  });
  for (let p = 0.03; p < 1; p += 0.07) {
    const { weights, total } = exactBinomial(trials, p);
    const missing = (side: number) =>
      weights.reduce(
        (sum, weight, k) => (side === 1 ? p > limits[k][1] : p < limits[k][0]) ? sum + weight : sum,
        0n,
      );
    assert(isAtMostTenth(missing(1), total) && isAtMostTenth(missing(0), total), `p = ${p}`);
  }
});

function isAtMostTenth(part: bigint, total: bigint): boolean {
  return part * 10n <= total;
}

Deno.test("works with a delta of exp(-30000), as codes of networks need", () => {
  const limit = binomialUpperLimit({ trials: 60000, successes: 1200, deltaLn: -30000 });
  assertAlmostEquals(binomialLowerTailLn({ trials: 60000, probability: limit }, 1200), -30000, 1e-6);
});

Deno.test("refuses counts and probabilities out of range", () => {
  assertThrows(() => binomialUpperTail({ trials: 1.5, probability: 0.5 }, 1), RangeError, "number of trials");
  assertThrows(
    () => binomialUpperTail({ trials: 5, probability: 1.5 }, 1),
    RangeError,
    "success probability",
  );
  assertThrows(() => binomialUpperTail({ trials: 5, probability: 0.5 }, 1.5), RangeError, "the count");
  assertThrows(
    () => binomialUpperLimit({ trials: 3, successes: 4, deltaLn: -1 }),
    RangeError,
    "an integer >= 4",
  );
  assertThrows(
    () => binomialLowerLimit({ trials: 3, successes: 1, deltaLn: 0 }),
    RangeError,
    "ln delta must be < 0",
  );
  assertThrows(
    () => binomialUpperQuantile({ trials: 3, probability: 0.5 }, -1),
    RangeError,
    "tail probability",
  );
});
