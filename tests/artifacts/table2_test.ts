import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import published from "../../paper/published/tables.json" with { type: "json" };
import { columnTolerance, differingCells, noTolerance } from "../../src/artifacts/compare.ts";
import { table2 } from "../../src/artifacts/table2.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { toText } from "../../src/render/text.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { frozenRun } from "./records.ts";

const selection = { profile: "quick", protocol: "stated", seed: 1, engine: "wasm" } as const;
const rows = table2.rows(table2.runs(selection).map(frozenRun), selection);

Deno.test("Table 2 wants one network a width of the paper, and its smoke networks are a tenth as wide", () => {
  assertEquals(
    table2.runs(selection).map(({ hyperparameters }) => hyperparameters.hidden[0]),
    published.table2.widths,
  );
  const smoke = table2.runs({ ...selection, profile: "smoke" });
  assertEquals(smoke.map(({ hyperparameters }) => hyperparameters.hidden[0]), [50, 78, 100, 150, 200, 250]);
});

Deno.test("a row a width and margin rule, with every column and no other", () => {
  assertEquals(rows.length, 12);
  assertEquals(fromCsv(toCsv(table2.columns, rows), table2.columns).length, 12);
});

Deno.test("in the table, exp(Neyshabur 2017 - Bartlett 2017) is the stable-rank-weighted mean of the inputs", () => {
  for (const row of rows.filter(({ margin_rule }) => margin_rule === "unit")) {
    const ratio = Math.exp(Number(row.neyshabur_2017_published_ln) - Number(row.bartlett_2017_published_ln));
    assertAlmostEquals(ratio / Number(row.mean_inputs_weighted_by_stable_rank), 1, 1e-9);
  }
});

Deno.test("differences are ours less the paper's, and empty where ours is infinite", () => {
  const unit = rows.find((row) => row.margin_rule === "unit" && row.paper_width === 1000)!;
  assertEquals(unit.ours_paper_ln, 4.00);
  assertAlmostEquals(Number(unit.ours_difference_ln), Number(unit.ours_published_ln) - 4.00, 1e-12);
  assertAlmostEquals(Number(unit.true_error_ln), Math.log(0.09375), 1e-12);
  const minimum = rows.find((row) => row.margin_rule === "minimum")!;
  assertEquals([minimum.bartlett_2017_published_ln, minimum.bartlett_2017_difference_ln], [Infinity, null]);
});

Deno.test("the table that a person reads shows each bound beside the paper's number", () => {
  const [presentation, ...others] = table2.present(rows);
  assertEquals(others, []);
  const text = toText(presentation);
  assert(/Ours \(Theorem 5\.2\), smallest margin +\d/.test(text));
  assert(text.includes("  paper                                  3.360"));
  assert(toBooktabs({ ...presentation, label: "tab:x" }).includes("\\toprule"));
});

Deno.test("a golden that differs in one digit, lacks a row or has another word is told apart by cell", () => {
  const golden = fromCsv(toCsv(table2.columns, rows), table2.columns);
  assertEquals(differingCells(table2, golden, golden, noTolerance), []);
  const changed = golden.map((
    row,
    index,
  ) => (index === 3 ? { ...row, chi: Number(row.chi) * (1 - 1e-9) } : row));
  assertEquals(differingCells(table2, changed, golden, noTolerance).map(({ column }) => column), ["chi"]);
  assertEquals(differingCells(table2, changed, golden, columnTolerance), []);
  const far = golden.map((row, index) => (index === 3 ? { ...row, ours_published_ln: 9 } : row));
  const [difference] = differingCells(table2, far, golden, columnTolerance);
  assertEquals([difference.row, difference.column, difference.golden], [
    "dataset=mnist, protocol=stated, seed=1, paper_width=784, margin_rule=unit",
    "ours_published_ln",
    9,
  ]);
  assertEquals(differingCells(table2, golden.slice(1), golden, columnTolerance).map(({ column }) => column), [
    "(whole row)",
  ]);
  const renamed = golden.map((row) => ({ ...row, d_limited_by: "nothing" }));
  assertEquals(differingCells(table2, renamed, golden, columnTolerance).length, 12);
});
