/**
 * The certified bound on real MNIST: pruned networks with few-bit weights, every bit of their code counted.
 *
 * @module
 */
import { failureProbability } from "../bounds/bound.ts";
import {
  type CertifiedPruning,
  type CertifiedRound,
  codedBits,
  codedCounts,
  type CodedFewBits,
  codeParts,
} from "../experiments/measurements/certified_pruning.ts";
import { weightCountOf } from "../experiments/hyperparameters.ts";
import { hyperparametersFor, type Selection } from "../experiments/presets.ts";
import { measuredOf } from "../experiments/record.ts";
import { binomialUpperLimit } from "../math/binomial.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import { binomialTailBound, divergenceBound, hoeffdingBound } from "../theory/theorem_e_1.ts";
import type { FigureSpec, Panel, Series } from "../render/figure.ts";
import type { Artifact, FinishedRun, Presentation, WantedRun } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import { groupedBy } from "./figure_parts.ts";
import { narrowRuns, networkName } from "./narrow_networks.ts";
import { numberShown, seedTitle, seriesOf, shownOverSeeds } from "./seeds.ts";

/** The hidden widths of the narrow networks, from the narrowest on; the paper has none of them. */
export const certifiedHiddenWidths: readonly (readonly number[])[] = [[30], [100], [300, 100]];

/** The width of the paper's network, with four hidden layers, that is certified besides. */
const PAPER_WIDTH = 784;

/** The ways of writing a network down that `CodeOptions` offers: units, places and levels in two ways each. */
const CODE_FORMS = 8;

/**
 * What was chosen by looking at the training set: the network, the round, the bits, and the form of the code, which is
 * the same for all. How they were trained costs nothing: the bound holds for every network that the code can write.
 */
export const certifiedChoices: readonly number[] = [
  certifiedHiddenWidths.length + 1,
  codedCounts.length,
  codedBits.length,
  CODE_FORMS,
];

const choicesNats = certifiedChoices.reduce((total, alternatives) => total + Math.log(alternatives), 0);

const shownColumns: readonly Column[] = [
  textColumn("network", "network"),
  trainedColumn("kept_fraction", "kept", "fraction", 4),
  exactColumn("bits", "bits", "bits"),
  trainedColumn("train_error_fraction", "train error", "fraction", 4),
  trainedColumn("test_error_fraction", "test error", "fraction", 4),
  trainedColumn("code_nats", "code", "nats", 0),
  trainedColumn("hoeffding_bound", "Hoeffding", "fraction", 3),
  trainedColumn("divergence_bound", "kl", "fraction", 3),
  trainedColumn("binomial_tail_bound", "binomial tail", "fraction", 3),
  trainedColumn("test_set_bound", "from the test set", "fraction", 4),
];

/** The certified bound on real MNIST. */
export const certified: Artifact = shownOverSeeds({
  id: "certified",
  title: "The certified bound of pruned few-bit networks on MNIST",
  datasets: ["mnist"],
  runs: certifiedRuns,
  columns: [
    textColumn("protocol", "protocol"),
    exactColumn("seed", "seed", ""),
    exactColumn("round", "round", ""),
    ...shownColumns,
    trainedColumn("nonzero_weights", "nonzero weights", "weights", 0),
    trainedColumn("living_inputs", "living inputs", "inputs", 0),
    trainedColumn("unquantised_train_error_fraction", "train error before quantisation", "fraction", 4),
    textColumn("code", "code"),
    ...[...codeParts, "choices"].map((part) => trainedColumn(`${part}_nats`, part, "nats", 1)),
  ],
  keys: ["protocol", "seed", "network", "round", "bits"],
  rows: (runs: readonly FinishedRun[]): Row[] =>
    runs.flatMap((run) => {
      const rows = measuredOf(run.record, "certified-pruning").rounds.flatMap((round) =>
        round.quantised.map((network) => certifiedRow(run, round, network))
      );
      return rows.length > 0 ? rows : [uncodedRow(run)];
    }),
  present: (rows: readonly ShownRow[]): Presentation[] =>
    groupedBy(rows, "protocol", "seed").map(presentation),
  figure: (rows: readonly ShownRow[]): FigureSpec => ({
    title: "The certified frontier on MNIST",
    description:
      "The certified error of pruned few-bit networks (binomial tail) over the number of weights kept, a line a network and number of bits; hollow markers: the error on the test set.",
    columns: 2,
    panels: groupedBy(rows, "protocol").map(frontierPanel),
  }),
});

/** The narrow networks, and the paper's own. */
function certifiedRuns(selection: Selection): WantedRun[] {
  const paperRun: WantedRun = {
    protocol: selection.protocol,
    paperWidth: PAPER_WIDTH,
    hyperparameters: hyperparametersFor("mnist", PAPER_WIDTH, selection),
    measurements: ["certified-pruning"],
  };
  return [...narrowRuns(selection, certifiedHiddenWidths, "certified-pruning"), paperRun];
}

/** The row of a run none of whose networks has a code: a layer has no weight left, or one that is not finite. */
function uncodedRow(run: FinishedRun): Row {
  return {
    ...Object.fromEntries(certified.columns.map(({ name }) => [name, null])),
    protocol: run.protocol,
    seed: run.hyperparameters.seed,
    network: networkName(run),
    code: "none: a layer is zero or not finite",
  };
}

function certifiedRow(run: FinishedRun, round: CertifiedRound, network: CodedFewBits): Row {
  const measured = measuredOf(run.record, "certified-pruning");
  return {
    protocol: run.protocol,
    seed: run.hyperparameters.seed,
    round: round.round,
    network: networkName(run),
    kept_fraction: network.nonzeroCount / weightCountOf(run.hyperparameters),
    bits: network.bits,
    ...boundCells(network, measured),
    nonzero_weights: network.nonzeroCount,
    living_inputs: round.livingUnits[0],
    unquantised_train_error_fraction: round.trainErrors / measured.exampleCount,
    code: "living units, enumerated levels",
    ...Object.fromEntries(codeParts.map((part) => [`${part}_nats`, network.code[part]])),
    choices_nats: choicesNats,
  };
}

function boundCells(
  network: CodedFewBits,
  { exampleCount, testCount }: Pick<CertifiedPruning, "exampleCount" | "testCount">,
): Row {
  const codeLength = codeParts.reduce((total, part) => total + network.code[part], choicesNats);
  const finiteClass = {
    loss: network.trainErrors / exampleCount,
    classSizeLn: codeLength,
    exampleCount,
    delta: failureProbability,
  };
  const tested = { trials: testCount, successes: network.testErrors, deltaLn: Math.log(failureProbability) };
  return {
    train_error_fraction: finiteClass.loss,
    test_error_fraction: network.testErrors / testCount,
    code_nats: codeLength,
    hoeffding_bound: hoeffdingBound(finiteClass),
    divergence_bound: divergenceBound(finiteClass),
    binomial_tail_bound: binomialTailBound(finiteClass),
    test_set_bound: binomialUpperLimit(tested),
  };
}

/** Each round of each network with the bits that certify most, by the mean over seeds. */
function presentation(rows: readonly ShownRow[]): Presentation {
  const best = groupedBy(rows, "network", "round")
    .map((group) => group.reduce((least, row) => (bound(row) < bound(least) ? row : least)));
  const smallest = best.map(bound).reduce((least, value) => Math.min(least, value), Infinity);
  return {
    caption: `Certified error of pruned few-bit networks on MNIST, ${rows[0].protocol} protocol, ${
      seedTitle(rows[0])
    }`,
    columns: shownColumns,
    rows: best.map((row) =>
      Object.fromEntries(shownColumns.map((column) => [column.name, row[column.name]]))
    ),
    notes: [
      `With probability ${
        1 - failureProbability
      } over the training set every bound of the table holds, but for those from the test set, each of which holds so over that set. The smallest is ${
        smallest.toFixed(3)
      }.`,
      "Each network is pruned by magnitude to its busiest units and its largest weights, round by round, and trained on; then its weights take few values a layer, the largest first, while the others are trained. The code states which inputs and hidden units have weights, where, which value each has, and the values. Choosing network, round, bits and the form of the code after seeing the data is paid for.",
      "The error in the bound is that of the very network that is coded, on all of S. From the test set: a confidence limit that needs no code, for comparison; it is far smaller.",
    ],
  };
}

function bound(row: ShownRow): number {
  return numberShown(row.binomial_tail_bound) ?? Infinity;
}

function frontierPanel(rows: readonly ShownRow[]): Panel {
  return {
    title: `${rows[0].protocol} protocol`,
    x: { label: "kept weights", unit: "weights", scale: "log" },
    y: { label: "error", unit: "fraction", scale: "linear", range: [0, 0.5] },
    series: groupedBy(rows, "network", "bits").flatMap(frontier),
  };
}

/** The rounds of one network at one number of bits, from the densest on. */
function frontier(rows: readonly ShownRow[]): Series[] {
  const [{ network, bits }] = rows;
  const name = `bits_${bits}_${network}`;
  const label = `${network}, ${bits} bits`;
  const kept = rows.map(({ nonzero_weights }) => numberShown(nonzero_weights));
  const curve = (look: Pick<Series, "name" | "label" | "style" | "colourOf">, column: string): Series[] =>
    seriesOf(look, kept, rows.map((row) => row[column]));
  return [
    ...curve({ name, label, style: "line" }, "binomial_tail_bound"),
    ...curve({ name: `${name}_test`, label: "", style: "hollow", colourOf: name }, "test_error_fraction"),
  ];
}
