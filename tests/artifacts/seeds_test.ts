import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import type { FinishedRun } from "../../src/artifacts/artifact.ts";
import { certified } from "../../src/artifacts/certified.ts";
import { figure3 } from "../../src/artifacts/figure3.ts";
import { acrossSeeds, isEstimate, numberShown, seriesOf, showSame } from "../../src/artifacts/seeds.ts";
import { table2 } from "../../src/artifacts/table2.ts";
import { tickets } from "../../src/artifacts/tickets.ts";
import type { NetworkMeasurement } from "../../src/experiments/measurements/network.ts";
import type { Estimate, Row, ShownCell } from "../../src/render/table.ts";
import { toText } from "../../src/render/text.ts";
import { frozenPruning } from "./narrow_records.ts";
import { frozenRun } from "./records.ts";

const selection = { profile: "quick", protocol: "stated", seed: 1, engine: "wasm" } as const;
const seeds = [1, 2, 3];

/** A frozen run whose test errors are 0.1, 0.2 and 0.4 over the seeds. */
function frozenWithErrors(wanted: Parameters<typeof frozenRun>[0]): FinishedRun {
  const run = frozenRun(wanted);
  const network = run.record.measured.network as NetworkMeasurement;
  const testErrorFraction = 0.05 * 2 ** wanted.hyperparameters.seed;
  const pruned = network.pruned.map((each) => ({ ...each, testErrorFraction }));
  return { ...run, record: { ...run.record, measured: { network: { ...network, pruned } } } };
}

function threeSeeds(
  artifact: typeof table2,
  freeze: (wanted: Parameters<typeof frozenRun>[0]) => FinishedRun,
) {
  return artifact.rows(seeds.flatMap((seed) => artifact.runs({ ...selection, seed })).map(freeze), selection);
}

function estimate(cell: ShownCell): Estimate {
  assert(isEstimate(cell));
  return cell;
}

Deno.test("a table shows the mean and the sample standard deviation over three seeds, and says so", () => {
  const [{ rows, notes }, ...others] = table2.present(threeSeeds(table2, frozenWithErrors));
  assertEquals(others, []);
  const error = estimate(rows.find(({ quantity }) => quantity === "test error, pruned")!["784"]);
  // The squares of the distances of 3 / 30, 6 / 30 and 12 / 30 from 7 / 30 add up to (16 + 1 + 25) / 900.
  assertAlmostEquals(error.mean, 7 / 30, 1e-12);
  assertAlmostEquals(error.deviation!, Math.sqrt(42 / 900 / 2), 1e-12);
  assertAlmostEquals(error.smallest, 0.1, 1e-12);
  assertAlmostEquals(error.largest, 0.4, 1e-12);
  assertEquals([error.count, error.of], [3, 3]);
  assertEquals(rows.find(({ quantity }) => quantity === "kept fraction")!["784"], 1);
  assertStringIncludes(notes.at(-1)!, "Means over the seeds 1, 2, 3");
});

Deno.test("the logarithm of an error is averaged as a logarithm", () => {
  const [{ rows }] = table2.present(threeSeeds(table2, frozenWithErrors));
  const cell = estimate(rows.find(({ quantity }) => quantity === "True error (pruned network)")!["784"]);
  assertAlmostEquals(cell.mean, Math.log(0.2), 1e-12);
  assertAlmostEquals(cell.deviation!, Math.LN2, 1e-12);
});

Deno.test("with one seed tables and figures are those of the rows, without a word about seeds", () => {
  const rows = table2.rows(table2.runs(selection).map(frozenWithErrors), selection);
  assertEquals(acrossSeeds(rows, table2.keys), [...rows]);
  const [presentation] = table2.present(rows);
  assert(!presentation.rows.some((row) => Object.values(row).some(isEstimate)));
  assert(!presentation.notes.some((note) => note.includes("seed")));
  const { panels, description } = figure3.figure!(rows);
  assert(panels.every(({ series }) => series.every(({ style }) => style !== "band" && style !== "whiskers")));
  assert(!description.includes("seed"));
});

Deno.test("seeds with an infinite, missing or no number are left out of the mean, and counted", () => {
  const keys = ["seed", "d"];
  const merged = (cells: readonly Row[string][]): ShownCell =>
    acrossSeeds(cells.map((x, index) => ({ seed: index + 1, d: 0, x })), keys)[0].x;
  assertEquals(merged([Infinity, 1, 3]), {
    mean: 2,
    deviation: Math.SQRT2,
    smallest: 1,
    largest: 3,
    count: 2,
    of: 3,
  });
  assertEquals(numberShown(merged([null, NaN, 5])), 5);
  assertEquals(estimate(merged([null, NaN, 5])).count, 1);
  assertEquals(merged([Infinity, Infinity, Infinity]), Infinity);
  assertEquals(estimate(merged([null, Infinity, Infinity])).mean, Infinity);
  assertEquals([merged([null, null]), merged([NaN, NaN]), merged([NaN, null])], [null, NaN, null]);
  assertEquals([merged(["yes", "no", "yes"]), merged(["yes", "yes"])], ["yes 2, no 1", "yes"]);
});

Deno.test("a seed without a row counts, and protocols are told apart by their own seeds", () => {
  const rows = [
    { protocol: "stated", seed: 1, d: 0, x: 1 },
    { protocol: "stated", seed: 2, d: 0, x: 1 },
    { protocol: "stated", seed: 1, d: 1, x: 7 },
    { protocol: "gentle", seed: 1, d: 0, x: 2 },
  ];
  const [both, one, gentle] = acrossSeeds(rows, ["protocol", "seed", "d"]);
  assertEquals(both, { protocol: "stated", seed: "1, 2", d: 0, x: 1 });
  assertEquals([estimate(one.x).mean, estimate(one.x).count, estimate(one.x).of], [7, 1, 2]);
  assertEquals(gentle, rows[3]);
});

Deno.test("cells show the same where every figure of both agrees", () => {
  const cell = { mean: 1, deviation: 0.5, smallest: 0, largest: 2, count: 2, of: 2 };
  assert(showSame(cell, { ...cell }) && showSame(null, null) && showSame(Infinity, Infinity));
  assert(!showSame(cell, { ...cell, largest: 3 }) && !showSame(cell, 1) && !showSame(null, 0));
});

Deno.test("bars have whiskers and curves bands from the smallest to the largest", () => {
  const rows = threeSeeds(table2, frozenWithErrors).map((row) => ({
    ...row,
    bartlett_2017_published_ln: Number(row.seed) * 10,
  }));
  const { panels, description } = figure3.figure!(rows);
  const [bars, widths] = panels;
  const whiskers = bars.series.find(({ name }) => name === "published_whiskers")!;
  assertEquals([whiskers.colourOf, whiskers.y.includes(30), whiskers.low!.includes(10)], [
    "published",
    true,
    true,
  ]);
  const band = widths.series.find(({ name }) => name === "bartlett_2017_band")!;
  assertEquals([band.style, new Set(band.y), new Set(band.low)], ["band", new Set([30]), new Set([10])]);
  assertEquals(new Set(widths.series.find(({ name }) => name === "bartlett_2017")!.y), new Set([20]));
  assertStringIncludes(description, "bands and whiskers reach from the smallest to the largest");
});

Deno.test("without a number at all a series has a gap", () => {
  const [line, ...others] = seriesOf({ name: "a", label: "", style: "line" }, [0, 1], [null, "word"]);
  assertEquals([line.y, others], [[null, null], []]);
});

Deno.test("Figure 3 of a profile narrowed to another width has curves alone", () => {
  const rows = table2.rows(table2.runs(selection).map(frozenRun), selection).filter((row) =>
    row.paper_width === 500
  );
  assertEquals(figure3.figure!(rows).panels.map(({ x }) => x.label), ["width", "width"]);
});

Deno.test("certified errors and iterative pruning are one table a protocol, whatever the number of seeds", () => {
  for (const artifact of [certified, tickets]) {
    const rowsOf = (chosen: readonly number[]): readonly Row[] => {
      const smoke = { ...selection, profile: "smoke" } as const;
      const runs = chosen.flatMap((seed) => artifact.runs({ ...smoke, seed }));
      return artifact.rows(runs.map(frozenPruning), smoke);
    };
    const [one, three] = [[1], seeds].map((chosen) => artifact.present(rowsOf(chosen)));
    assertEquals(three.map(({ rows }) => rows.length), one.map(({ rows }) => rows.length));
    assertStringIncludes(one.at(-1)!.caption, "seed 1");
    assertStringIncludes(three.at(-1)!.caption, "seeds 1, 2, 3");
    assert(three.every((table) => toText(table).length > 0));
  }
});
