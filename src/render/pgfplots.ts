import { escapeLatex } from "./latex.ts";
import { numberText } from "./number_text.ts";
import { type Cell, type Column, type Row, tableCells } from "./table.ts";

/**
 * Writes a table as data for pgfplots (`\addplot table {...}`): a line of column names, then a line for each row, the
 * cells separated by blanks and flush right. Numbers are written by `numberText`; null is `nan`, which pgfplots leaves
 * out of a plot; text is put in braces.
 *
 * @param columns The columns, in order.
 * @param rows The rows, in order.
 * @returns The text.
 * @throws {RangeError} If a column's name is used twice or has other characters than letters, digits, `-` and `_`, or
 * a cell is missing or belongs to no column.
 * @throws {TypeError} If a cell holds text in a column of numbers or the reverse.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const number = { unit: "", tolerance: { absolute: 0, relative: 0 }, digits: 2 };
 * const columns = [{ ...number, name: "d", title: "$d$" }, { ...number, name: "chi", title: "$\\chi$" }];
 * assertEquals(toPgfplots(columns, [{ d: 0.5, chi: null }, { d: 10, chi: 0.25 }]), "  d  chi\n0.5  nan\n 10 0.25\n");
 * ```
 */
export function toPgfplots(columns: readonly Column[], rows: readonly Row[]): string {
  columns.forEach(({ name }) => checkName(name));
  const names = columns.map(({ name }) => name);
  const lines = [names, ...tableCells(columns, rows).map((cells) => cells.map(cellText))];
  const widths = names.map((_, index) => Math.max(...lines.map((cells) => cells[index]?.length ?? 0)));
  return lines.map((cells) => cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join(" ") + "\n")
    .join("");
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return;
  throw new RangeError(
    `Cannot write the table as a column name must be letters, digits, "-" and "_": current value is "${name}"`,
  );
}

function cellText(cell: Cell): string {
  if (cell === null) return "nan";
  return typeof cell === "number" ? numberText(cell) : `{${escapeLatex(cell)}}`;
}
