import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  countedClassLn,
  countedClassLnPrinted,
  type CountedLayer,
  countingBound,
  countingBoundPrinted,
  roundedValues,
} from "../../src/theory/lemma_e_1.ts";

/** Every matrix of 4 entries with at most 2 of them nonzero multiples of rho up to the largest weight. */
function roundedMatrices(levels: readonly number[]): Set<string> {
  const found = new Set<string>();
  for (const a of levels) {
    for (const b of levels) {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          const entries = [0, 0, 0, 0];
          [entries[i], entries[j]] = [a, b];
          found.add(entries.join());
        }
      }
    }
  }
  return found;
}

const layer: CountedLayer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1.2 };

Deno.test("counts at least as many networks as there are", () => {
  const levels = [-1, -0.5, 0, 0.5, 1];
  assertEquals(roundedValues(layer), levels.length);
  assert(countedClassLn([layer]) > Math.log(roundedMatrices(levels).size));
  // As printed the count has fewer values than there are and says nothing about how many are nonzero.
  assert(countedClassLnPrinted([layer]) < Math.log(roundedMatrices(levels).size));
});

Deno.test("counts the values that rounding can give, by rounding many weights", () => {
  for (const [roundingStep, largestWeight] of [[0.5, 1.2], [0.5, 1.3], [0.3, 0.1], [0.25, 1], [0.07, 0.99]]) {
    const values = new Set<number>();
    for (let k = -10000; k <= 10000; k++) {
      values.add(Math.round(k / 10000 * largestWeight / roundingStep) + 0);
    }
    assertEquals(roundedValues({ roundingStep, largestWeight }), values.size);
  }
});

Deno.test("adds up layers", () => {
  const other = { ...layer, outputs: 5, inputs: 3, nonzeroCount: 4, roundingStep: 0.1 };
  assertAlmostEquals(countedClassLnPrinted([layer, other]), Math.log(6 * 4) + Math.log(1365 * 1e4), 1e-12);
  assertAlmostEquals(
    countedClassLn([layer, other]),
    Math.log(6 * 5 * 25) + Math.log(1365 * 16 * 25 ** 4),
    1e-12,
  );
});

Deno.test("bounds the risk by the count", () => {
  const observation = { marginLoss: 0.02, exampleCount: 60000 };
  const large = { outputs: 784, inputs: 784, nonzeroCount: 10244, roundingStep: 2 ** -8, largestWeight: 0.5 };
  const printed = countingBoundPrinted([large], observation, 2);
  assertAlmostEquals(printed, 0.02 + 2 * Math.sqrt(countedClassLnPrinted([large]) / 60000), 1e-14);
  const corrected = countingBound([large], observation, 0.01);
  assertAlmostEquals(corrected, 0.02 + Math.sqrt((countedClassLn([large]) + Math.log(100)) / 120000), 1e-14);
});

Deno.test("refuses fields out of range", () => {
  assertThrows(() => countedClassLn([]), RangeError, "list of layers must not be empty");
  assertThrows(
    () => countedClassLn([{ ...layer, nonzeroCount: 5 }]),
    RangeError,
    "n must be an integer >= 5",
  );
  assertThrows(() => countedClassLnPrinted([{ ...layer, roundingStep: 1 }]), RangeError, "rounding step");
  assertThrows(
    () => roundedValues({ roundingStep: 0, largestWeight: 1 }),
    RangeError,
    "rounding step must be > 0",
  );
  const observation = { marginLoss: 2, exampleCount: 10 };
  assertThrows(() => countingBoundPrinted([layer], observation), RangeError, "margin loss");
  assertThrows(() => countingBound([layer], { ...observation, marginLoss: 0 }, 0), RangeError, "delta");
});
