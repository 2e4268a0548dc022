import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  isSketchSmaller,
  recoveryProbability,
  type SketchableLayer,
  sketchDegree,
  sketchSize,
  sketchSizePrinted,
} from "../../src/theory/theorem_5_1.ts";

function layer(outputs: number, inputs: number, jr: number, jc: number): SketchableLayer {
  return { outputs, inputs, largestColumnCount: jr, largestRowCount: jc };
}

Deno.test("m is the least integer with m^2 >= max(j_c d1, j_r d2) ln^2 p", () => {
  for (const [d1, d2, jr, jc] of [[784, 784, 13, 13], [10, 784, 2, 30], [500, 3072, 9, 51], [7, 2, 1, 1]]) {
    const m = sketchSizePrinted(layer(d1, d2, jr, jc));
    const product = Math.max(jc * d1, jr * d2) * Math.log(Math.max(d1, d2)) ** 2;
    assert(m ** 2 >= product * (1 - 1e-12) && (m - 1) ** 2 < product);
  }
});

Deno.test("m grows like the root of j and of p up to the logarithm, and linearly in the constant", () => {
  const large = 1e6;
  const m = sketchSizePrinted(layer(large, large, 1, 1));
  assertAlmostEquals(sketchSizePrinted(layer(large, large, 4, 4)) / m, 2, 1e-3);
  assertAlmostEquals(sketchSizePrinted(layer(large, large, 1, 1), 3) / m, 3, 1e-3);
  const logarithms = Math.log(4 * large) / Math.log(large);
  assertAlmostEquals(sketchSizePrinted(layer(4 * large, 4 * large, 1, 1)) / m, 2 * logarithms, 1e-3);
});

Deno.test("padding changes nothing for square layers and never makes the sketch smaller", () => {
  assertEquals(sketchSize(layer(100, 100, 3, 5)), sketchSizePrinted(layer(100, 100, 3, 5)));
  for (const [d1, d2, jr, jc] of [[10, 784, 2, 30], [784, 10, 30, 2], [500, 3072, 9, 51]]) {
    assert(sketchSize(layer(d1, d2, jr, jc)) >= sketchSizePrinted(layer(d1, d2, jr, jc)));
  }
});

Deno.test("a layer without entries is sketched for the padded diagonal", () => {
  assertEquals(sketchSizePrinted(layer(50, 50, 0, 0)), 0);
  assertEquals(sketchSize(layer(50, 50, 0, 0)), sketchSize(layer(50, 50, 1, 1)));
});

Deno.test("at p = 784 and one weight in sixty the sketch is hardly smaller than the layer", () => {
  const kept = layer(784, 784, 784 / 60, 784 / 60);
  assertAlmostEquals(sketchSize(kept) / 784, 0.86, 0.01);
  assert(isSketchSmaller(kept, sketchSize(kept)));
  assert(!isSketchSmaller(layer(10, 784, 1, 14), sketchSizePrinted(layer(10, 784, 1, 14))));
});

Deno.test("delta is the least integer above 2 ln p", () => {
  assertEquals([2, 32, 56, 784, 3072].map((size) => sketchDegree(size)), [2, 7, 9, 14, 17]);
  assertEquals(sketchDegree(784, 1), 7);
});

Deno.test("the probability needs c > 0", () => {
  assertEquals(recoveryProbability(784, 0), 0);
  assertAlmostEquals(1 - recoveryProbability(784), 1 / 614656, 1e-15);
  assertEquals(recoveryProbability(1), 0);
});

Deno.test("Theorem 5.1 refuses arguments out of range", () => {
  assertThrows(() => sketchSize(layer(0, 5, 1, 1)), RangeError, "d1 must be an integer >= 1");
  assertThrows(() => sketchSizePrinted(layer(5, NaN, 1, 1)), RangeError, "d2 must be an integer >= 1");
  assertThrows(() => sketchSizePrinted(layer(5, 5, -1, 1)), RangeError, "j_r must be >= 0");
  assertThrows(() => sketchSize(layer(5, 5, 1, NaN)), RangeError, "j_c must be >= 0");
  assertThrows(() => sketchSizePrinted(layer(5, 5, 1, 1), 0), RangeError, "constant must be > 0");
  assertThrows(() => sketchDegree(1), RangeError, "p must be an integer >= 2");
  assertThrows(() => recoveryProbability(784, -1), RangeError, "c must be >= 0");
});
