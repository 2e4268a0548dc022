/**
 * From raw files to a data set.
 *
 * @module
 */
import { parseCifar10Batches, recordBytes } from "./cifar10.ts";
import type { Dataset, DatasetName, Examples } from "./dataset.ts";
import { parseIdx } from "./idx.ts";
import { datasetChecksum, type NamedBytes, type RawFile } from "./raw_files.ts";

/**
 * Makes a data set from its raw files.
 *
 * @param name Which data set.
 * @param files The files in the order of `rawFiles(name)`: for MNIST training images, training labels, test images
 * and test labels; for CIFAR10 the training batches, then the test batch.
 * @param read Gives a file's verified content. It is called once a file, one file at a time, so that no more than
 * two need to be in memory beside the data set.
 * @throws {SyntaxError} If a file is malformed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const files = ["data_batch_1.bin", "test_batch.bin"].map((name) => ({ name, bytes: 3073, sha256: name }));
 * const dataset = assembleDataset("cifar10", files, (file) => ({ name: file.name, bytes: new Uint8Array(3073) }));
 * assertEquals([dataset.train.count, dataset.test.count], [1, 1]);
 * ```
 */
export function assembleDataset(
  name: DatasetName,
  files: readonly RawFile[],
  read: (file: RawFile) => NamedBytes,
): Dataset {
  const [train, test] = name === "mnist" ? mnistParts(files, read) : cifar10Parts(files, read);
  return { name, train, test, classes: 10, checksum: datasetChecksum(files) };
}

function mnistParts(files: readonly RawFile[], read: (file: RawFile) => NamedBytes): [Examples, Examples] {
  const [trainImages, trainLabels, testImages, testLabels] = files;
  return [parseIdx(read(trainImages), read(trainLabels)), parseIdx(read(testImages), read(testLabels))];
}

function cifar10Parts(files: readonly RawFile[], read: (file: RawFile) => NamedBytes): [Examples, Examples] {
  return [readBatches(files.slice(0, -1), read), readBatches(files.slice(-1), read)];
}

function readBatches(files: readonly RawFile[], read: (file: RawFile) => NamedBytes): Examples {
  const count = files.reduce((total, file) => total + file.bytes, 0) / recordBytes;
  return parseCifar10Batches(files.values().map(read), count);
}
