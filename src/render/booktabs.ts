import { escapeLatex, escapeOutsideMath, type EstimateStyle, latexEstimate, latexNumber } from "./latex.ts";
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
  const isLong = rows.length > longestFloat;
  const style = isTooWide(widthOf(columns, cells, "inline")) ? "stacked" : "inline";
  const body = cells.flatMap((row) => isHeading(row) ? headingLines(row) : [bodyLine(row, columns, style)]);
  const parts: TableParts = {
    alignment: columns.map((column, index) => alignmentOf(column, cells.map((row) => row[index]))).join(""),
    title: [`  \\caption{${escapeOutsideMath(caption)}}`, `  \\label{${label}}`],
    head: ["    \\toprule", line(columns.map(heading)), "    \\midrule"],
    body,
    remarks: notes.map((note) => `  \\par\\smallskip\\footnotesize ${escapeOutsideMath(note)}`),
  };
  return [
    ...(isLong ? longTable(parts, columns.length, widthOf(columns, cells, style)) : floatingTable(parts)),
    "",
  ].join("\n");
}

/** A float cannot be longer than a page; a table with more rows than this runs over several. */
const longestFloat = 45;

/** The width of a column of long text, about 4 cm. */
const wrappedEms = 14;

/** Text longer than this is set in a column of fixed width, with line breaks. */
const longestLine = 48;

/** The width of a line in points, 16.6 cm, less a fifteenth as widths are estimates. */
const lineWidth = 440;

/** In points: tables are set in \footnotesize. */
const footnoteSize = 8;

type Lines = readonly string[];

interface TableParts {
  readonly alignment: string;
  readonly title: Lines;
  readonly head: Lines;
  readonly body: Lines;
  readonly remarks: Lines;
}

function floatingTable({ alignment, title, head, body, remarks }: TableParts): string[] {
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

/** A table over several pages cannot be shrunk as a box: one that is too wide is set in smaller type. */
function longTable(
  { alignment, title, head, body, remarks }: TableParts,
  columnCount: number,
  width: TableWidth,
): string[] {
  return [
    // Captions are as wide as the page; without this they break at ten centimetres.
    `{\\setlength{\\LTcapwidth}{\\linewidth}${isTooWide(width) ? smallerType(width) : ""}`,
    `\\begin{longtable}{${alignment}}`,
    `${title.join("\n")}\\\\`,
    ...head,
    "    \\endfirsthead",
    `    \\multicolumn{${columnCount}}{l}{\\emph{Table \\thetable{}, continued}} \\\\`,
    ...head,
    "    \\endhead",
    ...body,
    "    \\bottomrule",
    "\\end{longtable}}",
    ...remarks,
    "\\par\\medskip",
  ];
}

function smallerType({ ems, points }: TableWidth): string {
  const size = Math.max(4, Math.floor(2 * (lineWidth - points) / ems) / 2);
  return `\\setlength{\\tabcolsep}{3pt}\\fontsize{${size}}{${size + 1}}\\selectfont`;
}

/** What of a table's width grows with its type, and what does not. */
interface TableWidth {
  readonly ems: number;
  readonly points: number;
}

function isTooWide({ ems, points }: TableWidth): boolean {
  return footnoteSize * ems + points > lineWidth;
}

/** About: digits are half an em wide, and so is a mean letter; columns stand 6 points apart. */
function widthOf(
  columns: readonly Column[],
  cells: readonly (readonly ShownCell[])[],
  style: EstimateStyle,
): TableWidth {
  const rows = cells.filter((row) => !isHeading(row));
  const isWrapped = columns.map((column, index) =>
    alignmentOf(column, rows.map((row) => row[index])) === wrapped
  );
  const lengths = columns.map((column, index) => {
    const texts = rows.map((row) => printedCell(row[index], column.digits, style));
    return Math.max(...[heading(column), ...texts].map(printedLength));
  });
  return {
    ems: lengths.reduce((sum, length, index) => sum + (isWrapped[index] ? wrappedEms : length / 2), 0),
    points: 6 * columns.length,
  };
}

/** How many characters LaTeX prints, of stacked lines the longer: a command is one, what groups and raises is none. */
function printedLength(latex: string): number {
  const lines = latex.replace(/\\begin.*@\{\}\}|\\end.*$/g, "").replace("\\scriptstyle", "").split(
    /\\\\(?:\[.*?\])?/,
  );
  return Math.max(
    ...lines.map((text) => text.replaceAll(/\\[a-z]+/gi, "x").replaceAll(/[${}^\\]/g, "").length),
  );
}

const wrapped = `p{${wrappedEms}em}`;

function alignmentOf({ kind }: Column, cells: readonly ShownCell[]): string {
  if (kind !== "text") return "r";
  return cells.some((cell) => String(cell ?? "").length > longestLine) ? wrapped : "l";
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

function bodyLine(row: readonly ShownCell[], columns: readonly Column[], style: EstimateStyle): string {
  return line(row.map((cell, index) => printedCell(cell, columns[index].digits, style)));
}

function printedCell(cell: ShownCell, digits: number, style: EstimateStyle): string {
  if (cell === null) return "";
  if (typeof cell === "object") return latexEstimate(cell, digits, style);
  return typeof cell === "number" ? latexNumber(cell, digits) : escapeLatex(cell);
}
