/**
 * The IDX format of MNIST: a big-endian header of 32-bit numbers, then one byte a pixel or label.
 *
 * @module
 */
import { blankExamples, type Examples } from "./dataset.ts";
import type { NamedBytes } from "./raw_files.ts";

const imagesMagic = 0x00000803;
const labelsMagic = 0x00000801;
const largestLabel = 9;

/**
 * Reads MNIST images and their labels.
 *
 * @param images An IDX3 file of unsigned bytes: count x rows x columns.
 * @param labels An IDX1 file of unsigned bytes: one label an image.
 * @returns The examples, `dimension` = rows * columns, each image row by row.
 * @throws {SyntaxError} If a file is cut short or too long, has another magic number or no image, if the two counts
 * differ or if a label is above 9.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 40, 50);
 * const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * const examples = parseIdx({ name: "images", bytes: images }, { name: "labels", bytes: labels });
 * assertEquals([...examples.pixels], [40, 50]);
 * assertEquals([...examples.labels], [7]);
 * ```
 */
export function parseIdx(images: NamedBytes, labels: NamedBytes): Examples {
  const [imageCount, rows, columns] = readHeader(images, imagesMagic, 3);
  const [labelCount] = readHeader(labels, labelsMagic, 1);
  if (labelCount !== imageCount) {
    throw new SyntaxError(
      `Cannot read ${labels.name} as it must have a label for each image of ${images.name}: ` +
        `it has ${labelCount} labels for ${imageCount} images`,
    );
  }
  checkLabels(labels, 8);
  const examples = blankExamples(imageCount, rows * columns);
  examples.pixels.set(images.bytes.subarray(16));
  examples.labels.set(labels.bytes.subarray(8));
  return examples;
}

/** The sizes in the header, after every statement of the header has been checked against the file's length. */
function readHeader(file: NamedBytes, magic: number, sizeCount: number): number[] {
  const headerBytes = 4 + 4 * sizeCount;
  if (file.bytes.length < headerBytes) {
    throw new SyntaxError(
      `Cannot read ${file.name} as its header must have ${headerBytes} bytes: the file has ${file.bytes.length}`,
    );
  }
  const view = new DataView(file.bytes.buffer, file.bytes.byteOffset, headerBytes);
  checkMagic(file, view.getUint32(0), magic);
  const sizes = Array.from({ length: sizeCount }, (_, index) => view.getUint32(4 + 4 * index));
  checkLength(file, headerBytes, sizes);
  return sizes;
}

function checkMagic(file: NamedBytes, found: number, expected: number): void {
  if (found === expected) return;
  throw new SyntaxError(
    `Cannot read ${file.name} as its magic number must be ${expected}: current value is ${found}`,
  );
}

function checkLength(file: NamedBytes, headerBytes: number, sizes: readonly number[]): void {
  const stated = sizes.reduce((product, size) => product * size, 1);
  if (stated === 0) {
    throw new SyntaxError(
      `Cannot read ${file.name} as its sizes must be positive: they are ${sizes.join(" x ")}`,
    );
  }
  if (file.bytes.length === headerBytes + stated) return;
  throw new SyntaxError(
    `Cannot read ${file.name} as its length must be ${headerBytes + stated} bytes ` +
      `(header and ${sizes.join(" x ")}): current value is ${file.bytes.length}`,
  );
}

function checkLabels(file: NamedBytes, headerBytes: number): void {
  const index = file.bytes.subarray(headerBytes).findIndex((label) => label > largestLabel);
  if (index < 0) return;
  throw new SyntaxError(
    `Cannot read ${file.name} as its labels must be 0 to ${largestLabel}: ` +
      `label ${index} is ${file.bytes[headerBytes + index]}`,
  );
}
