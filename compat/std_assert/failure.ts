import { AssertionError, messageEnding } from "./assertion_error.ts";

type ErrorConstructor<E extends Error> = abstract new (...args: never[]) => E;

/**
 * Asserts that `fn` throws, whatever it throws.
 *
 * @param fn The function to call.
 * @param msg Words to put into the failure message.
 * @returns What was thrown.
 * @throws {AssertionError} If nothing is thrown.
 *
 * @example
 * ```ts
 * assertThrows(() => JSON.parse("{"));
 * ```
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that `fn` throws an error of the class `ErrorClass` with `msgIncludes` in its message.
 *
 * @param fn The function to call.
 * @param ErrorClass The class of which the error must be an instance.
 * @param msgIncludes Text that the error's message must contain.
 * @param msg Words to put into the failure message.
 * @returns The error that was thrown.
 * @throws {AssertionError} If nothing is thrown, or something else.
 *
 * @example
 * ```ts
 * assertThrows(() => new Array(-1), RangeError, "Invalid array length");
 * ```
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMessage?: ErrorConstructor<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const ErrorClass = typeof classOrMessage === "function" ? classOrMessage : undefined;
  const words = typeof classOrMessage === "string" ? classOrMessage : msg;
  const value = thrownValue(outcomeOf(fn), "Expected function to throw", words);
  if (ErrorClass === undefined) return value;
  return checkedError(errorFrom(value, "thrown", msg), ErrorClass, msgIncludes, msg);
}

/**
 * Asserts that the promise that `fn` returns is rejected, whatever the reason.
 *
 * @param fn The function to call.
 * @param msg Words to put into the failure message.
 * @returns The reason of the rejection.
 * @throws {AssertionError} If the promise is fulfilled, or `fn` throws before it returns one.
 *
 * @example
 * ```ts
 * await assertRejects(() => Promise.reject(new Error("no data")));
 * ```
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that the promise that `fn` returns is rejected with an error of the class `ErrorClass` with `msgIncludes`
 * in its message.
 *
 * @param fn The function to call.
 * @param ErrorClass The class of which the error must be an instance.
 * @param msgIncludes Text that the error's message must contain.
 * @param msg Words to put into the failure message.
 * @returns The error with which it was rejected.
 * @throws {AssertionError} If the promise is fulfilled or rejected otherwise, or `fn` throws before it returns one.
 *
 * @example
 * ```ts
 * await assertRejects(() => Promise.reject(new RangeError("no data")), RangeError, "data");
 * ```
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMessage?: ErrorConstructor<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const ErrorClass = typeof classOrMessage === "function" ? classOrMessage : undefined;
  const words = typeof classOrMessage === "string" ? classOrMessage : msg;
  const value = thrownValue(await rejectionOf(fn, words), "Expected function to reject", words);
  if (ErrorClass === undefined) return value;
  return checkedError(errorFrom(value, "rejected", msg), ErrorClass, msgIncludes, msg);
}

interface Outcome {
  readonly failed: boolean;
  readonly value: unknown;
}

function outcomeOf(fn: () => unknown): Outcome {
  try {
    return { failed: false, value: fn() };
  } catch (error) {
    return { failed: true, value: error };
  }
}

async function rejectionOf(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<Outcome> {
  const call = outcomeOf(fn);
  if (call.failed || !isPromiseLike(call.value)) {
    throw new AssertionError(
      `Function throws when expected to reject${messageEnding(msg)}`,
    );
  }
  try {
    return { failed: false, value: await call.value };
  } catch (error) {
    return { failed: true, value: error };
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

function thrownValue(outcome: Outcome, wanted: string, msg?: string): unknown {
  if (!outcome.failed) {
    throw new AssertionError(`${wanted}${messageEnding(msg)}`);
  }
  return outcome.value;
}

function errorFrom(value: unknown, origin: string, msg?: string): Error {
  if (value instanceof Error) return value;
  throw new AssertionError(`A non-Error object was ${origin}${messageEnding(msg)}`);
}

function checkedError<E extends Error>(
  error: Error,
  ErrorClass: ErrorConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): E {
  if (!(error instanceof ErrorClass)) {
    const found = `but was "${error.constructor.name}"${messageEnding(msg)}`;
    throw new AssertionError(`Expected error to be instance of "${ErrorClass.name}", ${found}`);
  }
  if (msgIncludes === undefined || error.message.includes(msgIncludes)) return error;
  const found = `but got ${JSON.stringify(error.message)}${messageEnding(msg)}`;
  throw new AssertionError(`Expected error message to include ${JSON.stringify(msgIncludes)}, ${found}`);
}
