import { assertAlmostEquals, assertThrows } from "@std/assert";
import { continuedFraction } from "../../src/math/continued_fraction.ts";

Deno.test("evaluates tan by Lambert's fraction", () => {
  for (const x of [0.1, 1, 1.5]) {
    const fraction = continuedFraction({ numerator: () => -x * x, denominator: (k) => 2 * k + 1 });
    assertAlmostEquals(x / fraction / Math.tan(x), 1, 1e-14);
  }
});

Deno.test("passes through a vanishing denominator", () => {
  const value = continuedFraction({
    numerator: (k) => (k === 1 ? 1 : 2),
    denominator: (k) => (k < 2 ? 0 : 1),
  });
  assertAlmostEquals(value, 1 / (2 / 2), 1e-12);
});

Deno.test("says so where it does not converge", () => {
  const swinging = { numerator: () => -1, denominator: () => 1.5 };
  assertThrows(() => continuedFraction(swinging), RangeError, "must converge in 1000000 terms");
});
