/**
 * What a data set is once it has been read: bytes of pixels, labels, and the checksum that names them.
 *
 * @module
 */

/** The data sets of the paper's experiments. */
export type DatasetName = "mnist" | "cifar10";

/** Labelled images. */
export interface Examples {
  /** Raw pixels, `count * dimension` of them, one image a row, over memory that Workers can share. */
  readonly pixels: Uint8Array;
  /** Classes 0 to 9, one an image, over memory that Workers can share. */
  readonly labels: Uint8Array;
  /** Number of images, n. */
  readonly count: number;
  /** Number of input dimensions: 784 for MNIST (28 x 28), 3072 for CIFAR10 (1024 red, 1024 green, 1024 blue). */
  readonly dimension: number;
}

/** A data set: the training set S, the test set, and what identifies them. */
export interface Dataset {
  /** Which one it is. */
  readonly name: DatasetName;
  /** The training set S, n = `train.count`. */
  readonly train: Examples;
  /** The test set. */
  readonly test: Examples;
  /** Number of classes, kappa. */
  readonly classes: 10;
  /** SHA-256 over the sorted checksums of the raw files, in hexadecimal: a part of a run's identity. */
  readonly checksum: string;
}

/**
 * Makes `count` images of `dimension` zero pixels with the label 0, over memory that Workers can share.
 *
 * @throws {RangeError} If `count` or `dimension` is not a positive integer.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * const examples = blankExamples(2, 784);
 * assertEquals(examples.pixels.length, 1568);
 * assert(examples.pixels.buffer instanceof SharedArrayBuffer);
 * ```
 */
export function blankExamples(count: number, dimension: number): Examples {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(dimension) || count < 1 || dimension < 1) {
    throw new RangeError(
      `Cannot make examples as count and dimension must be positive integers: they are ${count} and ${dimension}`,
    );
  }
  const pixels = new Uint8Array(new SharedArrayBuffer(count * dimension));
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  return { pixels, labels, count, dimension };
}
