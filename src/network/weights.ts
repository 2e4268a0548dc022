/**
 * Named tensors as safetensors bytes: what a network's weights and checkpoints are stored as. Written in single
 * precision, read in any floating-point type.
 *
 * The format is an 8-byte little-endian header length, a JSON header and the raw little-endian data.
 *
 * @module
 */
import { z } from "zod";
import { type Matrix, matrix } from "../math/matrix.ts";
import type { NetworkWeights } from "./mlp.ts";

/** A tensor of single-precision numbers. */
export interface NamedTensor {
  /** Its sides. */
  readonly shape: readonly number[];
  /** Row-major entries. */
  readonly data: Float32Array;
}

/** Tensors by name, with free text about them. */
export interface TensorFile {
  /** The tensors by name. */
  readonly tensors: Readonly<Record<string, NamedTensor>>;
  /** Text by key, such as where the tensors come from. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How the entries of one type are stored. */
interface EntryType {
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer) => Float32Array<ArrayBuffer>;
}

const entryTypes: ReadonlyMap<string, EntryType> = new Map([
  ["F64", { bytes: 8, read: (buffer) => Float32Array.from(new Float64Array(buffer)) }],
  ["F32", { bytes: 4, read: (buffer) => new Float32Array(buffer) }],
  ["F16", { bytes: 2, read: (buffer) => Float32Array.from(new Float16Array(buffer)) }],
  ["BF16", { bytes: 2, read: brainFloats }],
]);

const tensorHeader = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * Writes tensors as one safetensors file. Equal content gives equal bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const file = { tensors: { a: { shape: [2], data: Float32Array.of(1, 2) } }, metadata: { seed: "1" } };
 * assertEquals(decodeSafetensors(encodeSafetensors(file)), file);
 * ```
 */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  let end = 0;
  const names = Object.keys(tensors).sort();
  const entries = names.map((name) => {
    const { shape, data } = tensors[name];
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  // Readers map the data in place, so the header is padded to keep it aligned.
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  names.reduce((offset, name) => {
    const { buffer, byteOffset, byteLength } = tensors[name].data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    return offset + byteLength;
  }, 8 + header.length);
  return bytes;
}

/**
 * Reads a safetensors file of floating-point tensors: F64, F32, F16 or BF16. All come out in single precision, in
 * which networks are evaluated: F16 and BF16 exactly, F64 rounded.
 *
 * @throws {SyntaxError} If the bytes are no such file: cut short, another type, offsets that do not fit the shape, data
 * with holes or overlaps.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => decodeSafetensors(new Uint8Array(4)), SyntaxError, "8 bytes");
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const { header, dataStart } = readHeader(bytes);
  const { __metadata__ = {}, ...described } = header;
  const metadata = parsed(z.record(z.string(), z.string()), __metadata__, "its metadata");
  const headers = Object.entries(described)
    .map(([name, entry]) => ({ name, ...parsed(tensorHeader, entry, `tensor ${name}`) }))
    .sort(({ data_offsets: a }, { data_offsets: b }) => a[0] - b[0] || a[1] - b[1]);
  let position = 0;
  const tensors = Object.fromEntries(headers.map((header) => {
    checkPlace(`tensor ${header.name}`, header.data_offsets[0], position);
    position = header.data_offsets[1];
    return [header.name, readTensor(bytes, dataStart, header)];
  }));
  checkPlace("the end of the file", bytes.length - dataStart, position);
  return { tensors, metadata };
}

/** A network's parameters by the names that PyTorch gives them: `layers.0.weight`, `layers.0.bias`, ... */
export function weightsToTensors({ layers, biases }: NetworkWeights): Record<string, NamedTensor> {
  return Object.fromEntries([
    ...layers.map(({ rows, columns, data }, layer) => {
      return [`layers.${layer}.weight`, { shape: [rows, columns], data: inSinglePrecision(data) }];
    }),
    ...biases.map((data, layer) => [`layers.${layer}.bias`, { shape: [data.length], data }]),
  ]);
}

/** Entries in single precision: those that are need no copy. */
export function inSinglePrecision(data: Matrix["data"]): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/**
 * The inverse of {@linkcode weightsToTensors}.
 *
 * @throws {SyntaxError} If there is no first layer, or a weight is no matrix.
 */
export function weightsFromTensors(tensors: Readonly<Record<string, NamedTensor>>): NetworkWeights {
  const layers = [];
  const biases = [];
  for (let layer = 0; `layers.${layer}.weight` in tensors; layer++) {
    const { shape, data } = tensors[`layers.${layer}.weight`];
    if (shape.length !== 2) {
      throw new SyntaxError(`Cannot read the weights as layers.${layer}.weight must be a matrix`);
    }
    layers.push(matrix(shape[0], shape[1], data));
    const bias = tensors[`layers.${layer}.bias`];
    if (bias) biases.push(bias.data);
  }
  if (layers.length === 0) {
    throw new SyntaxError("Cannot read the weights as there is no tensor layers.0.weight");
  }
  return { layers, biases };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) {
    throw new SyntaxError("Cannot read the safetensors file as it is shorter than 8 bytes");
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) {
    throw new SyntaxError(
      `Cannot read the safetensors file as it was cut short: its header needs ${length} bytes of ${
        bytes.length - 8
      }`,
    );
  }
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return {
    header: parsed(z.record(z.string(), z.unknown()), parseJson(text), "its header"),
    dataStart: 8 + length,
  };
}

/** The format allows neither holes nor overlaps; with overlaps a small file could ask for any amount of memory. */
function checkPlace(what: string, begin: number, position: number): void {
  if (begin === position) return;
  throw new SyntaxError(
    `Cannot read the safetensors file as ${what} must be at byte ${position} of the data: it is at ${begin}`,
  );
}

function readTensor(
  bytes: Uint8Array,
  dataStart: number,
  { name, dtype, shape, data_offsets: [begin, end] }: z.infer<typeof tensorHeader> & {
    readonly name: string;
  },
): NamedTensor {
  const type = entryTypes.get(dtype);
  if (!type) {
    const known = [...entryTypes.keys()].join(", ");
    throw new SyntaxError(`Cannot read tensor ${name} as its type must be one of ${known}: it is ${dtype}`);
  }
  const size = type.bytes * shape.reduce((product, side) => product * side, 1);
  if (end - begin !== size || dataStart + end > bytes.length) {
    throw new SyntaxError(
      `Cannot read tensor ${name} as its ${size} bytes are not all there: the file was cut or altered`,
    );
  }
  // A copy, as the header's length need not align the data to the size of an entry.
  return { shape, data: type.read(bytes.slice(dataStart + begin, dataStart + end).buffer) };
}

/** BF16 is the upper half of a single-precision number. */
function brainFloats(buffer: ArrayBuffer): Float32Array<ArrayBuffer> {
  const singles = Uint32Array.from(new Uint16Array(buffer), (half) => half << 16);
  return new Float32Array(singles.buffer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError("Cannot read the safetensors file as its header is not JSON");
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SyntaxError(
    `Cannot read the safetensors file as ${what} is malformed: ${result.error.issues[0].message}`,
  );
}
