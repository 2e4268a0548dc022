import { ValidationError } from "./validation_error.ts";

/** A value as it stands on the command line, with what is needed to name it in a message. */
export interface ArgumentValue {
  /** "Option" or "Argument". */
  label: string;
  /** Name of the option or the argument, as the person at the terminal writes it. */
  name: string;
  /** The text of the value. */
  value: string;
  /** Name of the type that it must have. */
  type: string;
}

/** Turns the text of a value into the value, or throws a `ValidationError`. */
export type TypeHandler<Value> = (type: ArgumentValue) => Value;

/**
 * Type of the values of a fixed list.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const profile = new EnumType(["smoke", "quick"]);
 * const option = { label: "Option", name: "--profile", type: "profile" };
 * assertEquals(profile.parse({ ...option, value: "quick" }), "quick");
 * assertThrows(() => profile.parse({ ...option, value: "slow" }), Error, 'Expected values: "smoke", "quick"');
 * ```
 */
export class EnumType<const Value extends string | number | boolean> {
  readonly #allowed: readonly Value[];

  /**
   * Makes the type.
   *
   * @param values The values that are allowed.
   */
  constructor(values: readonly Value[]) {
    this.#allowed = values;
  }

  /**
   * Finds the value that is written as the given text.
   *
   * @param type The text, and what to call it in a message.
   * @returns The value.
   * @throws {ValidationError} If no value is written so.
   */
  parse(type: ArgumentValue): Value {
    const value = this.#allowed.find((allowed) => String(allowed) === type.value);
    if (value === undefined) throw wrongType(type, this.#allowed);
    return value;
  }

  /**
   * Lists the values.
   *
   * @returns The values that are allowed, in their order.
   */
  values(): Value[] {
    return [...this.#allowed];
  }
}

/** The types that need no registration. */
export const builtInTypes: ReadonlyMap<string, TypeHandler<unknown>> = new Map<string, TypeHandler<unknown>>([
  ["string", (type) => type.value],
  ["file", (type) => type.value],
  ["number", (type) => toNumber(type, Number.isFinite)],
  ["integer", (type) => toNumber(type, Number.isInteger)],
  ["boolean", toBoolean],
]);

function toNumber(type: ArgumentValue, accepts: (value: number) => boolean): number {
  // Number(" ") is 0, which nobody meant by a blank.
  const value = type.value.trim() === "" ? NaN : Number(type.value);
  if (!accepts(value)) throw wrongType(type);
  return value;
}

function toBoolean(type: ArgumentValue): boolean {
  if (["1", "true"].includes(type.value)) return true;
  if (["0", "false"].includes(type.value)) return false;
  throw wrongType(type, ["true", "false", "1", "0"]);
}

function wrongType(
  found: ArgumentValue,
  allowed: readonly (string | number | boolean)[] = [],
): ValidationError {
  const fault = `${found.label} "${found.name}" must be of type "${found.type}", but got "${found.value}".`;
  const hint = allowed.map((value) => `"${value}"`).join(", ");
  return new ValidationError(hint === "" ? fault : `${fault} Expected values: ${hint}`);
}
