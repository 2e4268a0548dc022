/**
 * What Figures 1 and 6 share: histograms of trained weights beside the normal distribution fitted to them.
 *
 * @module
 */
import { degenerateWeights } from "../experiments/measurements/mask_thresholds.ts";
import { type LayerDistribution, standardisedBins } from "../experiments/measurements/weight_distribution.ts";
import { measuredOf } from "../experiments/record.ts";
import { normalDistribution } from "../math/error_function.ts";
import type { FigureSpec, Panel, Series } from "../render/figure.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import type { Artifact, FinishedRun, Presentation } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import {
  figureDatasets,
  figureRuns,
  groupedBy,
  networkNameCells,
  networkNameColumns,
  networkTitle,
  panelTitle,
} from "./figure_parts.ts";
import { numberShown, seriesOf, shownOverSeeds } from "./seeds.ts";

/** Which layers a figure shows. */
export interface WeightHistogram extends Pick<Artifact, "id" | "title"> {
  /** The layers, counted from 1. */
  readonly layers: readonly number[];
  /** What a reader must know about the choice. */
  readonly notes: readonly string[];
}

/** The content of a row about a whole layer, followed by a comma and the reason where its weights have no deviation. */
const wholeLayer = "layer";

/** One row a layer holds what describes it whole, the others one bin of its histogram each. */
const binColumns: readonly Column[] = [
  trainedColumn("bin_low_standard_deviations", "from", "standard deviations", 2),
  trainedColumn("bin_high_standard_deviations", "to", "standard deviations", 2),
  trainedColumn("density", "weights", "per standard deviation", 5),
  trainedColumn("normal_density", "normal", "per standard deviation", 5),
];

const layerColumns: readonly Column[] = [
  exactColumn("outputs", "outputs", "units"),
  exactColumn("inputs", "inputs", "units"),
  trainedColumn("mean", "mean", "", 4),
  trainedColumn("standard_deviation", "s.d.", "", 4),
  trainedColumn("skewness", "skewness", "", 2),
  trainedColumn("excess_kurtosis", "excess kurtosis", "", 2),
  trainedColumn("kolmogorov_smirnov_distance", "KS distance", "", 4),
  trainedColumn("lilliefors", "Lilliefors", "", 2),
  trainedColumn("outside_fraction", "beyond 6 s.d.", "fraction", 5),
  trainedColumn("spectral_norm", "norm", "", 3),
  trainedColumn("spectral_edge", "edge", "", 3),
  trainedColumn("spectral_ratio", "norm / edge", "", 2),
  trainedColumn("spike_probability_ln", "ln p", "", 1),
];

/** The artifact of such a figure. */
export function weightHistogramArtifact(histogram: WeightHistogram): Artifact {
  return shownOverSeeds({
    id: histogram.id,
    title: histogram.title,
    datasets: figureDatasets,
    runs: (selection) => figureRuns(selection, ["weight-distribution"]),
    columns: [
      ...networkNameColumns,
      exactColumn("layer", "layer", ""),
      textColumn("content", "content"),
      exactColumn("bin", "bin", ""),
      ...binColumns,
      ...layerColumns,
    ],
    keys: ["protocol", "seed", "dataset", "layer", "content", "bin"],
    rows: (runs) => runs.flatMap((run) => rowsOf(run, histogram.layers)),
    present: (rows) => [presentLayers(rows, histogram)],
    figure: (rows) => figureOf(rows, histogram),
  });
}

function rowsOf(run: FinishedRun, numbers: readonly number[]): Row[] {
  const { layers, reach } = measuredOf(run.record, "weight-distribution");
  return numbers.flatMap((layer) => {
    const name = { ...networkNameCells(run), layer };
    // There is no deviation to measure the bins of such a layer in.
    const degenerate = degenerateWeights(layers[layer - 1].secondMoment);
    const bins = degenerate ? [] : binCells(layers[layer - 1], reach);
    const content = degenerate ? `${wholeLayer}, ${degenerate}` : wholeLayer;
    return [
      { ...name, content, bin: null, ...emptyCells(binColumns), ...layerCells(layers[layer - 1]) },
      ...bins.map((cells, bin) => ({ ...name, content: "bin", bin, ...cells, ...emptyCells(layerColumns) })),
    ];
  });
}

function layerCells(layer: LayerDistribution): Row {
  return {
    outputs: layer.outputs,
    inputs: layer.inputs,
    mean: layer.mean,
    standard_deviation: Math.sqrt(layer.variance),
    skewness: layer.skewness,
    excess_kurtosis: layer.excessKurtosis,
    kolmogorov_smirnov_distance: layer.kolmogorovSmirnov,
    lilliefors: layer.lilliefors,
    outside_fraction: layer.outside / (layer.outputs * layer.inputs),
    spectral_norm: layer.spectralNorm,
    spectral_edge: layer.spectralEdge,
    spectral_ratio: layer.spectralNorm / layer.spectralEdge,
    spike_probability_ln: layer.spikeProbabilityLn,
  };
}

/** The normal density is averaged over the bin, as the histogram is. */
function binCells(layer: LayerDistribution, reach: number): Row[] {
  return standardisedBins(layer, reach).map(({ low, high, density }) => ({
    bin_low_standard_deviations: low,
    bin_high_standard_deviations: high,
    density,
    normal_density: (normalDistribution(high) - normalDistribution(low)) / (high - low),
  }));
}

function emptyCells(columns: readonly Column[]): Row {
  return Object.fromEntries(columns.map(({ name }) => [name, null]));
}

function presentLayers(rows: readonly ShownRow[], { title, notes }: WeightHistogram): Presentation {
  const layers = rows.filter(({ content }) => content !== "bin");
  const shown = [exactColumn("layer", "layer", ""), ...layerColumns];
  return {
    caption: `${title}: how normal the weights are`,
    columns: [textColumn("network", "network"), ...shown],
    rows: layers.map((layer) => ({
      network: `${networkTitle(layer)}${String(layer.content).slice(wholeLayer.length)}`,
      ...Object.fromEntries(shown.map(({ name }) => [name, layer[name]])),
    })),
    notes: [
      "The normal distribution has the layer's own mean and variance. KS distance: of Kolmogorov and Smirnov. Lilliefors: the same times the root of the number of weights, above 0.886, his value for the level 0.05, with probability 0.06 for a large normal sample.",
      "Norm / edge: the largest singular value over $\\sqrt{\\Psi}(\\sqrt{d_1} + \\sqrt{d_2})$, about 1 for independent weights. The histogram cannot see it. ln p: a bound on the probability of so large a norm under Assumption 3.1.",
      ...notes,
    ],
  };
}

function figureOf(rows: readonly ShownRow[], { title, layers }: WeightHistogram): FigureSpec {
  const bins = rows.filter(({ content }) => content === "bin");
  return {
    title,
    description:
      "Histograms of trained weights in standard deviations from each layer's mean, with the normal density of the same mean and variance.",
    columns: layers.length === 1 ? 2 : layers.length,
    panels: groupedBy(bins, "protocol", "dataset", "layer").map(panelOf),
  };
}

function panelOf(bins: readonly ShownRow[]): Panel {
  // Rounding may tell the edges of equal bins apart from seed to seed.
  const edge = (bin: ShownRow, side: "low" | "high"): number =>
    numberShown(bin[`bin_${side}_standard_deviations`]) ?? NaN;
  const x = bins.map((bin) => (edge(bin, "low") + edge(bin, "high")) / 2);
  const series = (column: string, look: Pick<Series, "name" | "label" | "style">): Series[] =>
    seriesOf(look, x, bins.map((bin) => bin[column]));
  return {
    title: `${panelTitle(bins[0])}, layer ${bins[0].layer}`,
    x: { label: "centred weight", unit: "s.d.", scale: "linear" },
    y: { label: "density", unit: "", scale: "linear", range: [0, 0.4] },
    series: [
      ...series("density", { name: "weights", label: "trained weights", style: "bars" }),
      ...series("normal_density", { name: "normal", label: "fitted normal density", style: "line" }),
    ],
  };
}
