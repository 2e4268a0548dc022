import { assertEquals, assertThrows } from "@std/assert";
import { idxFiles } from "../../src/datasets/idx_folder.ts";

const [images, labels] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
const [testImages, testLabels] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

Deno.test("MNIST's own names are told apart, packed or not, whatever else is there", () => {
  const expected = { train: { images, labels }, test: { images: testImages, labels: testLabels } };
  assertEquals(idxFiles([testLabels, images, "README.md", labels, testImages]), expected);
  const both = [images, labels, testImages, testLabels].flatMap((name) => [name, `${name}.gz`]);
  assertEquals(idxFiles(both), expected);
  assertEquals(idxFiles([`${images}.gz`, labels])?.train, { images: `${images}.gz`, labels });
});

Deno.test("plain names are a training set", () => {
  assertEquals(idxFiles(["images.idx", "labels.idx"]), {
    train: { images: "images.idx", labels: "labels.idx" },
    test: undefined,
  });
});

Deno.test("a folder without such files has no data set, one with a part of it is refused", () => {
  assertEquals(idxFiles(["net.safetensors"]), undefined);
  assertThrows(() => idxFiles([images]), RangeError, "one file of training labels: it has none");
  assertThrows(() => idxFiles([testImages, testLabels]), RangeError, "training images: it has none");
  assertThrows(() => idxFiles([images, labels, testImages]), RangeError, "test labels: it has none");
  assertThrows(
    () => idxFiles([images, "more-images", labels]),
    RangeError,
    "it has more-images, train-images",
  );
});
