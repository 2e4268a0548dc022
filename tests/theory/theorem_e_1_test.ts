import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  binomialTailBound,
  divergenceBound,
  type FiniteClass,
  hoeffdingBound,
} from "../../src/theory/theorem_e_1.ts";

const bounds = [hoeffdingBound, divergenceBound, binomialTailBound];

Deno.test("is the printed formula", () => {
  const J = 2 ** 20;
  const bound = hoeffdingBound({ loss: 0.25, classSizeLn: Math.log(J), exampleCount: 400, delta: 0.05 });
  assertAlmostEquals(bound, 0.25 + Math.sqrt(Math.log(Math.sqrt(J / 0.05)) / 400), 1e-15);
});

Deno.test("is sharper in the Chernoff form and sharpest by the exact tail", () => {
  for (const errors of [0, 1, 50, 300, 999]) {
    for (const classSizeLn of [0, 10, 400, 5000]) {
      const finiteClass = { loss: errors / 1000, classSizeLn, exampleCount: 1000, delta: 0.05 };
      const [hoeffding, divergence, tail] = bounds.map((bound) => bound(finiteClass));
      assert(errors / 1000 <= tail && tail <= divergence + 1e-12 && divergence <= 1);
      assert(divergence <= hoeffding + 1e-12);
    }
  }
});

Deno.test("without a class and without errors is exact: delta^(1/n)", () => {
  const finiteClass = { loss: 0, classSizeLn: 0, exampleCount: 40, delta: 0.05 };
  assertAlmostEquals(binomialTailBound(finiteClass), 1 - 0.05 ** (1 / 40), 1e-15);
  assertAlmostEquals(divergenceBound(finiteClass), 1 - 0.05 ** (1 / 40), 1e-15);
});

/** Draws 8 classifiers with error 0.3, picks the one that looks best on 60 examples, and asks whether a bound holds. */
function bestLookingIsBounded(stream: RandomStream, bound: (finiteClass: FiniteClass) => number): boolean {
  const errors = Array.from({ length: 8 }, () => {
    let count = 0;
    for (let example = 0; example < 60; example++) if (stream.uniform() < 0.3) count++;
    return count;
  });
  const loss = Math.min(...errors) / 60;
  return bound({ loss, classSizeLn: Math.log(8), exampleCount: 60, delta: 0.2 }) >= 0.3;
}

Deno.test("holds for the best-looking of many classifiers with probability 1 - delta", () => {
  for (const bound of bounds) {
    const stream = new RandomStream(3, bound.name);
    let failures = 0;
    for (let trial = 0; trial < 2000; trial++) if (!bestLookingIsBounded(stream, bound)) failures++;
    // Three standard errors of a frequency of 0.2 in 2000 trials.
    assert(failures / 2000 <= 0.2 + 3 * Math.sqrt(0.2 * 0.8 / 2000), `${bound.name}: ${failures}`);
  }
});

Deno.test("needs the union: without it the best-looking classifier breaks the bound", () => {
  const stream = new RandomStream(3, "no union");
  let failures = 0;
  for (let trial = 0; trial < 1000; trial++) {
    if (
      !bestLookingIsBounded(stream, (finiteClass) => binomialTailBound({ ...finiteClass, classSizeLn: 0 }))
    ) failures++;
  }
  assert(failures / 1000 > 0.5);
});

Deno.test("refuses fields out of range", () => {
  const finiteClass = { loss: 0.1, classSizeLn: 1, exampleCount: 100, delta: 0.05 };
  assertThrows(() => hoeffdingBound({ ...finiteClass, loss: -0.1 }), RangeError, "loss");
  assertThrows(() => divergenceBound({ ...finiteClass, classSizeLn: NaN }), RangeError, "ln J");
  assertThrows(() => hoeffdingBound({ ...finiteClass, exampleCount: 0 }), RangeError, "number of examples");
  assertThrows(() => hoeffdingBound({ ...finiteClass, delta: 1 }), RangeError, "delta must be in (0, 1)");
  assertThrows(
    () => binomialTailBound({ ...finiteClass, loss: 0.123 }),
    RangeError,
    "whole number of errors",
  );
});
