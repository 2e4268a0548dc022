/**
 * Lottery tickets: subnetworks of random networks that imitate a target (Theorem F.1), iterative magnitude pruning on
 * MNIST as their practical counterpart, and the bound of Theorem 6.1 on both.
 *
 * @module
 */
import { failureProbability } from "../bounds/bound.ts";
import { weightCountOf } from "../experiments/hyperparameters.ts";
import type { PrunedRound } from "../experiments/measurements/iterative_pruning.ts";
import { type ProfileName, profiles, type Selection } from "../experiments/presets.ts";
import { measuredOf } from "../experiments/record.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { RandomStream } from "../math/random_stream.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";
import {
  ticketBound,
  ticketCountPrinted,
  ticketCountSketched,
  type TicketLayer,
  ticketMaskBound,
} from "../theory/theorem_6_1.ts";
import { explicitHostWidth } from "../theory/theorem_f_1.ts";
import {
  findTicket,
  measureTicket,
  randomTarget,
  type Ticket,
  type TicketSearchOptions,
} from "../theory/theorem_f_1_construction.ts";
import type { Artifact, FinishedRun, Presentation } from "./artifact.ts";
import { exactColumn, textColumn, trainedColumn } from "./bound_columns.ts";
import { groupedBy } from "./figure_parts.ts";
import { narrowHiddenWidths, narrowRuns, networkName, widthsOf } from "./narrow_networks.ts";
import { seedTitle, shownOverSeeds } from "./seeds.ts";

/** The targets of each profile: inputs, hidden widths, outputs. */
export const targetWidths: Readonly<Record<ProfileName, readonly (readonly number[])[]>> = {
  smoke: [[2, 2, 1], [4, 4, 2]],
  quick: [[2, 2, 1], [4, 4, 2], [8, 8, 4], [4, 4, 4, 4, 2]],
  standard: [[2, 2, 1], [4, 4, 2], [8, 8, 4], [4, 4, 4, 4, 2], [8, 8, 8, 8, 4]],
  paper: [[2, 2, 1], [4, 4, 2], [8, 8, 4], [4, 4, 4, 4, 2], [8, 8, 8, 8, 4]],
};

/** How a ticket is searched for, and what it must reach. */
interface Search {
  readonly method: TicketSearchOptions["search"];
  /** epsilon, in logit units. */
  readonly epsilon: number;
  /** Neurons that each input has for itself, by the target's widths. */
  readonly poolSize: (widths: readonly number[]) => number;
}

const GOAL_EPSILON = 0.5;

/** Single neurons in pools as large as the theorem needs; subsets in pools that do not depend on epsilon by much. */
const searches: readonly Search[] = [
  {
    method: "number",
    epsilon: GOAL_EPSILON,
    poolSize: (widths) =>
      Math.ceil(
        explicitHostWidth({ widths, epsilon: GOAL_EPSILON, delta: failureProbability }) / widths[0],
      ),
  },
  { method: "subset", epsilon: GOAL_EPSILON, poolSize: () => 24 },
  { method: "subset", epsilon: 0.01, poolSize: () => 48 },
];

/** The points at which a ticket is compared with its target: random directions, all of norm 1. */
const EXAMPLES = 500;

/** rho = 1/256, eight bits a weight below 1; the paper leaves it open. */
const ROUNDING_STEP = 1 / 256;

const shared: readonly Column[] = [
  textColumn("network", "network"),
  textColumn("method", "method"),
  exactColumn("host_weights", "weights", "weights"),
  trainedColumn("active_weights", "active", "weights", 0),
  trainedColumn("theorem_6_1_term", "Theorem 6.1", "fraction", 3),
];

const searchColumns: readonly Column[] = [
  ...shared,
  exactColumn("target_weights", "target's weights", "weights"),
  exactColumn("host_width", "$D_G$", "units"),
  exactColumn("epsilon_logits", "$\\epsilon$", "logits", 2),
  exactColumn("output_error_logits", "largest error", "logits", 6),
  exactColumn("output_error_bound_logits", "bound on it", "logits", 6),
  textColumn("within_epsilon", "within $\\epsilon$"),
  trainedColumn("sketched_term", "sketch corrected", "fraction", 3),
  trainedColumn("mask_term", "mask alone", "fraction", 3),
];

const pruningColumns: readonly Column[] = [
  ...shared,
  exactColumn("kept_fraction", "kept", "fraction", 4),
  trainedColumn("train_error_fraction", "train error", "fraction", 4),
  trainedColumn("test_error_fraction", "test error", "fraction", 4),
  trainedColumn("untrained_train_error_fraction", "untrained", "fraction", 4),
  trainedColumn("untrained_mask_bound", "mask alone", "fraction", 3),
];

const columns: readonly Column[] = [
  textColumn("kind", "kind"),
  textColumn("protocol", "protocol"),
  exactColumn("seed", "seed", ""),
  exactColumn("round", "round", ""),
  ...new Map([...searchColumns, ...pruningColumns].map((column) => [column.name, column])).values(),
];

/** Lottery tickets. */
export const tickets: Artifact = shownOverSeeds({
  id: "tickets",
  title: "Lottery tickets: found by search, and by iterative magnitude pruning on MNIST",
  datasets: ["mnist"],
  runs: (selection: Selection) => narrowRuns(selection, narrowHiddenWidths, "iterative-pruning"),
  columns,
  keys: ["kind", "protocol", "seed", "network", "method", "round"],
  rows: (runs: readonly FinishedRun[], selection: Omit<Selection, "protocol">): Row[] => [
    ...targetWidths[selection.profile].flatMap((widths) =>
      searches.map((search, index) => searchRow(widths, search, index, selection))
    ),
    ...runs.flatMap((run) =>
      measuredOf(run.record, "iterative-pruning").rounds.map((round) => pruningRow(run, round))
    ),
  ],
  present: (rows: readonly ShownRow[]): Presentation[] => [
    presentSearch(rows.filter(({ kind }) => kind === "search")),
    ...groupedBy(rows.filter(({ kind }) => kind === "pruning"), "protocol", "seed").map(presentPruning),
  ],
});

function searchRow(
  widths: readonly number[],
  { method, epsilon, poolSize }: Search,
  index: number,
  { profile, seed }: Omit<Selection, "protocol">,
): Row {
  const network = widths.join("-");
  const stream = new RandomStream(seed, `tickets/${network}/${index}`);
  const target = randomTarget(widths, new RandomStream(seed, `tickets/${network}/target`));
  const ticket = findTicket(target, { poolSize: poolSize(widths), search: method }, stream);
  const measured = measureTicket(target, ticket, unitVectors(EXAMPLES, widths[0], stream));
  const { trainingExamples: exampleCount } = profiles[profile].sizes.mnist;
  return emptyRow({
    kind: "search",
    seed,
    round: index + 1,
    network,
    method,
    host_weights: measured.hostWeightCount,
    active_weights: measured.activeWeightCount,
    target_weights: measured.targetWeightCount,
    host_width: measured.hostWidth,
    epsilon_logits: epsilon,
    output_error_logits: measured.outputError,
    output_error_bound_logits: measured.outputErrorBound,
    within_epsilon: measured.outputError <= epsilon ? "yes" : "no",
    ...theoremTerms(widths, measured.hostWidth, exampleCount),
    mask_term: ticketMaskBound(ticketLayers(ticket), { marginLoss: 0, exampleCount }, failureProbability),
  });
}

/** The second term of Theorem 6.1, as printed and with its sketch corrected; the first, an empirical loss, set to 0. */
function theoremTerms(widths: readonly number[], hostWidth: number, exampleCount: number): Row {
  const target = {
    inputs: widths[0],
    hiddenWidth: Math.max(...widths.slice(1, -1)),
    depth: widths.length - 1,
  };
  const term = (count: number): number => ticketBound(count, ROUNDING_STEP, { marginLoss: 0, exampleCount });
  return {
    theorem_6_1_term: term(ticketCountPrinted(target, hostWidth)),
    sketched_term: term(ticketCountSketched(target, hostWidth)),
  };
}

function pruningRow(run: FinishedRun, round: PrunedRound): Row {
  const { exampleCount, testCount } = measuredOf(run.record, "iterative-pruning");
  const active = round.keptWeights.reduce((total, count) => total + count, 0);
  // Theorem 6.1's count with the active weights themselves in place of n_M d + L n_M^2.
  const count = active * Math.log(Math.max(...run.hyperparameters.hidden)) ** 2;
  return emptyRow({
    kind: "pruning",
    protocol: run.protocol,
    seed: run.hyperparameters.seed,
    round: round.round,
    network: networkName(run),
    method: round.series,
    host_weights: weightCountOf(run.hyperparameters),
    active_weights: active,
    theorem_6_1_term: ticketBound(count, ROUNDING_STEP, { marginLoss: 0, exampleCount }),
    kept_fraction: round.keptShare,
    train_error_fraction: round.trainErrors / exampleCount,
    test_error_fraction: round.testErrors / testCount,
    ...untrainedCells(run, round),
  });
}

function untrainedCells(run: FinishedRun, round: PrunedRound): Row {
  if (round.untrainedTrainErrors === null) return {};
  const { exampleCount } = measuredOf(run.record, "iterative-pruning");
  const untrained = { marginLoss: round.untrainedTrainErrors / exampleCount, exampleCount };
  return {
    untrained_train_error_fraction: untrained.marginLoss,
    untrained_mask_bound: ticketMaskBound(maskLayers(run, round), untrained, failureProbability),
  };
}

/** The cells given, and null in every other column. */
function emptyRow(cells: Row): Row {
  return { ...Object.fromEntries(columns.map(({ name }) => [name, null])), ...cells };
}

function ticketLayers({ pruned }: Ticket): TicketLayer[] {
  return pruned.map(({ rows, columns, data }) => ({
    outputs: rows,
    inputs: columns,
    nonzeroCount: data.filter((weight) => weight !== 0).length,
  }));
}

function maskLayers(run: FinishedRun, { keptWeights }: PrunedRound): TicketLayer[] {
  const widths = widthsOf(run);
  return keptWeights.map((nonzeroCount, layer) => ({
    outputs: widths[layer + 1],
    inputs: widths[layer],
    nonzeroCount,
  }));
}

function unitVectors(count: number, dimension: number, stream: RandomStream): Matrix {
  const examples = matrix(count, dimension);
  for (let row = 0; row < count; row++) {
    const direction = Float64Array.from({ length: dimension }, () => stream.normal());
    const norm = Math.hypot(...direction);
    examples.data.set(direction.map((entry) => entry / norm), row * dimension);
  }
  return examples;
}

function presentSearch(rows: readonly ShownRow[]): Presentation {
  return {
    caption: "Tickets found by search in random networks (Theorem F.1)",
    columns: searchColumns,
    rows: rows.map((row) => cellsOf(row, searchColumns)),
    notes: [
      `Each weight of a known target is imitated by one path (number) or by the best sum of several (subset). Largest error: over ${EXAMPLES} inputs of norm 1. Bound on it: over the whole unit ball, from the largest error of a weight.`,
      "Theorem 6.1: the second term of the theorem, its constant set to 1 and rho = 1/256, with n of the profile's MNIST. Sketch corrected: 2L layers, and a diagonal without zeros, as Theorem 5.1 asks (erratum 22). Mask alone: the random weights were there before S, so that only the choice of active ones is learned (Theorem E.1).",
      "The search knows the target. This is the existence result that the theorem rests on, not iterative pruning.",
    ],
  };
}

function presentPruning(rows: readonly ShownRow[]): Presentation {
  return {
    caption: `Iterative magnitude pruning on MNIST, ${rows[0].protocol} protocol, ${seedTitle(rows[0])}`,
    columns: pruningColumns,
    rows: rows.map((row) => cellsOf(row, pruningColumns)),
    notes: [
      "Each round prunes by magnitude over all layers and trains again: from the initial weights (rewound) or from where the weights are (continued).",
      "Untrained: the training error of the mask on the initial weights, a weight-subnetwork of a random network in the theorem's sense; mask alone: the bound on its error at probability 0.95.",
      "Theorem 6.1 is stated for tickets in an untrained network whose target is known. Here its second term counts the active weights, with D_G the largest hidden width and rho = 1/256: what the paper's remark on iterative pruning would come to. The error of a trained ticket is to be added.",
    ],
  };
}

function cellsOf(row: ShownRow, shown: readonly Column[]): ShownRow {
  return Object.fromEntries(shown.map(({ name }) => [name, row[name]]));
}
