import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blankExamples } from "../../src/datasets/dataset.ts";
import { pixelScaling } from "../../src/datasets/pixel_scaling.ts";
import { inputScaling, normaliseRange } from "../../src/datasets/scaling.ts";

const examples = blankExamples(7, 784);
examples.pixels.forEach((_, index) => examples.pixels[index] = (index * 37) % 251);

Deno.test("signed and unit are the maps of MNIST", () => {
  for (const name of ["signed", "unit"] as const) {
    const [own, mnist] = [pixelScaling(examples, name), inputScaling("mnist", name)];
    for (const pixel of [0, 100, 255]) {
      assertAlmostEquals(
        own.scale[5] * pixel + own.offset[5],
        mnist.scale[5] * pixel + mnist.offset[5],
        1e-14,
      );
    }
  }
});

Deno.test("standardised inputs have mean 0 and variance 1 over all pixels", () => {
  const inputs = [...normaliseRange(examples, pixelScaling(examples, "standardised"), 0, 7)];
  const mean = inputs.reduce((sum, input) => sum + input, 0) / inputs.length;
  assertAlmostEquals(mean, 0, 1e-7);
  assertAlmostEquals(inputs.reduce((sum, input) => sum + input * input, 0) / inputs.length, 1, 1e-6);
});

Deno.test("equal pixels cannot be standardised", () => {
  assertThrows(() => pixelScaling(blankExamples(2, 3), "standardised"), RangeError, "all have one value");
  assertEquals(pixelScaling(blankExamples(2, 3), "unit").scale.length, 3);
});
