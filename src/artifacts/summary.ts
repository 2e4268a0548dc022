/**
 * What the artifacts come to, for a reader with five minutes: the bounds at the paper's own width, how they rank in each
 * reading, and what can be certified.
 *
 * @module
 */
import type { Reading } from "../bounds/bound.ts";
import { readings } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import type { Row, ShownRow } from "../render/table.ts";
import type { Presentation } from "./artifact.ts";
import { boundColumnName, textColumn, trainedColumn } from "./bound_columns.ts";
import { boundTableKeys } from "./bound_table.ts";
import { groupedBy } from "./figure_parts.ts";
import { acrossSeeds, numberShown, withSpreadNote } from "./seeds.ts";
import { certified as certifiedArtifact } from "./certified.ts";

/** The width of the networks that both data sets share. */
const sharedWidth = 784;

const readingTitles: Readonly<Record<Reading, string>> = {
  published: "As published",
  sameUnits: "Equal units",
  theorem: "As theorem",
};

const networkLines = [
  ["true error (pruned network), ln", "true_error_ln"],
  ["train error", "train_error_fraction"],
  ["test error", "test_error_fraction"],
  ["kept weights", "kept_fraction"],
  ["d", "d"],
] as const;

const certifiedColumns = [
  "kept_fraction",
  "bits",
  "train_error_fraction",
  "test_error_fraction",
  "hoeffding_bound",
  "divergence_bound",
  "binomial_tail_bound",
] as const;

/**
 * The tables of the summary. Baselines stand with gamma = 1, which does not depend on S; with the smallest margin on S
 * they are infinite wherever a training example is wrong.
 *
 * @param rows The rows of `table2`, `table3` and `certified`, by the artifact's id.
 */
export function summary(rows: ReadonlyMap<string, readonly Row[]>): Presentation[] {
  const rowsOf = (id: string): readonly Row[] => rows.get(id) ?? [];
  const bySeed = [...rowsOf("table2"), ...rowsOf("table3")];
  const networks = acrossSeeds(bySeed, boundTableKeys)
    .filter((row) => row.paper_width === sharedWidth && row.margin_rule === "unit");
  return [
    withSpreadNote(boundsAtSharedWidth(networks), bySeed),
    rankings(networks),
    withSpreadNote(bestCertified(rowsOf("certified")), rowsOf("certified")),
  ];
}

function boundsAtSharedWidth(networks: readonly ShownRow[]): Presentation {
  const shown = groupedBy(networks, "dataset").flatMap((
    same,
  ) => [printedOf(same[0]), ...same.map(trainedOf)]);
  const line = (quantity: string, name: string): ShownRow => ({
    quantity,
    ...Object.fromEntries(shown.map(({ key, cells }) => [key, cells[name] ?? null])),
  });
  const blocks = readings.flatMap((reading) => [
    line(readingTitles[reading], ""),
    ...bounds.map(({ id, title }) => line(title, boundColumnName(id, reading))),
  ]);
  return {
    caption: `Width ${sharedWidth}, gamma = 1: natural logarithms of the bounds, and the networks`,
    columns: [
      textColumn("quantity", ""),
      ...shown.map(({ key, title }) => trainedColumn(key, title, "", 3)),
    ],
    rows: [...blocks, line("The networks", ""), ...networkLines.map(([title, name]) => line(title, name))],
    notes: [],
  };
}

/** A column of the table: cells by the name that they have in the artifacts' rows. */
interface SummaryColumn {
  readonly key: string;
  readonly title: string;
  readonly cells: ShownRow;
}

function trainedOf(row: ShownRow): SummaryColumn {
  return { key: `${row.dataset}_${row.protocol}`, title: titleOf(row), cells: row };
}

/** What the paper prints stands under the names of our numbers. */
function printedOf(row: ShownRow): SummaryColumn {
  const printed = bounds.map(({ id }) => [boundColumnName(id, "published"), row[`${id}_paper_ln`]]);
  const cells = { ...Object.fromEntries(printed), true_error_ln: row.true_error_paper_ln };
  return { key: `${row.dataset}_paper`, title: `${row.dataset}, paper`, cells };
}

/** Which bound is smallest, next and so on, reading by reading: the means over seeds decide. */
function rankings(networks: readonly ShownRow[]): Presentation {
  return {
    caption: `The bounds at width ${sharedWidth}, gamma = 1, from the smallest to the largest`,
    columns: [
      textColumn("reading", "reading"),
      textColumn("networks", "networks"),
      textColumn("order", "order"),
    ],
    rows: readings.flatMap((reading) =>
      networks.map((row) => ({
        reading: readingTitles[reading],
        networks: titleOf(row),
        order: orderOf(row, reading),
      }))
    ),
    notes: [],
  };
}

function orderOf(row: ShownRow, reading: Reading): string {
  return bounds.map(({ id, title }) => ({
    title,
    value: numberShown(row[boundColumnName(id, reading)]) ?? Infinity,
  }))
    .toSorted((a, b) => a.value === b.value ? 0 : a.value - b.value)
    .map(({ title }) => title).join(", ");
}

/** Of each network the round and the bits that certify most, by the mean over seeds. */
function bestCertified(certified: readonly Row[]): Presentation {
  const columns = ["network", "protocol", ...certifiedColumns].map((name) =>
    certifiedArtifact.columns.find((column) => column.name === name)!
  );
  const bound = (row: ShownRow): number => numberShown(row.binomial_tail_bound) ?? Infinity;
  const best = groupedBy(acrossSeeds(certified, certifiedArtifact.keys), "network", "protocol")
    .map((group) => group.reduce((least, row) => bound(row) < bound(least) ? row : least));
  return {
    caption: "The best certified error of each network on MNIST, with probability 0.95 over S",
    columns,
    rows: best.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name]]))),
    notes: [],
  };
}

function titleOf({ dataset, protocol }: ShownRow): string {
  return `${dataset}, ${protocol}`;
}
