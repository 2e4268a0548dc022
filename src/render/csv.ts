import { parse, stringify } from "@std/csv";
import { numberFromText, numberText } from "./number_text.ts";
import { type Cell, checkNames, type Column, type Row, tableCells } from "./table.ts";

/**
 * Writes a table as comma-separated values: a line of column names, then a line for each row. Numbers are written by
 * `numberText`, null is an empty cell. Lines end in a line feed alone, so that a difference of two files reads well; line
 * breaks within a cell do too.
 *
 * @param columns The columns, in order.
 * @param rows The rows, in order.
 * @returns The text.
 * @throws {RangeError} If a column's name is used twice, a cell is missing or belongs to no column, or the only column
 * has an empty cell, which would be an empty line.
 * @throws {TypeError} If a cell holds text in a column of numbers or the reverse.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const number = { unit: "", tolerance: { absolute: 0, relative: 1e-9 }, digits: 2 };
 * const columns = [
 *   { ...number, name: "width", title: "$h$" },
 *   { ...number, name: "bound_ln", title: "ln bound" },
 * ];
 * assertEquals(toCsv(columns, [{ width: 784, bound_ln: 29.5 }]), "width,bound_ln\n784,29.5\n");
 * ```
 */
export function toCsv(columns: readonly Column[], rows: readonly Row[]): string {
  const names = columns.map(({ name }) => name);
  const lines = tableCells(columns, rows).map((cells) => cells.map(cellText));
  lines.forEach((cells, index) => checkVisible(cells, index + 1));
  return stringify([names, ...lines]).replaceAll("\r\n", "\n");
}

function checkVisible(cells: readonly string[], rowNumber: number): void {
  if (cells.length !== 1 || cells[0] !== "") return;
  throw new RangeError(
    `Cannot write row ${rowNumber} as its only cell must hold something: current value is empty`,
  );
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "number" ? numberText(cell) : cell;
}

/**
 * Reads a table that `toCsv` wrote. The columns may stand in any order; an empty cell is null, in columns of text too.
 *
 * @param text Comma-separated values, the names of the columns first.
 * @param columns The columns that the table must have.
 * @returns The rows, in order.
 * @throws {RangeError} If a column is missing, unknown or there twice, or a row has more or fewer cells than columns.
 * @throws {TypeError} If a cell of a column of numbers is no number.
 * @throws {SyntaxError} If a quotation mark is out of place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const number = { unit: "", tolerance: { absolute: 0, relative: 1e-9 }, digits: 2 };
 * const columns = [{ ...number, name: "width", title: "$h$" }];
 * assertEquals(fromCsv("width\n500\n784\n", columns), [{ width: 500 }, { width: 784 }]);
 * ```
 */
export function fromCsv(text: string, columns: readonly Column[]): Row[] {
  const [header = [], ...records] = parse(text);
  const ordered = columnsOf(header, columns);
  return records.map((record, index) => rowOf(record, ordered, index + 1));
}

function columnsOf(header: readonly string[], columns: readonly Column[]): Column[] {
  checkNames(header, "column names");
  const missing = columns.find(({ name }) => !header.includes(name));
  if (missing !== undefined) {
    const found = JSON.stringify(header.join(","));
    throw new RangeError(
      `Cannot read the table as it must have a column "${missing.name}": current value is ${found}`,
    );
  }
  return header.map((name) => columnNamed(name, columns));
}

function columnNamed(name: string, columns: readonly Column[]): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const known = columns.map((candidate) => candidate.name).join(", ");
  throw new RangeError(`Cannot read the table as its columns must be ${known}: current value is "${name}"`);
}

function rowOf(record: readonly string[], columns: readonly Column[], rowNumber: number): Row {
  if (record.length !== columns.length) {
    throw new RangeError(
      `Cannot read row ${rowNumber} as it must have ${columns.length} cells: current value is ${record.length}`,
    );
  }
  return Object.fromEntries(
    columns.map((column, index) => [column.name, cellFromText(record[index] ?? "", column, rowNumber)]),
  );
}

function cellFromText(text: string, { name, kind }: Column, rowNumber: number): Cell {
  if (text === "") return null;
  if (kind === "text") return text;
  const value = numberFromText(text);
  if (value !== undefined) return value;
  throw new TypeError(
    `Cannot read row ${rowNumber} as column "${name}" must hold a number: current value is ${
      JSON.stringify(text)
    }`,
  );
}
