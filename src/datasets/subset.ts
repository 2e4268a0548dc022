/**
 * Smaller training sets.
 *
 * @module
 */
import type { RandomStream } from "../math/random_stream.ts";
import { blankExamples, type Examples } from "./dataset.ts";

/**
 * `count` examples drawn without replacement, in the order in which they were drawn.
 *
 * They are the first `count` of one random permutation, so that, from equal streams, a smaller subset is the
 * beginning of a larger one. Classes are not balanced: the draw is uniform, as the theory's sample is. The whole set
 * is its own subset, in its own order, and costs no draw and no copy.
 *
 * @param examples The set to draw from.
 * @param count How many to draw.
 * @param stream The source of the permutation.
 * @throws {RangeError} If `count` is not an integer from 1 to the number of examples.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * import { blankExamples } from "./dataset.ts";
 * const examples = blankExamples(5, 2);
 * assertEquals(subset(examples, 3, new RandomStream(0, "subset")).count, 3);
 * assertEquals(subset(examples, 5, new RandomStream(0, "subset")), examples);
 * ```
 */
export function subset(examples: Examples, count: number, stream: RandomStream): Examples {
  if (!Number.isInteger(count) || count < 1 || count > examples.count) {
    throw new RangeError(
      `Cannot draw a subset as its size must be an integer from 1 to ${examples.count}: current value is ${count}`,
    );
  }
  if (count === examples.count) return examples;
  const { dimension } = examples;
  const drawn = blankExamples(count, dimension);
  for (const [position, index] of stream.permutation(examples.count).subarray(0, count).entries()) {
    drawn.labels[position] = examples.labels[index];
    drawn.pixels.set(
      examples.pixels.subarray(index * dimension, (index + 1) * dimension),
      position * dimension,
    );
  }
  return drawn;
}
