import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { logExpMinusOne, logOneMinusExp, logSumExp } from "../../src/math/log_domain.ts";
import { decimal, relativeError } from "./decimal.ts";

Deno.test("adds numbers known by their logarithms", () => {
  assertAlmostEquals(logSumExp([Math.log(1), Math.log(2), Math.log(3)]), Math.log(6), 1e-15);
  assertAlmostEquals(logSumExp([-1e5, -1e5]), -1e5 + Math.LN2);
  assertEquals([logSumExp([]), logSumExp([-Infinity]), logSumExp([Infinity, 0])], [
    -Infinity,
    -Infinity,
    Infinity,
  ]);
});

Deno.test("subtracts from 1 and subtracts 1 without cancellation", () => {
  for (const x of [1e-18, 1e-5, 0.3, 0.6931, 0.6932, 2, 30]) {
    assert(
      relativeError(logOneMinusExp(x), decimal(1).minus(decimal(-x).exp()).ln()) < 1e-15,
      `ln(1 - e^-${x})`,
    );
    const exact = decimal(x).exp().minus(1).ln();
    assertAlmostEquals(
      logExpMinusOne(x) - exact.toNumber(),
      0,
      1e-15 * Math.max(1, Math.abs(exact.toNumber())),
    );
  }
  assertEquals([logOneMinusExp(0), logOneMinusExp(Infinity)], [-Infinity, 0]);
  assertEquals([logExpMinusOne(0), logExpMinusOne(Infinity)], [-Infinity, Infinity]);
});

Deno.test("refuses a probability above 1", () => {
  assertThrows(() => logOneMinusExp(-0.1), RangeError, "x must be >= 0");
  assertThrows(() => logExpMinusOne(NaN), RangeError, "current value is NaN");
});
