import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  compressionDistance,
  isCompressible,
  isCompressiblePrinted,
} from "../../src/theory/definition_3_1.ts";
import { marginLoss, margins } from "../../src/theory/margin_loss.ts";

const examples = 200;
const labels = new Uint8Array(examples);

function loss(outputs: Matrix, gamma: number): number {
  return marginLoss(margins(Float32Array.from(outputs.data), labels), gamma);
}

/** Outputs of a classifier that is right more often than not, and a copy that moves each by at most `distance`. */
function classifiers(distance: number, seed: number): [Matrix, Matrix] {
  const stream = new RandomStream(seed, "outputs");
  const f = matrix(examples, 3);
  f.data.forEach((_, index) => f.data[index] = Math.fround(stream.normal() + (index % 3 === 0 ? 1 : 0)));
  return [f, {
    ...f,
    data: f.data.map((output) => Math.fround(output + distance * (2 * stream.uniform() - 1))),
  }];
}

Deno.test("a label without an output, and outputs that are no rows, are refused", () => {
  const logits = Float32Array.of(1, 2, 3, 4);
  assertThrows(
    () => margins(logits, Uint8Array.of(1, 2)),
    RangeError,
    "below 2, the number of classes: current value is 2",
  );
  assertThrows(() => margins(logits, Uint8Array.of(1, 0, 1)), TypeError, "there are 4 logits and 3 labels");
});

Deno.test("takes the largest difference of any output", () => {
  const f = matrix(2, 2, Float64Array.of(1, 2, 3, 4));
  assertEquals(compressionDistance(f, matrix(2, 2, Float64Array.of(1, 2.5, 5, 4))), 2);
  assertEquals(compressionDistance(f, f), 0);
  assertEquals(compressionDistance(f, matrix(2, 2, Float64Array.of(NaN, 2, 3, 9))), Infinity);
});

Deno.test("as printed, does not give the inequality that Theorem 3.1 needs", () => {
  const f = matrix(1, 2, Float64Array.of(1.5, 0));
  const g = matrix(1, 2, Float64Array.of(0.5, 1));
  assert(isCompressiblePrinted(f, g, 1));
  assert(marginLoss(margins(Float32Array.from(g.data), Uint8Array.of(0)), 0) === 1);
  assert(marginLoss(margins(Float32Array.from(f.data), Uint8Array.of(0)), 1) === 0);
});

Deno.test("corrected, gives R^_0(g) <= R^_gamma(f)", () => {
  for (let seed = 0; seed < 30; seed++) {
    const [f, g] = classifiers(0.2 + seed / 30, seed);
    const gamma = 2 * compressionDistance(f, g);
    assert(isCompressible(f, g, gamma) && !isCompressible(f, g, gamma * 0.99));
    assert(loss(g, 0) <= loss(f, gamma));
  }
});

Deno.test("refuses unequal shapes and negative margins", () => {
  assertThrows(() => compressionDistance(matrix(1, 2), matrix(2, 1)), TypeError, "1 x 2 and 2 x 1");
  assertThrows(() => isCompressible(matrix(1, 2), matrix(1, 2), -1), RangeError, "gamma must be >= 0");
});
