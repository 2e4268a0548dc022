/**
 * Lemma C.3 (Latala 2005): the mean spectral norm of a matrix of independent centred entries from their second and
 * fourth moments.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { requireInteger, requireNonNegative } from "../math/requirements.ts";

/** Moments of the entries A_ij, each a matrix (rows = d1, columns = d2). */
export interface EntryMoments {
  /** E A_ij^2. */
  readonly second: Matrix;
  /** E A_ij^4. */
  readonly fourth: Matrix;
}

/** Moments of identically distributed entries, with the matrix's shape. */
export interface IdenticalEntries {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** E A_ij^2. */
  readonly second: number;
  /** E A_ij^4. */
  readonly fourth: number;
}

/**
 * C [ max_i (sum_j E A_ij^2)^(1/2) + max_j (sum_i E A_ij^2)^(1/2) + (sum_ij E A_ij^4)^(1/4) ]: the lemma with erratum 5,
 * its last sum over i and j.
 *
 * @param constant C, universal but unnamed in the paper.
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If the constant is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const ones = matrix(4, 4, new Float64Array(16).fill(1));
 * assertEquals(latalaBound({ second: ones, fourth: ones }), 2 + 2 + 2);
 * ```
 */
export function latalaBound(moments: EntryMoments, constant = 1): number {
  requireNonNegative("bound the mean norm", "the constant C", constant);
  const { rowTerm, columnTerm, fourthByRow } = latalaTerms(moments);
  const fourth = fourthByRow.reduce((total, sum) => total + sum, 0);
  return constant * (rowTerm + columnTerm + fourth ** 0.25);
}

/**
 * The lemma as printed, with the last sum over j only. The free index i is read as the row that makes it largest.
 *
 * Too small by up to d1^(1/4) in its last term; Lemma C.2 uses the right form.
 *
 * @throws {TypeError} If the shapes differ.
 * @throws {RangeError} If the constant is negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const ones = matrix(4, 4, new Float64Array(16).fill(1));
 * assertAlmostEquals(latalaBoundPrinted({ second: ones, fourth: ones }), 4 + Math.SQRT2);
 * ```
 */
export function latalaBoundPrinted(moments: EntryMoments, constant = 1): number {
  requireNonNegative("bound the mean norm", "the constant C", constant);
  const { rowTerm, columnTerm, fourthByRow } = latalaTerms(moments);
  return constant * (rowTerm + columnTerm + Math.max(...fourthByRow) ** 0.25);
}

/**
 * The lemma for identically distributed entries: C [ sqrt(E A^2) (sqrt d1 + sqrt d2) + (d1 d2 E A^4)^(1/4) ].
 *
 * @throws {RangeError} If a side is not an integer >= 1, or a moment or the constant is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(latalaBoundOfIdentical({ outputs: 4, inputs: 4, second: 1, fourth: 1 }), 6);
 * ```
 */
export function latalaBoundOfIdentical(entries: IdenticalEntries, constant = 1): number {
  const { outputs, inputs, second, fourth } = entries;
  requireInteger("bound the mean norm", "the number of outputs", outputs, 1);
  requireInteger("bound the mean norm", "the number of inputs", inputs, 1);
  requireNonNegative("bound the mean norm", "the second moment", second);
  requireNonNegative("bound the mean norm", "the fourth moment", fourth);
  requireNonNegative("bound the mean norm", "the constant C", constant);
  const spread = Math.sqrt(second) * (Math.sqrt(outputs) + Math.sqrt(inputs));
  return constant * (spread + (outputs * inputs * fourth) ** 0.25);
}

function latalaTerms({ second, fourth }: EntryMoments) {
  if (second.rows !== fourth.rows || second.columns !== fourth.columns) {
    throw new TypeError(
      `Cannot bound the mean norm as both moments must have one shape: they are ${second.rows} x ${second.columns} and ${fourth.rows} x ${fourth.columns}`,
    );
  }
  const sums = lineSums(second);
  const rowTerm = Math.sqrt(Math.max(...sums.rows));
  const columnTerm = Math.sqrt(Math.max(...sums.columns));
  return { rowTerm, columnTerm, fourthByRow: lineSums(fourth).rows };
}

function lineSums({ rows, columns, data }: Matrix): { rows: Float64Array; columns: Float64Array } {
  const sums = { rows: new Float64Array(rows), columns: new Float64Array(columns) };
  data.forEach((entry, index) => {
    sums.rows[Math.floor(index / columns)] += entry;
    sums.columns[index % columns] += entry;
  });
  return sums;
}
