import { assert } from "@std/assert";
import { cifar10BatchFromPng, parseCifar10Batches, recordBytes } from "../../src/datasets/cifar10.ts";
import { parseIdx } from "../../src/datasets/idx.ts";
import { fuzz, judgement, mutatedBytes, type Outcome } from "../fixtures/fuzz.ts";
import { idxFile } from "../fixtures/tiny_mnist.ts";

const images = idxFile(2051, [3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = idxFile(2049, [3], [9, 0, 4]);
const png = await Deno.readFile(new URL("../fixtures/cifar10_rows.png", import.meta.url));
const batch = await Deno.readFile(new URL("../fixtures/cifar10_rows.bin", import.meta.url));

/** Whatever `parse` accepts must be right, and what it refuses it must refuse clearly. */
function judged(parse: () => boolean): Outcome {
  const outcome = judgement(parse, (isRight) => isRight, [SyntaxError]);
  assert(outcome === "right" || outcome.refused.startsWith("Cannot read "), String(outcome));
  return outcome;
}

function fuzzBytes(name: string, valid: Uint8Array, parse: (bytes: Uint8Array) => boolean): Promise<void> {
  return fuzz(name, (stream) => mutatedBytes(valid, stream), (bytes) => judged(() => parse(bytes)));
}

Deno.test("parseIdx survives mutated images", () => {
  return fuzzBytes("IDX images", images, (bytes) => {
    const examples = parseIdx({ name: "images", bytes }, { name: "labels", bytes: labels });
    return examples.pixels.join() === bytes.slice(16).join() && examples.count === 3;
  });
});

Deno.test("parseIdx survives mutated labels", () => {
  return fuzzBytes("IDX labels", labels, (bytes) => {
    const examples = parseIdx({ name: "images", bytes: images }, { name: "labels", bytes });
    return examples.labels.join() === bytes.slice(8).join() && examples.labels.every((label) => label <= 9);
  });
});

Deno.test("parseCifar10Batches survives mutated batches", () => {
  const two = batch.slice(0, 2 * recordBytes);
  return fuzzBytes("CIFAR10 batch", two, (bytes) => {
    const examples = parseCifar10Batches([{ name: "batch", bytes }], 2);
    return [0, 1].every((image) => {
      const record = bytes.subarray(image * recordBytes, (image + 1) * recordBytes);
      const pixels = examples.pixels.subarray(3072 * image, 3072 * (image + 1));
      return examples.labels[image] === record[0] &&
        pixels.every((pixel, index) => pixel === record[1 + index]);
    });
  });
});

Deno.test("cifar10BatchFromPng survives mutated PNG files", () => {
  return fuzzBytes("PNG", png, (bytes) => {
    const found = cifar10BatchFromPng({ name: "batch.png", bytes }, [6, 9, 0, 4, 1]);
    return found.length === batch.length && found.every((byte, index) => byte === batch[index]);
  });
});
