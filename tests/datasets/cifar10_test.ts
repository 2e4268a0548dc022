import { assert, assertEquals, assertThrows } from "@std/assert";
import { encode } from "fast-png";
import { cifar10BatchFromPng, parseCifar10Batches, recordBytes } from "../../src/datasets/cifar10.ts";

const png = await Deno.readFile(new URL("../fixtures/cifar10_rows.png", import.meta.url));
const binary = await Deno.readFile(new URL("../fixtures/cifar10_rows.bin", import.meta.url));
const labels = [6, 9, 0, 4, 1];

function fromPng(bytes: Uint8Array, itsLabels: readonly number[] = labels): Uint8Array {
  return cifar10BatchFromPng({ name: "batch.png", bytes }, itsLabels);
}

function parse(count: number, ...batches: Uint8Array[]) {
  return parseCifar10Batches(batches.map((bytes, index) => ({ name: `batch ${index}`, bytes })), count);
}

Deno.test("cifar10BatchFromPng gives the bytes of the binary batch, for every PNG filter", () => {
  assertEquals(fromPng(png), binary);
});

Deno.test("parseCifar10Batches puts labels and channel-first pixels where a naive loop puts them", () => {
  const examples = parse(5, binary.slice(0, 2 * recordBytes), binary.slice(2 * recordBytes));
  assertEquals([examples.count, examples.dimension], [5, 3072]);
  for (let image = 0; image < 5; image++) {
    assertEquals(examples.labels[image], labels[image]);
    for (let pixel = 0; pixel < 3072; pixel++) {
      assert(examples.pixels[image * 3072 + pixel] === binary[image * 3073 + 1 + pixel]);
    }
  }
  assert(examples.pixels.buffer instanceof SharedArrayBuffer);
});

Deno.test("parseCifar10Batches refuses batches that are cut short, empty, too many or too few", () => {
  assertThrows(
    () => parse(5, binary.slice(0, -1)),
    SyntaxError,
    "Cannot read batch 0 as its length must be a positive multiple of 3073 bytes: current value is 15364",
  );
  assertThrows(() => parse(5, new Uint8Array()), SyntaxError, "current value is 0");
  assertThrows(() => parse(4, binary), SyntaxError, "it must have at most 4 images: current value is 5");
  assertThrows(() => parse(6, binary), SyntaxError, "it must have 6 images: current value is 5");
});

Deno.test("parseCifar10Batches refuses a label above 9", () => {
  const wrong = binary.slice();
  wrong[recordBytes] = 10;
  assertThrows(() => parse(5, wrong), SyntaxError, "its labels must be 0 to 9: label 1 is 10");
});

Deno.test("cifar10BatchFromPng refuses labels that are not integers from 0 to 9", () => {
  for (const label of [10, -1, 1.5, NaN]) {
    assertThrows(() => fromPng(png, [6, 9, label, 4, 1]), SyntaxError, `label 2 is ${label}`);
  }
});

Deno.test("cifar10BatchFromPng refuses another number of labels than images", () => {
  assertThrows(
    () => fromPng(png, [6, 9, 0, 4]),
    SyntaxError,
    "Cannot read batch.png as it must be 1024 x 4 pixels: it is 1024 x 5",
  );
});

Deno.test("cifar10BatchFromPng refuses a damaged checksum", () => {
  const damaged = png.slice();
  damaged[damaged.length - 1] ^= 1;
  assertThrows(
    () => fromPng(damaged),
    SyntaxError,
    "Cannot read batch.png as it must be an undamaged PNG file",
  );
});

Deno.test("cifar10BatchFromPng reads what fast-png writes", () => {
  const data = Uint8Array.from({ length: 2 * 3072 }, (_, index) => (index * 7 + index % 11) % 256);
  const batch = fromPng(encode({ width: 1024, height: 2, channels: 3, data }), [3, 8]);
  assertEquals(batch[0], 3);
  assertEquals(batch[recordBytes], 8);
  for (let index = 0; index < data.length; index++) {
    const [image, pixel, channel] = [Math.floor(index / 3072), Math.floor(index % 3072 / 3), index % 3];
    assert(batch[image * 3073 + 1 + channel * 1024 + pixel] === data[index]);
  }
});
