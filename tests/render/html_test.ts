import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Report, toHtml } from "../../src/render/html.ts";
import { numberColumn, textColumn } from "./columns.ts";

const table = {
  caption: "Bounds at $3 p \\chi$",
  columns: [textColumn("claim"), textColumn("verdict"), { ...numberColumn("value"), digits: 2 }],
  rows: [
    { claim: "Section 7", verdict: null, value: null },
    { claim: "a < b", verdict: "fails", value: -Infinity },
    { claim: "c", verdict: "holds", value: 1.234 },
  ],
  notes: ["A note."],
};

const report: Report = {
  title: "Report & more",
  facts: [["Profile", "smoke"]],
  sections: [{
    id: "table-2",
    title: "Table 2",
    text: ["Text."],
    svg: "<svg></svg>",
    tables: [table],
    downloads: [{ name: "table2.csv", content: "a,b\n1,2\n" }],
  }],
};

Deno.test("a report is one file without scripts or requests", () => {
  const html = toHtml(report);
  assert(!/<script|https?:|<link|@import|url\(/.test(html));
  assertEquals(html, toHtml(report));
});

Deno.test("every opened element is closed, in order", () => {
  const open: string[] = [];
  const voids = new Set(["meta", "!doctype"]);
  for (const [, slash, name] of toHtml(report).matchAll(/<(\/?)([a-z!][a-z0-9]*)\b[^>]*>/gi)) {
    if (voids.has(name.toLowerCase())) continue;
    if (slash === "") open.push(name);
    else assertEquals(open.pop(), name);
  }
  assertEquals(open, []);
});

Deno.test("text is escaped, mathematics plain, verdicts marked and a row with nothing but its name is a heading", () => {
  const html = toHtml(report);
  assertStringIncludes(html, "Report &amp; more");
  assertStringIncludes(html, '<tr class="heading"><td colspan="3">Section 7</td></tr>');
  assertStringIncludes(html, '<td class="text fails">fails</td><td>\u2212\u221e</td>');
  assertStringIncludes(html, "Bounds at 3 p \u03c7");
  assertStringIncludes(html, "data:text/plain;charset=utf-8,a%2Cb%0A1%2C2%0A");
});

Deno.test("a long table is folded away, and a table that lacks a cell is refused", () => {
  const rows = Array.from({ length: 61 }, () => table.rows[1]);
  const section = { ...report.sections[0], tables: [{ ...table, rows }] };
  assertStringIncludes(toHtml({ ...report, sections: [section] }), "(61 rows)</summary>");
  const broken = { ...section, tables: [{ ...table, rows: [{ claim: "x" }] }] };
  assertThrows(() => toHtml({ ...report, sections: [broken] }), RangeError, "verdict");
});
