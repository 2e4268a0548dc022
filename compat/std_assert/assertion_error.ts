import { AssertionError as NodeAssertionError } from "node:assert";

/**
 * Error thrown by every assertion of this module when it fails.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new AssertionError("too large").name, "AssertionError");
 * ```
 */
export class AssertionError extends Error {
  /**
   * Makes the error; it is for the caller to throw it.
   *
   * @param message What was expected and what was found.
   * @param options The cause, where one error led to another.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Ends a failure message: with the caller's own words if there are any, else with a full stop. */
export function messageEnding(message: string | undefined): string {
  return message ? `: ${message}` : ".";
}

/** Line-by-line comparison of two values, as node:assert prints it. */
export function difference(actual: unknown, expected: unknown): string {
  return new NodeAssertionError({
    actual,
    expected,
    operator: "deepStrictEqual",
  }).message;
}
