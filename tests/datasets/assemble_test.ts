import { assertEquals, assertThrows } from "@std/assert";
import { assembleDataset } from "../../src/datasets/assemble.ts";
import { datasetChecksum, type NamedBytes, type RawFile } from "../../src/datasets/raw_files.ts";
import { tinyContents, tinyFiles } from "../fixtures/tiny_mnist.ts";

function read(file: RawFile): NamedBytes {
  return { name: file.name, bytes: tinyContents.get(file.name)! };
}

Deno.test("assembleDataset puts training and test files into their places", () => {
  const dataset = assembleDataset("mnist", tinyFiles, read);
  assertEquals([...dataset.train.labels], [5, 0, 9]);
  assertEquals([...dataset.test.labels], [7, 2]);
  assertEquals([...dataset.test.pixels], [4, 5, 6, 7, 8, 9, 10, 11]);
  assertEquals([dataset.name, dataset.classes, dataset.checksum], ["mnist", 10, datasetChecksum(tinyFiles)]);
});

Deno.test("assembleDataset refuses files in another order", () => {
  const [trainImages, trainLabels, testImages, testLabels] = tinyFiles;
  const mixed = [trainImages, testLabels, testImages, trainLabels];
  assertThrows(() => assembleDataset("mnist", mixed, read), SyntaxError, "it has 2 labels for 3 images");
});

Deno.test("assembleDataset reads CIFAR10's batches in order, the last one for testing", () => {
  const files = ["a", "b", "c"].map((name) => ({ name, bytes: 3073, sha256: name }));
  const asked: string[] = [];
  const dataset = assembleDataset("cifar10", files, ({ name }) => {
    asked.push(name);
    return { name, bytes: new Uint8Array(3073).fill(asked.length) };
  });
  assertEquals(asked, ["a", "b", "c"]);
  assertEquals([...dataset.train.labels], [1, 2]);
  assertEquals([...dataset.test.labels], [3]);
});
