/**
 * What a claim is: a quantitative sentence of the paper, and a predicate on the rows of artifacts that decides it.
 *
 * @module
 */
import type { Artifact, WantedRun } from "../artifacts/artifact.ts";

/** Where a sentence stands: a section or appendix of the paper, a numbered statement, a figure or a table. */
export type Place =
  | `Section ${number}`
  | "Conclusion"
  | `Appendix ${string}`
  | `${"Assumption" | "Lemma" | "Remark" | "Theorem"} ${string}`
  | `${"Figure" | "Table"} ${number}`;

/** A row of an artifact. */
export type Row = ReturnType<Artifact["rows"]>[number];

/** Content of a cell of a row. */
export type Cell = Row[string];

/** How the paper's training is read. */
export type ProtocolName = WantedRun["protocol"];

/** The rows of artifacts, by the artifact's id. */
export type Evidence = ReadonlyMap<string, readonly Row[]>;

/** What became of a claim. */
export type Verdict = "holds" | "fails" | "undecidable";

/** A figure that decided a claim. */
export interface NamedNumber {
  /** What it is, with its unit where it has one. */
  readonly name: string;
  /** The figure. */
  readonly value: number;
}

/** A verdict with its grounds. */
export interface Decision {
  /** What became of the claim. */
  readonly verdict: Verdict;
  /** The figures that decided it. */
  readonly numbers: readonly NamedNumber[];
  /** How far the deciding figure is on the claim's side, in the claim's `marginUnit`; below 0 where it fails, null where nothing decides. */
  readonly margin: number | null;
  /** Why nothing decides, or what a reader must know; else empty. */
  readonly note: string;
  /** Where several seeds decide: for how many of them it holds. */
  readonly seeds?: { readonly holding: number; readonly all: number };
}

/** What stands beside a verdict. */
export interface Notes {
  /** What a reader must know where it is decided. */
  readonly decided?: string;
  /** Why nothing decides, where that is so. */
  readonly undecidable?: string;
}

/** A quantitative sentence of the paper. */
export interface Claim {
  /** Its name; what follows a reading (`-equal-units`) is the same sentence read otherwise. */
  readonly id: string;
  /** Where the paper says it. */
  readonly place: Place;
  /** The sentence, quoted or paraphrased, and how it is read where the paper leaves that open. */
  readonly sentence: string;
  /** The columns that it needs, by the artifact's id. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
  /** Whether rows differ by protocol; if not, it is decided once. */
  readonly isTrained: boolean;
  /** What the margin is measured in: `ln` for the logarithm of a ratio. */
  readonly marginUnit: string;
  /** Decides the claim: a pure function of the rows. */
  verdict(evidence: Evidence, protocol: ProtocolName): Decision;
}

/** A claim about the rows of one artifact. */
export interface RowClaim extends Pick<Claim, "id" | "place" | "sentence" | "marginUnit"> {
  /** The artifact's id. */
  readonly artifact: string;
  /** The columns that `decide` reads, besides those of `where`. */
  readonly columns: readonly string[];
  /** What a row must hold to count; a list names the cells that do. All rows, where left out. */
  readonly where?: Readonly<Record<string, Cell | readonly Cell[]>>;
  /**
   * What the sentence is about, by the column: both data sets, say, or every width. Where rows of some are missing, the
   * others can refute the claim but not confirm it.
   */
  readonly covers?: Readonly<Record<string, readonly Cell[]>>;
  /** Whether rows differ by protocol. True, where left out. */
  readonly isTrained?: boolean;
  /** Decides on the rows that count, of which there is at least one; those of a trained claim are of one seed. */
  readonly decide: (rows: readonly Row[]) => Decision;
}

/**
 * A verdict from a margin: the claim holds from 0 on, fails below, and is undecidable where the margin is not finite.
 *
 * @param margin How far the deciding figure is on the claim's side.
 * @param numbers The figures that decided it.
 * @param notes What stands beside it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(decided(0.5, { ratio: 1.5 }).verdict, "holds");
 * assertEquals(decided(-Infinity, {}, { undecidable: "gamma <= 0" }).note, "gamma <= 0");
 * ```
 */
export function decided(
  margin: number,
  numbers: Readonly<Record<string, number>>,
  notes: Notes = {},
): Decision {
  if (!Number.isFinite(margin)) {
    const reason = notes.undecidable ?? "A number that it needs is infinite or missing.";
    return { ...undecidable(reason), numbers: namedNumbers(numbers) };
  }
  return {
    verdict: margin >= 0 ? "holds" : "fails",
    numbers: namedNumbers(numbers),
    margin,
    note: notes.decided ?? "",
  };
}

/**
 * The verdict where nothing decides.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(undecidable("There are no rows.").verdict, "undecidable");
 * ```
 */
export function undecidable(reason: string): Decision {
  return { verdict: "undecidable", numbers: [], margin: null, note: reason };
}

/**
 * A claim from a predicate on the rows of one artifact and protocol. Where none count, it is undecidable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const claim = claimOnRows({
 *   id: "small",
 *   place: "Section 7",
 *   sentence: "x is at most 1.",
 *   marginUnit: "1",
 *   artifact: "table",
 *   columns: ["x"],
 *   decide: (rows) => decided(1 - Math.max(...numbersOf(rows, "x")), {}),
 * });
 * const evidence = new Map([["table", [{ protocol: "stated", x: 2 }]]]);
 * assertEquals(claim.verdict(evidence, "stated").margin, -1);
 * assertEquals(claim.verdict(evidence, "gentle").verdict, "undecidable");
 * ```
 */
export function claimOnRows(
  { artifact, columns, where = {}, covers = {}, isTrained = true, decide, ...claim }: RowClaim,
): Claim {
  const selecting = [...Object.keys(where), ...Object.keys(covers), ...(isTrained ? ["protocol"] : [])];
  return {
    ...claim,
    isTrained,
    needs: { [artifact]: [...new Set([...columns, ...selecting])] },
    verdict: (evidence, protocol): Decision => {
      const wanted = isTrained ? { ...where, protocol } : where;
      const rows = (evidence.get(artifact) ?? []).filter((row) => matches(row, wanted));
      if (rows.length === 0) return undecidable(`There are no such rows of ${artifact}.`);
      return onlyRefutedByPart(decide(rows), rows, covers);
    },
  };
}

/** A decision that does not confirm what is said of more than there are rows of. */
function onlyRefutedByPart(
  decision: Decision,
  rows: readonly Row[],
  covers: NonNullable<RowClaim["covers"]>,
): Decision {
  const missing = Object.entries(covers).flatMap(([column, cells]) => {
    const absent = cells.filter((cell) => rows.every((row) => row[column] !== cell));
    return absent.length > 0 ? [`${column} ${absent.join(", ")}`] : [];
  });
  if (decision.verdict !== "holds" || missing.length === 0) return decision;
  const reason = `It holds on the rows that there are; there are none of ${missing.join(" and ")}.`;
  return { ...undecidable(reason), numbers: decision.numbers };
}

/** What a margin has less where it must be above 0, not at it. */
export const smallestPositive = Number.MIN_VALUE;

/** The data sets of the paper. */
export const bothDatasets = { dataset: ["mnist", "cifar10"] } as const;

/** The widths of the paper's networks on MNIST. */
export const everyWidth = { paper_width: [500, 784, 1000, 1500, 2000, 2500] } as const;

/** The error of a guess among ten classes. */
const chanceError = 0.9;

/**
 * The decision with a note where a network is no better than chance.
 *
 * @param networks Rows with the test errors of the networks that it rests on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const silent = [{ test_error_fraction: 1 }];
 * assertEquals(withChanceNote(decided(1, {}), silent).note, "A network is no better than chance.");
 * ```
 */
export function withChanceNote(decision: Decision, networks: readonly Row[]): Decision {
  if (!numbersOf(networks, "test_error_fraction").some((error) => error >= chanceError)) return decision;
  const note = "A network is no better than chance.";
  return { ...decision, note: [decision.note, note].filter((part) => part !== "").join(" ") };
}

/**
 * A column of numbers; NaN where a cell is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(numbersOf([{ x: 2 }, { x: null }], "x"), [2, NaN]);
 * ```
 */
export function numbersOf(rows: readonly Row[], column: string): number[] {
  return rows.map((row) => numberOf(row, column));
}

/**
 * The number in a cell; NaN where it is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(numberOf({ x: null }, "x"), NaN);
 * ```
 */
export function numberOf(row: Row, column: string): number {
  const cell = row[column];
  return cell === null ? NaN : Number(cell);
}

/**
 * A verdict on all rows: that of the row on which the margin is smallest. A row on which it is not finite decides
 * nothing, so that the others can refute the claim but not confirm it.
 *
 * @param rows The rows, of which there is at least one.
 * @param marginOf How far a row is on the claim's side.
 * @param numbersOfRow The figures that decide it on the worst row.
 * @param notes As for {@linkcode decided}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const margin = ({ x }: Row): number => Number(x);
 * assertEquals(decidedByWorst([{ x: 2 }, { x: 1 }], margin, (row) => ({ x: margin(row) })).margin, 1);
 * assertEquals(decidedByWorst([{ x: 2 }, { x: NaN }], margin, () => ({})).verdict, "undecidable");
 * assertEquals(decidedByWorst([{ x: -2 }, { x: NaN }], margin, () => ({})).verdict, "fails");
 * ```
 */
export function decidedByWorst(
  rows: readonly Row[],
  marginOf: (row: Row) => number,
  numbersOfRow: (row: Row) => Readonly<Record<string, number>>,
  notes: Notes = {},
): Decision {
  const worst = rows.filter((row) => Number.isFinite(marginOf(row)))
    .toSorted((a, b) => marginOf(a) - marginOf(b)).at(0);
  const silent = rows.find((row) => !Number.isFinite(marginOf(row)));
  const row = worst !== undefined && (silent === undefined || marginOf(worst) < 0) ? worst : silent;
  return row === undefined
    ? undecidable("There are no rows.")
    : decided(marginOf(row), numbersOfRow(row), notes);
}

function namedNumbers(numbers: Readonly<Record<string, number>>): NamedNumber[] {
  return Object.entries(numbers).map(([name, value]) => ({ name, value }));
}

function matches(row: Row, where: Readonly<Record<string, Cell | readonly Cell[]>>): boolean {
  return Object.entries(where).every(([column, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(row[column]) : row[column] === wanted
  );
}
