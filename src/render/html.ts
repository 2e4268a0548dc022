/**
 * A report as one self-contained HTML file: no scripts, no requests, legible on a phone, in the dark and on paper.
 *
 * @module
 */
import { claimsHtml, type ReportedClaim } from "./html_claims.ts";
import { escapeXml, plainMath } from "./math_text.ts";
import { printedEstimate, printedNumber } from "./number_text.ts";
import { type Column, type ShownCell, type ShownRow, tableCells } from "./table.ts";

/** A table of a report. */
export interface HtmlTable {
  /** What stands above it. */
  readonly caption: string;
  /** The columns, in order. */
  readonly columns: readonly Column[];
  /** The rows, in order. */
  readonly rows: readonly ShownRow[];
  /** What stands below it. */
  readonly notes: readonly string[];
}

/** A file that a reader can save from the report. */
export interface Download {
  /** Its name. */
  readonly name: string;
  /** Its text. */
  readonly content: string;
}

/** A section of a report. */
export interface ReportSection {
  /** Its anchor: letters, digits and dashes. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** Paragraphs under the heading. */
  readonly text: readonly string[];
  /** A drawing as SVG markup. */
  readonly svg?: string | undefined;
  /** Claims with their verdicts. */
  readonly claims?: readonly ReportedClaim[];
  /** Its tables; all but the first few rows of a long one are folded away. */
  readonly tables: readonly HtmlTable[];
  /** What a reader can save. */
  readonly downloads: readonly Download[];
}

/** A report. */
export interface Report {
  /** Its heading. */
  readonly title: string;
  /** What it rests on, as name and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** Its sections. */
  readonly sections: readonly ReportSection[];
}

const verdicts: readonly string[] = ["holds", "fails", "undecidable"];

/** A table with more rows than this is folded away. */
const shownRows = 60;

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #f3f5f7; --link: #0a58a6;
  --good: #14683a; --bad: #a3261b; --open: #7a5900; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14181c; --line: #3a434c; --soft: #1e242a;
  --link: #79b8ff; --good: #6fd08c; --bad: #ff8d80; --open: #e3b341; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; } dt { font-weight: 600; } dd { margin: 0; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
td:not(.text) { white-space: nowrap; }
th { background: var(--soft); } .text { text-align: left; } td.text { min-width: 8rem; }
tr.heading td { background: var(--soft); font-weight: 600; text-align: left; }
.note { font-size: .85rem; margin: .2rem 0; } .holds { color: var(--good); font-weight: 600; }
.fails { color: var(--bad); font-weight: 600; } .undecidable { color: var(--open); font-weight: 600; }
.claims { width: 100%; font-size: .95rem; margin: 1rem 0; } .claims p { margin: .15rem 0; overflow-wrap: anywhere; }
.claims td:first-child { width: 8rem; } .claims tr:target { background: var(--soft); }
@media (max-width: 30rem) { .claims th, .claims td { padding: .3rem .35rem; } .claims td:first-child { width: 6.5rem;
  min-width: 6.5rem; font-size: .8rem; } }
summary { cursor: pointer; color: var(--link); }
@media print { :root { font-size: 10pt; } nav, .downloads { display: none; } body { max-width: none; } .scroll { overflow: visible; }
  h2, h2 + p, figure, caption { break-after: avoid; } tr { break-inside: avoid; } }
`;

/**
 * Writes a report. Equal reports give equal text.
 *
 * @throws {RangeError} If a table's row lacks a cell or has one too many.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * assertStringIncludes(toHtml({ title: "A < B", facts: [], sections: [] }), "<h1>A &lt; B</h1>");
 * ```
 */
export function toHtml({ title, facts, sections }: Report): string {
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>\n<style>${style}</style>\n</head>\n<body>`,
    `<h1>${escapeXml(title)}</h1>`,
    `<dl>${
      facts.map(([name, value]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`).join("\n")
    }</dl>`,
    `<nav aria-label="Contents"><ul>${sections.map(contentsEntry).join("\n")}</ul></nav>`,
    ...sections.map(sectionHtml),
    "</body>\n</html>\n",
  ].join("\n");
}

function contentsEntry({ id, title }: ReportSection): string {
  return `<li><a href="#${id}">${escapeXml(title)}</a></li>`;
}

function sectionHtml({ id, title, text, svg, claims = [], tables, downloads }: ReportSection): string {
  return [
    `<section id="${id}">\n<h2>${escapeXml(title)}</h2>`,
    ...text.map((paragraph) => `<p>${proseHtml(paragraph)}</p>`),
    ...(svg === undefined ? [] : [`<figure>${svg}</figure>`]),
    ...(claims.length > 0 ? [claimsHtml(claims)] : []),
    ...tables.map(foldedTable),
    ...(downloads.length > 0
      ? [`<p class="downloads">Save: ${downloads.map(downloadLink).join(", ")}</p>`]
      : []),
    "</section>",
  ].join("\n");
}

function downloadLink({ name, content }: Download): string {
  const data = `data:text/plain;charset=utf-8,${encodeURIComponent(content)}`;
  return `<a download="${escapeXml(name)}" href="${data}">${escapeXml(name)}</a>`;
}

function foldedTable(table: HtmlTable): string {
  const html = tableHtml(table);
  if (table.rows.length <= shownRows) return html;
  return `<details><summary>${
    proseHtml(table.caption)
  } (${table.rows.length} rows)</summary>\n${html}\n</details>`;
}

function tableHtml({ caption, columns, rows, notes }: HtmlTable): string {
  return [
    `<div class="scroll"><table>\n<caption>${proseHtml(caption)}</caption>`,
    `<thead><tr>${columns.map(headCell).join("")}</tr></thead>\n<tbody>`,
    ...tableCells(columns, rows).map((cells) => bodyRow(cells, columns)),
    "</tbody></table></div>",
    ...notes.map((note) => `<p class="note">${proseHtml(note)}</p>`),
  ].join("\n");
}

function headCell({ title, unit, kind }: Column): string {
  const label = unit === "" ? proseHtml(title) : `${proseHtml(title)} (${proseHtml(unit)})`;
  return `<th scope="col"${kind === "text" ? ' class="text"' : ""}>${label}</th>`;
}

function bodyRow(cells: readonly ShownCell[], columns: readonly Column[]): string {
  const [name, ...others] = cells;
  if (typeof name === "string" && others.length > 0 && others.every((cell) => cell === null)) {
    return `<tr class="heading"><td colspan="${cells.length}">${proseHtml(name)}</td></tr>`;
  }
  return `<tr>${cells.map((cell, index) => bodyCell(cell, columns[index])).join("")}</tr>`;
}

function bodyCell(cell: ShownCell, { digits, kind }: Column): string {
  if (cell === null) return "<td></td>";
  if (typeof cell === "number") return `<td>${numberHtml(printedNumber(cell, digits))}</td>`;
  if (typeof cell === "object") return `<td>${numberHtml(printedEstimate(cell, digits))}</td>`;
  const verdict = verdicts.includes(cell) ? ` ${cell}` : "";
  return `<td class="${kind === "text" ? "text" : ""}${verdict}">${proseHtml(cell)}</td>`;
}

function numberHtml(printed: string): string {
  return printed.replace(/^-/, "\u2212").replace("inf", "\u221e");
}

/** Prose with the mathematics between dollar signs as plain characters: the report needs no formula renderer. */
function proseHtml(text: string): string {
  return escapeXml(plainMath(text));
}
