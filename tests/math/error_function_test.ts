import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  complementaryErrorFunction,
  errorFunction,
  normalDistribution,
} from "../../src/math/error_function.ts";
import { decimal, relativeError } from "./decimal.ts";

/** erf(x) to about 60 digits, from its alternating series. */
function exactErrorFunction(x: number) {
  const square = decimal(x).pow(2);
  let [term, total] = [decimal(x), decimal(x)];
  for (let n = 1; n < 400; n++) {
    term = term.times(square).neg().div(n);
    total = total.plus(term.div(2 * n + 1));
  }
  return total.times(2).div(decimal(-1).acos().sqrt());
}

Deno.test("computes erf and erfc to the last digits, also where erf rounds to 1", () => {
  for (const x of [1e-9, 0.1, 0.5, 0.9, 0.999999, 1, 1.0000001, 1.5, 2, 3, 4, 5, 6.5]) {
    const exact = exactErrorFunction(x);
    assert(relativeError(errorFunction(x), exact) < 2e-15, `erf(${x})`);
    assert(relativeError(complementaryErrorFunction(x), decimal(1).minus(exact)) < 2e-14, `erfc(${x})`);
    assert(relativeError(complementaryErrorFunction(-x), exact.plus(1)) < 1e-15, `erfc(${-x})`);
  }
});

Deno.test("keeps the error function's symmetries and limits", () => {
  assertEquals(errorFunction(0), 0);
  assertEquals(errorFunction(-0.7), -errorFunction(0.7));
  assertEquals(errorFunction(-3), -errorFunction(3));
  assertEquals([errorFunction(Infinity), errorFunction(-Infinity)], [1, -1]);
  assertEquals([complementaryErrorFunction(Infinity), complementaryErrorFunction(-Infinity)], [0, 2]);
  assert(Number.isNaN(errorFunction(NaN)));
});

Deno.test("gives the normal distribution by its area", () => {
  const steps = 20000;
  let area = 0;
  for (let k = 0; k < steps; k++) area += Math.exp(-(((k + 0.5) / steps) ** 2) / 2) / steps;
  assertAlmostEquals(normalDistribution(1) - 0.5, area / Math.sqrt(2 * Math.PI), 1e-9);
});
