/**
 * Tables for a terminal.
 *
 * @module
 */
import { plainMath } from "./math_text.ts";
import { printedEstimate, printedNumber } from "./number_text.ts";
import { type Column, type ShownCell, type ShownRow, tableCells } from "./table.ts";

/** A table for the terminal. */
export interface TextTable {
  /** What stands above the table. */
  readonly caption: string;
  /** The columns, in order. */
  readonly columns: readonly Column[];
  /** The rows, in order. */
  readonly rows: readonly ShownRow[];
  /** What stands below the table, a line each. */
  readonly notes: readonly string[];
}

/**
 * A table as text: text to the left, numbers to the right, an empty cell where there is none.
 *
 * @throws {RangeError} If a row lacks a cell or has one too many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tolerance = { absolute: 0, relative: 0 };
 * const columns = [{ name: "x", title: "x", unit: "", digits: 1, tolerance }];
 * assertEquals(toText({ caption: "C", columns, rows: [{ x: 2 }], notes: [] }), "C\n\n  x\n2.0");
 * ```
 */
export function toText({ caption, columns, rows, notes }: TextTable): string {
  const body = tableCells(columns, rows).map((cells) =>
    cells.map((cell, index) => cellText(cell, columns[index]))
  );
  const head = columns.map(({ title }) => plainMath(title));
  const widths = columns.map((_, index) => Math.max(...[head, ...body].map((cells) => cells[index].length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => {
      return columns[index].kind === "text" ? cell.padEnd(widths[index]) : cell.padStart(widths[index]);
    }).join("  ").trimEnd();
  const remarks = notes.map(plainMath);
  return [
    plainMath(caption),
    "",
    line(head),
    ...body.map(line),
    ...(notes.length > 0 ? ["", ...remarks] : []),
  ].join("\n");
}

function cellText(cell: ShownCell, { digits }: Column): string {
  if (cell === null) return "";
  if (typeof cell === "object") return printedEstimate(cell, digits);
  return typeof cell === "number" ? printedNumber(cell, digits) : plainMath(cell);
}
