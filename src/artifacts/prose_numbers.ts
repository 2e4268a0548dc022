/**
 * The numbers in the prose of the report in `paper/`: nothing there is typed.
 *
 * @module
 */
import type { Row } from "../render/table.ts";

/** A number by the name of its LaTeX macro (letters only), with the digits that are shown. */
export interface ProseNumber {
  /** `oursLargestDifference` is `\oursLargestDifference`. */
  readonly name: string;
  /** The number. */
  readonly value: number;
  /** Digits behind the point. */
  readonly digits: number;
}

/**
 * What Section 4 of the report says of Table 2 under the stated protocol, with the paper's choice of gamma.
 *
 * @param table2 The rows of Table 2.
 * @throws {RangeError} If there is no row of the stated protocol.
 */
export function table2Numbers(table2: readonly Row[]): ProseNumber[] {
  const rows = table2.filter(({ protocol, margin_rule }) =>
    protocol === "stated" && margin_rule === "minimum"
  );
  if (rows.length === 0) {
    throw new RangeError(
      "Cannot write the numbers of the report as Table 2 must have rows of the stated protocol",
    );
  }
  const column = (name: string): number[] => rows.map((row) => Number(row[name]));
  const overCount = column("ours_same_units_ln").map((ours, index) =>
    ours - column("parameter_count_same_units_ln")[index]
  );
  return [
    {
      name: "oursLargestDifference",
      value: Math.max(...column("ours_difference_ln").map(Math.abs)),
      digits: 3,
    },
    { name: "smallestChi", value: Math.min(...column("chi")), digits: 4 },
    { name: "oursOverCountLeast", value: Math.min(...overCount), digits: 2 },
    { name: "oursOverCountMost", value: Math.max(...overCount), digits: 2 },
  ];
}
