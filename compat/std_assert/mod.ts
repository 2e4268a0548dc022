/**
 * Stands in for `jsr:@std/assert` where only the npm registry can be reached: the assertions that this package
 * uses, under the same names and with the documented behaviour of the original, as adapters over `node:assert` and
 * `node:util`.
 *
 * @module
 */
export { AssertionError } from "./assertion_error.ts";
export {
  assertAlmostEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "./comparison.ts";
export {
  assert,
  assertArrayIncludes,
  assertExists,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
  fail,
  unreachable,
} from "./content.ts";
export { equal } from "./equal.ts";
export { assertEquals, assertNotEquals, assertObjectMatch, assertStrictEquals } from "./equality.ts";
export { assertRejects, assertThrows } from "./failure.ts";
