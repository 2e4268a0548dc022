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

Deno.test("claims are rows with verdicts and margins on one side, sentence, place and grounds on the other", () => {
  const verdict = {
    protocol: "stated",
    verdict: "fails",
    margin: -1.234,
    marginUnit: "ln",
    grounds: "x < 2",
  };
  const claims = [{
    id: "a-b",
    place: "Section 7",
    sentence: '"x & y"',
    verdicts: [verdict, {
      ...verdict,
      protocol: "gentle",
      verdict: "undecidable",
      margin: null,
      grounds: "",
    }],
  }];
  const html = toHtml({ ...report, sections: [{ ...report.sections[0], claims }] });
  assertStringIncludes(
    html,
    '<tr id="claim-a-b"><td class="text"><p><span class="fails">fails</span> stated',
  );
  assertStringIncludes(
    html,
    '<br>\u22121.23 ln</p><p><span class="undecidable">undecidable</span> gentle</p></td>',
  );
  assertStringIncludes(html, '<p>&quot;x &amp; y&quot;</p><p class="note">Section 7 · <code>a-b</code></p>');
  assertStringIncludes(html, '<p class="note"><b>stated</b> x &lt; 2</p></td></tr>');
});

Deno.test("a number over runs stands in one line", () => {
  const estimate = { mean: -1, deviation: 0.5, smallest: -2, largest: 0, count: 2, of: 3 };
  const rows = [{ claim: "c", verdict: "holds", value: estimate }];
  const section = { ...report.sections[0], tables: [{ ...table, rows }] };
  assertStringIncludes(toHtml({ ...report, sections: [section] }), "<td>\u22121.00 ± 0.50 (2 of 3)</td>");
});
