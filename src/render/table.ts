/**
 * How far a number may be from the one that is expected: `|actual - expected| <= absolute + relative * |expected|`.
 * Used where an engine is not bit-exact.
 */
export interface Tolerance {
  /** Largest difference, in the unit of the column. */
  readonly absolute: number;
  /** Largest difference as a fraction of the expected number. */
  readonly relative: number;
}

/** One column of a table, in whatever form the table is written. */
export interface Column {
  /** Key of its cells in a row, and its heading in data files; it says the unit, as in `test_error_fraction`. */
  readonly name: string;
  /** Its heading in print; text between two dollar signs is mathematics. */
  readonly title: string;
  /** Unit in print; empty if it has none. */
  readonly unit: string;
  /** How exactly it is reproduced where an engine is not bit-exact. */
  readonly tolerance: Tolerance;
  /** Digits behind the decimal point in print. */
  readonly digits: number;
  /** What its cells hold; numbers, if left out. */
  readonly kind?: "number" | "text";
}

/** Content of a cell: text, a number, or null if there is none. */
export type Cell = string | number | null;

/** One row of a table: a cell for each column, by the column's name. */
export type Row = Readonly<Record<string, Cell>>;

/** A number that several runs gave, each its own. */
export interface Estimate {
  /** The mean over the runs in which it is finite; where it is finite in none, what most of them gave. */
  readonly mean: number;
  /** The sample standard deviation over the same runs; null where there is one, or none is finite. */
  readonly deviation: number | null;
  /** The smallest of the numbers that the mean is over. */
  readonly smallest: number;
  /** The largest of them. */
  readonly largest: number;
  /** How many runs the mean is over. */
  readonly count: number;
  /** How many runs there are. */
  readonly of: number;
}

/** Content of a cell that a person reads. */
export type ShownCell = Cell | Estimate;

/** One row of a table that a person reads. */
export type ShownRow = Readonly<Record<string, ShownCell>>;

/**
 * Checks that a table has a cell of the right kind for every column in every row, and nothing else, and that no two
 * columns have one name.
 *
 * @param columns The columns.
 * @param rows The rows.
 * @returns The cells, row by row, in the order of the columns.
 * @throws {RangeError} If a column's name is used twice, or a cell is missing or belongs to no column.
 * @throws {TypeError} If a cell holds text in a column of numbers or the reverse.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tolerance = { absolute: 0, relative: 0 };
 * const columns = [{ name: "chi", title: "$\\chi$", unit: "", tolerance, digits: 3 }];
 * assertEquals(tableCells(columns, [{ chi: 0.25 }, { chi: null }]), [[0.25], [null]]);
 * ```
 */
export function tableCells<Content extends ShownCell>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, Content>>[],
): Content[][] {
  checkNames(columns.map(({ name }) => name), "column names");
  const known = new Set(columns.map(({ name }) => name));
  rows.forEach((row, index) => checkKeys(row, known, index + 1));
  return rows.map((row, index) => columns.map((column) => checkedCell(row, column, index + 1)));
}

/** Throws a RangeError if one of `names` occurs twice. */
export function checkNames(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new RangeError(`Cannot use the table as ${what} must be unique: current value is "${twice}", twice`);
}

function checkKeys(row: ShownRow, known: ReadonlySet<string>, rowNumber: number): void {
  const unknown = Object.keys(row).find((key) => !known.has(key));
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot use row ${rowNumber} as its keys must be columns of the table: current value is "${unknown}"`,
  );
}

function checkedCell<Content extends ShownCell>(
  row: Readonly<Record<string, Content>>,
  { name, kind = "number" }: Column,
  rowNumber: number,
): Content {
  const cell = Object.hasOwn(row, name) ? row[name] : undefined;
  if (cell === undefined) {
    throw new RangeError(
      `Cannot use row ${rowNumber} as column "${name}" must have a cell: current value is undefined`,
    );
  }
  if (cell === null || (typeof cell === "string") === (kind === "text")) return cell;
  throw new TypeError(
    `Cannot use row ${rowNumber} as column "${name}" must hold a ${kind}: current value is ${
      JSON.stringify(cell)
    }`,
  );
}
