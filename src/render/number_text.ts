import type { Estimate } from "./table.ts";

/** Digits of a number in data files: more than any tolerance can tell apart, fewer than the last bits of a sum show. */
const significantDigits = 12;

const numberWords: ReadonlyMap<string, number> = new Map([["nan", NaN], ["inf", Infinity], [
  "-inf",
  -Infinity,
]]);

/**
 * Writes a number for a data file: rounded to 12 significant digits, in the shortest form that says so; -0 is `0`, and
 * what is no finite number is `nan`, `inf` or `-inf`.
 *
 * @param value The number.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.1 + 0.2, -0, -Infinity].map(numberText), ["0.3", "0", "-inf"]);
 * ```
 */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(Number(value.toPrecision(significantDigits)));
}

/**
 * Reads a number that `numberText` or a person wrote: decimal, with or without an exponent, or one of `nan`, `inf` and
 * `-inf`.
 *
 * @param text The text.
 * @returns The number, or undefined if the text is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["2e-3", "inf", "0x10", ""].map(numberFromText), [0.002, Infinity, undefined, undefined]);
 * ```
 */
export function numberFromText(text: string): number | undefined {
  const word = numberWords.get(text);
  if (word !== undefined) return word;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/**
 * A number as people read it: so many digits behind the point, or two significant ones where those would show nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([printedNumber(3.3651, 2), printedNumber(0.0000123, 3)], ["3.37", "1.2e-5"]);
 * assertEquals([printedNumber(Infinity, 2), printedNumber(-0, 1)], ["inf", "0.0"]);
 * ```
 */
export function printedNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  const shown = value.toFixed(digits);
  if (value !== 0 && Number(shown) === 0) return value.toExponential(1);
  return Number(shown) === 0 ? (0).toFixed(digits) : shown;
}

/**
 * A number over several runs as people read it: the mean with its sample standard deviation, and of how many runs where
 * others have no finite number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const estimate = { mean: 3.25, deviation: 0.125, smallest: 3, largest: 3.5, count: 2, of: 3 };
 * assertEquals(printedEstimate(estimate, 2), "3.25 ± 0.13 (2 of 3)");
 * ```
 */
export function printedEstimate(estimate: Estimate, digits: number): string {
  const { mean, count, of } = estimate;
  const share = count < of ? ` (${count} of ${of})` : "";
  return `${printedNumber(mean, digits)}${deviationText(estimate, digits)}${share}`;
}

/** In fixed digits where the mean is, though it may round to 0: the last digit of the mean then holds in every run. */
function deviationText({ mean, deviation }: Estimate, digits: number): string {
  if (deviation === null) return "";
  const isFixed = Number(mean.toFixed(digits)) !== 0;
  return ` ± ${isFixed ? deviation.toFixed(digits) : printedNumber(deviation, digits)}`;
}
