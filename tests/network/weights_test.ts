import { assertEquals, assertThrows } from "@std/assert";
import { initialWeights, layerShapes } from "../../src/network/mlp.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type TensorFile,
  weightsFromTensors,
  weightsToTensors,
} from "../../src/network/weights.ts";
import { fuzz, judgement, mutatedBytes } from "../fixtures/fuzz.ts";

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

/** A file with one tensor "w" of this type, its bytes given in hexadecimal. */
function fileOf(dtype: string, shape: number[], hexadecimal: string): Uint8Array {
  const data = Uint8Array.fromHex(hexadecimal);
  const text = JSON.stringify({ w: { dtype, shape, data_offsets: [0, data.length] } });
  const header = new TextEncoder().encode(text);
  return Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0, ...header, ...data);
}

Deno.test("every floating-point type is read by its definition", () => {
  // 1, -2.5 and the smallest number above 1 (rounded to single precision in F64), little-endian.
  const cases: [string, string, number[]][] = [
    ["F64", "000000000000f03f" + "00000000000004c0" + "010000000000f03f", [1, -2.5, 1]],
    ["F32", "0000803f" + "000020c0" + "0100803f", [1, -2.5, 1 + 2 ** -23]],
    ["F16", "003c" + "00c1" + "013c", [1, -2.5, 1 + 2 ** -10]],
    ["BF16", "803f" + "20c0" + "813f", [1, -2.5, 1 + 2 ** -7]],
  ];
  for (const [dtype, bytes, expected] of cases) {
    assertEquals([...decodeSafetensors(fileOf(dtype, [3], bytes)).tensors.w.data], expected, dtype);
    assertThrows(() => decodeSafetensors(fileOf(dtype, [2], bytes)), SyntaxError, "tensor w");
  }
});

Deno.test("damaged files are refused with a sentence", () => {
  const good = handWritten();
  assertThrows(() => decodeSafetensors(good.subarray(0, 5)), SyntaxError, "shorter than 8 bytes");
  assertThrows(() => decodeSafetensors(good.subarray(0, 30)), SyntaxError, "cut short");
  assertThrows(() => decodeSafetensors(good.subarray(0, good.length - 1)), SyntaxError, "tensor w");
  assertThrows(() => decodeSafetensors(good.with(8, 0x20)), SyntaxError, "not JSON");
  const integers = new TextEncoder().encode(new TextDecoder("latin1").decode(good).replace("F32", "I32"));
  assertThrows(
    () => decodeSafetensors(integers),
    SyntaxError,
    "must be one of F64, F32, F16, BF16: it is I32",
  );
  assertThrows(() => weightsFromTensors({}), SyntaxError, "layers.0.weight");
});

/** A file with this header, an object or text, and so many bytes of data. */
function fileWith(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function described(begin: number, end: number): unknown {
  return { dtype: "F32", shape: [(end - begin) / 4], data_offsets: [begin, end] };
}

Deno.test("data with holes, overlaps or a rest is refused before memory is taken for it", () => {
  const refused = (header: unknown, bytes: number, sentence: string): unknown =>
    assertThrows(() => decodeSafetensors(fileWith(header, bytes)), SyntaxError, sentence);
  refused(
    { a: described(0, 8), b: described(12, 16) },
    16,
    "tensor b must be at byte 8 of the data: it is at 12",
  );
  refused(
    { a: described(0, 8), b: described(4, 12) },
    12,
    "tensor b must be at byte 8 of the data: it is at 4",
  );
  refused({ a: described(0, 8) }, 12, "the end of the file must be at byte 8");
  const views = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`t${index}`, described(0, 1e6)]),
  );
  refused(views, 1e6, "it is at 0");
  assertEquals(
    Object.keys(decodeSafetensors(fileWith({ b: described(8, 8), a: described(0, 8) }, 8)).tensors),
    ["a", "b"],
  );
});

Deno.test("headers that lie about lengths are refused at once", () => {
  const lying = handWritten();
  for (const length of [2n ** 64n - 1n, 2n ** 53n, 2n ** 31n]) {
    new DataView(lying.buffer).setBigUint64(0, length, true);
    assertThrows(() => decodeSafetensors(lying), SyntaxError, "cut short");
  }
  const huge = { dtype: "F32", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 8] };
  assertThrows(() => decodeSafetensors(fileWith({ w: huge }, 8)), SyntaxError, "are not all there");
  assertThrows(() => decodeSafetensors(fileWith("[".repeat(100_000), 0)), SyntaxError, "not JSON");
});

const valid = encodeSafetensors({
  tensors: {
    "layers.0.weight": { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    b: { shape: [0], data: new Float32Array() },
  },
  metadata: { step: "3" },
});

Deno.test("decodeSafetensors() survives mutated files: what it takes is in the file, entry by entry", () =>
  fuzz(
    "safetensors",
    (stream) => mutatedBytes(valid, stream),
    (bytes) => judgement(() => decodeSafetensors(bytes), (file) => isIn(file, bytes), [SyntaxError]),
  ));

/** Whether the tensors, one after the other, are the file's last bytes. Mutations of a type are read by other rules. */
function isIn({ tensors, metadata }: TensorFile, bytes: Uint8Array): boolean {
  const header = new TextDecoder().decode(bytes.subarray(8));
  const all = Object.values(tensors);
  if (/"dtype":"(?!F32)/.test(header)) return true;
  const data = Uint8Array.from(all.flatMap(({ data }) => [...new Uint8Array(data.buffer)]));
  const isShaped = all.every(({ shape, data }) =>
    data.length === shape.reduce((product, side) => product * side, 1)
  );
  return isShaped && data.join() === bytes.subarray(bytes.length - data.length).join() &&
    Object.values(metadata).every((text) => header.includes(JSON.stringify(text).slice(1, -1)));
}

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
