import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bernoulliDivergence,
  lowerDivergenceInverse,
  poissonDeviance,
  upperDivergenceInverse,
} from "../../src/math/bernoulli_divergence.ts";
import { decimal, relativeError } from "./decimal.ts";

type Decimal = ReturnType<typeof decimal>;

function exactDivergence(q: Decimal, p: Decimal): Decimal {
  const part = (a: Decimal, b: Decimal) => a.isZero() ? decimal(0) : a.times(a.div(b).ln());
  return part(q, p).plus(part(decimal(1).minus(q), decimal(1).minus(p)));
}

const frequencies = [0, 1e-9, 1e-3, 0.02, 0.3, 0.5, 0.97];

Deno.test("computes the divergence to 1e-13 relative, also for nearly equal distributions", () => {
  for (const q of frequencies) {
    for (const p of [1e-12, 1e-3, 0.0200001, 0.3, 0.3000000001, 0.31, 0.5, 0.999999]) {
      if (p === q) continue;
      const exact = exactDivergence(decimal(q), decimal(p));
      assert(relativeError(bernoulliDivergence(q, p), exact) < 1e-13, `kl(${q} || ${p})`);
    }
  }
});

Deno.test("knows the divergence of certain events", () => {
  assertEquals([bernoulliDivergence(0, 0), bernoulliDivergence(1, 1), bernoulliDivergence(0.3, 0.3)], [
    0,
    0,
    0,
  ]);
  assertEquals([bernoulliDivergence(0.1, 0), bernoulliDivergence(0.1, 1)], [Infinity, Infinity]);
  assertEquals(poissonDeviance(0, 3), 3);
});

Deno.test("inverts the divergence to 1e-12 relative on both sides", () => {
  for (const q of frequencies) {
    for (const budget of [1e-12, 1e-6, 0.01, 0.5, 3, 20]) {
      for (
        const [inverse, outward] of [[upperDivergenceInverse(q, budget), 1], [
          lowerDivergenceInverse(q, budget),
          -1,
        ]]
      ) {
        if (inverse === q || inverse < 1e-300 || inverse === 1) continue;
        // Where 1 - p is what is small, a relative change of 1 - p is the one that a double can show.
        const width = decimal(1e-12).times(Math.min(inverse, 1 - inverse)).plus(
          2 ** -53 * (inverse > 0.5 ? 1 : 0),
        );
        const inside = exactDivergence(decimal(q), decimal(inverse).minus(width.times(outward)));
        const outside = exactDivergence(decimal(q), decimal(inverse).plus(width.times(outward)));
        assert(
          inside.lte(decimal(budget)) && outside.gte(decimal(budget)),
          `q = ${q}, budget = ${budget}: ${inverse}`,
        );
      }
    }
  }
});

Deno.test("inverts at the ends", () => {
  assertEquals(upperDivergenceInverse(1, 0.1), 1);
  assertEquals(upperDivergenceInverse(0.2, 0), 0.2);
  assertEquals(upperDivergenceInverse(0.2, Infinity), 1);
  assertEquals(lowerDivergenceInverse(0, 0.1), 0);
  assertAlmostEquals(upperDivergenceInverse(0, 1e-12) / -Math.expm1(-1e-12), 1, 1e-15);
  assertAlmostEquals(1 - lowerDivergenceInverse(0.8, 0.3), upperDivergenceInverse(1 - 0.8, 0.3), 1e-14);
});

Deno.test("refuses frequencies and budgets out of range", () => {
  assertThrows(() => bernoulliDivergence(1.1, 0.5), RangeError, "q must be in [0, 1]: current value is 1.1");
  assertThrows(() => bernoulliDivergence(0.1, NaN), RangeError, "p must be in [0, 1]");
  assertThrows(() => upperDivergenceInverse(0.1, -1), RangeError, "the budget must be >= 0");
});
