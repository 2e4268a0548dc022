import { escapeLatex, escapeOutsideMath, latexEstimate, latexNumber } from "./latex.ts";
import { type Column, type ShownCell, type ShownRow, tableCells } from "./table.ts";

/** A table with what LaTeX prints around it. In caption and notes, text between two dollar signs is mathematics. */
export interface BooktabsTable {
  /** The columns, in order. */
  readonly columns: readonly Column[];
  /** The rows, in order. */
  readonly rows: readonly ShownRow[];
  /** What stands above the table. */
  readonly caption: string;
  /** Name by which the text refers to the table. */
  readonly label: string;
  /** What stands below the table, a line each. */
  readonly notes: readonly string[];
}

/**
 * Writes a table in LaTeX with the rules of the booktabs package. Columns of text are flush left, columns of numbers
 * flush right with each column's own digits; null is empty, and a row with nothing but its name is
 * a heading of those below it. Text in cells is printed as it is.
 *
 * @param table The table.
 * @returns A `table` environment, shrunk to the line where it is wider (package adjustbox), or a `longtable` where it has
 * more rows than a page.
 * @throws {RangeError} If a column's name is used twice, a cell is missing or belongs to no column, `label` has other
 * characters than letters, digits, `:`, `-` and `_`, or a column's digits are no integer of 0 to 20.
 * @throws {TypeError} If a cell holds text in a column of numbers or the reverse.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const column = { name: "error", title: "$\\hat L$", unit: "%", tolerance: { absolute: 0, relative: 0 }, digits: 1 };
 * const latex = toBooktabs({ columns: [column], rows: [{ error: 2.04 }], caption: "Errors", label: "t", notes: [] });
 * assertStringIncludes(latex, "$\\hat L$ (\\%) \\\\");
 * assertStringIncludes(latex, "2.0 \\\\");
 * ```
 */
export function toBooktabs({ columns, rows, caption, label, notes }: BooktabsTable): string {
  checkLabel(label);
  const cells = tableCells(columns, rows);
  const head = [`    \\toprule`, line(columns.map(heading)), "    \\midrule"];
  const body = cells.flatMap((row) => isHeading(row) ? headingLines(row) : [bodyLine(row, columns)]);
  const alignment = columns.map((column, index) => alignmentOf(column, cells.map((row) => row[index]))).join(
    "",
  );
  const title = [`  \\caption{${escapeOutsideMath(caption)}}`, `  \\label{${label}}`];
  const remarks = notes.map((note) => `  \\par\\smallskip\\footnotesize ${escapeOutsideMath(note)}`);
  const lines = rows.length > longestFloat
    ? longTable(alignment, title, head, body, remarks)
    : floatingTable(alignment, title, head, body, remarks);
  return [...lines, ""].join("\n");
}

/** A float cannot be longer than a page; a table with more rows than this runs over several. */
const longestFloat = 45;

/** Text longer than this is set in a column of fixed width, with line breaks. */
const longestLine = 48;

type Lines = readonly string[];

function floatingTable(alignment: string, title: Lines, head: Lines, body: Lines, remarks: Lines): string[] {
  return [
    "\\begin{table}",
    "  \\centering",
    ...title,
    "  \\adjustbox{max width=\\linewidth}{%",
    `  \\begin{tabular}{${alignment}}`,
    ...head,
    ...body,
    "    \\bottomrule",
    "  \\end{tabular}}",
    ...remarks,
    "\\end{table}",
  ];
}

function longTable(alignment: string, title: Lines, head: Lines, body: Lines, remarks: Lines): string[] {
  return [
    // Captions are as wide as the page; without this they break at ten centimetres.
    "\\setlength{\\LTcapwidth}{\\linewidth}",
    `\\begin{longtable}{${alignment}}`,
    `${title.join("\n")}\\\\`,
    ...head,
    "    \\endhead",
    ...body,
    "    \\bottomrule",
    "\\end{longtable}",
    ...remarks,
    "\\par\\medskip",
  ];
}

function alignmentOf({ kind }: Column, cells: readonly ShownCell[]): string {
  if (kind !== "text") return "r";
  return cells.some((cell) => String(cell ?? "").length > longestLine) ? "p{4.2cm}" : "l";
}

function checkLabel(label: string): void {
  if (/^[A-Za-z0-9:_-]+$/.test(label)) return;
  throw new RangeError(
    `Cannot write the table as label must be letters, digits, ":", "-" and "_": current value is "${label}"`,
  );
}

function line(cells: readonly string[]): string {
  return `    ${cells.join(" & ")} \\\\`;
}

function heading({ title, unit }: Column): string {
  return unit === "" ? escapeOutsideMath(title) : `${escapeOutsideMath(title)} (${escapeOutsideMath(unit)})`;
}

/** A row with nothing but its name is a heading of the rows below it. */
function isHeading([name, ...others]: readonly ShownCell[]): boolean {
  return typeof name === "string" && others.length > 0 && others.every((cell) => cell === null);
}

function headingLines([name, ...others]: readonly ShownCell[]): string[] {
  const text = escapeLatex(String(name));
  return ["    \\addlinespace", `    \\multicolumn{${others.length + 1}}{l}{\\emph{${text}}} \\\\`];
}

function bodyLine(row: readonly ShownCell[], columns: readonly Column[]): string {
  return line(row.map((cell, index) => printedCell(cell, columns[index]?.digits ?? 0)));
}

function printedCell(cell: ShownCell, digits: number): string {
  if (cell === null) return "";
  if (typeof cell === "object") return latexEstimate(cell, digits);
  return typeof cell === "number" ? latexNumber(cell, digits) : escapeLatex(cell);
}
