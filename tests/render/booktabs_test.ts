import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { numberColumn, textColumn } from "./columns.ts";

const table = {
  columns: [
    { ...textColumn("method"), title: "Method" },
    { ...numberColumn("error"), title: "$\\hat L_S$", unit: "%", digits: 1 },
    { ...numberColumn("bound_ln"), title: "ln bound" },
  ],
  rows: [
    { method: "Bartlett & al.", error: 2.04, bound_ln: -3.125 },
    { method: "ours_2", error: null, bound_ln: Infinity },
  ],
  caption: "Bounds at $h = 784$, 100% of S",
  label: "tab:table2",
  notes: ["$n = 60000$.", "S_2 is unused."],
};

Deno.test("toBooktabs() writes the whole table", () => {
  assertEquals(
    toBooktabs(table),
    String.raw`\begin{table}
  \centering
  \caption{Bounds at $h = 784$, 100\% of S}
  \label{tab:table2}
  \adjustbox{max width=\linewidth}{%
  \begin{tabular}{lrr}
    \toprule
    Method & $\hat L_S$ (\%) & ln bound \\
    \midrule
    Bartlett \& al. & 2.0 & $-3.13$ \\
    ours\_2 &  & $\infty$ \\
    \bottomrule
  \end{tabular}}
  \par\smallskip\footnotesize $n = 60000$.
  \par\smallskip\footnotesize S\_2 is unused.
\end{table}
`,
  );
});

Deno.test("toBooktabs() prints a row with nothing but its name as a heading", () => {
  const [first] = table.columns;
  const heading = Object.fromEntries(
    table.columns.map(({ name }) => [name, name === first.name ? "In 100%" : null]),
  );
  const latex = toBooktabs({ ...table, rows: [heading] });
  assertStringIncludes(latex, String.raw`\addlinespace`);
  assertStringIncludes(latex, String.raw`\multicolumn{3}{l}{\emph{In 100\%}}`);
});

Deno.test("toBooktabs() breaks a table with more rows than a page, and long text", () => {
  const latex = toBooktabs({
    ...table,
    rows: Array(50).fill({ ...table.rows[0], method: "long ".repeat(10) }),
  });
  assertStringIncludes(latex, String.raw`\begin{longtable}{p{14em}rr}`);
  assertStringIncludes(latex, String.raw`\label{tab:table2}\\`);
  assertStringIncludes(latex, String.raw`\endhead`);
});

Deno.test("toBooktabs() balances its environments without rows and notes", () => {
  const latex = toBooktabs({ ...table, rows: [], notes: [] });
  for (const environment of ["table", "tabular"]) {
    const commands = [...latex.matchAll(new RegExp(`\\\\(begin|end)\\{${environment}\\}`, "g"))].map((
      found,
    ) => found[1]);
    assertEquals(commands, ["begin", "end"]);
  }
});

Deno.test("toBooktabs() refuses a label that LaTeX cannot read", () => {
  for (const label of ["", "a b", "50%", "a{b"]) {
    assertThrows(() => toBooktabs({ ...table, label }), RangeError, `current value is "${label}"`);
  }
});

Deno.test("toBooktabs() refuses a table with a missing cell", () => {
  assertThrows(
    () => toBooktabs({ ...table, rows: [{ method: "ours", error: 1 }] }),
    RangeError,
    'column "bound_ln"',
  );
});

const estimate = { mean: 3.25, deviation: 0.125, smallest: 3, largest: 3.5, count: 3, of: 3 };

Deno.test("a number over runs has its deviation beside it, below it where the table is too wide", () => {
  const table = (count: number): string => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const row = Object.fromEntries(names.map((name) => [name, estimate]));
    return toBooktabs({ columns: names.map(numberColumn), rows: [row], caption: "C", label: "t", notes: [] });
  };
  assertStringIncludes(table(2), String.raw`$3.25 \pm 0.13$ & $3.25 \pm 0.13$ \\`);
  assertStringIncludes(
    table(20),
    String.raw`\begin{tabular}[t]{@{}r@{}}3.25\\[-2pt]$\scriptstyle\pm 0.13$\end{tabular}`,
  );
});

Deno.test("a table over several pages has captions as wide as the page, its label once, and smaller type if too wide", () => {
  const table = (count: number): string => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const row = Object.fromEntries(names.map((name) => [name, 12345.67]));
    const rows = Array.from({ length: 50 }, () => row);
    return toBooktabs({ columns: names.map(numberColumn), rows, caption: "C", label: "t", notes: [] });
  };
  assertStringIncludes(table(3), String.raw`{\setlength{\LTcapwidth}{\linewidth}` + "\n");
  assertEquals(table(3).split("\\label").length, 2);
  assertStringIncludes(table(3), String.raw`\multicolumn{3}{l}{\emph{Table \thetable{}, continued}} \\`);
  // 440 points less 6 a column, over 17 columns of 8 characters of half an em: 338 / 68.
  assertStringIncludes(table(17), String.raw`\fontsize{4.5}{5.5}\selectfont`);
});
