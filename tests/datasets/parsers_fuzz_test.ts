import { assert } from "@std/assert";
import { cifar10BatchFromPng, parseCifar10Batches, recordBytes } from "../../src/datasets/cifar10.ts";
import { parseIdx } from "../../src/datasets/idx.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { idxFile } from "../fixtures/tiny_mnist.ts";

const inputCount = Number(Deno.env.get("PRUNEBOUND_FUZZ_INPUTS") ?? 2000);
const seed = Number(Deno.env.get("PRUNEBOUND_FUZZ_SEED") ?? 1);

const images = idxFile(2051, [3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = idxFile(2049, [3], [9, 0, 4]);
const png = await Deno.readFile(new URL("../fixtures/cifar10_rows.png", import.meta.url));
const batch = await Deno.readFile(new URL("../fixtures/cifar10_rows.bin", import.meta.url));

/** The input with a few bytes changed, cut, repeated or added. */
function mutated(valid: Uint8Array, stream: RandomStream): Uint8Array {
  let bytes: Uint8Array = valid;
  for (let change = stream.integer(4); change >= 0; change--) bytes = changed(bytes, stream);
  return bytes;
}

function changed(bytes: Uint8Array, stream: RandomStream): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = stream.integer(bytes.length + 1);
  const kind = stream.integer(5);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return Uint8Array.of(...bytes.subarray(0, at), stream.integer(256), ...bytes.subarray(at));
  if (kind === 2) {
    return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(stream.integer(bytes.length + 1)));
  }
  // Most headers are in the first bytes, so half of the changed bytes are there.
  const place = kind === 3 ? at : stream.integer(Math.min(40, bytes.length + 1));
  return bytes.with(Math.min(place, bytes.length - 1), stream.integer(256));
}

/** Gives `parse` mutated inputs; whatever it accepts must be right, and what it refuses it must refuse clearly. */
function fuzz(name: string, valid: Uint8Array, parse: (bytes: Uint8Array) => boolean): void {
  const stream = new RandomStream(seed, `fuzz/${name}`);
  const messages = new Set<string>();
  let slowest = 0;
  for (let input = 0; input < inputCount; input++) {
    const bytes = mutated(valid, stream);
    const start = performance.now();
    messages.add(outcome(parse, bytes, `${name}, seed ${seed}, input ${input}`));
    slowest = Math.max(slowest, performance.now() - start);
  }
  console.log(
    `${name}: ${inputCount} inputs, seed ${seed}, ${messages.size} distinct outcomes, slowest ${
      slowest.toFixed(1)
    } ms`,
  );
  assert(messages.size > 1);
}

function outcome(parse: (bytes: Uint8Array) => boolean, bytes: Uint8Array, input: string): string {
  try {
    assert(parse(bytes), `wrong result: ${input}`);
    return "right";
  } catch (error) {
    assert(error instanceof SyntaxError && error.message.startsWith("Cannot read "), `${input}: ${error}`);
    return error.message.replaceAll(/\d+/g, "#");
  }
}

Deno.test("parseIdx survives mutated images", () => {
  fuzz("IDX images", images, (bytes) => {
    const examples = parseIdx({ name: "images", bytes }, { name: "labels", bytes: labels });
    return examples.pixels.join() === bytes.slice(16).join() && examples.count === 3;
  });
});

Deno.test("parseIdx survives mutated labels", () => {
  fuzz("IDX labels", labels, (bytes) => {
    const examples = parseIdx({ name: "images", bytes: images }, { name: "labels", bytes });
    return examples.labels.join() === bytes.slice(8).join() && examples.labels.every((label) => label <= 9);
  });
});

Deno.test("parseCifar10Batches survives mutated batches", () => {
  const two = batch.slice(0, 2 * recordBytes);
  fuzz("CIFAR10 batch", two, (bytes) => {
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
  fuzz("PNG", png, (bytes) => {
    const found = cifar10BatchFromPng({ name: "batch.png", bytes }, [6, 9, 0, 4, 1]);
    return found.length === batch.length && found.every((byte, index) => byte === batch[index]);
  });
});
