import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { certified, certifiedChoices } from "../../src/artifacts/certified.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { frozenPruning } from "./narrow_records.ts";

const selection = { profile: "quick", protocol: "stated", seed: 1, engine: "wasm" } as const;
const rows = certified.rows(certified.runs(selection).map(frozenPruning), selection);

Deno.test("the networks are three narrow ones and the paper's widest, a tenth as wide in smoke", () => {
  const hidden = (profile: "quick" | "smoke") =>
    certified.runs({ ...selection, profile }).map(({ hyperparameters }) => hyperparameters.hidden);
  assertEquals(hidden("quick"), [[30], [100], [300, 100], [784, 784, 784, 784]]);
  assertEquals(hidden("smoke"), [[3], [10], [30, 10], [78, 78, 78, 78]]);
});

Deno.test("the paper's network is the run that the bound tables have", () => {
  const [paperRun] = certified.runs(selection).slice(-1);
  assertEquals(paperRun.hyperparameters, hyperparametersFor("mnist", 784, selection));
});

Deno.test("a row a network, coded round and number of bits", () => {
  assertEquals(rows.length, 4 * 3 * 2);
  assertEquals(fromCsv(toCsv(certified.columns, rows), certified.columns).length, rows.length);
});

Deno.test("the code's length is the sum of its terms, choices included", () => {
  assertEquals(certifiedChoices, [4, 3, 2, 8]);
  for (const row of rows) {
    const parts = ["units", "count", "support", "levels", "codebook", "permutations", "choices"];
    const sum = parts.reduce((total, part) => total + Number(row[`${part}_nats`]), 0);
    assertAlmostEquals(Number(row.code_nats), sum, 1e-9);
    assertAlmostEquals(Number(row.choices_nats), Math.log(4 * 3 * 2 * 8), 1e-12);
  }
});

Deno.test("the bounds invert the binomial tail, in their order, at delta = 0.05", () => {
  for (const row of rows) {
    const [error, tail, divergence, hoeffding] = [
      "train_error_fraction",
      "binomial_tail_bound",
      "divergence_bound",
      "hoeffding_bound",
    ].map((name) => Number(row[name]));
    assert(error < tail && tail <= divergence && divergence <= hoeffding);
    const budget = (Number(row.code_nats) + Math.log(20)) / 60_000;
    assertAlmostEquals(hoeffding, error + Math.sqrt(budget / 2), 1e-12);
    const kl = error * Math.log(error / divergence) + (1 - error) * Math.log((1 - error) / (1 - divergence));
    assertAlmostEquals(kl, budget, 1e-9);
  }
});

Deno.test("the table shows each round's best bits and says how small the smallest bound is", () => {
  const [presentation, ...others] = certified.present(rows);
  assertEquals([presentation.rows.length, others.length], [12, 0]);
  const smallest = Math.min(...rows.map((row) => Number(row.binomial_tail_bound)));
  assert(presentation.notes[0].includes(smallest.toFixed(3)));
  assert(toBooktabs({ ...presentation, label: "tab:x" }).includes("784-300-100-10"));
});

Deno.test("the frontier has a curve a network and number of bits, with the test error beneath", () => {
  const { panels } = certified.figure!(rows);
  assertEquals(panels.length, 1);
  const [{ series }] = panels;
  const curves = series.filter(({ style }) => style === "line");
  assertEquals(curves.map(({ label }) => label), [
    "784-30-10, 2 bits",
    "784-30-10, 3 bits",
    "784-100-10, 2 bits",
    "784-100-10, 3 bits",
    "784-300-100-10, 2 bits",
    "784-300-100-10, 3 bits",
    "784-784-784-784-784-10, 2 bits",
    "784-784-784-784-784-10, 3 bits",
  ]);
  for (const curve of curves) {
    const errors = series.find(({ colourOf }) => colourOf === curve.name)!;
    const shown = rows.filter((row) => curve.label === `${row.network}, ${row.bits} bits`);
    assertEquals([curve.x, curve.y], [
      shown.map((row) => row.nonzero_weights),
      shown.map((row) => row.binomial_tail_bound),
    ]);
    assert(errors.y.every((error, index) => error! < curve.y[index]!));
  }
});
