/**
 * Values as LaTeX macros, for the prose that quotes them.
 *
 * @module
 */
import { escapeLatex } from "./latex.ts";

/**
 * One `\newcommand` a value.
 *
 * @throws {RangeError} If a name has other characters than letters, of which LaTeX makes no macro.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(toMacros([["profileName", "quick"]]), "\\newcommand{\\profileName}{quick}\n");
 * ```
 */
export function toMacros(values: readonly (readonly [name: string, text: string])[]): string {
  return values.map(([name, text]) => {
    if (!/^[A-Za-z]+$/.test(name)) {
      throw new RangeError(`Cannot write a macro as its name must be letters: current value is "${name}"`);
    }
    return `\\newcommand{\\${name}}{${escapeLatex(text)}}\n`;
  }).join("");
}
