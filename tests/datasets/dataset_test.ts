import { assertEquals, assertThrows } from "@std/assert";
import { blankExamples } from "../../src/datasets/dataset.ts";

Deno.test("blankExamples has a label and a row of pixels for each image", () => {
  const examples = blankExamples(3, 784);
  assertEquals([examples.labels.length, examples.pixels.length], [3, 3 * 784]);
});

Deno.test("blankExamples refuses sizes that are not positive integers", () => {
  for (const [count, dimension] of [[0, 1], [1, 0], [-1, 1], [1.5, 1], [1, NaN], [Infinity, 1]]) {
    assertThrows(() => blankExamples(count, dimension), RangeError, `they are ${count} and ${dimension}`);
  }
});
