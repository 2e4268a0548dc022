import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { blankExamples, type Examples } from "../../src/datasets/dataset.ts";
import { subset } from "../../src/datasets/subset.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

/** Images whose pixels say which image they are. */
function numbered(count: number): Examples {
  const examples = blankExamples(count, 3);
  for (let index = 0; index < count; index++) {
    examples.labels[index] = index % 10;
    examples.pixels.fill(index, 3 * index, 3 * index + 3);
  }
  return examples;
}

function draw(count: number, seed = 1): Examples {
  return subset(numbered(200), count, new RandomStream(seed, "subset"));
}

Deno.test("subset draws different images with their own labels and pixels", () => {
  const drawn = draw(50);
  const images = new Set<number>();
  for (let position = 0; position < 50; position++) {
    const [first, second, third] = drawn.pixels.subarray(3 * position);
    assert(first === second && second === third);
    assertEquals(drawn.labels[position], first % 10);
    images.add(first);
  }
  assertEquals(images.size, 50);
  assert(drawn.pixels.buffer instanceof SharedArrayBuffer);
});

Deno.test("subset is determined by its stream, and smaller subsets begin larger ones", () => {
  assertEquals(draw(50), draw(50));
  assertEquals(draw(20).pixels, draw(50).pixels.slice(0, 60));
  assert(draw(50).pixels.join() !== draw(50, 2).pixels.join());
});

Deno.test("subset draws every image about equally often", () => {
  const counts = new Array(20).fill(0);
  const stream = new RandomStream(3, "subset");
  const examples = numbered(20);
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    for (const image of subset(examples, 5, stream).pixels.filter((_, index) => index % 3 === 0)) {
      counts[image]++;
    }
  }
  // Each count is binomial(2000, 1/4): six standard deviations are 116.
  for (const count of counts) assert(Math.abs(count - rounds / 4) < 116, `drawn ${count} times`);
});

Deno.test("subset of full size is the set itself", () => {
  const examples = numbered(5);
  assertStrictEquals(subset(examples, 5, new RandomStream(0, "subset")), examples);
});

Deno.test("subset refuses sizes that cannot be drawn", () => {
  for (const count of [0, -1, 1.5, 201, NaN]) {
    assertThrows(() => draw(count), RangeError, `from 1 to 200: current value is ${count}`);
  }
});
