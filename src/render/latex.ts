import type { Estimate } from "./table.ts";

const specialCharacters: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\$",
  "&": "\\&",
  "%": "\\%",
  "#": "\\#",
  "_": "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/**
 * Writes text so that LaTeX prints it as it is. Line breaks become blanks.
 *
 * @param text Any text.
 * @returns LaTeX.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeLatex("5 % of w_1"), "5 \\% of w\\_1");
 * ```
 */
export function escapeLatex(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, " ").replace(
    /[\\{}$&%#_~^]/g,
    (character) => specialCharacters[character] ?? "",
  );
}

/**
 * Does what `escapeLatex` does, but leaves the mathematics between two dollar signs as it is. If the dollar signs do
 * not pair up, they are text.
 *
 * @param text Text with mathematics.
 * @returns LaTeX.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeOutsideMath("width $h_1$ & depth_l"), "width $h_1$ \\& depth\\_l");
 * ```
 */
export function escapeOutsideMath(text: string): string {
  const parts = text.split("$");
  if (parts.length % 2 === 0) return escapeLatex(text);
  return parts.map((part, index) => index % 2 === 1 ? `$${part}$` : escapeLatex(part)).join("");
}

/**
 * Writes a number for print: with a fixed number of digits behind the decimal point, or as a multiple of a power of
 * ten if it is a million or more in magnitude, or so small that no digit would show.
 *
 * @param value The number.
 * @param digits Digits behind the decimal point, an integer of 0 to 20.
 * @returns LaTeX: `nan` for NaN, a sign of infinity for the infinities.
 * @throws {RangeError} If `digits` is no integer of 0 to 20.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(latexNumber(-0.125, 2), "$-0.13$");
 * assertEquals(latexNumber(2.5e-7, 1), "$2.5 \\cdot 10^{-7}$");
 * ```
 */
export function latexNumber(value: number, digits: number): string {
  if (!Number.isInteger(digits) || digits < 0 || digits > 20) {
    throw new RangeError(
      `Cannot print a number as digits must be an integer of 0 to 20: current value is ${digits}`,
    );
  }
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "$\\infty$" : "$-\\infty$";
  const fixed = value.toFixed(digits);
  if (Math.abs(value) >= 1e6 || (value !== 0 && Number(fixed) === 0)) return scientific(value, digits);
  return value < 0 ? `$${fixed}$` : fixed;
}

/** Where the standard deviation stands: beside the mean, or in a line of its own below it. */
export type EstimateStyle = "inline" | "stacked";

/**
 * Writes a number over several runs for print: the mean with its sample standard deviation, and of how many runs where
 * others have no finite number.
 *
 * @param estimate The number.
 * @param digits Digits behind the decimal point, an integer of 0 to 20.
 * @param style Where the standard deviation stands.
 * @returns LaTeX.
 * @throws {RangeError} If `digits` is no integer of 0 to 20.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const estimate = { mean: 3.25, deviation: 0.125, smallest: 3, largest: 3.5, count: 2, of: 3 };
 * assertEquals(latexEstimate(estimate, 2), "$3.25 \\pm 0.13$ (2 of 3)");
 * ```
 */
export function latexEstimate(
  { mean, deviation, count, of }: Estimate,
  digits: number,
  style: EstimateStyle = "inline",
): string {
  const share = count < of ? ` (${count} of ${of})` : "";
  const meanText = latexNumber(mean, digits);
  if (deviation === null) return meanText + share;
  const isFixed = Math.abs(mean) < 1e6 && Number(mean.toFixed(digits)) !== 0;
  const spread = isFixed ? deviation.toFixed(digits) : latexNumber(deviation, digits).replaceAll("$", "");
  return style === "inline"
    ? `$${meanText.replaceAll("$", "")} \\pm ${spread}$${share}`
    : `\\begin{tabular}[t]{@{}r@{}}${meanText}\\\\[-2pt]$\\scriptstyle\\pm ${spread}$${share}\\end{tabular}`;
}

function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits).split("e");
  return `$${mantissa} \\cdot 10^{${Number(exponent)}}$`;
}
