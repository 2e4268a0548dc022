import { inspect } from "node:util";
import { AssertionError, messageEnding } from "./assertion_error.ts";

/**
 * Asserts that two numbers differ by no more than a tolerance. Equal infinities and two NaN pass whatever the
 * tolerance.
 *
 * @param actual The number that was found.
 * @param expected The number that was wanted.
 * @param tolerance Largest absolute difference; by default one hundred-thousandth of a percent of `expected`, that
 * is |expected| * 1e-7.
 * @param msg Words to put into the failure message.
 * @throws {AssertionError} If the difference is greater than the tolerance, or one number alone is NaN.
 *
 * @example
 * ```ts
 * assertAlmostEquals(0.1 + 0.2, 0.3);
 * assertAlmostEquals(1.01, 1, 0.02);
 * ```
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected) * 1e-7 : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  throw new AssertionError(
    `Expected actual: "${printed(actual)}" to be close to "${printed(expected)}": ` +
      `delta "${printed(delta)}" is greater than "${printed(allowed)}"${messageEnding(msg)}`,
  );
}

function printed(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential();
}

/**
 * Asserts that `actual > expected`.
 *
 * @param actual The value that was found.
 * @param expected The value that it must exceed.
 * @param msg The failure message, in place of the default one.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * assertGreater(2, 1);
 * ```
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  assertOrder(actual > expected, actual, ">", expected, msg);
}

/**
 * Asserts that `actual >= expected`.
 *
 * @param actual The value that was found.
 * @param expected The value that it must reach.
 * @param msg The failure message, in place of the default one.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * assertGreaterOrEqual(2, 2);
 * ```
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  assertOrder(actual >= expected, actual, ">=", expected, msg);
}

/**
 * Asserts that `actual < expected`.
 *
 * @param actual The value that was found.
 * @param expected The value that it must stay below.
 * @param msg The failure message, in place of the default one.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * assertLess(1, 2);
 * ```
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  assertOrder(actual < expected, actual, "<", expected, msg);
}

/**
 * Asserts that `actual <= expected`.
 *
 * @param actual The value that was found.
 * @param expected The value that it must not exceed.
 * @param msg The failure message, in place of the default one.
 * @throws {AssertionError} If it does.
 *
 * @example
 * ```ts
 * assertLessOrEqual(2, 2);
 * ```
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  assertOrder(actual <= expected, actual, "<=", expected, msg);
}

function assertOrder(
  holds: boolean,
  actual: unknown,
  sign: string,
  expected: unknown,
  msg?: string,
): void {
  if (!holds) {
    throw new AssertionError(
      msg ?? `Expect ${inspect(actual)} ${sign} ${inspect(expected)}`,
    );
  }
}
