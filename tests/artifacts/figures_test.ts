import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Artifact, FinishedRun, WantedRun } from "../../src/artifacts/artifact.ts";
import { figure1 } from "../../src/artifacts/figure1.ts";
import { figure2 } from "../../src/artifacts/figure2.ts";
import { figure4 } from "../../src/artifacts/figure4.ts";
import { figure6 } from "../../src/artifacts/figure6.ts";
import { publishedAt, publishedPoints } from "../../src/artifacts/figure_parts.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";
import { type PruningSweep, sweptParameters } from "../../src/experiments/measurements/pruning_sweep.ts";
import { distributionOf } from "../../src/experiments/measurements/weight_distribution.ts";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { layerShapes } from "../../src/network/mlp.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { drawablePoints } from "../../src/render/figure.ts";
import type { Row } from "../../src/render/table.ts";
import { toText } from "../../src/render/text.ts";

const selection = { profile: "smoke", protocol: "stated", seed: 1, engine: "wasm" } as const;

/** A frozen sweep: what Gaussian weights would keep, and a change that grows with the seed. */
function frozenSweep({ hyperparameters }: WantedRun): PruningSweep {
  const layers = layerShapes(architectureOf(hyperparameters)).map((shape) => ({
    ...shape,
    spectralNorm: 2,
    variance: 1 / (3 * shape.inputs),
  }));
  const points = sweptParameters(hyperparameters).map((d) => {
    const kept = 1 - Math.sqrt(d / (d + 2));
    return {
      d,
      layers: layers.map(({ outputs, inputs }) => ({
        keptWeights: Math.round(outputs * inputs * kept),
        perturbationNorm: 1 - kept,
        largestRowCount: Math.round(inputs * kept),
        largestColumnCount: Math.round(outputs * kept),
      })),
      largestOutputChange: hyperparameters.seed * (1 - kept),
      largestLogitChange: (1 - kept) / 2,
      trainErrorFraction: 0.25,
      testErrorFraction: 0.5,
      marginLossAtBound: 1,
      marginLossAtChange: 0.75,
    };
  });
  const { trainingExamples } = hyperparameters;
  const counts = { exampleCount: trainingExamples, evaluatedCount: trainingExamples };
  return { schema: 1, ...counts, maximumInputNorm: 28, layers, points };
}

function frozenRun(wanted: WantedRun): FinishedRun {
  const stream = new RandomStream(wanted.hyperparameters.seed, "frozen");
  const layers = Array.from(
    { length: 5 },
    () => distributionOf(matrix(20, 30, Float64Array.from({ length: 600 }, () => stream.normal()))),
  );
  return {
    ...wanted,
    record: {
      identity: "frozen",
      hyperparameters: wanted.hyperparameters,
      training: { schema: 1, epochs: [] },
      measured: {
        "weight-distribution": { schema: 1, reach: 6, layers },
        "pruning-sweep": frozenSweep(wanted),
      },
    },
  };
}

function rowsOf(artifact: Artifact, seeds: readonly number[] = [1]): readonly Row[] {
  const runs = seeds.flatMap((seed) => artifact.runs({ ...selection, seed }));
  return artifact.rows(runs.map(frozenRun), selection);
}

const figures = [figure1, figure2, figure4, figure6];

Deno.test("each figure wants the network of width 784 on both data sets, and measures nothing it does not show", () => {
  for (const figure of figures) {
    const runs = figure.runs({ ...selection, profile: "paper" });
    assertEquals(runs.map(({ hyperparameters }) => hyperparameters.dataset), ["mnist", "cifar10"]);
    assert(runs.every(({ hyperparameters }) => hyperparameters.hidden.every((width) => width === 784)));
    assertEquals(new Set(runs.map(({ measurements }) => measurements.length)), new Set([1]));
  }
});

Deno.test("rows are the same for the same records, have every column, and their keys tell them apart", () => {
  for (const figure of figures) {
    const rows = rowsOf(figure);
    assertEquals(rowsOf(figure), rows);
    assertEquals(fromCsv(toCsv(figure.columns, rows), figure.columns).length, rows.length);
    const names = rows.map((row) => figure.keys.map((key) => row[key]).join("/"));
    assertEquals(new Set(names).size, rows.length);
  }
});

Deno.test("the tables of each figure can be written for a terminal and for LaTeX", () => {
  for (const figure of figures) {
    const tables = figure.present(rowsOf(figure, [1, 2]));
    assert(tables.length > 0);
    for (const table of tables) {
      assert(table.rows.length > 0);
      assert(toText(table).includes(table.caption));
      assert(toBooktabs({ ...table, label: "tab:x" }).includes("\\toprule"));
    }
  }
});

Deno.test("every series of every figure can be drawn, and series of one name look alike in all panels", () => {
  for (const figure of figures) {
    const { panels } = figure.figure!(rowsOf(figure));
    assert(panels.length >= 2);
    for (const panel of panels) {
      assert(panel.series.every((series) => drawablePoints(panel, series).length > 5));
    }
    const labels = panels.flatMap(({ series }) => series.map(({ name, label }) => `${name}: ${label}`));
    const names = panels.flatMap(({ series }) => series.map(({ name }) => name));
    assertEquals(new Set(labels).size, new Set(names).size);
  }
});

Deno.test("with several seeds a curve is the mean, in a band from the smallest to the largest", () => {
  const [panel] = figure2.figure!(rowsOf(figure2, [1, 2, 3])).panels;
  const mean = panel.series.find(({ name }) => name === "true")!;
  const band = panel.series.find(({ name }) => name === "true_band")!;
  mean.y.forEach((value, index) => {
    assertAlmostEquals(value!, 2 * band.low![index]!, 1e-12);
    assertAlmostEquals(value!, band.y[index]! * 2 / 3, 1e-12);
  });
  assertEquals(panel.series.some(({ name }) => name === "paper_true_band"), false);
});

Deno.test("the published points stand at the paper's own d and nowhere else", () => {
  assertEquals(publishedPoints.figure2.mnist.length, 100);
  assertEquals([0, 10].map((d) => publishedAt("figure4", "mnist", d)?.measured), [784, 116]);
  assertEquals([0, 10].map((d) => publishedAt("figure4", "cifar10", d)?.measured), [3072, 456]);
  assertEquals([1 / 99, 10.1, 5].map((d) => publishedAt("figure2", "mnist", d)), [
    undefined,
    undefined,
    undefined,
  ]);
  const rows = rowsOf(figure4).filter(({ published_row_count }) => published_row_count !== null);
  assertEquals(rows.length, 2 * 12);
  assert(rows.every(({ layer }) => layer === 1));
});

Deno.test("the paper's predicted counts are Lemma 5.1's 3 p chi at p = 784 and 3072", () => {
  for (const row of rowsOf(figure4).filter(({ published_bound_count }) => published_bound_count !== null)) {
    assertAlmostEquals(Number(row.bound_count) / Number(row.published_bound_count), 1, 1e-6);
  }
});

Deno.test("Figure 4 has both directions of every layer, and the share of the bound is their larger one's", () => {
  const rows = rowsOf(figure4);
  assertEquals(rows.length, 2 * 5 * 12);
  for (const row of rows) {
    const largest = Math.max(Number(row.largest_row_count), Number(row.largest_column_count));
    assertAlmostEquals(Number(row.share_of_bound) * Number(row.bound_count), largest, 1e-9);
  }
});

Deno.test("Figure 2 compares the true change with the bounds at every d, and reports where Lemma C.2 stands", () => {
  const rows = rowsOf(figure2);
  assertEquals(rows.length, 2 * 12);
  const [first, ...others] = rows.filter(({ dataset }) => dataset === "mnist");
  assertEquals([first.true_change_logits, first.gamma_bound_logits, first.largest_norm_over_gamma], [
    0,
    0,
    null,
  ]);
  for (const row of others) {
    // Five layers of norm 2, each moved by 1 - chi: e 28 2^5 5 (1 - chi) / 2.
    const moved = 1 - Number(row.chi);
    assertAlmostEquals(Number(row.measured_bound_logits), Math.E * 28 * 32 * 5 * moved / 2, 1e-6);
    assertAlmostEquals(Number(row.measured_telescoped_bound_logits), 28 * ((2 + moved) ** 5 - 32), 1e-6);
    assertEquals(row.within_side_condition, moved <= 0.4 ? "yes" : "no");
  }
});

Deno.test("Figures 1 and 6 show the layers that the paper shows, whole and by bins", () => {
  const layersOf = (rows: readonly Row[]) => [...new Set(rows.map(({ layer }) => layer))];
  assertEquals(layersOf(rowsOf(figure1)), [1]);
  assertEquals(layersOf(rowsOf(figure6)), [2, 3, 4, 5]);
  const bins = rowsOf(figure1).filter(({ content, dataset }) => content === "bin" && dataset === "mnist");
  const width = 12 / bins.length;
  for (const column of ["density", "normal_density"]) {
    assertAlmostEquals(bins.reduce((sum, row) => sum + Number(row[column]) * width, 0), 1, 1e-6);
  }
});
