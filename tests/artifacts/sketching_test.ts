import { assert, assertEquals } from "@std/assert";
import { sketching, sketchingGrids } from "../../src/artifacts/sketching.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { phaseRow } from "../../src/theory/theorem_5_1_experiment.ts";

const rows = sketching.rows([], { profile: "smoke", seed: 1, engine: "wasm" });

Deno.test("a row an ensemble, sparsity and sketch, of counts that add up", () => {
  const { lineSparsities, sketchSizes, trials } = sketchingGrids.smoke;
  assertEquals(rows.length, 2 * lineSparsities.length * sketchSizes.length);
  assertEquals(fromCsv(toCsv(sketching.columns, rows), sketching.columns).length, rows.length);
  for (const row of rows) {
    assertEquals(row.success_fraction, Number(row.recovered) / trials);
    assert(Number(row.recovered) + Number(row.undecided) <= trials);
  }
});

Deno.test("a row is what the experiment of Theorem 5.1 gives for its cell", () => {
  const cell = { ensemble: "column" as const, size: 24, lineSparsity: 1, sketchSize: 12, degree: 7 };
  const row = rows.find((row) =>
    row.ensemble === "column" && row.line_sparsity === 1 && row.sketch_size === 12
  )!;
  assertEquals(row.recovered, phaseRow(cell, sketchingGrids.smoke.trials, 1).recovered);
});

Deno.test("with whole columns of ones recovery sets in no later than the theorem's m, as printed later", () => {
  const [printed, corrected] = sketching.present(rows);
  for (const [index, line] of corrected.rows.entries()) {
    assert(Number(line.onset) <= Number(line.theorem));
    const onset = printed.rows[index].onset;
    assert(onset === null || Number(onset) > Number(line.onset));
  }
  assert(toBooktabs({ ...corrected, label: "tab:x" }).includes("corrected: delta ones a column"));
});
