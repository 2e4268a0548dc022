/**
 * Figure 4 (Appendix B): how many weights stay in the fullest row or column, against Lemma 5.1.
 *
 * @module
 */
import { degenerateWeights } from "../experiments/measurements/mask_thresholds.ts";
import { measuredOf } from "../experiments/record.ts";
import { chi, distributedSparsityBound } from "../theory/lemma_5_1.ts";
import type { FigureSpec, Panel } from "../render/figure.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import type { Artifact, FinishedRun, Presentation } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import {
  type Curve,
  curveOverD,
  figureDatasets,
  figureRuns,
  groupedBy,
  isTabulated,
  networkNameCells,
  networkNameColumns,
  networkTitle,
  panelTitle,
  publishedAt,
} from "./figure_parts.ts";
import { shownOverSeeds } from "./seeds.ts";

const sweepColumns: readonly Column[] = [
  exactColumn("layer", "layer", ""),
  exactColumn("d", "$d$", "", 2),
  exactColumn("chi", "$\\chi$", "fraction", 4),
  trainedColumn("kept_fraction", "kept", "fraction"),
  trainedColumn("largest_row_count", "fullest row", "weights", 0),
  trainedColumn("largest_column_count", "fullest column", "weights", 0),
  trainedColumn("largest_count", "$\\max(j_r, j_c)$", "weights", 0),
  exactColumn("bound_count", "$3 p \\chi$", "weights", 1),
  trainedColumn("share_of_bound", "share of the bound", "", 3),
  exactColumn("published_row_count", "paper: fullest row", "weights"),
  exactColumn("published_bound_count", "paper: $3 p \\chi$", "weights", 1),
];

/** Figure 4. */
export const figure4: Artifact = shownOverSeeds({
  id: "figure4",
  title: "Figure 4: distributed sparsity and Lemma 5.1",
  datasets: figureDatasets,
  runs: (selection) => figureRuns(selection, ["pruning-sweep"]),
  columns: [
    ...networkNameColumns,
    exactColumn("outputs", "outputs", "units"),
    exactColumn("inputs", "inputs", "units"),
    ...sweepColumns,
    textColumn("not_pruned_because", "not pruned because of"),
  ],
  keys: ["protocol", "seed", "dataset", "layer", "d"],
  rows: (runs) => runs.flatMap(rowsOf),
  present: (rows) => groupedBy(rows, "protocol", "dataset").map(presentNetwork),
  figure: (rows): FigureSpec => ({
    title: figure4.title,
    description:
      "The most weights that pruning keeps in a row or column of the first layer over the pruning parameter d, below the bound of Lemma 5.1, with the paper's own points; and the share of that bound which each layer reaches.",
    columns: 2,
    panels: groupedBy(rows, "protocol", "dataset").flatMap((network) => [
      firstLayerPanel(network),
      shareOfBoundPanel(network),
    ]),
  }),
});

function rowsOf(run: FinishedRun): Row[] {
  const { layers, points } = measuredOf(run.record, "pruning-sweep");
  return layers.flatMap((shape, index) =>
    points.map(({ d, layers: pruned }) => ({
      ...networkNameCells(run),
      outputs: shape.outputs,
      inputs: shape.inputs,
      layer: index + 1,
      d,
      chi: chi(d),
      ...countCells(shape, pruned[index], d),
      not_pruned_because: degenerateWeights(shape.variance),
      ...publishedCells(run, index, d),
    }))
  );
}

function countCells(
  shape: { readonly outputs: number; readonly inputs: number; readonly variance: number },
  pruned: {
    readonly keptWeights: number;
    readonly largestRowCount: number;
    readonly largestColumnCount: number;
  },
  d: number,
): Row {
  const bound = distributedSparsityBound(shape, d, 1);
  // What Algorithm 1 cannot prune has no counts that the lemma speaks of.
  if (degenerateWeights(shape.variance)) return { ...emptyCounts, bound_count: bound };
  const largest = Math.max(pruned.largestRowCount, pruned.largestColumnCount);
  return {
    kept_fraction: pruned.keptWeights / (shape.outputs * shape.inputs),
    largest_row_count: pruned.largestRowCount,
    largest_column_count: pruned.largestColumnCount,
    largest_count: largest,
    bound_count: bound,
    share_of_bound: largest / bound,
  };
}

const emptyCounts = {
  kept_fraction: null,
  largest_row_count: null,
  largest_column_count: null,
  largest_count: null,
  share_of_bound: null,
} as const;

/** The paper draws rows of the first layer only. */
function publishedCells({ hyperparameters }: FinishedRun, layerIndex: number, d: number): Row {
  const published = layerIndex === 0 ? publishedAt("figure4", hyperparameters.dataset, d) : undefined;
  return {
    published_row_count: published?.measured ?? null,
    published_bound_count: published?.bound ?? null,
  };
}

function presentNetwork(rows: readonly ShownRow[]): Presentation {
  const shown = sweepColumns.filter(({ name }) => name !== "chi");
  return {
    caption: `Figure 4, ${networkTitle(rows[0])}: kept weights in the fullest row and column, and Lemma 5.1`,
    columns: shown,
    rows: rows.filter(isTabulated).map((point) =>
      Object.fromEntries(shown.map(({ name }) => [name, point[name]]))
    ),
    notes: [
      "$p = \\max(d_1, d_2)$, $\\lambda = 1$, the value behind the paper's curve, at which the lemma's printed probability is not positive.",
      "Row: the incoming weights of one unit; column: the outgoing ones. The paper draws the fullest row of the first layer, which is where $p$ is largest; its points were read off the figure in the authors' repository.",
      "For $d < 1.6$ the bound exceeds $p$ itself and says nothing.",
    ],
  };
}

const firstLayerCurves: readonly Curve[] = [
  { name: "bound", label: "Lemma 5.1: $3 p \\chi$", style: "line", column: "bound_count" },
  { name: "rows", label: "fullest row", style: "line", column: "largest_row_count" },
  { name: "columns", label: "fullest column", style: "line", column: "largest_column_count" },
  {
    name: "paper_bound",
    label: "paper: $3 p \\chi$",
    style: "hollow",
    colourOf: "bound",
    column: "published_bound_count",
  },
  {
    name: "paper_rows",
    label: "paper: fullest row",
    style: "hollow",
    colourOf: "rows",
    column: "published_row_count",
  },
];

function firstLayerPanel(rows: readonly ShownRow[]): Panel {
  const firstLayer = rows.filter(({ layer }) => layer === 1);
  return {
    title: `${panelTitle(rows[0])}, layer 1`,
    x: { label: "pruning parameter $d$", unit: "", scale: "linear", range: [0, 10] },
    y: { label: "kept weights", unit: "", scale: "log" },
    series: firstLayerCurves.flatMap((curve) => curveOverD(firstLayer, curve)),
  };
}

function shareOfBoundPanel(rows: readonly ShownRow[]): Panel {
  return {
    title: `${panelTitle(rows[0])}, all layers`,
    x: { label: "pruning parameter $d$", unit: "", scale: "linear", range: [0, 10] },
    y: { label: "$\\max(j_r, j_c) / (3 p \\chi)$", unit: "", scale: "linear", range: [0, 1] },
    series: groupedBy(rows, "layer").flatMap((layer) =>
      curveOverD(layer, {
        name: `layer_${layer[0].layer}`,
        label: `layer ${layer[0].layer}`,
        style: "line",
        column: "share_of_bound",
      })
    ),
  };
}
