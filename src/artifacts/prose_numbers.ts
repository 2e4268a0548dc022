/**
 * The numbers in the prose of the report in `paper/`: nothing there is typed.
 *
 * @module
 */
import { type Reading, readings } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import type { ProtocolName } from "../experiments/presets.ts";
import type { Row, ShownRow } from "../render/table.ts";
import { boundColumnName } from "./bound_columns.ts";
import { certified } from "./certified.ts";
import { acrossSeeds, isEstimate, numberShown } from "./seeds.ts";

/** A number by the name of its LaTeX macro (letters only), with the digits that are shown. */
export interface ProseNumber {
  /** `oursLargestDifference` is `\oursLargestDifference`. */
  readonly name: string;
  /** The number. */
  readonly value: number;
  /** Digits behind the point. */
  readonly digits: number;
}

/** The artifacts that the prose quotes. */
const quotedArtifacts = ["table2", "table3", "certified"] as const;

/** Their rows under one protocol. */
type Quoted = Readonly<Record<typeof quotedArtifacts[number], readonly Row[]>>;

/** The bounds that the paper's tables compare with its own. */
const baselines = bounds.filter(({ id }) => id !== "ours" && id !== "parameter_count");

/**
 * The numbers of the report's prose, over all seeds of one protocol.
 *
 * @param rows The rows of each artifact, by its id.
 * @param protocol The protocol that the prose is about.
 * @throws {RangeError} If an artifact that the prose quotes has no row of the protocol.
 */
export function proseNumbers(
  rows: ReadonlyMap<string, readonly Row[]>,
  protocol: ProtocolName,
): ProseNumber[] {
  const [table2, table3, certifiedRows] = quotedArtifacts.map((id) => rowsUnder(rows.get(id), id, protocol));
  const quoted: Quoted = { table2, table3, certified: certifiedRows };
  return [
    count("seedCount", new Set(table2.map(({ seed }) => seed)).size),
    ...reproduction(quoted),
    ...publishedMargins(quoted),
    ...ranking(quoted),
    ...certificate(quoted),
  ];
}

function rowsUnder(rows: readonly Row[] | undefined, id: string, protocol: ProtocolName): readonly Row[] {
  const wanted = rows?.filter((row) => row.protocol === protocol) ?? [];
  if (wanted.length > 0) return wanted;
  throw new RangeError(
    `Cannot write the numbers of the report as ${id} must have rows of the ${protocol} protocol: current value is 0`,
  );
}

/** How near the paper's bound and, at gamma = 1, its baselines come to the printed numbers. */
function reproduction({ table2, table3 }: Quoted): ProseNumber[] {
  const networks = unit([...table2, ...table3]);
  const atMarginOne = baselines.flatMap(({ id }) => sizesOf(networks, `${id}_difference_ln`));
  const ours = (rows: readonly Row[]): number => most(sizesOf(minimum(rows), "ours_difference_ln"));
  return [
    { name: "oursLargestDifference", value: ours(table2), digits: 3 },
    { name: "oursLargestDifferenceOnCifar", value: ours(table3), digits: 3 },
    { name: "baselineDifferenceLeast", value: least(atMarginOne), digits: 1 },
    { name: "baselineDifferenceMost", value: most(atMarginOne), digits: 1 },
  ];
}

/** What gamma as the paper takes it, the smallest margin on S, allows. */
function publishedMargins({ table2, table3 }: Quoted): ProseNumber[] {
  const networks = minimum([...table2, ...table3]);
  const without = networks.filter(({ margin_logits }) => !(Number(margin_logits) > 0));
  return [
    count("networkCount", networks.length),
    count("networksWithoutMargin", without.length),
    { name: "smallestChi", value: least(numbers(minimum(table2), "chi")), digits: 4 },
  ];
}

/** For how many networks the paper's bound is below every baseline in each reading, at gamma = 1. */
function ranking({ table2, table3 }: Quoted): ProseNumber[] {
  const networks = unit([...table2, ...table3]);
  const overCount = minimum(table2).map((row) =>
    Number(row.ours_same_units_ln) - Number(row.parameter_count_same_units_ln)
  );
  const belowCount = networks.filter((row) =>
    Number(row.ours_same_units_ln) < Number(row.parameter_count_same_units_ln)
  );
  return [
    ...readings.map((reading) =>
      count(
        `oursSmallest${reading[0].toUpperCase()}${reading.slice(1)}`,
        networks.filter((row) => isOursSmallest(row, reading)).length,
      )
    ),
    count("oursBelowCount", belowCount.length),
    { name: "oursOverCountLeast", value: least(overCount), digits: 2 },
    { name: "oursOverCountMost", value: most(overCount), digits: 2 },
  ];
}

function isOursSmallest(row: Row, reading: Reading): boolean {
  const ours = Number(row[boundColumnName("ours", reading)]);
  return baselines.every(({ id }) => ours < Number(row[boundColumnName(id, reading)]));
}

/** The network, round and bits that certify most, by the mean over seeds. */
function certificate({ certified: rows }: Quoted): ProseNumber[] {
  const bound = (row: ShownRow): number => numberShown(row.binomial_tail_bound) ?? Infinity;
  const best = acrossSeeds(rows, certified.keys).reduce((leastRow, row) =>
    bound(row) < bound(leastRow) ? row : leastRow
  );
  const { binomial_tail_bound: error, test_error_fraction, nonzero_weights, kept_fraction, bits } = best;
  return [
    { name: "certifiedError", value: bound(best), digits: 3 },
    { name: "certifiedErrorDeviation", value: isEstimate(error) ? error.deviation ?? 0 : 0, digits: 3 },
    { name: "certifiedTestError", value: numberShown(test_error_fraction) ?? NaN, digits: 3 },
    { name: "certifiedPercentKept", value: 100 * (numberShown(kept_fraction) ?? NaN), digits: 2 },
    count("certifiedWeights", numberShown(nonzero_weights) ?? NaN),
    count("certifiedBits", numberShown(bits) ?? NaN),
  ];
}

function count(name: string, value: number): ProseNumber {
  return { name, value, digits: 0 };
}

function minimum(rows: readonly Row[]): Row[] {
  return rows.filter(({ margin_rule }) => margin_rule === "minimum");
}

function unit(rows: readonly Row[]): Row[] {
  return rows.filter(({ margin_rule }) => margin_rule === "unit");
}

/** The numbers of a column; empty cells are left out. */
function numbers(rows: readonly Row[], column: string): number[] {
  return rows.map((row) => row[column]).filter((cell): cell is number => typeof cell === "number");
}

function sizesOf(rows: readonly Row[], column: string): number[] {
  return numbers(rows, column).map(Math.abs);
}

function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), -Infinity);
}
