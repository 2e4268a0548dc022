/**
 * Figure 2: how far pruning moves the output, against the bound of Lemma C.5.
 *
 * @module
 */
import { degenerateWeights } from "../experiments/measurements/mask_thresholds.ts";
import {
  type ChangeBounds,
  changeBounds,
  type PruningSweep,
  type SweepPoint,
} from "../experiments/measurements/pruning_sweep.ts";
import { measuredOf } from "../experiments/record.ts";
import { chi } from "../theory/lemma_5_1.ts";
import { gammaOfLayer } from "../theory/lemma_c_2.ts";
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
  exactColumn("d", "$d$", "", 2),
  exactColumn("chi", "$\\chi$", "fraction", 4),
  trainedColumn("kept_fraction", "kept", "fraction"),
  trainedColumn("true_change_logits", "true change", "logits", 2),
  trainedColumn("correct_logit_change_logits", "correct logit", "logits", 2),
  trainedColumn("measured_bound_logits", "bound, measured", "logits", 1),
  trainedColumn("measured_kappa_bound_logits", "bound, measured, kappa", "logits", 1),
  trainedColumn("measured_telescoped_bound_logits", "telescoped, measured", "logits", 1),
  trainedColumn("gamma_bound_logits", "bound, $\\Gamma$", "logits", 1),
  trainedColumn("gamma_kappa_bound_logits", "bound, $\\Gamma$, kappa", "logits", 1),
  trainedColumn("gamma_telescoped_bound_logits", "telescoped, $\\Gamma$", "logits", 1),
  trainedColumn("largest_norm_over_gamma", "largest $\\|\\Delta\\| / \\Gamma$", "", 2),
  trainedColumn("train_error_fraction", "train error", "fraction"),
  trainedColumn("test_error_fraction", "test error", "fraction"),
  trainedColumn("margin_loss_at_change_fraction", "margin loss at the change", "fraction"),
  trainedColumn("margin_loss_at_bound_fraction", "margin loss at the bound", "fraction"),
  exactColumn("published_change_logits", "paper: true", "logits", 2),
  exactColumn("published_bound_logits", "paper: bound", "logits", 1),
];

/** Figure 2. */
export const figure2: Artifact = shownOverSeeds({
  id: "figure2",
  title: "Figure 2: the error by pruning and its bound",
  datasets: figureDatasets,
  runs: (selection) => figureRuns(selection, ["pruning-sweep"]),
  columns: [
    ...networkNameColumns,
    exactColumn("largest_change_over_examples", "largest change over", "examples"),
    ...sweepColumns,
    textColumn("within_side_condition", "side condition holds"),
  ],
  keys: ["protocol", "seed", "dataset", "d"],
  rows: (runs) => runs.flatMap(rowsOf),
  present: (rows) => groupedBy(rows, "protocol", "dataset").map(presentNetwork),
  figure: (rows): FigureSpec => ({
    title: figure2.title,
    description:
      "The largest change of the output that pruning causes, over the pruning parameter d, far below the bounds of Lemma C.5, on a logarithmic scale; the paper's own points beside them.",
    columns: 2,
    panels: groupedBy(rows, "protocol", "dataset").map(panelOf),
  }),
});

function rowsOf(run: FinishedRun): Row[] {
  const sweep = measuredOf(run.record, "pruning-sweep");
  return sweep.points.map((point) => {
    const published = publishedAt("figure2", run.hyperparameters.dataset, point.d);
    return {
      ...networkNameCells(run),
      largest_change_over_examples: sweep.evaluatedCount,
      ...pointCells(sweep, point),
      ...boundCells(sweep, point),
      published_change_logits: published?.measured ?? null,
      published_bound_logits: published?.bound ?? null,
    };
  });
}

function pointCells(sweep: PruningSweep, point: SweepPoint): Row {
  const weightCount = sum(sweep.layers.map(({ outputs, inputs }) => outputs * inputs));
  return {
    d: point.d,
    chi: chi(point.d),
    kept_fraction: sum(point.layers.map(({ keptWeights }) => keptWeights)) / weightCount,
    true_change_logits: point.largestOutputChange,
    correct_logit_change_logits: point.largestLogitChange,
    largest_norm_over_gamma: largestNormOverGamma(sweep, point),
    train_error_fraction: point.trainErrorFraction,
    test_error_fraction: point.testErrorFraction,
    margin_loss_at_change_fraction: point.marginLossAtChange,
    margin_loss_at_bound_fraction: point.marginLossAtBound,
  };
}

function boundCells(sweep: PruningSweep, point: SweepPoint): Row {
  const bounds = changeBounds(sweep, point);
  return {
    measured_bound_logits: bounds.measured,
    measured_kappa_bound_logits: bounds.measuredWithKappa,
    measured_telescoped_bound_logits: bounds.measuredTelescoped,
    gamma_bound_logits: bounds.gamma,
    gamma_kappa_bound_logits: bounds.gammaWithKappa,
    gamma_telescoped_bound_logits: bounds.gammaTelescoped,
    within_side_condition: sideConditionCell(sweep, point, bounds),
  };
}

/** Whether the condition holds, or why Algorithm 1 pruned nothing of a layer, or why a change is not known. */
function sideConditionCell(
  { layers }: PruningSweep,
  { largestOutputChange }: SweepPoint,
  { isWithinSideCondition }: ChangeBounds,
): string {
  const degenerate = layers.map(({ variance }) => degenerateWeights(variance)).find((reason) =>
    reason !== null
  );
  if (degenerate) return degenerate;
  if (!Number.isFinite(largestOutputChange)) return "outputs not finite";
  return isWithinSideCondition ? "yes" : "no";
}

/**
 * Lemma C.2 fails for a layer where this is above 1 (C = 1, epsilon = 1); null where both are 0, at d = 0 or in a layer
 * of zeros.
 */
function largestNormOverGamma({ layers }: PruningSweep, point: SweepPoint): number | null {
  if (point.d === 0 || layers.some(({ variance }) => degenerateWeights(variance) !== null)) return null;
  return Math.max(
    ...layers.map((layer, index) => point.layers[index].perturbationNorm / gammaOfLayer(layer, point.d)),
  );
}

function presentNetwork(rows: readonly ShownRow[]): Presentation {
  const shown = sweepColumns.filter(({ name }) => !/kappa|chi$|margin_loss/.test(name));
  return {
    caption: `Figure 2, ${
      networkTitle(rows[0])
    }: the largest change of the output by pruning, and its bounds`,
    columns: shown,
    rows: rows.filter(isTabulated).map((point) =>
      Object.fromEntries(shown.map(({ name }) => [name, point[name]]))
    ),
    notes: [
      `True change: max $\\|f(x) - \\hat f(x)\\|_2$ over ${
        rows[0].largest_change_over_examples
      } examples of S; correct logit: of the correct class alone. Which of the two the paper draws it does not say; its authors' code has the second.`,
      "Bound: Lemma C.5 with the measured $\\|\\Delta^l\\|_2$, or with $\\Gamma_l$ at $C = \\epsilon_l = 1$ (the lemma holds with positive probability only for $\\epsilon_l > L$); the CSV has both with $\\kappa_l$ of Appendix D too. Telescoped: the same before its proof rounds up to e; it needs no side condition.",
      "Paper: read off the figure in the authors' repository, at the same d. Its network has other norms: the heights do not compare, the distances do.",
    ],
  };
}

const curves: readonly Curve[] = [
  { name: "gamma", label: "bound with $\\Gamma_l$", style: "line", column: "gamma_bound_logits" },
  {
    name: "measured",
    label: "bound with measured $\\|\\Delta^l\\|$",
    style: "line",
    column: "measured_bound_logits",
  },
  {
    name: "telescoped",
    label: "telescoped bound, measured",
    style: "line",
    column: "measured_telescoped_bound_logits",
  },
  { name: "true", label: "true change", style: "line", column: "true_change_logits" },
  {
    name: "paper_bound",
    label: "paper: bound",
    style: "hollow",
    colourOf: "measured",
    column: "published_bound_logits",
  },
  {
    name: "paper_true",
    label: "paper: true",
    style: "hollow",
    colourOf: "true",
    column: "published_change_logits",
  },
];

function panelOf(rows: readonly ShownRow[]): Panel {
  return {
    title: panelTitle(rows[0]),
    x: { label: "pruning parameter $d$", unit: "", scale: "linear", range: [0, 10] },
    y: { label: "change of the output", unit: "logits", scale: "log" },
    series: curves.flatMap((curve) => curveOverD(rows, curve)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
