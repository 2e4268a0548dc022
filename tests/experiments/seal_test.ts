import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { recordJson } from "../../src/experiments/record.ts";
import { openJson, openTensors, sealJson, sealTensors } from "../../src/experiments/seal.ts";
import { decodeSafetensors } from "../../src/network/weights.ts";

const owner = '{"seed":1}\n';
const text = recordJson({ schema: 1, margin: [0.5, -Infinity], name: "é" });
const json = sealJson(text, owner);
const file = {
  tensors: { "first/layers.0.weight": { shape: [2, 2], data: Float32Array.of(1, -2, NaN, 0) } },
  metadata: { step: "7" },
};
const tensors = sealTensors(file, owner);

Deno.test("a sealed record is JSON with the digest of the rest in its first field", () => {
  const { sha256, ...rest } = JSON.parse(json);
  assertEquals(recordJson(rest), text);
  assertEquals(sha256, createHash("sha256").update(owner + "\n" + text).digest("hex"));
  assertEquals(openJson(json, owner, "x"), text);
});

Deno.test("sealed tensors are a safetensors file with the digest in its metadata", () => {
  const { sha256, ...metadata } = decodeSafetensors(tensors).metadata;
  assertEquals(metadata, file.metadata);
  const start = new TextDecoder("latin1").decode(tensors).indexOf(sha256);
  const others = [tensors.subarray(0, start), tensors.subarray(start + 64)];
  const hash = createHash("sha256").update(owner + "\n");
  others.forEach((part) => hash.update(part));
  assertEquals(sha256, hash.digest("hex"));
  assertEquals(openTensors(tensors, owner, "x"), file);
});

Deno.test("no flip of a bit, cut or addition goes unnoticed", () => {
  const openText = (bytes: Uint8Array) => openJson(new TextDecoder().decode(bytes), owner, "x");
  const openFile = (bytes: Uint8Array) => openTensors(bytes, owner, "x");
  for (const [bytes, open] of [[new TextEncoder().encode(json), openText], [tensors, openFile]] as const) {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.with(bit >> 3, bytes[bit >> 3] ^ (1 << (bit & 7)));
      assertThrows(() => open(flipped), SyntaxError, "Cannot read x as its checksum must fit");
    }
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => open(bytes.subarray(0, length)), SyntaxError, "remove the file and run again");
    }
    assertThrows(() => open(Uint8Array.of(...bytes, 10)), SyntaxError);
  }
});

Deno.test("the file of another run is refused", () => {
  assertThrows(() => openJson(json, '{"seed":2}\n', "x"), SyntaxError);
  assertThrows(() => openTensors(tensors, '{"seed":2}\n', "x"), SyntaxError);
});
