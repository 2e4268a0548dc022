/**
 * Section 1: what the introduction says of the bounds and of pruning.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decided,
  decidedByWorst,
  numberOf,
  numbersOf,
  type Row,
  withChanceNote,
} from "./claim.ts";
import {
  baselines,
  type BoundReading,
  boundReadings,
  type BoundSentence,
  infiniteBaseline,
  readInEach,
} from "./readings.ts";

/** The smallest baseline: what beats it beats all. */
function smallestBaseline(row: Row, reading: BoundReading): number {
  return Math.min(...baselines.map((id) => reading.ln(row, id)));
}

function aheadBy(factor: number): BoundSentence["decide"] {
  return (rows, reading) => {
    const ratioLn = (row: Row): number => smallestBaseline(row, reading) - reading.ln(row, "ours");
    return decidedByWorst(rows, (row) => ratioLn(row) - Math.log(factor), (row) => ({
      "smallest baseline (ln)": smallestBaseline(row, reading),
      "ours (ln)": reading.ln(row, "ours"),
      "baseline / ours (decades)": ratioLn(row) / Math.LN10,
    }), { undecidable: infiniteBaseline });
  };
}

const comparisons: readonly BoundSentence[] = [
  {
    id: "baselines-1e7-cifar10",
    place: "Section 1",
    sentence:
      `"Our bound is several orders of magnitude better (at least 10^7 times better on CIFAR10 [...])".`,
    artifact: "figure3",
    marginUnit: "ln",
    compares: [...baselines, "ours"],
    where: { dataset: "cifar10", paper_width: 784 },
    readings: boundReadings,
    decide: aheadBy(1e7),
  },
  {
    id: "tighter-on-both",
    place: "Section 1",
    sentence:
      `"Our bounds are tighter than existing generalization bounds on pruned MLPs on CIFAR10 and MNIST."`,
    artifact: "figure3",
    marginUnit: "ln",
    compares: [...baselines, "ours"],
    where: { dataset: ["mnist", "cifar10"], paper_width: 784 },
    covers: bothDatasets,
    readings: boundReadings,
    decide: aheadBy(1),
  },
];

/** "Does not induce large errors": at most this much of the test set. The paper gives no number. */
const largeErrorFraction = 0.01;

/** A pruned network is one without at least half of its weights. The paper gives no number. */
const prunedKeptFraction = 0.5;

const sweep = {
  place: "Section 1",
  artifact: "figure2",
  columns: ["dataset", "d", "kept_fraction", "test_error_fraction"],
  covers: bothDatasets,
} as const;

/** What is said of pruning itself. */
const pruning: readonly Claim[] = [
  claimOnRows({
    ...sweep,
    id: "pruning-induces-little-error",
    sentence:
      '"Pruning does not induce large errors in models": with half of the weights gone or more, some d costs at most one percentage point of test error, on both data sets.',
    marginUnit: "kept fraction",
    decide: (rows) => {
      const kept = perNetwork(rows).map((network) => Math.min(...harmless(network)));
      const decision = decided(prunedKeptFraction - Math.max(...kept), {
        "smallest harmless kept fraction": Math.max(...kept),
      });
      return withChanceNote(decision, rows.filter(isUnpruned));
    },
  }),
  claimOnRows({
    ...sweep,
    id: "pruning-often-reduces-error",
    sentence:
      '"MBP [...] often reduces the generalization error compared to the original model": at half of the tried d > 0 or more.',
    marginUnit: "share of d",
    decide: (rows) => {
      const lower = perNetwork(rows).flatMap((network) => increases(network).map((increase) => increase < 0));
      const share = lower.filter(Boolean).length / lower.length;
      const decision = decided(share - 0.5, { "share of d with a lower test error": share });
      return withChanceNote(decision, rows.filter(isUnpruned));
    },
  }),
];

function perNetwork(rows: readonly Row[]): Row[][] {
  return [...Map.groupBy(rows, ({ dataset }) => dataset).values()];
}

function isUnpruned({ d }: Row): boolean {
  return d === 0;
}

function pruned(network: readonly Row[]): Row[] {
  return network.filter((row) => numberOf(row, "d") > 0);
}

/** By how much pruning raises the test error, one number a d > 0. */
function increases(network: readonly Row[]): number[] {
  const [whole = NaN] = numbersOf(network.filter(isUnpruned), "test_error_fraction");
  return numbersOf(pruned(network), "test_error_fraction").map((error) => error - whole);
}

function harmless(network: readonly Row[]): number[] {
  const kept = numbersOf(pruned(network), "kept_fraction");
  const rises = increases(network);
  return [1, ...kept.filter((_, index) => rises[index] <= largeErrorFraction)];
}

/** The introduction's claims. */
export const section1: readonly Claim[] = [...comparisons.flatMap(readInEach).map(claimOnRows), ...pruning];
