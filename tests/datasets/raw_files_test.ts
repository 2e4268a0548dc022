import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { checkRawFile, datasetChecksum, rawFiles, sha256 } from "../../src/datasets/raw_files.ts";

const bytes = new TextEncoder().encode("abc");

/** The published test vector of SHA-256 for "abc". */
const abcChecksum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Deno.test("sha256 gives the published value for abc", () => {
  assertEquals(sha256("abc"), abcChecksum);
  assertEquals(sha256(bytes), abcChecksum);
});

Deno.test("checkRawFile accepts the right bytes and names file, both checksums and the way out otherwise", () => {
  const file = { name: "labels", bytes: 3, sha256: abcChecksum };
  checkRawFile(file, { name: "/data/labels", bytes }, "Fetch it again.");
  const wrong = { name: "/data/labels", bytes: bytes.slice(1) };
  assertThrows(
    () => checkRawFile(file, wrong, "Fetch it again."),
    Error,
    `Cannot use /data/labels as its SHA-256 must be ${abcChecksum}: ` +
      `current value is ${sha256("bc")} (2 bytes of 3). Fetch it again.`,
  );
});

Deno.test("rawFiles pins distinct checksums and lengths that fit the format", () => {
  const mnist = rawFiles("mnist").map((file) => file.bytes);
  assertEquals(mnist, [16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000]);
  assertEquals(rawFiles("cifar10").map((file) => file.bytes), new Array(6).fill(10_000 * 3_073));
  const checksums = [...rawFiles("mnist"), ...rawFiles("cifar10")].map((file) => file.sha256);
  assertEquals(new Set(checksums).size, 10);
});

Deno.test("datasetChecksum depends on every file and on no order", () => {
  const files = rawFiles("cifar10");
  assertEquals(datasetChecksum(files.toReversed()), datasetChecksum(files));
  assertNotEquals(datasetChecksum(files.slice(1)), datasetChecksum(files));
});
