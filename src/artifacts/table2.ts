/**
 * Table 2: generalization bounds on a logarithmic scale for MNIST, for MLPs of varying width.
 *
 * @module
 */
import published from "../../paper/published/tables.json" with { type: "json" };
import type { Reading } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import { hyperparametersFor, type Selection } from "../experiments/presets.ts";
import type { MarginRule } from "../experiments/measurements/network.ts";
import { measuredOf } from "../experiments/record.ts";
import type { Cell, Column, Row } from "../render/table.ts";
import type { Artifact, FinishedRun, Presentation, WantedRun } from "./artifact.ts";
import {
  boundColumnName,
  exactColumn,
  networkCells,
  networkColumns,
  textColumn,
  trainedColumn,
} from "./bound_columns.ts";

const { widths, rows: publishedRows } = published.table2;
const publishedBounds = bounds.filter(({ id }) => id in publishedRows);

const columns: readonly Column[] = [
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

/** Table 2. */
export const table2: Artifact = {
  id: "table2",
  title: "Table 2: bounds on MNIST by width, on a logarithmic scale",
  datasets: ["mnist"],
  runs: (selection: Selection): WantedRun[] =>
    widths.map((paperWidth) => ({
      protocol: selection.protocol,
      paperWidth,
      hyperparameters: hyperparametersFor("mnist", paperWidth, selection),
      measurements: ["network"],
    })),
  columns,
  keys: ["protocol", "seed", "paper_width", "margin_rule"],
  rows: (runs: readonly FinishedRun[]): Row[] => runs.flatMap(rowsOf),
  present: (rows: readonly Row[]): Presentation[] =>
    [...new Set(rows.map(({ protocol }) => String(protocol)))].map((protocol) =>
      presentProtocol(protocol, rows.filter((row) => row.protocol === protocol))
    ),
};

function rowsOf({ protocol, paperWidth, record }: FinishedRun): Row[] {
  const network = measuredOf(record, "network");
  return network.pruned.map((pruned) => {
    const cells = networkCells(network, pruned);
    const trueErrorLn = Math.log(pruned.testErrorFraction);
    return {
      protocol,
      seed: record.hyperparameters.seed,
      paper_width: paperWidth,
      width: record.hyperparameters.hidden[0],
      ...cells,
      true_error_ln: trueErrorLn,
      ...Object.assign(
        {},
        ...publishedBounds.map(({ id }) =>
          comparison(id, paperWidth, Number(cells[boundColumnName(id, "published")]))
        ),
        comparison("true_error", paperWidth, trueErrorLn),
      ),
    };
  });
}

/** The paper's number and ours less the paper's, null where ours is infinite. */
function comparison(id: string, paperWidth: number, value: number): Row {
  const paper = publishedRows[id as keyof typeof publishedRows][widths.indexOf(paperWidth)];
  return {
    [`${id}_paper_ln`]: paper,
    [`${id}_difference_ln`]: Number.isFinite(value) ? value - paper : null,
  };
}

function presentProtocol(protocol: string, rows: readonly Row[]): Presentation {
  const tableRows = [...publishedBlock(rows), ...comparableBlock(rows), ...networkBlock(rows)];
  return {
    caption: `Table 2 (MNIST), ${protocol} protocol: natural logarithms of the bounds`,
    columns: [
      textColumn("quantity", ""),
      ...[...new Set(rows.map(({ paper_width }) => String(paper_width)))].map((width) =>
        trainedColumn(width, width, "", 3)
      ),
    ],
    rows: tableRows,
    notes: [
      "Published: the forms of the paper's table. The baselines are capacities, neither rooted nor divided by n; ours is a root over n. They are not in the same units.",
      "Equal units: sqrt(capacity / n) for every row. Theorem: the cited theorem with every constant written out, at probability 0.95 as stated.",
      "Smallest margin: gamma is the smallest margin on S, as in the paper; where it is not positive the baselines are infinite and nothing may be pruned (d = 0). Margin 1: gamma = 1, fixed before S is seen, as the theorems ask.",
    ],
  };
}

function publishedBlock(rows: readonly Row[]): Row[] {
  const compared = publishedBounds.flatMap(({ id, title }) => [
    ...byMarginRule(rows, title, boundColumnName(id, "published")),
    line(rows, "minimum", "  paper", `${id}_paper_ln`),
    ...byMarginRule(rows, "  difference", `${id}_difference_ln`),
  ]);
  return [
    heading(rows, "As published"),
    ...compared,
    line(rows, "minimum", "True error (pruned network)", "true_error_ln"),
    line(rows, "minimum", "  paper", "true_error_paper_ln"),
    line(rows, "minimum", "  difference", "true_error_difference_ln"),
  ];
}

function comparableBlock(rows: readonly Row[]): Row[] {
  const block = (title: string, reading: Reading): Row[] => [
    heading(rows, title),
    ...bounds.flatMap((bound) => byMarginRule(rows, bound.title, boundColumnName(bound.id, reading))),
  ];
  return [...block("Equal units", "sameUnits"), ...block("Theorem", "theorem")];
}

function networkBlock(rows: readonly Row[]): Row[] {
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
function byMarginRule(rows: readonly Row[], title: string, column: string): Row[] {
  const smallest = line(rows, "minimum", `${title}, smallest margin`, column);
  const unit = line(rows, "unit", `${title}, margin 1`, column);
  const agree = Object.keys(smallest).every((key) => key === "quantity" || smallest[key] === unit[key]);
  return agree ? [{ ...smallest, quantity: title }] : [smallest, unit];
}

/** The means over seeds of one column, a cell a width. */
function line(rows: readonly Row[], rule: MarginRule, title: string, column: string): Row {
  const cells: Record<string, Cell> = { quantity: title };
  for (const width of new Set(rows.map(({ paper_width }) => paper_width))) {
    const values = rows.filter((row) => row.paper_width === width && row.margin_rule === rule)
      .map((row) => row[column]);
    cells[String(width)] = values.includes(null) ? null : mean(values.map(Number));
  }
  return cells;
}

function heading(rows: readonly Row[], title: string): Row {
  return {
    quantity: title,
    ...Object.fromEntries(rows.map(({ paper_width }) => [String(paper_width), null])),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
