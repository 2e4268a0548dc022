/**
 * CIFAR10 in its two published forms: binary batches, and lossless PNG files with one image a row.
 *
 * Both give the same bytes: a PNG file is brought into the binary form, which is the one that is kept.
 *
 * @module
 */
import { decode } from "fast-png";
import { blankExamples, type Examples } from "./dataset.ts";
import { checkPngLayout } from "./png_layout.ts";
import type { NamedBytes } from "./raw_files.ts";

const planePixels = 32 * 32;
const dimension = 3 * planePixels;
/** Length of one record of the binary form: the label and the pixels. */
export const recordBytes: number = 1 + dimension;
const largestLabel = 9;

/**
 * Reads binary batches into one set of examples: each record is a label, then 1024 red, 1024 green and 1024 blue
 * bytes, each plane row by row.
 *
 * @param batches The batches in order. They are taken one at a time, so that a caller can read them lazily.
 * @param count The number of images in all batches together.
 * @throws {RangeError} If `count` is not a positive integer.
 * @throws {SyntaxError} If a batch does not consist of whole records, a label is above 9, or the batches have more or
 * fewer than `count` images.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const bytes = new Uint8Array(3073).fill(9);
 * const examples = parseCifar10Batches([{ name: "data_batch_1.bin", bytes }], 1);
 * assertEquals(examples.labels[0], 9);
 * assertEquals(examples.pixels.length, 3072);
 * ```
 */
export function parseCifar10Batches(batches: Iterable<NamedBytes>, count: number): Examples {
  const examples = blankExamples(count, dimension);
  let filled = 0;
  for (const batch of batches) filled = copyBatch(batch, examples, filled);
  if (filled !== count) {
    throw new SyntaxError(`Cannot read CIFAR10 as it must have ${count} images: current value is ${filled}`);
  }
  return examples;
}

/** Copies a batch behind the `filled` images that are there and returns how many there are then. */
function copyBatch(batch: NamedBytes, examples: Examples, filled: number): number {
  const count = countRecords(batch);
  if (filled + count > examples.count) {
    throw new SyntaxError(
      `Cannot read ${batch.name} as it must have at most ${
        examples.count - filled
      } images: current value is ${count}`,
    );
  }
  for (let record = 0; record < count; record++) {
    const start = record * recordBytes;
    examples.labels[filled + record] = checkedLabel(batch.bytes[start], record, batch.name);
    const pixels = batch.bytes.subarray(start + 1, start + recordBytes);
    examples.pixels.set(pixels, (filled + record) * dimension);
  }
  return filled + count;
}

function countRecords(batch: NamedBytes): number {
  if (batch.bytes.length > 0 && batch.bytes.length % recordBytes === 0) {
    return batch.bytes.length / recordBytes;
  }
  throw new SyntaxError(
    `Cannot read ${batch.name} as its length must be a positive multiple of ${recordBytes} bytes: ` +
      `current value is ${batch.bytes.length}`,
  );
}

function checkedLabel(label: number, index: number, name: string): number {
  if (Number.isInteger(label) && label >= 0 && label <= largestLabel) return label;
  throw new SyntaxError(
    `Cannot read ${name} as its labels must be 0 to ${largestLabel}: label ${index} is ${label}`,
  );
}

/**
 * The binary batch that holds the same images as a PNG file of 1024 pixels a row, one image a row: pixel p of a row
 * is row floor(p / 32) and column p mod 32 of the image.
 *
 * @param png The PNG file: 8-bit RGB, not interlaced, `labels.length` rows.
 * @param labels The classes of the images, in the order of the rows.
 * @throws {SyntaxError} If the file is not such a PNG file, is damaged, or a label is not an integer from 0 to 9.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encode } from "fast-png";
 * const data = Uint8Array.from({ length: 3072 }, (_, index) => [59, 62, 63][index % 3]);
 * const png = encode({ width: 1024, height: 1, channels: 3, data });
 * const batch = cifar10BatchFromPng({ name: "test_batch.png", bytes: png }, [6]);
 * assertEquals([batch[0], batch[1], batch[1025], batch[2049]], [6, 59, 62, 63]);
 * ```
 */
export function cifar10BatchFromPng(png: NamedBytes, labels: readonly number[]): Uint8Array {
  checkPngLayout(png, { width: planePixels, height: labels.length });
  const interleaved = decodePng(png);
  const batch = new Uint8Array(labels.length * recordBytes);
  for (const [index, label] of labels.entries()) {
    const record = batch.subarray(index * recordBytes, (index + 1) * recordBytes);
    record[0] = checkedLabel(label, index, png.name);
    separateChannels(interleaved.subarray(index * dimension, (index + 1) * dimension), record.subarray(1));
  }
  return batch;
}

function decodePng(png: NamedBytes): Uint8Array {
  try {
    return decode(png.bytes, { checkCrc: true }).data as Uint8Array;
  } catch (error) {
    throw new SyntaxError(`Cannot read ${png.name} as it must be an undamaged PNG file`, { cause: error });
  }
}

/** Turns R G B R G B ... into all R, all G, all B. */
function separateChannels(interleaved: Uint8Array, planes: Uint8Array): void {
  for (let pixel = 0; pixel < planePixels; pixel++) {
    planes[pixel] = interleaved[3 * pixel];
    planes[planePixels + pixel] = interleaved[3 * pixel + 1];
    planes[2 * planePixels + pixel] = interleaved[3 * pixel + 2];
  }
}
