/**
 * What the figures share: the networks that they look at, the paper's own points, and curves over d.
 *
 * @module
 */
import figure2Csv from "../../paper/published/figure2.csv" with { type: "text" };
import figure4Csv from "../../paper/published/figure4.csv" with { type: "text" };
import type { DatasetName } from "../datasets/dataset.ts";
import type { MeasurementName } from "../experiments/measurements/mod.ts";
import { hyperparametersFor, type Selection } from "../experiments/presets.ts";
import type { Series } from "../render/figure.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import type { FinishedRun, WantedRun } from "./artifact.ts";
import { exactColumn, textColumn } from "./bound_columns.ts";
import { seriesOf } from "./seeds.ts";

/** The data sets of the figures, in the paper's order. */
export const figureDatasets: readonly DatasetName[] = ["mnist", "cifar10"];

/** The width of the networks. The paper states none for these figures; 784 is that of its other MNIST figures. */
const figureWidth = 784;

/** The columns that say which network a row is about. */
export const networkNameColumns: readonly Column[] = [
  textColumn("protocol", "protocol"),
  exactColumn("seed", "seed", ""),
  textColumn("dataset", "data set"),
  exactColumn("width", "width", "units"),
];

/** The cells of {@linkcode networkNameColumns}. */
export function networkNameCells({ protocol, hyperparameters }: FinishedRun): Row {
  const { seed, dataset, hidden } = hyperparameters;
  return { protocol, seed, dataset, width: hidden[0] };
}

/** The network of width 784 on each data set, with what is to be measured on it. */
export function figureRuns(selection: Selection, measurements: readonly MeasurementName[]): WantedRun[] {
  return figureDatasets.map((dataset) => ({
    protocol: selection.protocol,
    paperWidth: figureWidth,
    hyperparameters: hyperparametersFor(dataset, figureWidth, selection),
    measurements,
  }));
}

/** A point that the authors published. */
export interface PublishedPoint {
  /** Figure 2: the error by pruning, in logits; Figure 4: the most nonzero entries in a row. */
  readonly measured: number;
  /** What the paper's bound says, in the same unit. */
  readonly bound: number;
}

/** The points of the paper's Figures 2 and 4. */
export const publishedPoints: Readonly<
  Record<"figure2" | "figure4", Readonly<Record<DatasetName, readonly PublishedPoint[]>>>
> = {
  figure2: pointsByDataset(figure2Csv),
  figure4: pointsByDataset(figure4Csv),
};

/**
 * The paper's point at d, or undefined where its grid linspace(0, 10, 100) has none: nothing is interpolated.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(publishedAt("figure4", "mnist", 0)?.measured, 784);
 * assertEquals(publishedAt("figure4", "mnist", 0.05), undefined);
 * ```
 */
export function publishedAt(
  figure: keyof typeof publishedPoints,
  dataset: DatasetName,
  d: number,
): PublishedPoint | undefined {
  const place = Math.round(d * 99 / 10);
  const isOnGrid = Math.abs(place * 10 / 99 - d) < 1e-9;
  return isOnGrid ? publishedPoints[figure][dataset][place] : undefined;
}

/** A few of the values of d, all of which every profile measures, for the tables of Figures 2 and 4. */
export function isTabulated({ d }: ShownRow): boolean {
  return [1, 4, 10, 22, 50, 99].includes(Math.round(Number(d) * 99 / 10));
}

/** Rows of equal cells in `names`, in order of appearance. */
export function groupedBy(rows: readonly ShownRow[], ...names: readonly string[]): ShownRow[][] {
  return [...Map.groupBy(rows, (row) => names.map((name) => row[name]).join("/")).values()];
}

/** Which columns make a curve, and how it is drawn. */
export interface Curve extends Pick<Series, "name" | "label" | "style" | "colourOf"> {
  /** The column of the ordinates. */
  readonly column: string;
}

/**
 * The curve of a column over d, with its spread over seeds. Of more than 50 hollow markers every third is drawn, so that
 * they can be told apart.
 *
 * @param rows The rows of one network, one a value of d.
 */
export function curveOverD(rows: readonly ShownRow[], { column, ...look }: Curve): Series[] {
  const every = look.style === "hollow" && rows.length > 50 ? 3 : 1;
  const points = rows.filter((_, index) => index % every === 0);
  return seriesOf(look, points.map(({ d }) => Number(d)), points.map((row) => row[column]));
}

/** The network in a caption: "MNIST, stated protocol". */
export function networkTitle(row: ShownRow): string {
  return `${datasetTitle(row)}, ${row.protocol} protocol`;
}

/** The network above a panel, where room is short: "MNIST (stated)". */
export function panelTitle(row: ShownRow): string {
  return `${datasetTitle(row)} (${row.protocol})`;
}

function datasetTitle({ dataset }: ShownRow): string {
  return dataset === "mnist" ? "MNIST" : "CIFAR10";
}

function pointsByDataset(csv: string): Record<DatasetName, PublishedPoint[]> {
  const records = csv.trim().split("\n").slice(1).map((line) => line.split(","));
  const of = (name: string): PublishedPoint[] =>
    records.filter(([dataset]) => dataset === name)
      .map(([, , measured, bound]) => ({ measured: Number(measured), bound: Number(bound) }));
  return { mnist: of("mnist"), cifar10: of("cifar") };
}
