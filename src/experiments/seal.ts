/**
 * Seals: the SHA-256 of a run's file inside the file itself, taken over its other bytes and over what it belongs to, so
 * that a file that was cut, altered or moved from another run is told from a good one.
 *
 * The digest is inside and not beside the file because a file can be renamed into place in one step and two cannot.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { decodeSafetensors, encodeSafetensors, type TensorFile } from "../network/weights.ts";

const hexadecimalDigits = 64;
const jsonOpening = '{\n "sha256": "';
const jsonClosing = '",\n';
const tensorOpening = '{"__metadata__":{"sha256":"';
/** A safetensors file begins with the header's length in 8 bytes; the seal is the header's first entry. */
const tensorSealStart = 8 + tensorOpening.length;
const tensorSealEnd = tensorSealStart + hexadecimalDigits;

/**
 * Seals JSON text.
 *
 * @param text What `recordJson` gives for an object that is not empty.
 * @param owner What the text belongs to: the canonical JSON of a run's hyper-parameters.
 * @returns The text with the field `sha256` before its others.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * const sealed = sealJson('{\n "d": 1\n}\n', "run a");
 * assertEquals(openJson(sealed, "run a", "the file"), '{\n "d": 1\n}\n');
 * assertThrows(() => openJson(sealed.replace('"d": 1', '"d": 3'), "run a", "the file"), SyntaxError);
 * assertThrows(() => openJson(sealed, "run b", "the file"), SyntaxError);
 * ```
 */
export function sealJson(text: string, owner: string): string {
  return jsonOpening + sha256(owner, text) + jsonClosing + text.slice("{\n".length);
}

/**
 * The JSON text that was sealed.
 *
 * @param sealed What {@linkcode sealJson} gave.
 * @param owner What it was sealed for.
 * @param what The file's name, for the message.
 * @throws {SyntaxError} If it is not what was sealed.
 */
export function openJson(sealed: string, owner: string, what: string): string {
  const rest = sealed.slice(jsonOpening.length + hexadecimalDigits + jsonClosing.length);
  const text = "{\n" + rest;
  if (sealJson(text, owner) === sealed) return text;
  throw damaged(what);
}

/**
 * Seals tensors as one safetensors file, which any reader of the format reads: the seal is an entry of its metadata.
 *
 * @param owner What the tensors belong to.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * const file = { tensors: { a: { shape: [1], data: Float32Array.of(1) } }, metadata: { step: "2" } };
 * const sealed = sealTensors(file, "run a");
 * assertEquals(openTensors(sealed, "run a", "the file"), file);
 * assertThrows(() => openTensors(sealed.with(-1, 0), "run a", "the file"), SyntaxError);
 * ```
 */
export function sealTensors({ tensors, metadata }: TensorFile, owner: string): Uint8Array<ArrayBuffer> {
  const blank = { sha256: "0".repeat(hexadecimalDigits), ...metadata };
  const bytes = encodeSafetensors({ tensors, metadata: blank });
  bytes.set(new TextEncoder().encode(tensorDigest(bytes, owner)), tensorSealStart);
  return bytes;
}

/**
 * The tensors that were sealed.
 *
 * @param sealed What {@linkcode sealTensors} gave.
 * @param owner What they were sealed for.
 * @param what The file's name, for the message.
 * @throws {SyntaxError} If it is not what was sealed.
 */
export function openTensors(sealed: Uint8Array, owner: string, what: string): TensorFile {
  const beginning = new TextDecoder().decode(sealed.subarray(8, tensorSealEnd));
  if (beginning !== tensorOpening + tensorDigest(sealed, owner)) throw damaged(what);
  const { tensors, metadata: { sha256: _seal, ...metadata } } = decodeSafetensors(sealed);
  return { tensors, metadata };
}

function tensorDigest(bytes: Uint8Array, owner: string): string {
  return sha256(owner, bytes.subarray(0, tensorSealStart), bytes.subarray(tensorSealEnd));
}

function sha256(owner: string, ...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256").update(`${owner}\n`);
  parts.forEach((part) => hash.update(part));
  return hash.digest("hex");
}

function damaged(what: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${what} as its checksum must fit its content and its run: it was cut, altered or moved; ` +
      "remove the file and run again",
  );
}
