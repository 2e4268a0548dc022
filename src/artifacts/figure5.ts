/**
 * Figure 5: the paper's bound and the true error of the pruned network after each epoch of training on MNIST.
 *
 * The paper scales its bound "to be in the same range"; its authors' code divides each curve by its maximum. Both the
 * raw and the scaled curves are rows here.
 *
 * @module
 */
import { hyperparametersFor } from "../experiments/presets.ts";
import type { NetworkMeasurement } from "../experiments/measurements/network.ts";
import { measuredOf } from "../experiments/record.ts";
import type { Axis, FigureSpec, Panel, Series } from "../render/figure.ts";
import type { Row, ShownRow } from "../render/table.ts";
import type { Artifact, FinishedRun, Presentation } from "./artifact.ts";
import { groupedBy } from "./figure_parts.ts";
import { seriesOf, shownOverSeeds } from "./seeds.ts";
import { exactColumn, networkCells, networkColumns, textColumn, trainedColumn } from "./bound_columns.ts";

/** Figure 5. */
export const figure5: Artifact = shownOverSeeds({
  id: "figure5",
  title: "Figure 5: our bound and the true error by epoch on MNIST",
  datasets: ["mnist"],
  runs: (selection) => [{
    protocol: selection.protocol,
    paperWidth: 784,
    hyperparameters: hyperparametersFor("mnist", 784, selection),
    measurements: ["epochs"],
  }],
  columns: [
    textColumn("protocol", "protocol"),
    exactColumn("seed", "seed", ""),
    exactColumn("epoch", "epoch", ""),
    ...networkColumns,
    trainedColumn("ours_published", "ours", "1"),
    trainedColumn("ours_published_scaled", "ours / its maximum", "1"),
    trainedColumn("true_error_scaled", "true error / its maximum", "1"),
  ],
  keys: ["protocol", "seed", "epoch", "margin_rule"],
  rows: (runs) => runs.flatMap(rowsOf),
  present: (rows) =>
    [...new Set(rows.map(({ protocol }) => String(protocol)))].map((name) => present(name, rows)),
  figure: (rows): FigureSpec => ({
    title: figure5.title,
    description:
      "The paper's bound and the true error of the pruned network after each epoch: both divided by their maximum, as the paper draws them, and as they are.",
    columns: 2,
    panels: groupedBy(rows.filter(({ margin_rule }) => margin_rule === "minimum"), "protocol").flatMap(
      panelsOf,
    ),
  }),
});

function panelsOf(rows: readonly ShownRow[]): Panel[] {
  const protocol = String(rows[0].protocol);
  const epochs = rows.map(({ epoch }) => Number(epoch));
  const curve = (name: string, label: string, column: string): Series[] =>
    seriesOf({ name, label, style: "line" }, epochs, rows.map((row) => row[column]));
  const x: Axis = { label: "epoch", unit: "", scale: "linear" };
  return [
    {
      title: `${protocol} protocol, scaled`,
      x,
      y: { label: "share of the maximum", unit: "", scale: "linear", range: [0, 1] },
      series: [
        ...curve("ours", "ours", "ours_published_scaled"),
        ...curve("true_error", "true error", "true_error_scaled"),
      ],
    },
    {
      title: `${protocol} protocol, raw`,
      x,
      y: { label: "bound, error", unit: "", scale: "log" },
      series: [
        ...curve("ours", "ours", "ours_published"),
        ...curve("true_error", "true error", "pruned_test_error_fraction"),
      ],
    },
  ];
}

function rowsOf({ protocol, record }: FinishedRun): Row[] {
  const { epochs } = measuredOf(record, "epochs");
  const rows: Row[] = epochs.flatMap(({ epoch, network }) =>
    epochRows(network).map((row) => ({ epoch, ...row }))
  );
  const { seed } = record.hyperparameters;
  return rows.map((row) => {
    const same = rows.filter(({ margin_rule }) => margin_rule === row.margin_rule);
    return {
      protocol,
      seed,
      ...row,
      ours_published_scaled: shareOfMaximum(row, same, "ours_published"),
      true_error_scaled: shareOfMaximum(row, same, "pruned_test_error_fraction"),
    };
  });
}

function epochRows(network: NetworkMeasurement): Row[] {
  return network.pruned.map((pruned) => {
    const cells = networkCells(network, pruned);
    return { ...cells, ours_published: Math.exp(Number(cells.ours_published_ln)) };
  });
}

function shareOfMaximum(row: Row, rows: readonly Row[], column: string): number {
  return Number(row[column]) / Math.max(...rows.map((other) => Number(other[column])));
}

function present(protocol: string, rows: readonly ShownRow[]): Presentation {
  const shown = rows.filter((row) => row.protocol === protocol && row.margin_rule === "minimum");
  const hasOneSeed = shown.every(({ seed }) => typeof seed === "number");
  const columns = [
    ...(hasOneSeed ? [exactColumn("seed", "seed", "")] : []),
    exactColumn("epoch", "epoch", ""),
    trainedColumn("ours_published_ln", "ours (ln)", "", 3),
    trainedColumn("ours_published_scaled", "ours, scaled", "", 4),
    trainedColumn("pruned_test_error_fraction", "true error", "", 4),
    trainedColumn("true_error_scaled", "true error, scaled", "", 4),
    trainedColumn("chi", "chi", "", 4),
  ];
  return {
    caption: `Figure 5 (MNIST, width 784), ${protocol} protocol: our bound and the true error by epoch`,
    columns,
    rows: shown.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name]]))),
    notes: ["Scaled: divided by the largest value of the curve. Gamma is the smallest margin on S."],
  };
}
