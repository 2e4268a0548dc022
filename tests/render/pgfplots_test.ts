import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { numberFromText, numberText } from "../../src/render/number_text.ts";
import { toPgfplots } from "../../src/render/pgfplots.ts";
import { numberColumn, textColumn } from "./columns.ts";

/** The table as pgfplots splits it: at blanks, but not within braces. */
function cellsOf(text: string): string[][] {
  return text.trimEnd().split("\n").map((line) => line.match(/\{(?:\\.|[^{}]|\{\})*\}|[^\s{}]+/g) ?? []);
}

Deno.test("toPgfplots() aligns names, numbers, texts and missing cells", () => {
  const columns = [numberColumn("d"), textColumn("method"), numberColumn("chi")];
  const rows = [
    { d: 0.5, method: "ours", chi: 1 },
    { d: 10, method: "50% off", chi: null },
    { d: -1e-9, method: null, chi: Infinity },
  ];
  assertEquals(
    toPgfplots(columns, rows),
    [
      "    d     method chi",
      "  0.5     {ours}   1",
      "   10 {50\\% off} nan",
      "-1e-9        nan inf",
      "",
    ].join("\n"),
  );
  assertEquals(toPgfplots(columns, []), "d method chi\n");
});

Deno.test("toPgfplots() writes as many cells as columns, and the numbers themselves", () => {
  const columns = [numberColumn("a"), textColumn("b"), numberColumn("c")];
  const rows = fc.array(
    fc.record({ a: fc.double(), b: fc.string({ minLength: 1 }), c: fc.option(fc.integer()) }),
  );
  fc.assert(
    fc.property(rows, (rows) => {
      const [names, ...lines] = cellsOf(toPgfplots(columns, rows));
      assertEquals(names, ["a", "b", "c"]);
      const numbers = lines.map((
        cells,
      ) => [cells.length, numberFromText(cells[0] ?? ""), numberFromText(cells[2] ?? "")]);
      assertEquals(numbers, rows.map(({ a, c }) => [3, numberFromText(numberText(a)), c ?? NaN]));
    }),
    { seed: 11, numRuns: 200 },
  );
});

Deno.test("toPgfplots() refuses a column name that pgfplots would split", () => {
  for (const name of ["", "test error", "a%", "a{b"]) {
    assertThrows(() => toPgfplots([numberColumn(name)], []), RangeError, `current value is "${name}"`);
  }
});

Deno.test("toPgfplots() refuses a table with a missing cell", () => {
  assertThrows(() => toPgfplots([numberColumn("d")], [{}]), RangeError, 'column "d" must have a cell');
});
