import { inspect } from "node:util";
import { AssertionError, difference, messageEnding } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts that `actual` is deeply equal to `expected`, as `equal` decides it.
 *
 * @param actual The value that was found.
 * @param expected The value that was wanted.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If the two differ; the message shows where.
 *
 * @example
 * ```ts
 * assertEquals([1, [2, 3]], [1, [2, 3]]);
 * ```
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${messageEnding(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that `actual` is not deeply equal to `expected`, as `equal` decides it.
 *
 * @param actual The value that was found.
 * @param expected The value that was not wanted.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If the two are equal.
 *
 * @example
 * ```ts
 * assertNotEquals([1, 2], [2, 1]);
 * ```
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}${messageEnding(msg)}`,
  );
}

/**
 * Asserts that `actual` and `expected` are the same value in the sense of `Object.is`: 0 differs from -0, and two
 * objects with equal content differ.
 *
 * @param actual The value that was found.
 * @param expected The value that was wanted.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If they are not the same value.
 *
 * @example
 * ```ts
 * assertStrictEquals("wasm", "wasm");
 * ```
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `Values are not strictly equal${messageEnding(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that `expected` is a part of `actual`: every key of `expected` is in `actual` with an equal value, nested
 * objects likewise. Of nested arrays as many elements are compared as `expected` has.
 *
 * @param actual The object that was found.
 * @param expected The part that was wanted.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If a part is missing or differs.
 *
 * @example
 * ```ts
 * assertObjectMatch({ widths: [784, 10], bias: false }, { bias: false });
 * ```
 */
export function assertObjectMatch(
  actual: Record<PropertyKey, unknown>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals<unknown>(
    partOf(actual, expected),
    partOf(expected, expected),
    msg,
  );
}

/** What `value` has under the keys of `wanted`, its classes set aside. */
function partOf(value: unknown, wanted: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(wanted)) {
    return value.slice(0, wanted.length).map((element, index) => partOf(element, wanted[index]));
  }
  if (!isKeyed(value) || !isKeyed(wanted)) return value;
  const shared = Reflect.ownKeys(wanted).filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(
    shared.map((key) => [key, partOf(value[key], wanted[key])]),
  );
}

function isKeyed(value: unknown): value is Record<PropertyKey, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
