/**
 * What the Node package still expects of Node's `util`, and Node took away in version 23.
 *
 * @module
 */
import { createRequire } from "node:module";

/** Two tests of values that `util` had until Node 23. */
export interface ValueTests {
  /** Whether the value is null or undefined. */
  isNullOrUndefined?: (value: unknown) => boolean;
  /** Whether the value is an array. */
  isArray?: (value: unknown) => boolean;
}

/**
 * Gives `util.isNullOrUndefined` and `util.isArray` back where they are missing. It must run before the package is
 * loaded. The object that CommonJS modules share is changed, as an ES module's namespace cannot be.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const util: ValueTests = {};
 * restoreValueTests(util);
 * assert(util.isNullOrUndefined?.(null) && util.isArray?.([]));
 * ```
 */
export function restoreValueTests(util: ValueTests = sharedUtil()): void {
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

function sharedUtil(): ValueTests {
  return createRequire(import.meta.url)("node:util");
}
