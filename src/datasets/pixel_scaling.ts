/**
 * From bytes to network inputs for images of any size: one affine map for all pixels.
 *
 * @module
 */
import type { Examples } from "./dataset.ts";
import type { InputScaling, ScalingName } from "./scaling.ts";

/**
 * The scaling of a data set that is not one of the paper's: `signed` and `unit` as for these, `standardised` with the
 * mean and standard deviation of all pixels of the training set.
 *
 * @param train The training set, from which a standardised scaling is computed.
 * @param name Which scaling.
 * @throws {RangeError} If the scaling is `standardised` and all pixels are equal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blankExamples } from "./dataset.ts";
 * const examples = blankExamples(1, 2);
 * examples.pixels.set([50, 100]);
 * const { scale, offset } = pixelScaling(examples, "standardised");
 * assertEquals([scale[0] * 50 + offset[0], scale[1] * 100 + offset[1]], [-1, 1]);
 * ```
 */
export function pixelScaling(train: Examples, name: ScalingName): InputScaling {
  const { mean, deviation } = centreAndWidth(train, name);
  if (deviation === 0) {
    throw new RangeError("Cannot standardise the pixels as they must differ: all have one value");
  }
  return {
    scale: new Float64Array(train.dimension).fill(1 / deviation),
    offset: new Float64Array(train.dimension).fill(-mean / deviation),
  };
}

/**
 * Among how many scalings of its name one is, by what it takes from S: a certified bound pays for them. The mean and the
 * deviation of `standardised` follow from the sums of P bytes and of their squares; the others take nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blankExamples } from "./dataset.ts";
 * assertEquals(pixelScalingChoices(blankExamples(1, 2), "standardised"), [511, 130_051]);
 * assertEquals(pixelScalingChoices(blankExamples(1, 2), "unit"), []);
 * ```
 */
export function pixelScalingChoices({ pixels }: Examples, name: ScalingName): number[] {
  return name === "standardised" ? [255 * pixels.length + 1, 255 ** 2 * pixels.length + 1] : [];
}

/** In grey levels. */
function centreAndWidth({ pixels }: Examples, name: ScalingName): { mean: number; deviation: number } {
  if (name === "signed") return { mean: 127.5, deviation: 127.5 };
  if (name === "unit") return { mean: 0, deviation: 255 };
  // Sums of bytes and of their squares are exact up to 10^11 pixels.
  let [sum, squares] = [0, 0];
  for (const pixel of pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / pixels.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / pixels.length - mean ** 2)) };
}
