import { assertEquals, assertLessOrEqual, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { escapeLatex, escapeOutsideMath, latexEstimate, latexNumber } from "../../src/render/latex.ts";

/** What LaTeX prints for the few commands that `escapeLatex` may write. */
function printed(latex: string): string {
  return latex.replace(
    /\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\([{}$&%#_])|[\\{}$&%#_~^]/g,
    (command, character) => {
      if (character !== undefined) return character;
      if (command.length === 1) throw new Error(`active character ${command} in ${latex}`);
      return { b: "\\", t: "~", c: "^" }[command.replace(/^\\text(ascii)?/, "").charAt(0)] ?? "";
    },
  );
}

Deno.test("escapeLatex() leaves no active character and prints as the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-ascii" }),
      (text) => assertEquals(printed(escapeLatex(text)), text),
    ),
    { seed: 3, numRuns: 500 },
  );
});

Deno.test("escapeLatex() turns line breaks into blanks", () => {
  assertEquals(escapeLatex("a\n  b \r\nc\rd"), "a b c d");
});

Deno.test("escapeOutsideMath() keeps mathematics", () => {
  assertEquals(escapeOutsideMath("50% of $W_l$, $\\chi$ & d_0"), "50\\% of $W_l$, $\\chi$ \\& d\\_0");
  assertEquals(escapeOutsideMath("plain"), "plain");
});

Deno.test("escapeOutsideMath() takes a dollar sign alone for text", () => {
  assertEquals(escapeOutsideMath("5 $ and x_1"), "5 \\$ and x\\_1");
});

Deno.test("latexNumber() writes fixed and scientific numbers", () => {
  const written: [number, number, string][] = [
    [29.126, 2, "29.13"],
    [-29.126, 2, "$-29.13$"],
    [784, 0, "784"],
    [0, 3, "0.000"],
    [-0, 1, "0.0"],
    [0.004, 2, "$4.00 \\cdot 10^{-3}$"],
    [0.006, 2, "0.01"],
    [999999.4, 0, "999999"],
    [1e6, 1, "$1.0 \\cdot 10^{6}$"],
    [-2.5e45, 1, "$-2.5 \\cdot 10^{45}$"],
    [NaN, 2, "nan"],
    [Infinity, 2, "$\\infty$"],
    [-Infinity, 2, "$-\\infty$"],
  ];
  for (const [value, digits, text] of written) assertEquals(latexNumber(value, digits), text);
});

Deno.test("latexNumber() is off by at most half a unit of its last digit", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 6 }), (value, digits) => {
      const [, mantissa = "", exponent = "0"] =
        /^\$?(-?[0-9.]+)(?: \\cdot 10\^\{(-?\d+)\})?\$?$/.exec(latexNumber(value, digits)) ?? [];
      assertMatch(mantissa, digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
      const unit = 10 ** (Number(exponent) - digits);
      assertLessOrEqual(Math.abs(Number(`${mantissa}e${exponent}`) - value), 0.5001 * unit);
    }),
    { seed: 5, numRuns: 500 },
  );
});

Deno.test("latexNumber() refuses digits that toFixed cannot print", () => {
  for (const digits of [-1, 1.5, 21, NaN]) {
    assertThrows(() => latexNumber(1, digits), RangeError, "digits must be an integer of 0 to 20");
  }
});

Deno.test("a number over runs is one formula, with powers of ten where the mean has one", () => {
  const estimate = { mean: -2.5e-7, deviation: 5e-8, smallest: -3e-7, largest: -2e-7, count: 3, of: 3 };
  assertEquals(latexEstimate(estimate, 1), String.raw`$-2.5 \cdot 10^{-7} \pm 5.0 \cdot 10^{-8}$`);
  assertEquals(latexEstimate({ ...estimate, mean: -2 }, 1), String.raw`$-2.0 \pm 0.0$`);
  assertEquals(
    latexEstimate({ ...estimate, mean: Infinity, deviation: null, count: 2 }, 1),
    "$\\infty$ (2 of 3)",
  );
  assertEquals(
    latexEstimate({ ...estimate, mean: 4 }, 1, "stacked"),
    String.raw`\begin{tabular}[t]{@{}r@{}}4.0\\[-2pt]$\scriptstyle\pm 0.0$\end{tabular}`,
  );
});
