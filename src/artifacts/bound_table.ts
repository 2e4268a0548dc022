/**
 * Tables 2 and 3: every bound in every reading for networks of the paper's widths on one data set.
 *
 * @module
 */
import type { Reading } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import type { DatasetName } from "../datasets/dataset.ts";
import type { MarginRule } from "../experiments/measurements/network.ts";
import { hyperparametersFor, type Selection } from "../experiments/presets.ts";
import { measuredOf } from "../experiments/record.ts";
import type { Column, Row, ShownCell, ShownRow } from "../render/table.ts";
import type { Artifact, FinishedRun, Presentation, WantedRun } from "./artifact.ts";
import {
  boundColumnName,
  exactColumn,
  networkCells,
  networkColumns,
  textColumn,
  trainedColumn,
} from "./bound_columns.ts";
import { shownOverSeeds, showSame } from "./seeds.ts";

/** A table of the paper that lists bounds by width. */
export interface BoundTable {
  /** `table2`. */
  readonly id: string;
  /** `Table 2`. */
  readonly title: string;
  readonly dataset: DatasetName;
  /** The widths of its networks. */
  readonly widths: readonly number[];
  /** The paper's numbers, natural logarithms, by bound and width; `true_error` is the last row. */
  readonly published: Readonly<Record<string, readonly number[]>>;
}

const datasetTitles = { mnist: "MNIST", cifar10: "CIFAR10" } as const;
const publishedBounds = bounds.filter(({ id }) => id !== "parameter_count");

/** The columns of the rows of every bound table. */
export const boundTableColumns: readonly Column[] = [
  textColumn("dataset", "data set"),
  textColumn("protocol", "protocol"),
  exactColumn("seed", "seed", ""),
  exactColumn("paper_width", "width in the paper", "units"),
  exactColumn("width", "width", "units"),
  ...networkColumns,
  trainedColumn("true_error_ln", "True error", "ln", 3),
  ...[...publishedBounds.map(({ id }) => id), "true_error"].flatMap((id) => [
    exactColumn(`${id}_paper_ln`, "paper", "ln", 2),
    trainedColumn(`${id}_difference_ln`, "difference", "ln", 3),
  ]),
];

/** The columns that tell the rows of a bound table apart. */
export const boundTableKeys: readonly string[] = [
  "dataset",
  "protocol",
  "seed",
  "paper_width",
  "margin_rule",
];

/** The artifact of a bound table. */
export function boundTableArtifact(table: BoundTable): Artifact {
  const { id, title, dataset, widths } = table;
  return shownOverSeeds({
    id,
    title: `${title}: bounds on ${datasetTitles[dataset]} by width, on a logarithmic scale`,
    datasets: [dataset],
    runs: (selection) => boundTableRuns(dataset, widths, selection),
    columns: boundTableColumns,
    keys: boundTableKeys,
    rows: (runs) => runs.flatMap((run) => boundTableRows(table, run)),
    present: (rows) =>
      [...new Set(rows.map(({ protocol }) => String(protocol)))].map((protocol) =>
        presentProtocol(table, protocol, rows.filter((row) => row.protocol === protocol))
      ),
  });
}

/** One run a width, measured as a network. */
export function boundTableRuns(
  dataset: DatasetName,
  widths: readonly number[],
  selection: Selection,
): WantedRun[] {
  return widths.map((paperWidth) => ({
    protocol: selection.protocol,
    paperWidth,
    hyperparameters: hyperparametersFor(dataset, paperWidth, selection),
    measurements: ["network"],
  }));
}

/** The rows of one run, a row a margin rule. */
export function boundTableRows(
  { published, widths }: BoundTable,
  { protocol, paperWidth, record }: FinishedRun,
): Row[] {
  const network = measuredOf(record, "network");
  const { dataset, seed, hidden } = record.hyperparameters;
  const paperOf = (id: string): number => published[id][widths.indexOf(paperWidth)];
  return network.pruned.map((pruned) => {
    const cells = networkCells(network, pruned);
    const trueErrorLn = Math.log(pruned.testErrorFraction);
    const comparisons = publishedBounds.map(({ id }) =>
      comparison(id, paperOf(id), Number(cells[boundColumnName(id, "published")]))
    );
    return {
      dataset,
      protocol,
      seed,
      paper_width: paperWidth,
      width: hidden[0],
      ...cells,
      true_error_ln: trueErrorLn,
      ...Object.assign({}, ...comparisons, comparison("true_error", paperOf("true_error"), trueErrorLn)),
    };
  });
}

/** The paper's number and ours less the paper's, null where ours is infinite. */
function comparison(id: string, paper: number, value: number): Row {
  return {
    [`${id}_paper_ln`]: paper,
    [`${id}_difference_ln`]: Number.isFinite(value) ? value - paper : null,
  };
}

function presentProtocol(
  { title, dataset }: BoundTable,
  protocol: string,
  rows: readonly ShownRow[],
): Presentation {
  const tableRows = [...publishedBlock(rows), ...comparableBlock(rows), ...networkBlock(rows)];
  return {
    caption: `${title} (${datasetTitles[dataset]}), ${protocol} protocol: natural logarithms of the bounds`,
    columns: [
      textColumn("quantity", ""),
      ...[...new Set(rows.map(({ paper_width }) => String(paper_width)))].map((width) =>
        trainedColumn(width, width, "", 3)
      ),
    ],
    rows: tableRows,
    notes: [
      "Published: the forms of the paper's table. The baselines are capacities, neither rooted nor divided by n; ours is R^ plus a root over n. They are not in the same units.",
      "Equal units: sqrt(capacity / n) for every row. Theorem: the cited theorem with every constant written out, at probability 0.95 as stated.",
      "Smallest margin: gamma is the smallest margin on S, as in the paper; where it is not positive the baselines are infinite and nothing may be pruned (d = 0). Margin 1: gamma = 1, fixed before S is seen, as the theorems ask.",
    ],
  };
}

function publishedBlock(rows: readonly ShownRow[]): ShownRow[] {
  const compared = publishedBounds.flatMap(({ id, title }) => [
    ...byMarginRule(rows, title, boundColumnName(id, "published")),
    line(rows, "minimum", "  paper", `${id}_paper_ln`),
    ...byMarginRule(rows, "  difference", `${id}_difference_ln`).filter(isFilled),
  ]);
  return [
    heading(rows, "As published"),
    ...compared,
    line(rows, "minimum", "True error (pruned network)", "true_error_ln"),
    line(rows, "minimum", "  paper", "true_error_paper_ln"),
    line(rows, "minimum", "  difference", "true_error_difference_ln"),
  ];
}

function comparableBlock(rows: readonly ShownRow[]): ShownRow[] {
  const block = (title: string, reading: Reading): ShownRow[] => [
    heading(rows, title),
    ...bounds.flatMap((bound) => byMarginRule(rows, bound.title, boundColumnName(bound.id, reading))),
  ];
  return [...block("Equal units", "sameUnits"), ...block("Theorem", "theorem")];
}

function networkBlock(rows: readonly ShownRow[]): ShownRow[] {
  return [
    heading(rows, "The networks"),
    ...byMarginRule(rows, "gamma (logits)", "margin_logits"),
    ...byMarginRule(rows, "d", "d"),
    ...byMarginRule(rows, "chi", "chi"),
    ...byMarginRule(rows, "kept fraction", "kept_fraction"),
    ...byMarginRule(rows, "train error, pruned", "pruned_train_error_fraction"),
    ...byMarginRule(rows, "test error, pruned", "pruned_test_error_fraction"),
    ...byMarginRule(rows, "gap, pruned", "pruned_gap_fraction"),
    line(rows, "minimum", "train error, unpruned", "train_error_fraction"),
    line(rows, "minimum", "test error, unpruned", "test_error_fraction"),
  ];
}

/** One line where both margin rules agree, else one a rule. */
function byMarginRule(rows: readonly ShownRow[], title: string, column: string): ShownRow[] {
  const smallest = line(rows, "minimum", `${title}, smallest margin`, column);
  const unit = line(rows, "unit", `${title}, margin 1`, column);
  const agree = Object.keys(smallest).every((key) =>
    key === "quantity" || showSame(smallest[key], unit[key])
  );
  return agree ? [{ ...smallest, quantity: title }] : [smallest, unit];
}

function isFilled({ quantity: _, ...cells }: ShownRow): boolean {
  return Object.values(cells).some((cell) => cell !== null);
}

/** One column, a cell a width. */
function line(rows: readonly ShownRow[], rule: MarginRule, title: string, column: string): ShownRow {
  const cells: Record<string, ShownCell> = { quantity: title };
  for (const row of rows.filter(({ margin_rule }) => margin_rule === rule)) {
    cells[String(row.paper_width)] = row[column];
  }
  return cells;
}

function heading(rows: readonly ShownRow[], title: string): ShownRow {
  return {
    quantity: title,
    ...Object.fromEntries(rows.map(({ paper_width }) => [String(paper_width), null])),
  };
}
