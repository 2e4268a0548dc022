/**
 * Appendix G: what the paper reads from Tables 2 and 3 and from Figure 5, and Figure 3c with them.
 *
 * @module
 */
import {
  type Claim,
  claimOnRows,
  decided,
  decidedByWorst,
  everyWidth,
  numberOf,
  numbersOf,
  type Row,
  smallestPositive,
} from "./claim.ts";
import {
  asPrinted,
  asPrintedInEqualUnits,
  asPublished,
  baselines,
  type BoundId,
  type BoundReading,
  boundReadings,
  type BoundSentence,
  infiniteBaseline,
  readInEach,
} from "./readings.ts";
import { rankCorrelation, slope } from "./trend.ts";

const everyBound: readonly BoundId[] = [...baselines, "ours"];

const notes = { undecidable: infiniteBaseline };

function smallestBaseline(row: Row, reading: BoundReading): number {
  return Math.min(...baselines.map((id) => reading.ln(row, id)));
}

/** The exponent b of a bound that grows as h^b. */
function exponents(rows: readonly Row[], reading: BoundReading): Record<BoundId, number> {
  const widthsLn = numbersOf(rows, "paper_width").map(Math.log);
  const of = (id: BoundId): number => slope(widthsLn, rows.map((row) => reading.ln(row, id)));
  return {
    neyshabur_2015: of("neyshabur_2015"),
    neyshabur_2017: of("neyshabur_2017"),
    bartlett_2017: of("bartlett_2017"),
    ours: of("ours"),
  };
}

function exponentNumbers(growth: Record<BoundId, number>): Record<string, number> {
  return Object.fromEntries(everyBound.map((id) => [`exponent of ${id}`, growth[id]]));
}

/** "Relatively similarly": within a factor of two of the range of the baselines. The paper gives no number. */
const similarFactor = 2;

const byWidth = {
  artifact: "table2",
  compares: everyBound,
  columns: ["paper_width"],
  where: { dataset: "mnist" },
  covers: everyWidth,
  readings: boundReadings,
} as const;

const overWidths: readonly BoundSentence[] = [
  {
    ...byWidth,
    id: "tightest-at-every-width",
    place: "Appendix G",
    sentence:
      '"Across different hidden dimensions, our generalization bounds are consistently better than other generalization bounds."',
    marginUnit: "ln",
    decide: (rows, reading) =>
      decidedByWorst(rows, (row) => smallestBaseline(row, reading) - reading.ln(row, "ours"), (row) => ({
        width: numberOf(row, "paper_width"),
        "smallest baseline (ln)": smallestBaseline(row, reading),
        "ours (ln)": reading.ln(row, "ours"),
      }), notes),
  },
  {
    ...byWidth,
    id: "growth-similar",
    place: "Figure 3",
    sentence:
      '"It seems that our bounds grow relatively similarly to other norm-based bounds": the exponent b of h^b lies between half the smallest and twice the largest of theirs.',
    marginUnit: "exponent",
    decide: (rows, reading) => {
      const growth = exponents(rows, reading);
      const others = baselines.map((id) => growth[id]);
      const low = growth.ours - Math.min(...others) / similarFactor;
      const high = similarFactor * Math.max(...others) - growth.ours;
      return decided(Math.min(low, high), exponentNumbers(growth), notes);
    },
  },
  {
    ...byWidth,
    id: "growth-slower",
    place: "Appendix G",
    sentence:
      '"Our generalization bound seems more stable than other bounds, increasing at a lesser rate than other bounds as the hidden dimension increases": the exponent b of h^b is the smallest.',
    marginUnit: "exponent",
    decide: (rows, reading) => {
      const growth = exponents(rows, reading);
      const smallest = Math.min(...baselines.map((id) => growth[id]));
      return decided(smallest - growth.ours, exponentNumbers(growth), notes);
    },
  },
];

function lnOn(rows: readonly Row[], dataset: string, ln: (row: Row) => number): number {
  const row = rows.find((candidate) => candidate.dataset === dataset);
  return row === undefined ? NaN : ln(row);
}

/** By how much a quantity rises from MNIST to CIFAR10, in natural logarithms. */
function jump(rows: readonly Row[], ln: (row: Row) => number): number {
  return lnOn(rows, "cifar10", ln) - lnOn(rows, "mnist", ln);
}

function jumps(rows: readonly Row[], reading: BoundReading, ids: readonly BoundId[]): number[] {
  return ids.map((id) => jump(rows, (row) => reading.ln(row, id)));
}

function jumpNumbers(rows: readonly Row[], reading: BoundReading): Record<string, number> {
  const decades = jumps(rows, reading, everyBound).map((value) => value / Math.LN10);
  return Object.fromEntries(everyBound.map((id, index) => [`${id} (decades)`, decades[index]]));
}

/** "By one order": by half a decade to a decade and a half. */
function fromOneOrder(jumpLn: number): number {
  return 0.5 - Math.abs(jumpLn / Math.LN10 - 1);
}

function trueErrorColumn({ isTrained }: BoundReading): string {
  return isTrained ? "true_error_ln" : "true_error_paper_ln";
}

const betweenDatasets = {
  place: "Appendix G",
  artifact: "figure3",
  compares: everyBound,
  columns: ["dataset"],
  where: { dataset: ["mnist", "cifar10"], paper_width: 784 },
  readings: boundReadings,
} as const;

const jumpSentences: readonly BoundSentence[] = [
  {
    ...betweenDatasets,
    id: "baselines-seven-orders",
    sentence:
      '"The other bounds differ by at least 7 orders of magnitude" between MNIST and CIFAR10 (powers of ten).',
    marginUnit: "decades",
    decide: (rows, reading) =>
      decided(
        Math.min(...jumps(rows, reading, baselines)) / Math.LN10 - 7,
        jumpNumbers(rows, reading),
        notes,
      ),
  },
  {
    ...betweenDatasets,
    id: "ours-one-order",
    sentence:
      '"For [...] ours [...], the bounds differ by one order of magnitude between MNIST and CIFAR10": by 0.5 to 1.5 powers of ten.',
    marginUnit: "decades",
    compares: ["ours"],
    // Equal units change the baselines alone.
    readings: boundReadings.filter((reading) => reading !== asPrintedInEqualUnits),
    decide: (rows, reading) => {
      const [ours] = jumps(rows, reading, ["ours"]);
      return decided(fromOneOrder(ours), { "ours (decades)": ours / Math.LN10 });
    },
  },
  {
    ...betweenDatasets,
    id: "cifar10-far-worse",
    sentence:
      '"All generalization bounds here are far worse than the MNIST counterparts": at least twice as large on CIFAR10.',
    marginUnit: "ln",
    decide: (rows, reading) =>
      decided(Math.min(...jumps(rows, reading, everyBound)) - Math.LN2, jumpNumbers(rows, reading), notes),
  },
  {
    ...betweenDatasets,
    id: "jump-most-accurate",
    sentence:
      '"Our generalization bound most accurately reflects the true jump in generalization error between MNIST and CIFAR10": its ratio is nearest to that of the true errors.',
    marginUnit: "ln",
    columns: ["dataset", "true_error_ln", "true_error_paper_ln"],
    decide: (rows, reading) => {
      const trueJump = jump(rows, (row) => numberOf(row, trueErrorColumn(reading)));
      const distances = jumps(rows, reading, baselines).map((value) => Math.abs(value - trueJump));
      const [ours] = jumps(rows, reading, ["ours"]);
      return decided(Math.min(...distances) - Math.abs(ours - trueJump), {
        "true error (decades)": trueJump / Math.LN10,
        ...jumpNumbers(rows, reading),
      }, notes);
    },
  },
];

const errorReadings = [asPublished, asPrinted];

const trueErrors: readonly BoundSentence[] = [
  {
    ...betweenDatasets,
    id: "true-error-one-order",
    sentence:
      '"For [...] the true generalization error, the bounds differ by one order of magnitude between MNIST and CIFAR10": by 0.5 to 1.5 powers of ten.',
    marginUnit: "decades",
    compares: [],
    columns: ["dataset", "true_error_ln", "true_error_paper_ln"],
    readings: errorReadings,
    decide: (rows, reading) => {
      const difference = jump(rows, (row) => numberOf(row, trueErrorColumn(reading)));
      return decided(fromOneOrder(difference), { "true error (decades)": difference / Math.LN10 });
    },
  },
  {
    ...byWidth,
    id: "true-error-stable",
    place: "Appendix G",
    sentence:
      '"Over different hidden dimensions, the true generalization error seems to remain relatively stable": its range over the widths, in logarithms, is smaller than that of our bound.',
    marginUnit: "ln",
    compares: ["ours"],
    columns: ["paper_width", "true_error_ln", "true_error_paper_ln"],
    readings: errorReadings,
    decide: (rows, reading) => {
      const ours = rangeOf(rows, (row) => reading.ln(row, "ours"));
      const error = rangeOf(rows, (row) => numberOf(row, trueErrorColumn(reading)));
      return decided(ours - error, { "range of the true error (ln)": error, "range of ours (ln)": ours });
    },
  },
];

/** Largest less smallest of a quantity, over the widths. */
function rangeOf(rows: readonly Row[], ln: (row: Row) => number): number {
  const values = rows.map(ln);
  return Math.max(...values) - Math.min(...values);
}

/** "Mimicking": ranks that correlate by more than a half. The paper gives no number. */
const mimicry = 0.5;

const figure5Columns = [
  "epoch",
  "ours_published",
  "pruned_test_error_fraction",
  "margin_logits",
] as const;

const overEpochs = {
  place: "Appendix G",
  artifact: "figure5",
  columns: figure5Columns,
  where: { margin_rule: "minimum" },
} as const;

function byEpoch(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => numberOf(a, "epoch") - numberOf(b, "epoch"));
}

const figure5: readonly Claim[] = [
  claimOnRows({
    ...overEpochs,
    id: "figure-5-follows-error",
    sentence:
      '"Our bound does decrease over time [...], mimicking the true generalization error" (Figure 5): the ranks of both over epochs correlate by more than 0.5.',
    marginUnit: "correlation",
    decide: (rows) => {
      const [ours, error] = ["ours_published", "pruned_test_error_fraction"].map((column) =>
        numbersOf(byEpoch(rows), column)
      );
      const correlation = rankCorrelation(ours, error);
      return decided(correlation - mimicry, { "rank correlation": correlation }, {
        undecidable: "One of the two never changed.",
      });
    },
  }),
  claimOnRows({
    ...overEpochs,
    id: "figure-5-decreases",
    sentence:
      '"Our bound does decrease over time as the margin increases" (Figure 5): from the first epoch to the last, the one falls and the smallest margin on S rises.',
    marginUnit: "share of the first",
    decide: (rows) => {
      const [bounds, margins] = ["ours_published", "margin_logits"].map((column) => {
        const values = numbersOf(byEpoch(rows), column);
        return { first: values[0], last: values[values.length - 1] };
      });
      const decrease = 1 - bounds.last / bounds.first;
      const increase = (margins.last - margins.first) / Math.abs(margins.first);
      return decided(Math.min(decrease, increase) - smallestPositive, {
        "decrease of the bound / first": decrease,
        "margin in the first epoch (logits)": margins.first,
        "margin in the last epoch (logits)": margins.last,
      });
    },
  }),
  claimOnRows({
    ...overEpochs,
    id: "figure-5-margin-turns-positive",
    sentence:
      '"The first drop [...] happens only because of the drop of the generalization error, but the margin is still negative. Once the margin becomes positive [...]" (Figure 5): the smallest margin on S is not positive in the first epoch, and positive in the last.',
    marginUnit: "logits",
    decide: (rows) => {
      const margins = numbersOf(byEpoch(rows), "margin_logits");
      const [first, last] = [margins[0], margins[margins.length - 1]];
      return decided(Math.min(-first, last - smallestPositive), {
        "margin in the first epoch (logits)": first,
        "margin in the last epoch (logits)": last,
      });
    },
  }),
];

/** The claims of Appendix G. */
export const appendixG: readonly Claim[] = [
  ...[...overWidths, ...jumpSentences, ...trueErrors].flatMap(readInEach).map(claimOnRows),
  ...figure5,
];
