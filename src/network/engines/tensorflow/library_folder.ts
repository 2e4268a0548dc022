/**
 * Where `deno task setup:tensorflow` puts the library, and where the engine looks for it.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";

/** The key of the global symbol under which the package finds tfjs. */
export const tfjsSymbol = "prunebound.tfjs";

/** Reads an environment variable. */
export type VariableReader = (name: string) => string | undefined;

/**
 * The private folder: PRUNEBOUND_TENSORFLOW, or `prunebound/tensorflow-2.21` in $XDG_CACHE_HOME or ~/.cache, so that
 * all checkouts share it.
 *
 * @throws {Error} If none of PRUNEBOUND_TENSORFLOW, XDG_CACHE_HOME and HOME is set, or the path is relative: a library is
 * loaded by its whole path.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * const home = (name: string) => name === "HOME" ? "/home/reader" : undefined;
 * assertEquals(libraryFolder(home), "/home/reader/.cache/prunebound/tensorflow-2.21");
 * assertEquals(libraryFolder(() => "/opt/tensorflow"), "/opt/tensorflow");
 * assertThrows(() => libraryFolder(() => "tensorflow"), Error, "must be an absolute path");
 * ```
 */
export function libraryFolder(variable: VariableReader = (name) => Deno.env.get(name)): string {
  const folder = variable("PRUNEBOUND_TENSORFLOW") ||
    join(cacheFolder(variable), "prunebound", "tensorflow-2.21");
  if (isAbsolute(folder)) return folder;
  throw new Error(
    `Cannot place TensorFlow as PRUNEBOUND_TENSORFLOW or XDG_CACHE_HOME must be an absolute path: the folder would be ${folder}`,
  );
}

function cacheFolder(variable: VariableReader): string {
  const cache = variable("XDG_CACHE_HOME");
  if (cache) return cache;
  const home = variable("HOME");
  if (home) return join(home, ".cache");
  throw new Error("Cannot place TensorFlow as PRUNEBOUND_TENSORFLOW or HOME must be set: neither is");
}

/** The Node package inside the private folder. */
export function packageFolder(folder: string): string {
  return join(folder, "package");
}

/** Which operations `native/` has: to be raised when one is new or takes other operands, so that no older addon is loaded. */
const operationsVersion = 2;

/** The package's addon with the operations of `native/`, built against TensorFlow, inside the private folder. */
export function addonFile(folder: string): string {
  return join(packageFolder(folder), "lib", "napi-v8", `prunebound-${operationsVersion}.node`);
}

/**
 * Whether the addon is there. This says nothing about whether it loads.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isSetUp("/there/is/no/such/folder"), false);
 * ```
 */
export function isSetUp(folder: string): boolean {
  try {
    return Deno.statSync(addonFile(folder)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
