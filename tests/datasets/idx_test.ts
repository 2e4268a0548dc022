import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseIdx } from "../../src/datasets/idx.ts";
import { idxFile } from "../fixtures/tiny_mnist.ts";

const images = idxFile(2051, [3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = idxFile(2049, [3], [9, 0, 4]);

function parse(imageBytes: Uint8Array, labelBytes: Uint8Array) {
  return parseIdx({ name: "images", bytes: imageBytes }, { name: "labels", bytes: labelBytes });
}

Deno.test("parseIdx reads pixels and labels into memory that Workers can share", () => {
  const examples = parse(images, labels);
  assertEquals([examples.count, examples.dimension], [3, 4]);
  assertEquals([...examples.pixels], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assertEquals([...examples.labels], [9, 0, 4]);
  assert(examples.pixels.buffer instanceof SharedArrayBuffer);
  assert(examples.labels.buffer instanceof SharedArrayBuffer);
});

Deno.test("parseIdx reads files that lie inside a larger buffer", () => {
  const buffer = Uint8Array.of(99, ...images, ...labels, 99);
  const inside = buffer.subarray(1, 1 + images.length);
  assertEquals(parse(inside, buffer.subarray(1 + images.length, -1)), parse(images, labels));
});

Deno.test("parseIdx refuses every shorter or longer file", () => {
  for (let length = 0; length < images.length; length++) {
    assertThrows(() => parse(images.slice(0, length), labels), SyntaxError, "Cannot read images");
  }
  for (let length = 0; length < labels.length; length++) {
    assertThrows(() => parse(images, labels.slice(0, length)), SyntaxError, "Cannot read labels");
  }
  assertThrows(
    () => parse(Uint8Array.of(...images, 0), labels),
    SyntaxError,
    "Cannot read images as its length must be 28 bytes (header and 3 x 2 x 2): current value is 29",
  );
});

Deno.test("parseIdx refuses swapped files by their magic number", () => {
  assertThrows(
    () => parse(labels, images),
    SyntaxError,
    "Cannot read images as its header must have 16 bytes: the file has 11",
  );
  assertThrows(
    () => parse(idxFile(2049, [16], new Array(16).fill(0)), labels),
    SyntaxError,
    "Cannot read images as its magic number must be 2051: current value is 2049",
  );
});

Deno.test("parseIdx refuses counts that differ", () => {
  assertThrows(
    () => parse(images, idxFile(2049, [2], [1, 2])),
    SyntaxError,
    "Cannot read labels as it must have a label for each image of images: it has 2 labels for 3 images",
  );
});

Deno.test("parseIdx refuses a label above 9", () => {
  assertThrows(
    () => parse(images, idxFile(2049, [3], [9, 10, 0])),
    SyntaxError,
    "Cannot read labels as its labels must be 0 to 9: label 1 is 10",
  );
});

Deno.test("parseIdx refuses a file without pixels, however many images it claims", () => {
  assertThrows(
    () => parse(idxFile(2051, [2 ** 32 - 1, 0, 28], []), labels),
    SyntaxError,
    "sizes must be positive",
  );
  assertThrows(() => parse(idxFile(2051, [0, 28, 28], []), labels), SyntaxError, "sizes must be positive");
});

Deno.test("parseIdx refuses sizes whose product overflows before it allocates", () => {
  const huge = 2 ** 32 - 1;
  assertThrows(
    () => parse(idxFile(2051, [huge, huge, huge], [1]), labels),
    SyntaxError,
    "its length must be",
  );
});
