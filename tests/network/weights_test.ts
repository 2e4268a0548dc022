import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { initialWeights, layerShapes } from "../../src/network/mlp.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  weightsFromTensors,
  weightsToTensors,
} from "../../src/network/weights.ts";

/** What the format's specification says of one tensor [[1, 2]] called "w", written by hand. */
function handWritten(): Uint8Array {
  const header = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const bytes = new Uint8Array(8 + header.length + 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  view.setFloat32(8 + header.length, 1, true);
  view.setFloat32(8 + header.length + 4, 2, true);
  return bytes;
}

Deno.test("a safetensors file that was written by hand is read, at any offset in its buffer", () => {
  const expected = { tensors: { w: { shape: [1, 2], data: Float32Array.of(1, 2) } }, metadata: {} };
  assertEquals(decodeSafetensors(handWritten()), expected);
  const shifted = new Uint8Array([0, 0, 0, ...handWritten()]).subarray(3);
  assertEquals(decodeSafetensors(shifted), expected);
});

Deno.test("networks survive the round trip, with and without biases", () => {
  for (const bias of [false, true]) {
    const weights = initialWeights({ inputs: 5, hidden: [4, 3], outputs: 2, bias }, 1);
    const bytes = encodeSafetensors({ tensors: weightsToTensors(weights), metadata: { seed: "1" } });
    assertEquals(bytes.length % 4, 0);
    const { tensors, metadata } = decodeSafetensors(bytes);
    assertEquals(weightsFromTensors(tensors), weights);
    assertEquals(metadata, { seed: "1" });
  }
});

Deno.test("damaged files are refused with a sentence", () => {
  const good = handWritten();
  assertThrows(() => decodeSafetensors(good.subarray(0, 5)), SyntaxError, "shorter than 8 bytes");
  assertThrows(() => decodeSafetensors(good.subarray(0, 30)), SyntaxError, "cut short");
  assertThrows(() => decodeSafetensors(good.subarray(0, good.length - 1)), SyntaxError, "tensor w");
  assertThrows(() => decodeSafetensors(good.with(8, 0x20)), SyntaxError, "not JSON");
  const halves = new TextEncoder().encode(new TextDecoder("latin1").decode(good).replace("F32", "F16"));
  assertThrows(() => decodeSafetensors(halves), SyntaxError, "must be F32: it is F16");
  assertThrows(() => weightsFromTensors({}), SyntaxError, "layers.0.weight");
});

Deno.test("no bytes crash the reader with anything but a SyntaxError", () => {
  const good = handWritten();
  const mutation = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 4 }), fc.nat(good.length), (mutations, length) => {
      const bytes = good.slice(0, length);
      mutations.filter(([at]) => at < length).forEach(([at, value]) => bytes[at] = value);
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("initial weights are uniform within 1 / sqrt(inputs) and independent by layer", () => {
  const architecture = { inputs: 100, hidden: [200, 200], outputs: 10, bias: true };
  const { layers, biases } = initialWeights(architecture, 7);
  assertEquals(
    layers.map(({ rows, columns }) => ({ outputs: rows, inputs: columns })),
    layerShapes(architecture),
  );
  for (const { data, columns } of layers) {
    const limit = 1 / Math.sqrt(columns);
    const values = [...data];
    const mean = values.reduce((sum, value) => sum + value, 0) / data.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / data.length;
    assertEquals(data.every((value) => Math.abs(value) <= limit), true);
    // Standard errors of the mean and of the mean square of a uniform draw.
    assertEquals(Math.abs(mean) < 5 * limit / Math.sqrt(3 * data.length), true);
    assertEquals(Math.abs(square - limit ** 2 / 3) < 5 * limit ** 2 * Math.sqrt(4 / 45 / data.length), true);
  }
  assertEquals(biases.map(({ length }) => length), [200, 200, 10]);
  assertEquals(layers[1].data[0] === layers[2].data[0], false);
});
