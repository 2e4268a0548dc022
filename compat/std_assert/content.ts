import { inspect } from "node:util";
import { AssertionError, messageEnding } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts that `expr` is truthy.
 *
 * @param expr The expression to test.
 * @param msg The failure message.
 * @throws {AssertionError} If it is falsy.
 *
 * @example
 * ```ts
 * assert(1 < 2, "one is less than two");
 * ```
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Asserts that `actual` is neither null nor undefined.
 *
 * @param actual The value that was found.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If it is null or undefined.
 *
 * @example
 * ```ts
 * assertExists(0);
 * ```
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${messageEnding(msg)}`,
  );
}

/**
 * Asserts that `actual` contains the text `expected`.
 *
 * @param actual The text that was found.
 * @param expected The text that it must contain.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * assertStringIncludes("unknown column d", "column d");
 * ```
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${messageEnding(msg)}`,
  );
}

/**
 * Asserts that `actual` matches the regular expression `expected`.
 *
 * @param actual The text that was found.
 * @param expected The pattern that it must match.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * assertMatch("table2.csv", /\.csv$/);
 * ```
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${messageEnding(msg)}`,
  );
}

/**
 * Asserts that `actual` contains every element of `expected`, in any order, as `equal` decides it.
 *
 * @param actual The list that was found.
 * @param expected The elements that it must contain.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If an element is missing; the message lists the missing ones.
 *
 * @example
 * ```ts
 * assertArrayIncludes([{ h: 500 }, { h: 784 }], [{ h: 784 }]);
 * ```
 */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T> & object,
  expected: ArrayLike<T> & object,
  msg?: string,
): void {
  const found: T[] = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !found.some((element) => equal(element, wanted)));
  if (missing.length === 0) return;
  const sentence = `Expected actual: "${inspect(actual)}" to include: "${inspect(expected)}"`;
  throw new AssertionError(
    `${sentence}${messageEnding(msg)}\nmissing: ${inspect(missing)}`,
  );
}

/**
 * Asserts that `actual` is an instance of the class `expectedType`.
 *
 * @param actual The value that was found.
 * @param expectedType The class of which it must be an instance.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If it is none.
 *
 * @example
 * ```ts
 * assertInstanceOf(new RangeError("out of range"), Error);
 * ```
 */
export function assertInstanceOf<
  T extends abstract new (...args: never[]) => unknown,
>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const sentence = `Expected object to be an instance of "${expectedType.name}" but was "${kindOf(actual)}"`;
  throw new AssertionError(`${sentence}${messageEnding(msg)}`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
}

/**
 * Fails unconditionally.
 *
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => fail("no engine was tried"), Error, "no engine was tried");
 * ```
 */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${messageEnding(msg)}`);
}

/**
 * Marks code that must never run.
 *
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => unreachable(), Error, "Unreachable");
 * ```
 */
export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${messageEnding(msg)}`);
}
