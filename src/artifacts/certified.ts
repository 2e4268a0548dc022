/**
 * The certified bound on real MNIST: pruned networks with few-bit weights, every bit of their code counted.
 *
 * @module
 */
import { failureProbability } from "../bounds/bound.ts";
import {
  codeNats,
  codeOptions,
  firstQuantisedRound,
  type IterativePruning,
  keptShares,
  type PrunedRound,
  quantisedBits,
  type QuantisedNetwork,
} from "../experiments/measurements/iterative_pruning.ts";
import { weightCountOf } from "../experiments/hyperparameters.ts";
import { measuredOf } from "../experiments/record.ts";
import { binomialUpperLimit } from "../math/binomial.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import { binomialTailBound, divergenceBound, hoeffdingBound } from "../theory/theorem_e_1.ts";
import type { FigureSpec, Panel, Series } from "../render/figure.ts";
import type { Artifact, FinishedRun, Presentation } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import { groupedBy } from "./figure_parts.ts";
import { narrowHiddenWidths, narrowRuns, networkName, roundsOf } from "./narrow_networks.ts";
import { numberShown, seedTitle, seriesOf, shownOverSeeds } from "./seeds.ts";

/** What was chosen by looking at the training set: the network, the round, the bits, and how it is written down. */
export const certifiedChoices: readonly number[] = [
  narrowHiddenWidths.length,
  keptShares.length - firstQuantisedRound + 1,
  quantisedBits.length,
  codeOptions.length,
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
  runs: narrowRuns,
  columns: [
    textColumn("protocol", "protocol"),
    exactColumn("seed", "seed", ""),
    exactColumn("round", "round", ""),
    ...shownColumns,
    trainedColumn("nonzero_weights", "nonzero weights", "weights", 0),
    textColumn("support_code", "support code"),
    textColumn("level_code", "level code"),
    ...["count", "support", "levels", "codebook", "permutations", "choices"].map((part) =>
      trainedColumn(`${part}_nats`, part, "nats", 1)
    ),
  ],
  keys: ["protocol", "seed", "network", "round", "bits"],
  rows: (runs: readonly FinishedRun[]): Row[] =>
    runs.flatMap((run) => {
      const rows = roundsOf(run).flatMap((round) =>
        round.quantised.map((network) => certifiedRow(run, round, network))
      );
      return rows.length > 0 ? rows : [uncodedRow(run)];
    }),
  present: (rows: readonly ShownRow[]): Presentation[] =>
    groupedBy(rows, "protocol", "seed").map(presentation),
  figure: (rows: readonly ShownRow[]): FigureSpec => ({
    title: "The certified frontier on MNIST",
    description:
      "The certified error of pruned few-bit networks (binomial tail) over the fraction of weights kept, a line a network and number of bits; hollow markers: the error on the test set.",
    columns: 2,
    panels: groupedBy(rows, "protocol").map(frontierPanel),
  }),
});

/** The row of a run none of whose networks has a code: a layer has no weight left, or one that is not finite. */
function uncodedRow(run: FinishedRun): Row {
  return {
    ...Object.fromEntries(certified.columns.map(({ name }) => [name, null])),
    protocol: run.protocol,
    seed: run.hyperparameters.seed,
    network: networkName(run),
    support_code: "none: a layer is zero or not finite",
    level_code: "none",
  };
}

function certifiedRow(run: FinishedRun, round: PrunedRound, network: QuantisedNetwork): Row {
  const { supportCode, levelCode, ...parts } = network.code;
  return {
    protocol: run.protocol,
    seed: run.hyperparameters.seed,
    round: round.round,
    network: networkName(run),
    kept_fraction: network.nonzeroCount / weightCountOf(run.hyperparameters),
    bits: network.bits,
    ...boundCells(network, measuredOf(run.record, "iterative-pruning")),
    nonzero_weights: network.nonzeroCount,
    support_code: supportCode,
    level_code: levelCode,
    ...Object.fromEntries(Object.entries(parts).map(([part, nats]) => [`${part}_nats`, nats])),
    choices_nats: choicesNats,
  };
}

function boundCells(
  network: QuantisedNetwork,
  { exampleCount, testCount }: Pick<IterativePruning, "exampleCount" | "testCount">,
): Row {
  const codeLength = codeNats(network.code) + choicesNats;
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
      } over the training set every bound of the table holds. The smallest is ${smallest.toFixed(3)}.`,
      "Each network is pruned by magnitude over all layers, trained on, and its weights replaced by few values a layer. The code states which weights are left, which value each has, and the values. Choosing network, round, bits and code after seeing the data is paid for.",
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
    x: { label: "kept weights", unit: "fraction", scale: "log" },
    y: { label: "error", unit: "fraction", scale: "linear", range: [0, 0.5] },
    series: groupedBy(rows, "network", "bits").flatMap(frontier),
  };
}

/** The rounds of one network at one number of bits, from the densest on. */
function frontier(rows: readonly ShownRow[]): Series[] {
  const [{ network, bits }] = rows;
  const name = `bits_${bits}_${network}`;
  const label = `${network}, ${bits} bits`;
  const kept = rows.map(({ kept_fraction }) => numberShown(kept_fraction));
  const curve = (look: Pick<Series, "name" | "label" | "style" | "colourOf">, column: string): Series[] =>
    seriesOf(look, kept, rows.map((row) => row[column]));
  return [
    ...curve({ name, label, style: "line" }, "binomial_tail_bound"),
    ...curve({ name: `${name}_test`, label: "", style: "hollow", colourOf: name }, "test_error_fraction"),
  ];
}
