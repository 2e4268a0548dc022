/**
 * What a PNG file claims to be, checked before a decoder allocates anything for it.
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import type { NamedBytes } from "./raw_files.ts";

/** The size of an 8-bit RGB image, in pixels. */
export interface PngSize {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bit depth 8, colour type 2 (RGB), deflate, adaptive filters, no interlacing. */
const plainRgb = [8, 2, 0, 0, 0];

/**
 * Refuses a PNG file unless it is an 8-bit RGB image of the given size, not interlaced, made of IHDR, IDAT and IEND
 * chunks only, whose compressed data unpack to exactly the bytes that such an image has.
 *
 * A few compressed bytes can unpack to a thousand times as many; unpacking stops at the expected length.
 *
 * @throws {SyntaxError} If the file is anything else.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { encode } from "fast-png";
 * const bytes = encode({ width: 2, height: 1, channels: 3, data: new Uint8Array(6) });
 * checkPngLayout({ name: "a.png", bytes }, { width: 2, height: 1 });
 * assertThrows(() => checkPngLayout({ name: "a.png", bytes }, { width: 3, height: 1 }), SyntaxError, "2 x 1");
 * ```
 */
export function checkPngLayout(png: NamedBytes, size: PngSize): void {
  const [header, ...rest] = readChunks(png);
  checkHeader(header, png.name, size);
  const end = rest.pop();
  if (end?.type !== "IEND" || rest.some((chunk) => chunk.type !== "IDAT")) {
    const found = [header, ...rest, end].map((chunk) => chunk?.type ?? "nothing").slice(0, 5).join(", ");
    throw new SyntaxError(
      `Cannot read ${png.name} as its chunks must be IHDR, IDAT and IEND: they begin with ${found}`,
    );
  }
  checkImageData(rest, png.name, size.height * (1 + 3 * size.width));
}

function readChunks(png: NamedBytes): Chunk[] {
  if (signature.some((byte, index) => png.bytes[index] !== byte)) {
    throw new SyntaxError(`Cannot read ${png.name} as it must begin with the PNG signature`);
  }
  const view = new DataView(png.bytes.buffer, png.bytes.byteOffset, png.bytes.byteLength);
  const chunks: Chunk[] = [];
  let offset = signature.length;
  while (offset < png.bytes.length) {
    const length = chunkLength(view, offset, png.name);
    chunks.push({
      type: String.fromCharCode(...png.bytes.subarray(offset + 4, offset + 8)),
      data: png.bytes.subarray(offset + 8, offset + 8 + length),
    });
    offset += 12 + length;
  }
  return chunks;
}

/** The length of the chunk's data, once it is known that length, type, data and CRC lie within the file. */
function chunkLength(view: DataView, offset: number, name: string): number {
  const left = view.byteLength - offset;
  const length = left < 12 ? Infinity : view.getUint32(offset);
  if (12 + length <= left) return length;
  throw new SyntaxError(
    `Cannot read ${name} as it must hold whole chunks: the one at byte ${offset} is cut short`,
  );
}

function checkHeader(header: Chunk | undefined, name: string, size: PngSize): void {
  if (header?.type !== "IHDR" || header.data.length !== 13) {
    throw new SyntaxError(
      `Cannot read ${name} as its first chunk must be IHDR: it is ${header?.type ?? "missing"}`,
    );
  }
  const view = new DataView(header.data.buffer, header.data.byteOffset, header.data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width !== size.width || height !== size.height) {
    throw new SyntaxError(
      `Cannot read ${name} as it must be ${size.width} x ${size.height} pixels: it is ${width} x ${height}`,
    );
  }
  const format = [...header.data.subarray(8)];
  if (format.some((value, index) => value !== plainRgb[index])) {
    throw new SyntaxError(
      `Cannot read ${name} as it must be 8-bit RGB, not interlaced (${plainRgb.join(" ")}): it is ${
        format.join(" ")
      }`,
    );
  }
}

function checkImageData(chunks: readonly Chunk[], name: string, expected: number): void {
  const found = inflatedLength(chunks, expected);
  if (found === expected) return;
  throw new SyntaxError(
    `Cannot read ${name} as its image data must unpack to ${expected} bytes: ` +
      (found === undefined ? "they are damaged or longer" : `current value is ${found}`),
  );
}

function inflatedLength(chunks: readonly Chunk[], limit: number): number | undefined {
  const compressed = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.data.length, 0));
  let offset = 0;
  for (const { data } of chunks) {
    compressed.set(data, offset);
    offset += data.length;
  }
  try {
    return inflateSync(compressed, { maxOutputLength: limit }).length;
  } catch {
    return undefined;
  }
}
