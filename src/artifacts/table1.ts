/**
 * Table 1: generalization bounds of networks pruned to a sixtieth of their weights, on the standard scale.
 *
 * The paper prints six numbers and says neither how it pruned, nor whether it trained on, nor in which form it evaluated
 * the two bounds that it compares with. Every reading that it may have meant is here.
 *
 * @module
 */
import published from "../../paper/published/tables.json" with { type: "json" };
import { arora2018 } from "../bounds/arora_2018.ts";
import { failureProbability, type NetworkMeasures } from "../bounds/bound.ts";
import { ju2022 } from "../bounds/ju_2022.ts";
import { ours } from "../bounds/ours.ts";
import { parameterCount } from "../bounds/parameter_count.ts";
import type { DatasetName } from "../datasets/dataset.ts";
import { cushionMeasures, type Statistic } from "../experiments/measurements/cushions.ts";
import type {
  HeavilyPrunedMeasurement,
  HeavilyPrunedVariant,
} from "../experiments/measurements/heavily_pruned.ts";
import { type PruningVariant, pruningVariants } from "../experiments/measurements/heavy_pruning.ts";
import type { HessianReference } from "../experiments/measurements/hessian.ts";
import type { MarginRule } from "../experiments/measurements/network.ts";
import { hyperparametersFor, type Selection } from "../experiments/presets.ts";
import { measuredOf } from "../experiments/record.ts";
import type { Cell, Column, Row, ShownCell, ShownRow } from "../render/table.ts";
import { countedClassLnPrinted, countingBound } from "../theory/lemma_e_1.ts";
import type { Artifact, FinishedRun, Presentation, WantedRun } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import { isEstimate, numberShown, shownOverSeeds, showSame } from "./seeds.ts";

const datasetTitles = { mnist: "MNIST", cifar10: "CIFAR10" } as const;
const datasetNames = Object.keys(datasetTitles) as DatasetName[];
const publishedRows = published.table1.rows;
const paperWidth = 784;
const marginRules: readonly MarginRule[] = ["minimum", "unit"];

const variantTitles: Readonly<Record<PruningVariant, string>> = {
  algorithm_1: "Algorithm 1",
  algorithm_1_tuned: "Algorithm 1, tuned",
  threshold: "threshold",
  threshold_tuned: "threshold, tuned",
};

/** Larger numbers are printed as logarithms. */
const largestPrinted = 1e5;

/** What a number of the table is computed from. */
interface Pruned {
  readonly measurement: HeavilyPrunedMeasurement;
  readonly variant: HeavilyPrunedVariant;
  readonly marginRule: MarginRule;
}

/** A number of the table; its columns hold the value and its natural logarithm. */
interface Quantity {
  readonly name: string;
  readonly title: string;
  /** The row of the paper's table that it is compared with. */
  readonly paper?: keyof typeof publishedRows;
  /** The natural logarithm; null where the statement is of another kind of pruning, or not defined. */
  readonly ln: (pruned: Pruned) => number | null;
}

const statisticTitles: Readonly<Record<Statistic, string>> = {
  worst: "worst example",
  percentile: "worst 5 % left out",
};
const statistics = Object.keys(statisticTitles) as Statistic[];

/** The readings of the Hessian measure: a column's part, a title, the reference and the statistic. */
const juVariants: readonly (readonly [string, string, HessianReference, Statistic])[] = [
  ["initial_worst", "from the initial weights", "fromInitial", "worst"],
  [
    "initial_percentile",
    `from the initial weights, ${statisticTitles.percentile}`,
    "fromInitial",
    "percentile",
  ],
  ["masked_initial_worst", "from the masked initial weights", "fromMaskedInitial", "worst"],
];

const publishedForms: readonly Quantity[] = [
  {
    name: "ours_published",
    title: "Ours (Theorem 5.2)",
    paper: "ours",
    ln: (pruned) => ours.ln.published(measuresOf(pruned)),
  },
  ...aroraReadings("published"),
  ...juReadings("published"),
];

const equalUnits: readonly Quantity[] = [
  {
    name: "ours_same_units",
    title: "Ours, second term",
    ln: (pruned) => ours.ln.sameUnits(measuresOf(pruned)),
  },
  {
    name: "naive_count_same_units",
    title: "Counting, sqrt(ln J / n) of Lemma E.1",
    ln: ({ measurement, variant }) => {
      const layers = countedLayers(measurement, variant);
      return layers && (Math.log(countedClassLnPrinted(layers)) - Math.log(measurement.exampleCount)) / 2;
    },
  },
  {
    name: "kept_count_same_units",
    title: "sqrt(kept weights / n)",
    ln: ({ measurement, variant }) =>
      (Math.log(keptWeights(variant)) - Math.log(measurement.exampleCount)) / 2,
  },
  {
    name: "parameter_count_same_units",
    title: "sqrt(all weights / n)",
    ln: (pruned) => parameterCount.ln.sameUnits(measuresOf(pruned)),
  },
];

const theorems: readonly Quantity[] = [
  { name: "ours_theorem", title: "Ours, Theorem 5.2 as printed", ln: oursTheoremLn },
  ...aroraReadings("theorem"),
  ...juReadings("theorem"),
  {
    name: "naive_count_theorem",
    title: "Counting, Lemma E.1",
    ln: ({ measurement, variant }) => {
      const layers = countedLayers(measurement, variant);
      const observed = { marginLoss: variant.neededMarginLoss, exampleCount: measurement.exampleCount };
      return layers && Math.log(countingBound(layers, observed, failureProbability));
    },
  },
  ...(["hoeffding", "divergence", "binomialTail"] as const).map((form): Quantity => ({
    name: `certified_${form === "binomialTail" ? "binomial_tail" : form}`,
    title: `Certified, ${{ hoeffding: "Hoeffding", divergence: "kl", binomialTail: "binomial tail" }[form]}`,
    ln: ({ variant }) => Math.log(variant.certificate[form]),
  })),
];

const quantities: readonly Quantity[] = [...publishedForms, ...equalUnits, ...theorems];
const compared = quantities.filter(({ paper }) => paper !== undefined);

/** A column about the network, with what it holds. */
interface Fact {
  readonly column: Column;
  readonly cell: (pruned: Pruned) => Cell;
}

const facts: readonly Fact[] = [
  { column: exactColumn("d", "d", "", 3), cell: ({ measurement }) => measurement.d },
  fact("kept_weights", "kept weights", "weights", ({ variant }) => keptWeights(variant)),
  fact(
    "kept_fraction",
    "kept fraction",
    "fraction",
    ({ variant }) => keptWeights(variant) / weightCount(variant),
  ),
  {
    column: exactColumn("fine_tuning_examples", "examples of fine-tuning", "examples"),
    cell: ({ measurement, variant }) =>
      variant.variant.endsWith("_tuned") ? measurement.fineTuningExamples : 0,
  },
  fact("train_error_fraction", "train error", "fraction", ({ variant }) => variant.trainErrorFraction),
  fact("test_error_fraction", "test error", "fraction", ({ variant }) => variant.testErrorFraction),
  fact(
    "gap_fraction",
    "gap",
    "fraction",
    ({ variant }) => variant.testErrorFraction - variant.trainErrorFraction,
  ),
  fact("margin_logits", "gamma", "logits", (pruned) => measuresOf(pruned).margin),
  fact(
    "percentile_margin_logits",
    `smallest margin, ${statisticTitles.percentile}`,
    "logits",
    ({ variant }) => variant.margin.percentile,
  ),
  fact("margin_loss_fraction", "margin loss", "fraction", (pruned) => measuresOf(pruned).marginLoss),
  fact("needed_margin_ln", "needed margin, measured", "ln", ({ variant }) => Math.log(variant.neededMargin)),
  fact(
    "needed_margin_loss_fraction",
    "unpruned margin loss there",
    "fraction",
    ({ variant }) => variant.neededMarginLoss,
  ),
  fact(
    "theorem_margin_ln",
    "needed margin, Theorem 5.2",
    "ln",
    ({ measurement }) => measurement.theorem?.neededMarginLn ?? null,
  ),
  ...statistics.flatMap(cushionFacts),
  fact(
    "certified_train_error_fraction",
    "train error, quantised",
    "fraction",
    ({ variant }) => variant.certificate.trainErrorFraction,
  ),
  fact("certified_code_nats", "length of the code", "nats", ({ variant }) => variant.certificate.codeNats),
  {
    column: textColumn("side_condition", "side condition of Theorem 5.2"),
    cell: ({ measurement }) => sideConditionCell(measurement),
  },
];

const keys = ["dataset", "protocol", "seed", "variant", "margin_rule"];

const columns: readonly Column[] = [
  textColumn("dataset", "data set"),
  textColumn("protocol", "protocol"),
  exactColumn("seed", "seed", ""),
  exactColumn("width", "width", "units"),
  textColumn("variant", "pruned by"),
  textColumn("margin_rule", "margin rule"),
  ...facts.map(({ column }) => column),
  ...quantities.flatMap(({ name, title }) => [
    trainedColumn(name, title, "", 3),
    trainedColumn(`${name}_ln`, title, "ln", 3),
  ]),
  ...compared.flatMap(({ name }) => [
    exactColumn(`${name}_paper`, "paper", "", 3),
    trainedColumn(`${name}_difference`, "difference", "", 3),
  ]),
];

/** Table 1. */
export const table1: Artifact = shownOverSeeds({
  id: "table1",
  title: "Table 1: bounds of networks pruned to a sixtieth of their weights",
  datasets: datasetNames,
  runs: (selection: Selection): WantedRun[] =>
    datasetNames.map((dataset) => ({
      protocol: selection.protocol,
      paperWidth,
      hyperparameters: hyperparametersFor(dataset, paperWidth, selection),
      measurements: ["heavily-pruned"],
    })),
  columns,
  keys,
  rows: (runs: readonly FinishedRun[]): Row[] => runs.flatMap(rowsOf),
  present: (rows: readonly ShownRow[]): Presentation[] =>
    [...Map.groupBy(rows, ({ dataset, protocol }) => `${dataset} ${protocol}`).values()].map(presentTable),
});

function rowsOf(run: FinishedRun): Row[] {
  const measurement = measuredOf(run.record, "heavily-pruned");
  return pruningVariants.flatMap((name) =>
    marginRules.map((marginRule) => {
      const variant = measurement.variants.find((candidate) => candidate.variant === name);
      return {
        ...namesOf(run),
        variant: name,
        margin_rule: marginRule,
        ...(variant ? markedNumbers(numbersOf(run, { measurement, variant, marginRule })) : emptyNumbers()),
      };
    })
  );
}

function namesOf({ protocol, record }: FinishedRun): Row {
  const { dataset, seed, hidden } = record.hyperparameters;
  return { dataset, protocol, seed, width: hidden[0] };
}

function numbersOf({ record }: FinishedRun, pruned: Pruned): Row {
  const { dataset } = record.hyperparameters;
  const cells: Record<string, Cell> = Object.fromEntries(
    facts.map(({ column, cell }) => [column.name, cell(pruned)]),
  );
  for (const { name, ln, paper } of quantities) {
    const valueLn = ln(pruned);
    const value = valueLn === null ? null : Math.exp(valueLn);
    cells[name] = value;
    cells[`${name}_ln`] = valueLn;
    if (paper !== undefined) Object.assign(cells, comparison(name, value, publishedRows[paper][dataset]));
  }
  return cells;
}

/** The paper's number and ours less the paper's, null where ours is infinite. */
function comparison(name: string, value: number | null, paper: number): Row {
  const isComparable = value !== null && Number.isFinite(value);
  return { [`${name}_paper`]: paper, [`${name}_difference`]: isComparable ? value - paper : null };
}

/** The row of a network whose training diverged. */
function emptyNumbers(): Row {
  const named = [...keys, "width"];
  const unnamed = columns.filter(({ name }) => !named.includes(name));
  return {
    ...Object.fromEntries(unnamed.map(({ name }) => [name, null])),
    side_condition: "weights not finite",
  };
}

function sideConditionCell({ theorem }: HeavilyPrunedMeasurement): string {
  if (theorem === null) return "all weights of a layer zero";
  return theorem.isWithinSideCondition ? "holds" : "fails";
}

/** Weights that are finite make every number known, unless the outputs overflow. */
function markedNumbers(cells: Row): Row {
  const isKnown = Object.values(cells).every((cell) => !Number.isNaN(cell));
  return isKnown ? cells : { ...cells, side_condition: `${cells.side_condition}, outputs not finite` };
}

/** What bounds need to know of the pruned network. Its gamma is its own; the loss of `pruning` is the unpruned one's. */
function measuresOf(
  { measurement, variant, marginRule }: Pruned,
  statistic: Statistic = "worst",
): NetworkMeasures {
  const isMinimum = marginRule === "minimum";
  return {
    ...measurement,
    layers: variant.layers,
    margin: isMinimum ? variant.margin[statistic] : 1,
    marginLoss: isMinimum ? variant.marginLoss[statistic] : variant.unitMarginLoss,
    trainError: variant.trainErrorFraction,
    pruning: { d: measurement.d, marginLoss: variant.neededMarginLoss },
  };
}

/** The statement as printed, for the pruning that it is about, at gamma as large as its condition asks. */
function oursTheoremLn({ measurement: { theorem }, variant }: Pruned): number | null {
  if (variant.variant !== "algorithm_1" || theorem === null) return null;
  return Math.log(theorem.neededMarginLoss + theorem.sketchingTerm);
}

function aroraReadings(reading: "published" | "theorem"): Quantity[] {
  return statistics.map((statistic): Quantity => ({
    name: `arora_2018_${statistic}_${reading}`,
    title: `${arora2018.title}, ${statisticTitles[statistic]}`,
    ...(reading === "published" ? { paper: "arora_2018" } : {}),
    ln: (pruned) =>
      arora2018.ln[reading]({
        ...measuresOf(pruned, statistic),
        cushions: cushionsOf(pruned, statistic),
      }),
  }));
}

function cushionsOf({ variant }: Pruned, statistic: Statistic): ReturnType<typeof cushionMeasures> {
  return cushionMeasures(variant.cushions, variant.layers.map(({ outputs }) => outputs), statistic);
}

function juReadings(reading: "published" | "theorem"): Quantity[] {
  return juVariants.map(([name, title, reference, statistic]): Quantity => ({
    name: `ju_2022_${name}_${reading}`,
    title: `${ju2022.title}, ${title}`,
    ...(reading === "published" ? { paper: "ju_2022" } : {}),
    ln: (pruned) => {
      const { hessian, meanLoss, largestLoss } = pruned.variant;
      const layers = hessian[reference].map((spread) => spread[statistic]);
      return ju2022.ln[reading]({ ...measuresOf(pruned), hessian: { layers, meanLoss, largestLoss } });
    },
  }));
}

/** The layers with the theorem's rounding steps; null where it has none. */
function countedLayers(
  { theorem }: HeavilyPrunedMeasurement,
  { layers }: HeavilyPrunedVariant,
): Parameters<typeof countedClassLnPrinted>[0] | null {
  return theorem && layers.map((layer, index) => ({
    ...layer,
    nonzeroCount: layer.keptWeights,
    roundingStep: Math.exp(theorem.roundingStepsLn[index]),
  }));
}

function keptWeights({ layers }: HeavilyPrunedVariant): number {
  return sum(layers.map((layer) => layer.keptWeights));
}

function weightCount({ layers }: HeavilyPrunedVariant): number {
  return sum(layers.map(({ outputs, inputs }) => outputs * inputs));
}

function fact(name: string, title: string, unit: string, cell: Fact["cell"]): Fact {
  return { column: trainedColumn(name, title, unit), cell };
}

function cushionFacts(statistic: Statistic): Fact[] {
  const part = (name: string, title: string, unit: string, cell: Fact["cell"]): Fact =>
    fact(`${name}_${statistic}`, `${title}, ${statisticTitles[statistic]}`, unit, cell);
  return [
    part(
      "layer_cushion",
      "smallest layer cushion",
      "",
      (pruned) => Math.min(...cushionsOf(pruned, statistic).layerCushions),
    ),
    part(
      "interlayer_cushion",
      "smallest interlayer cushion",
      "",
      (pruned) => Math.min(...cushionsOf(pruned, statistic).interlayerCushions),
    ),
    part("contraction", "activation contraction", "", (pruned) => cushionsOf(pruned, statistic).contraction),
    part("output_norm", "output norm", "logits", (pruned) => cushionsOf(pruned, statistic).outputNorm),
    part(
      "smoothness_at_1_percent",
      "interlayer smoothness at 1 % noise",
      "",
      ({ variant }) => variant.cushions.smoothness[0].spread[statistic],
    ),
    part(
      "smoothness_at_10_percent",
      "interlayer smoothness at 10 % noise",
      "",
      ({ variant }) => variant.cushions.smoothness[1].spread[statistic],
    ),
  ];
}

function presentTable(rows: readonly ShownRow[]): Presentation {
  const { dataset, protocol } = rows[0];
  const title = datasetTitles[dataset as DatasetName];
  return {
    caption: `Table 1 (${title}), ${protocol} protocol: bounds of networks pruned to 1/60 of their weights`,
    columns: [
      textColumn("quantity", ""),
      ...pruningVariants.map((variant) => trainedColumn(variant, variantTitles[variant], "", 3)),
      trainedColumn("paper", "paper", "", 3),
    ],
    rows: [
      heading("As published, standard scale unless marked ln"),
      ...publishedForms.flatMap((quantity) => quantityLines(rows, quantity)),
      heading("Roots of counts over n"),
      ...equalUnits.flatMap((quantity) => quantityLines(rows, quantity)),
      heading("Theorems, delta = 0.05"),
      ...theorems.flatMap((quantity) => quantityLines(rows, quantity)),
      heading("The networks"),
      ...facts.filter(isPrinted).flatMap(({ column }) =>
        byMarginRule(rows, column.unit === "ln" ? `${column.title}, ln` : column.title, column.name)
      ),
    ],
    notes,
  };
}

const notes: readonly string[] = [
  "Algorithm 1 at d = 58.504, where it keeps 1/60 of Gaussian weights, with the diagonal kept as it says; threshold: the largest 1/60 of each layer. Tuned: trained on with the mask, by the run's own optimiser, for as many examples as training saw and at most one pass over S.",
  "The paper says neither how it pruned for this table, nor whether it trained on, nor in which form it evaluated the bounds of Arora et al. and Ju et al.: the differences show what each reading gives, and none was chosen for its number.",
  "Arora et al.: Theorem 4.1 without constants, logarithms and margin loss. Cushions, contraction and output norm from all of S; interlayer cushions from a sample, exact for neighbouring layers and to the outputs, by 16 random signs elsewhere. The theorem needs a smoothness of at least 3 L = 15.",
  "Ju et al.: sum of the roots of the Hessian along the distance from the reference, over sqrt(n), with C = 1; it rests on the largest over all of S. It does not cover the ReLU, and the masked reference depends on S.",
  "Ours: d as above, R^ of the unpruned network at the margin that the measured perturbation needs. Theorem 5.2 as printed omits a side condition that its proof needs; where that fails its number proves nothing. It covers Algorithm 1 without further training only.",
  "Counting, Lemma E.1: its steps, largest weights and gamma are read from S, which it does not pay for, so that it is no certificate.",
  "Certified: the pruned network in 3-bit codebooks with its own training error; it holds for all four networks.",
  "Smallest margin: gamma is the smallest margin of the pruned network on S, or on what is left of S, and bounds are infinite where it is not positive. Margin 1: gamma = 1, fixed before S is seen; where the pruned network's outputs are small the margin loss is 1 and the published form, which leaves it out, means nothing.",
];

/** Words and whole numbers do not fit the printed columns' three digits; the CSV has them. */
function isPrinted({ column: { kind, unit } }: Fact): boolean {
  return kind !== "text" && unit !== "weights" && unit !== "examples";
}

function quantityLines(rows: readonly ShownRow[], { name, title, paper }: Quantity): ShownRow[] {
  const isHuge = rows.some((row) => isHugeCell(row[name]));
  const lines = isHuge ? byMarginRule(rows, `${title}, ln`, `${name}_ln`) : byMarginRule(rows, title, name);
  if (paper === undefined) return lines;
  const printed = rows.map((row) => numberShown(row[`${name}_paper`]));
  const value = printed.find((number) => number !== null) ?? NaN;
  const withPaper = lines.map((row) => ({ ...row, paper: isHuge ? Math.log(value) : value }));
  return isHuge ? withPaper : [...withPaper, ...byMarginRule(rows, "  difference", `${name}_difference`)];
}

function isHugeCell(cell: ShownCell): boolean {
  const largest = isEstimate(cell) ? cell.largest : numberShown(cell) ?? 0;
  return Number.isFinite(largest) && largest > largestPrinted;
}

/** One line where both margin rules agree, else one a rule; none where there is nothing to say. */
function byMarginRule(rows: readonly ShownRow[], title: string, column: string): ShownRow[] {
  const [smallest, unit] = marginRules.map((rule) => line(rows, rule, title, column));
  const agree = pruningVariants.every((variant) => showSame(smallest[variant], unit[variant]));
  const lines = agree ? [smallest] : [
    { ...smallest, quantity: `${title}, smallest margin` },
    { ...unit, quantity: `${title}, margin 1` },
  ];
  return lines.filter((row) => pruningVariants.some((variant) => row[variant] !== null));
}

/** One column, a cell a variant. */
function line(rows: readonly ShownRow[], rule: MarginRule, title: string, column: string): ShownRow {
  const cells: Record<string, ShownCell> = { quantity: title, paper: null };
  for (const row of rows.filter(({ margin_rule }) => margin_rule === rule)) {
    cells[String(row.variant)] = row[column];
  }
  return cells;
}

function heading(title: string): ShownRow {
  const empty = Object.fromEntries([...pruningVariants, "paper"].map((name) => [name, null]));
  return { quantity: title, ...empty };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
