import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blankExamples, type Examples } from "../../src/datasets/dataset.ts";
import {
  defaultScaling,
  inputScaling,
  normalise,
  normalisedNorms,
  normaliseRange,
} from "../../src/datasets/scaling.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

function randomExamples(count: number, dimension: number): Examples {
  const stream = new RandomStream(7, "pixels");
  const examples = blankExamples(count, dimension);
  examples.pixels.forEach((_, index) => examples.pixels[index] = stream.integer(256));
  return examples;
}

/** What torchvision's ToTensor and Normalize do, in float64, one pixel at a time. */
function naiveInput(pixel: number, mean: number, deviation: number): number {
  return (pixel / 255 - mean) / deviation;
}

Deno.test("inputScaling maps 0 and 255 to the ends of the range", () => {
  for (const [name, low] of [["signed", -1], ["unit", 0]] as const) {
    for (const dataset of ["mnist", "cifar10"] as const) {
      const { scale, offset } = inputScaling(dataset, name);
      scale.forEach((factor, j) => {
        assertEquals(Math.fround(offset[j]), low);
        assertEquals(Math.fround(255 * factor + offset[j]), 1);
      });
    }
  }
});

Deno.test("inputScaling takes the authors' scaling by default", () => {
  assertEquals([defaultScaling("mnist"), defaultScaling("cifar10")], ["signed", "standardised"]);
  assertEquals(inputScaling("mnist"), inputScaling("mnist", "signed"));
  assertEquals(inputScaling("cifar10"), inputScaling("cifar10", "standardised"));
});

Deno.test("normalise standardises each of CIFAR10's channels like a naive loop", () => {
  const examples = randomExamples(4, 3072);
  const rows = [3, 0, 3];
  const inputs = normalise(examples, inputScaling("cifar10"), rows);
  const [means, deviations] = [[0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]];
  for (const [position, row] of rows.entries()) {
    for (let j = 0; j < 3072; j++) {
      const channel = Math.floor(j / 1024);
      const expected = naiveInput(examples.pixels[row * 3072 + j], means[channel], deviations[channel]);
      assertAlmostEquals(inputs[position * 3072 + j], expected, 3e-7);
    }
  }
});

Deno.test("normalise standardises MNIST like a naive loop", () => {
  const examples = randomExamples(1, 784);
  const inputs = normalise(examples, inputScaling("mnist", "standardised"), [0]);
  inputs.forEach((input, j) =>
    assertAlmostEquals(input, naiveInput(examples.pixels[j], 0.1307, 0.3081), 3e-7)
  );
});

Deno.test("normaliseRange gives the same bits as gathering the rows one by one", () => {
  const examples = randomExamples(6, 784);
  const scaling = inputScaling("mnist");
  assertEquals(
    normaliseRange(examples, scaling, 2, 5),
    normalise(examples, scaling, Uint32Array.of(2, 3, 4)),
  );
  assertEquals(normaliseRange(examples, scaling, 6, 6).length, 0);
});

Deno.test("inputs that are no longer needed are written over where they have the right length", () => {
  const examples = randomExamples(6, 784);
  const scaling = inputScaling("mnist");
  const expected = [normalise(examples, scaling, [3, 4]), normaliseRange(examples, scaling, 4, 6)];
  const used = normalise(examples, scaling, [0, 1]);
  assert(normalise(examples, scaling, [3, 4], used) === used);
  assertEquals(used, expected[0]);
  assert(normaliseRange(examples, scaling, 4, 6, used) === used);
  assertEquals(used, expected[1]);
  assertEquals(normaliseRange(examples, scaling, 4, 5, used), expected[1].subarray(0, 784));
  assertEquals(normalise(examples, scaling, [4, 5, 0], used).subarray(0, 1568), expected[1]);
  assertEquals(used, expected[1]);
});

Deno.test("normalisedNorms gives the norm of each row of normalise", () => {
  const examples = randomExamples(5, 784);
  const scaling = inputScaling("mnist", "standardised");
  const norms = normalisedNorms(examples, scaling);
  for (let row = 0; row < 5; row++) {
    const expected = Math.hypot(...normalise(examples, scaling, [row]));
    assertAlmostEquals(norms[row], expected, 1e-12 * expected);
  }
});

Deno.test("normalise refuses rows that are not there and scalings for another dimension", () => {
  const examples = randomExamples(3, 784);
  const scaling = inputScaling("mnist");
  for (const row of [-1, 3, 0.5, NaN]) {
    assertThrows(
      () => normalise(examples, scaling, [row]),
      RangeError,
      `must be 0 to 2: current value is ${row}`,
    );
  }
  for (const [from, to] of [[-1, 2], [2, 1], [0, 4], [0.5, 2]]) {
    assertThrows(
      () => normaliseRange(examples, scaling, from, to),
      RangeError,
      `the range is ${from} to ${to}`,
    );
  }
  const other = inputScaling("cifar10");
  assertThrows(() => normalise(examples, other, [0]), TypeError, "must have 784 dimensions: it has 3072");
  assertThrows(() => normaliseRange(examples, other, 0, 1), TypeError, "must have 784 dimensions");
  assertThrows(() => normalisedNorms(examples, other), TypeError, "must have 784 dimensions");
});
