import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { numberFromText, numberText, printedEstimate } from "../../src/render/number_text.ts";

const sampled = { seed: 20, numRuns: 500 };
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });

Deno.test("numberText() writes the shortest text of twelve digits", () => {
  const written: [number, string][] = [
    [0.1 + 0.2, "0.3"],
    [1 / 3, "0.333333333333"],
    [2 / 3, "0.666666666667"],
    [-60000, "-60000"],
    [123456789012345, "123456789012000"],
    [1e-7, "1e-7"],
    [1.5e300, "1.5e+300"],
    [-0, "0"],
    [NaN, "nan"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of written) assertEquals(numberText(value), text);
});

Deno.test("numberText() loses at most half a unit of the twelfth digit", () => {
  fc.assert(
    fc.property(finite, (value) => {
      const read = numberFromText(numberText(value));
      assert(read !== undefined);
      assertLessOrEqual(Math.abs(read - value), 5.0001e-12 * Math.abs(value));
    }),
    sampled,
  );
});

Deno.test("numberText() keeps what it wrote, and writes at most twelve digits", () => {
  fc.assert(
    fc.property(finite, (value) => {
      const text = numberText(value);
      assertEquals(numberText(numberFromText(text) ?? NaN), text);
      const mantissa = text.replace(/e.*$/, "").replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
      assertLessOrEqual(mantissa.length, 12);
    }),
    sampled,
  );
});

Deno.test("numberFromText() reads numbers and their words only", () => {
  const read: [string, number | undefined][] = [
    ["12", 12],
    ["-0.5", -0.5],
    ["+.5", 0.5],
    ["1.", 1],
    ["1e-3", 0.001],
    ["1E3", 1000],
    ["inf", Infinity],
    ["-inf", -Infinity],
    ["nan", NaN],
  ];
  for (const [text, value] of read) assertEquals(numberFromText(text), value);
  for (
    const text of ["", " ", "1 ", "0x10", "1_000", "1,5", "Infinity", "e3", ".", "constructor", "1e", "--1"]
  ) {
    assertEquals(numberFromText(text), undefined, text);
  }
});

Deno.test("a mean in fixed digits has its deviation in the same, even where it rounds to 0; a tiny one has not", () => {
  const estimate = { mean: 2, deviation: 1e-6, smallest: 2, largest: 2, count: 3, of: 3 };
  assertEquals(printedEstimate(estimate, 2), "2.00 ± 0.00");
  assertEquals(printedEstimate({ ...estimate, mean: 3e-5 }, 2), "3.0e-5 ± 1.0e-6");
  assertEquals(printedEstimate({ ...estimate, mean: 0 }, 2), "0.00 ± 1.0e-6");
});

Deno.test("a number that few runs have says how many", () => {
  const estimate = {
    mean: Infinity,
    deviation: null,
    smallest: Infinity,
    largest: Infinity,
    count: 2,
    of: 3,
  };
  assertEquals(printedEstimate(estimate, 2), "inf (2 of 3)");
  assertEquals(printedEstimate({ ...estimate, mean: -1.5, count: 1 }, 1), "-1.5 (1 of 3)");
});
