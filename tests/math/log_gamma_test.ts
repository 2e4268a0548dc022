import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  logBinomial,
  logFactorial,
  logGamma,
  logMultinomial,
  stirlingRemainder,
} from "../../src/math/log_gamma.ts";
import { decimal, relativeError } from "./decimal.ts";
import { pascalRow } from "./exact.ts";

Deno.test("takes log-factorials of exact factorials", () => {
  let factorial = 1n;
  for (let n = 1n; n <= 300n; n++) {
    factorial *= n;
    if (n > 1n) assert(relativeError(logFactorial(Number(n)), decimal(factorial).ln()) < 4e-15, `${n}!`);
  }
  assertAlmostEquals(logFactorial(0), 0, 1e-15);
});

Deno.test("takes log-gamma at half-integers", () => {
  let gamma = decimal(-1).acos().sqrt();
  for (let z = 0.5; z < 60; z++) {
    assertAlmostEquals(logGamma(z) - gamma.ln().toNumber(), 0, 1e-15 * Math.max(10, z * Math.log(z)));
    gamma = gamma.times(z);
  }
});

Deno.test("has the remainder of Stirling's formula", () => {
  for (const z of [1e-3, 0.3, 1, 7.7, 15.99, 16, 50]) {
    const step = (z + 0.5) * Math.log1p(1 / z) - 1;
    assertAlmostEquals(stirlingRemainder(z) - stirlingRemainder(z + 1), step, 4e-15);
  }
  assertAlmostEquals(stirlingRemainder(1e8), 1 / 12e8, 1e-22);
});

Deno.test("counts choices like Pascal's triangle, however large", () => {
  for (const n of [1, 2, 50, 701]) {
    const row = pascalRow(n);
    for (let k = 1; k < n; k++) {
      assert(relativeError(logBinomial(n, k), decimal(row[k]).ln()) < 3e-15, `${n}, ${k}`);
    }
    assertEquals([logBinomial(n, 0), logBinomial(n, n)], [0, 0]);
  }
  const large = decimal(1e9).times(999_999_999).div(2).ln();
  assert(relativeError(logBinomial(1e9, 2), large) < 1e-14);
});

Deno.test("counts arrangements", () => {
  assertAlmostEquals(logMultinomial([3, 2, 4, 0]), Math.log(1260), 1e-14);
  assertEquals(logMultinomial([]), 0);
});

Deno.test("refuses what has no factorial", () => {
  assertThrows(() => logFactorial(-1), RangeError, "an integer >= 0");
  assertThrows(() => logBinomial(3, 4), RangeError, "n must be an integer >= 4");
  assertThrows(() => logBinomial(3, NaN), RangeError, "current value is NaN");
  assertThrows(() => logGamma(0), RangeError, "z must be > 0");
});
