/**
 * The tables for a network that was trained elsewhere: every bound in every reading, the statements' checks, and the
 * certified bound.
 *
 * @module
 */
import { failureProbability, type LayerMeasures, type Reading } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import {
  measureOwnNetwork,
  type OwnNetwork,
  type OwnNetworkMeasurement,
} from "../experiments/own_network.ts";
import type { CodedNetwork } from "../experiments/certified_codes.ts";
import {
  type AssumptionCheck,
  type PruningCheck,
  quantileFailureProbability,
} from "../experiments/layer_checks.ts";
import { binomialUpperLimit } from "../math/binomial.ts";
import type { Cell, Column, Row } from "../render/table.ts";
import { lillieforsCriticalValue } from "../theory/assumption_3_1.ts";
import type { Presentation } from "./artifact.ts";
import { boundColumnName, exactColumn, networkCells, textColumn, trainedColumn } from "./bound_columns.ts";

/** What a network's bounds come to, and what they rest on. */
export interface OwnNetworkBounds {
  /** The shape and norms of each layer. */
  readonly layers: readonly LayerMeasures[];
  /** n = |S|. */
  readonly exampleCount: number;
  /** Examples of the test set; 0 where none was given. */
  readonly testCount: number;
  /** One row a margin rule with the cells of `networkColumns`: every bound in every reading, and what it rests on. */
  readonly rows: readonly Row[];
  /** Assumption 3.1 on each layer. */
  readonly assumption: readonly AssumptionCheck[];
  /** Lemmas C.2 and 5.1 on each layer, at each d that the margin condition gave and at larger ones. */
  readonly pruning: readonly PruningCheck[];
  /** The certified bound at each way to code the network. */
  readonly certified: readonly CodedNetwork[];
  /** Which inputs were missing or are not what the theorems speak of, and what that means. */
  readonly notes: readonly string[];
}

/**
 * Every bound in every reading for a network of your own, the checks of the statements that one network can decide
 * (Assumption 3.1, Lemmas C.2 and 5.1), and the certified bound.
 *
 * @param own The network, the very examples that it was trained on, and what else is known.
 * @throws {TypeError} If the network has no layer or fewer than two outputs, a layer does not take the outputs of the one
 * before or the inputs of the data, a bias is missing or has another length than its layer has outputs, or the initial
 * weights have another shape, or biases where the network has none.
 * @throws {RangeError} If there are no examples, a label has no output, a weight or an initial one is not finite, or a layer
 * has no weight that is not zero.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { scaledExamples } from "../experiments/example_set.ts";
 * import { blankExamples } from "../datasets/dataset.ts";
 * import { pixelScaling } from "../datasets/pixel_scaling.ts";
 * import { initialWeights } from "../network/mlp.ts";
 * const examples = blankExamples(50, 4);
 * examples.pixels.fill(255);
 * const { certified, rows } = await boundsOfNetwork({
 *   weights: initialWeights({ inputs: 4, hidden: [3], outputs: 2, bias: false }, 1),
 *   trainingSet: scaledExamples(examples, pixelScaling(examples, "unit")),
 * });
 * assert(Number(rows[1].parameter_count_same_units_ln) < 0);
 * assert(certified.every(({ binomialTail }) => binomialTail <= 1));
 * ```
 */
export async function boundsOfNetwork(own: OwnNetwork): Promise<OwnNetworkBounds> {
  const measured = await measureOwnNetwork(own);
  const { network, assumption, pruning, certified } = measured;
  const { layers, exampleCount, testCount } = network;
  const rows = network.pruned.map((pruned) => networkCells(network, pruned));
  const notes = inputNotes(measured);
  return { layers, exampleCount, testCount, rows, assumption, pruning, certified, notes };
}

/** The tables that a person reads: a pure function of the bounds. */
export function presentOwnNetwork(result: OwnNetworkBounds): Presentation[] {
  return [
    presentBounds(result),
    presentAssumption(result),
    presentPruning(result),
    presentCertificates(result),
  ];
}

function inputNotes(
  { network, hasInitialWeights, hasTestSet, hasBiases }: OwnNetworkMeasurement,
): string[] {
  return [
    ...(network.trainErrorFraction > 0.5
      ? [
        "More than half of S is misclassified: at training the inputs may have been scaled or ordered otherwise (here images run row by row, in CIFAR10 one colour plane after the other), the layers may be in another order than the one that their names tell, or the activations were not ReLU.",
      ]
      : []),
    ...(hasInitialWeights ? [] : [
      "No initial weights were given: the distance in Bartlett's theorem is from zero. That is a valid reference, and usually a farther one.",
    ]),
    ...(hasTestSet ? [] : ["No test set was given: the true error is not known, nor is the gap."]),
    ...(hasBiases
      ? [
        "The network has biases, which the theorems do not: errors, margins and the certified bound are those of the network with its biases (16 bits each in the code); norms, counts and pruning are those of the weights alone, so that the norm-based bounds do not strictly hold.",
      ]
      : []),
    ...(network.minimumMargin > 0 ? [] : [
      "The smallest margin is not positive, as an example of S is misclassified: under that rule nothing may be pruned and the baselines are infinite.",
    ]),
    "ReLU is taken to follow every layer but the last, and S to be the very examples that the network was trained on: neither is in the file.",
  ];
}

const quantity = textColumn("quantity", "");
const ruleTitles = { minimum: "smallest margin", unit: "margin 1" } as const;
const readingTitles: Readonly<Record<Reading, string>> = {
  published: "As published (ln)",
  sameUnits: "Equal units, sqrt(capacity / n) (ln)",
  theorem: `Theorem, every constant written out, at probability ${1 - failureProbability} as stated (ln)`,
};

/** The facts about the network that are shown below the bounds, by column. */
const factTitles: Readonly<Record<string, string>> = {
  margin_logits: "gamma (logits)",
  margin_loss_fraction: "margin loss at gamma",
  d: "d",
  chi: "chi",
  kept_fraction: "kept fraction",
  needed_margin_logits: "needed margin (logits)",
  train_error_fraction: "train error",
  test_error_fraction: "test error",
  pruned_train_error_fraction: "train error, pruned",
  pruned_test_error_fraction: "test error, pruned",
};

function presentBounds({ layers, exampleCount, rows, notes }: OwnNetworkBounds): Presentation {
  const line = (title: string, column: string): Row => ({
    quantity: title,
    ...Object.fromEntries(rows.map((row) => [String(row.margin_rule), known(row[column])])),
  });
  const readingBlock = ([reading, title]: [string, string]): Row[] => [
    { quantity: title, minimum: null, unit: null },
    ...bounds.map(({ id, title }) => line(`  ${title}`, boundColumnName(id, reading as Reading))),
  ];
  return {
    caption: `Bounds for the network ${shapeOf(layers)} on ${exampleCount} examples`,
    columns: [
      quantity,
      ...Object.entries(ruleTitles).map(([rule, title]) => trainedColumn(rule, title, "", 4)),
    ],
    rows: [
      ...Object.entries(readingTitles).flatMap(readingBlock),
      { quantity: "The network", minimum: null, unit: null },
      ...Object.entries(factTitles).map(([column, title]) => line(`  ${title}`, column)),
    ],
    notes: [
      ...notes,
      "Smallest margin: gamma is the smallest margin on S, as in the paper's tables. Margin 1: gamma = 1, fixed before S is seen, as the theorems ask.",
    ],
  };
}

const assumptionColumns: readonly Column[] = [
  exactColumn("layer", "layer", ""),
  exactColumn("outputs", "d1", "units"),
  exactColumn("inputs", "d2", "units"),
  ...["mean", "secondMoment"].map((name) => trainedColumn(name, name === "mean" ? "mean" : "Psi", "", 5)),
  trainedColumn("skewness", "skewness", "", 2),
  trainedColumn("excessKurtosis", "excess kurtosis", "", 2),
  trainedColumn("kolmogorovSmirnov", "KS distance", "", 4),
  trainedColumn("lilliefors", "sqrt(N) KS", "", 2),
  textColumn("looksNormal", "normal at 5 %"),
  trainedColumn("ratio", "||A|| / edge", "", 3),
  trainedColumn("probabilityLn", "ln P", "ln", 1),
];

function presentAssumption({ assumption }: OwnNetworkBounds): Presentation {
  return {
    caption: "Assumption 3.1: are the weights of each layer independent N(0, Psi)?",
    columns: assumptionColumns,
    rows: assumption.map((layer, index) => ({
      ...only(layer, ["outputs", "inputs", "mean", "secondMoment", "skewness", "excessKurtosis"]),
      ...only(layer, ["kolmogorovSmirnov", "lilliefors", "ratio", "probabilityLn"]),
      layer: index + 1,
      looksNormal: layer.variance > 0 && layer.lilliefors <= lillieforsCriticalValue ? "yes" : "no",
    })),
    notes: [
      `A large normal sample exceeds sqrt(N) KS = ${lillieforsCriticalValue}, the value of Lilliefors for 5 %, with probability 0.06.`,
      "||A|| / edge: the largest singular value over sqrt(Psi) (sqrt d1 + sqrt d2). Well above 1 the weights are not independent, however normal each looks; ln P bounds the probability of so large a value under the assumption.",
    ],
  };
}

const pruningColumns: readonly Column[] = [
  exactColumn("layer", "layer", ""),
  trainedColumn("d", "d", "", 3),
  trainedColumn("keptFraction", "kept", "fraction", 4),
  trainedColumn("perturbationNorm", "||Delta||", "", 4),
  trainedColumn("gamma", "Gamma", "", 4),
  textColumn("lemmaC2", "Lemma C.2"),
  exactColumn("largestCount", "max(j_r, j_c)", "weights"),
  trainedColumn("printedCount", "3 p chi", "weights", 1),
  textColumn("lemma51", "Lemma 5.1"),
  exactColumn("quantileCount", "quantile", "weights"),
  textColumn("corrected51", "corrected"),
];

function presentPruning({ pruning }: OwnNetworkBounds): Presentation {
  return {
    caption: "Lemmas C.2 and 5.1 under Algorithm 1, at the d found and beyond",
    columns: pruningColumns,
    rows: pruning.map((check) => ({
      ...check,
      lemmaC2: verdict(check.perturbationNorm, check.gamma, Infinity),
      lemma51: verdict(check.largestCount, check.printedCount, check.mostCount),
      corrected51: verdict(check.largestCount, check.quantileCount, check.mostCount),
    })).map(({ mostCount: _, ...row }) => row),
    notes: [
      "Lemma C.2: ||Delta|| <= epsilon Gamma, here with epsilon = 1 and Latala's constant C = 1, which bounds the mean for Gaussian weights of every shape.",
      `Lemma 5.1: max(j_r, j_c) <= 3 lambda p chi as printed, with lambda = 1 and p the larger side. Corrected: the union bound over binomial quantiles, which ${
        100 * (1 - quantileFailureProbability)
      } % of Gaussian layers meet.`,
    ],
  };
}

const certificateColumns: readonly Column[] = [
  trainedColumn("keptFraction", "kept", "fraction", 4),
  exactColumn("indexBits", "bits", ""),
  exactColumn("codedWeights", "weights", ""),
  trainedColumn("codeNats", "ln J", "nats", 0),
  trainedColumn("trainError", "train error", "fraction", 4),
  trainedColumn("hoeffding", "Hoeffding", "fraction", 4),
  trainedColumn("divergence", "kl", "fraction", 4),
  trainedColumn("binomialTail", "binomial tail", "fraction", 4),
];

function presentCertificates({ certified, rows, testCount }: OwnNetworkBounds): Presentation {
  return {
    caption: `Certified error: pruned by magnitude, quantised, coded; probability ${1 - failureProbability}`,
    columns: certificateColumns,
    rows: certified.map((
      { namesLivingUnits: _units, supportCode: _support, levelCode: _level, ...coded },
    ) => ({ ...coded })),
    notes: certificateNotes(
      certified.map(({ binomialTail }) => binomialTail),
      Number(rows[0].test_error_fraction),
      testCount,
    ),
  };
}

function certificateNotes(
  certified: readonly number[],
  testErrorFraction: number,
  testCount: number,
): string[] {
  const smallest = Math.min(1, ...certified).toFixed(4);
  const fromTestSet = testCount === 0 ? [] : [
    `For comparison, the test set alone bounds the error of the unpruned network by ${
      testSetLimit(testErrorFraction, testCount).toFixed(4)
    } at the same probability.`,
  ];
  return [
    "Each row bounds the true error of the coded network itself: it needs no margin, no norm and no assumption on the weights. All rows hold together; the choice among them is paid for. No further training follows the pruning: with it, fewer weights do as well.",
    smallest !== "1.0000"
      ? `The smallest certified error is ${smallest}.`
      : "No row is below 1: nothing is certified. A smaller or more heavily pruned network has a shorter code.",
    ...fromTestSet,
  ];
}

function testSetLimit(errorFraction: number, count: number): number {
  const successes = Math.round(errorFraction * count);
  return binomialUpperLimit({ trials: count, successes, deltaLn: Math.log(failureProbability) });
}

function verdict(value: number, limit: number, most: number): string {
  if (limit >= most) return "says nothing";
  return value <= limit ? "holds" : "fails";
}

/** A number, or no cell where it was not measured. */
function known(cell: Cell): Cell {
  return Number.isNaN(cell) ? null : cell;
}

function only<Key extends string>(values: Readonly<Record<Key, number>>, keys: readonly Key[]): Row {
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}

function shapeOf(layers: readonly LayerMeasures[]): string {
  return [layers[0].inputs, ...layers.map(({ outputs }) => outputs)].join("-");
}
