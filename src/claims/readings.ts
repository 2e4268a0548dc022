/**
 * The readings of a sentence that compares bounds: which form of the bounds, at which margin, in whose numbers.
 *
 * @module
 */
import { type Decision, numberOf, type Row, type RowClaim, withChanceNote } from "./claim.ts";

/** A baseline of Tables 2 and 3. */
export type Baseline = "neyshabur_2015" | "neyshabur_2017" | "bartlett_2017";

/** A row of Tables 2 and 3 that holds a bound. */
export type BoundId = Baseline | "ours";

/** The baselines of Tables 2 and 3. */
export const baselines: readonly Baseline[] = ["neyshabur_2015", "neyshabur_2017", "bartlett_2017"];

/** How the bounds of a sentence are read. */
export interface BoundReading {
  /** What the claim's id ends in. */
  readonly suffix: string;
  /** How it is read, in words. */
  readonly title: string;
  /** Whether the numbers are those of trained networks; if not, the paper's own. */
  readonly isTrained: boolean;
  /** The rows that count: those of this margin rule. */
  readonly marginRule: "minimum" | "unit";
  /** The columns that hold a bound. */
  columns(id: BoundId): readonly string[];
  /** ln of a bound. */
  ln(row: Row, id: BoundId): number;
}

/** n of the paper's data sets: it says nowhere that it trains on less. */
const paperExamples: Readonly<Record<string, number>> = { mnist: 60_000, cifar10: 50_000 };

function trained(
  suffix: string,
  title: string,
  marginRule: BoundReading["marginRule"],
  stem: string,
): BoundReading {
  const column = (id: BoundId): string => `${id}_${stem}_ln`;
  return {
    suffix,
    title,
    isTrained: true,
    marginRule,
    columns: (id) => [column(id)],
    ln: (row, id) => numberOf(row, column(id)),
  };
}

/** The forms of the paper's tables, gamma the smallest margin on S. */
export const asPublished: BoundReading = trained(
  "published",
  "the forms of the paper's tables, gamma the smallest margin on S",
  "minimum",
  "published",
);

/** The same with gamma = 1. */
export const atMarginOne: BoundReading = trained(
  "margin-1",
  "the forms of the paper's tables, gamma = 1",
  "unit",
  "published",
);

/** sqrt(capacity / n) for every bound, gamma = 1. */
export const inEqualUnits: BoundReading = trained(
  "equal-units",
  "sqrt(capacity / n) for every bound, gamma = 1",
  "unit",
  "same_units",
);

/** The cited theorems with every constant, gamma = 1. */
export const asTheorems: BoundReading = trained(
  "theorem",
  "the cited theorems with every constant, gamma = 1",
  "unit",
  "theorem",
);

/** The numbers that the paper prints. */
export const asPrinted: BoundReading = {
  suffix: "printed",
  title: "the paper's own printed numbers",
  isTrained: false,
  marginRule: "minimum",
  columns: (id) => [`${id}_paper_ln`],
  ln: (row, id) => numberOf(row, `${id}_paper_ln`),
};

/** The printed baselines as sqrt(capacity / n); the printed bound of the paper is a root over n already. */
export const asPrintedInEqualUnits: BoundReading = {
  suffix: "printed-equal",
  title: "the paper's own printed numbers, the baselines as sqrt(capacity / n)",
  isTrained: false,
  marginRule: "minimum",
  columns: (id) => [`${id}_paper_ln`, "dataset"],
  ln: (row, id) => {
    const printed = asPrinted.ln(row, id);
    return id === "ours" ? printed : (printed - Math.log(paperExamples[String(row.dataset)])) / 2;
  },
};

/** Every reading. */
export const boundReadings: readonly BoundReading[] = [
  asPublished,
  atMarginOne,
  inEqualUnits,
  asTheorems,
  asPrinted,
  asPrintedInEqualUnits,
];

/** Why a comparison with a baseline may be undecidable. */
export const infiniteBaseline =
  "A bound is infinite or missing: the smallest margin on S is not positive, or the training diverged.";

/** A sentence about bounds, to be read in several ways. */
export interface BoundSentence
  extends Pick<RowClaim, "id" | "place" | "sentence" | "artifact" | "marginUnit" | "covers"> {
  /** The bounds that it names. */
  readonly compares: readonly BoundId[];
  /** The columns that it needs besides. */
  readonly columns?: readonly string[];
  /** The rows that count, besides the margin rule. */
  readonly where: NonNullable<RowClaim["where"]>;
  /** How it is read. */
  readonly readings: readonly BoundReading[];
  /** Decides it in a reading. */
  readonly decide: (rows: readonly Row[], reading: BoundReading) => Decision;
}

/** One claim a reading. Where a network is no better than chance, the note says so. */
export function readInEach(
  { compares, columns = [], where, readings, decide, ...claim }: BoundSentence,
): RowClaim[] {
  return readings.map((reading) => ({
    ...claim,
    id: `${claim.id}-${reading.suffix}`,
    sentence: `${claim.sentence} Read in ${reading.title}.`,
    columns: [
      ...compares.flatMap((id) => reading.columns(id)),
      ...columns,
      ...(reading.isTrained ? ["test_error_fraction"] : []),
    ],
    where: { ...where, margin_rule: reading.marginRule },
    isTrained: reading.isTrained,
    decide: (rows) => reading.isTrained ? withChanceNote(decide(rows, reading), rows) : decide(rows, reading),
  }));
}
