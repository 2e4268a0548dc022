import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { betaTails, regularizedIncompleteBeta } from "../../src/math/incomplete_beta.ts";
import { exactFraction, relativeDifference, toNumber } from "./exact.ts";

/** P(X >= from) for n trials with p = share / 2^bits, the sum cut where terms fall below 1e-30 of it. */
function exactUpperTail(n: number, p: number, from: number) {
  const { numerator, denominator } = exactFraction(p);
  const failure = denominator - numerator;
  let ways = 1n;
  for (let k = 1; k <= from; k++) ways = (ways * BigInt(n - k + 1)) / BigInt(k);
  let total = 0n;
  let term = ways * numerator ** BigInt(from) * failure ** BigInt(n - from);
  for (let k = from; k <= n && term * 10n ** 30n > total; k++) {
    total += term;
    term = (term * BigInt(n - k) * numerator) / (BigInt(k + 1) * failure);
  }
  return { numerator: total, denominator: denominator ** BigInt(n) };
}

Deno.test("is right to 1e-12 relative far in the tail of many trials", () => {
  for (
    const [n, p, from] of [[20000, 0.25, 5600], [20000, 0.0625, 1600], [5000, 0.5, 2840], [20000, 0.25, 5050]]
  ) {
    const exact = exactUpperTail(n, p, from);
    const value = regularizedIncompleteBeta(p, from, n - from + 1);
    assert(relativeDifference(value, exact) < 1e-12, `n = ${n}: ${value}`);
    assert(toNumber(exact) > 1e-26);
  }
});

Deno.test("meets closed forms at parameters that are no integers", () => {
  for (const x of [1e-10, 0.01, 0.3, 0.5, 0.8, 0.999]) {
    assertAlmostEquals(regularizedIncompleteBeta(x, 0.5, 0.5), 2 / Math.PI * Math.asin(Math.sqrt(x)), 1e-14);
    assertAlmostEquals(regularizedIncompleteBeta(x, 2.7, 1) / x ** 2.7, 1, 1e-13);
    assertAlmostEquals(regularizedIncompleteBeta(x, 1, 0.4), 1 - (1 - x) ** 0.4, 1e-14);
    assertAlmostEquals(regularizedIncompleteBeta(x, 1.5, 0.5), arcOf(x), 1e-13);
  }
});

/** I_x(3/2, 1/2) = 2/pi (asin sqrt x - sqrt(x (1 - x))). */
function arcOf(x: number): number {
  return 2 / Math.PI * (Math.asin(Math.sqrt(x)) - Math.sqrt(x * (1 - x)));
}

Deno.test("is symmetric and adds up to 1", () => {
  for (const [x, a, b] of [[0.3, 2.5, 7.1], [0.0625, 300.25, 4000], [0.5, 1e5, 1e5]]) {
    const { lowerLn, upperLn } = betaTails(x, a, b);
    assertAlmostEquals(Math.exp(lowerLn) + Math.exp(upperLn), 1, 1e-14);
    assertAlmostEquals(betaTails(1 - x, b, a).upperLn, lowerLn, 1e-12 * Math.max(1, -lowerLn));
  }
  assertAlmostEquals(regularizedIncompleteBeta(0.5, 1e5, 1e5), 0.5, 1e-13);
});

Deno.test("does not underflow", () => {
  assertAlmostEquals(betaTails(1e-5, 3000, 1).lowerLn, 3000 * Math.log(1e-5), 1e-8);
  assertAlmostEquals(betaTails(0, 3, 1, 1).lowerLn, -Infinity);
  assertAlmostEquals(betaTails(1 - 2 ** -53, 1, 1e-3, 1e-40).upperLn, 1e-3 * Math.log(1e-40), 1e-12);
  assertEquals(betaTails(1, 2, 3), { lowerLn: 0, upperLn: -Infinity });
});

Deno.test("refuses parameters out of range", () => {
  assertThrows(() => betaTails(-0.1, 1, 1), RangeError, "x must be in [0, 1]");
  assertThrows(() => betaTails(0.1, 0, 1), RangeError, "a must be > 0");
  assertThrows(() => betaTails(0.1, 1, NaN), RangeError, "b must be > 0");
});
