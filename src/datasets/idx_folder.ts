/**
 * Which files of a folder are a data set in the IDX format.
 *
 * @module
 */

/** The files of one set of examples. */
export interface IdxPair {
  /** The images' file. */
  readonly images: string;
  /** The labels' file. */
  readonly labels: string;
}

/** The files of a data set. */
export interface IdxFiles {
  /** The training set S. */
  readonly train: IdxPair;
  /** The test set, if there is one. */
  readonly test: IdxPair | undefined;
}

/**
 * Tells a folder's IDX files apart by their names: `images` and `labels`, those with `t10k` or `test` in their name
 * being the test set's. A file that is there both packed (`.gz`) and unpacked is
 * taken unpacked. Other files are left alone.
 *
 * @param names The names of the folder's files.
 * @returns The files, or undefined where none is named so.
 * @throws {RangeError} If a file is missing or there is more than one for a purpose.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(idxFiles(["train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "README"]), {
 *   train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte.gz" },
 *   test: undefined,
 * });
 * ```
 */
export function idxFiles(names: readonly string[]): IdxFiles | undefined {
  const unpacked = names.filter((name) => !name.endsWith(".gz") || !names.includes(name.slice(0, -3)));
  const named = unpacked.filter((name) => /images|labels/i.test(name)).sort();
  if (named.length === 0) return undefined;
  const { train = [], test } = Object.groupBy(named, (name) => (/t10k|test/i.test(name) ? "test" : "train"));
  return { train: pairOf(train, "training"), test: test && pairOf(test, "test") };
}

function pairOf(names: readonly string[], purpose: string): IdxPair {
  return { images: oneOf(names, "images", purpose), labels: oneOf(names, "labels", purpose) };
}

function oneOf(names: readonly string[], kind: "images" | "labels", purpose: string): string {
  const found = names.filter((name) => name.toLowerCase().includes(kind));
  if (found.length === 1) return found[0];
  throw new RangeError(
    `Cannot use the folder as it must have one file of ${purpose} ${kind}: it has ${
      found.join(", ") || "none"
    }`,
  );
}
