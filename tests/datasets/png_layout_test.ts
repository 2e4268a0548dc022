import { assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { checkPngLayout } from "../../src/datasets/png_layout.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const size = { width: 4, height: 2 };

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

function header(width: number, height: number, format = [8, 2, 0, 0, 0]): Uint8Array {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set(format, 8);
  return chunk("IHDR", data);
}

function imageData(length: number): Uint8Array {
  return chunk("IDAT", deflateSync(new Uint8Array(length)));
}

const end = chunk("IEND", new Uint8Array());

function check(...parts: Uint8Array[]): void {
  checkPngLayout({ name: "image.png", bytes: Buffer.concat([signature, ...parts]) }, size);
}

Deno.test("checkPngLayout lets a plain RGB image of the right size pass", () => {
  check(header(4, 2), imageData(26), end);
});

Deno.test("checkPngLayout refuses image data that unpack to fewer bytes, and to more without unpacking them", () => {
  assertThrows(
    () => check(header(4, 2), imageData(25), end),
    SyntaxError,
    "must unpack to 26 bytes: current value is 25",
  );
  const bomb = imageData(100_000_000);
  assertThrows(
    () => check(header(4, 2), bomb, end),
    SyntaxError,
    "must unpack to 26 bytes: they are damaged or longer",
  );
});

Deno.test("checkPngLayout refuses another size before anything is decoded", () => {
  assertThrows(() => check(header(2 ** 31, 2 ** 31), end), SyntaxError, "it is 2147483648 x 2147483648");
});

Deno.test("checkPngLayout refuses grey, 16-bit and interlaced images", () => {
  for (const format of [[8, 0, 0, 0, 0], [16, 2, 0, 0, 0], [8, 2, 0, 0, 1]]) {
    assertThrows(
      () => check(header(4, 2, format), imageData(26), end),
      SyntaxError,
      `it is ${format.join(" ")}`,
    );
  }
});

Deno.test("checkPngLayout refuses other chunks, which a decoder might unpack", () => {
  const profile = chunk("iCCP", new Uint8Array(8));
  assertThrows(() => check(header(4, 2), profile, imageData(26), end), SyntaxError, "IHDR, iCCP, IDAT, IEND");
});

Deno.test("checkPngLayout refuses a file without signature, header, image data or end", () => {
  assertThrows(
    () => checkPngLayout({ name: "a", bytes: new Uint8Array(4) }, size),
    SyntaxError,
    "PNG signature",
  );
  assertThrows(() => check(), SyntaxError, "its first chunk must be IHDR: it is missing");
  assertThrows(() => check(imageData(26), end), SyntaxError, "its first chunk must be IHDR: it is IDAT");
  assertThrows(() => check(header(4, 2), end), SyntaxError, "must unpack to 26 bytes");
  assertThrows(
    () => check(header(4, 2), imageData(26)),
    SyntaxError,
    "its chunks must be IHDR, IDAT and IEND",
  );
  assertThrows(() => check(header(4, 2)), SyntaxError, "its chunks must be IHDR, IDAT and IEND");
});

Deno.test("checkPngLayout refuses a file cut short at any byte", () => {
  const whole = Buffer.concat([signature, header(4, 2), imageData(26), end]);
  for (let length = 0; length < whole.length; length++) {
    const bytes = whole.subarray(0, length);
    assertThrows(
      () => checkPngLayout({ name: "image.png", bytes }, size),
      SyntaxError,
      "Cannot read image.png",
    );
  }
});
