/**
 * Guard clauses: one wording for every value that is out of range.
 *
 * @module
 */

/**
 * Refuses a value outside [0, 1].
 *
 * @param task What cannot be done, as in "compute the tail".
 * @throws {RangeError} If `value` is not a number in [0, 1].
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireProbability("compute the tail", "p", 2), RangeError, "p must be in [0, 1]");
 * ```
 */
export function requireProbability(task: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) refuse(task, name, "in [0, 1]", value);
}

/**
 * Refuses a value outside the open interval (0, 1).
 *
 * @throws {RangeError} If `value` is not a number in (0, 1).
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireOpenProbability("bound the risk", "delta", 0), RangeError, "in (0, 1)");
 * ```
 */
export function requireOpenProbability(task: string, name: string, value: number): void {
  if (!(value > 0 && value < 1)) refuse(task, name, "in (0, 1)", value);
}

/**
 * Refuses a value that is not above zero (Infinity passes).
 *
 * @throws {RangeError} If `value` is not a number > 0.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requirePositive("scale", "width", -1), RangeError, "width must be > 0");
 * ```
 */
export function requirePositive(task: string, name: string, value: number): void {
  if (!(value > 0)) refuse(task, name, "> 0", value);
}

/**
 * Refuses a value below zero (Infinity passes).
 *
 * @throws {RangeError} If `value` is not a number >= 0.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireNonNegative("prune", "d", NaN), RangeError, "current value is NaN");
 * ```
 */
export function requireNonNegative(task: string, name: string, value: number): void {
  if (!(value >= 0)) refuse(task, name, ">= 0", value);
}

/**
 * Refuses a value that is not a whole number of at least `least`.
 *
 * @throws {RangeError} If `value` is not an integer >= `least`.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireInteger("count", "bins", 1.5, 1), RangeError, "an integer >= 1");
 * ```
 */
export function requireInteger(task: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) refuse(task, name, `an integer >= ${least}`, value);
}

/**
 * Refuses a list without entries.
 *
 * @throws {RangeError} If `values` is empty.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireEntries("average", "values", []), RangeError, "values must not be empty");
 * ```
 */
export function requireEntries(task: string, name: string, values: ArrayLike<unknown>): void {
  if (values.length === 0) throw new RangeError(`Cannot ${task} as ${name} must not be empty`);
}

function refuse(task: string, name: string, condition: string, value: number): never {
  throw new RangeError(`Cannot ${task} as ${name} must be ${condition}: current value is ${value}`);
}
