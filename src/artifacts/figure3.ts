/**
 * Figure 3: the bounds of Tables 2 and 3 side by side, (a) on MNIST and (b) on CIFAR10 at width 784, and (c) by width.
 *
 * @module
 */
import type { Reading } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import type { FigureSpec, Panel, Series } from "../render/figure.ts";
import type { ShownRow } from "../render/table.ts";
import type { Artifact, FinishedRun } from "./artifact.ts";
import { boundColumnName } from "./bound_columns.ts";
import { boundTableColumns, boundTableKeys, boundTableRows } from "./bound_table.ts";
import { groupedBy, networkTitle } from "./figure_parts.ts";
import { seriesOf, shownOverSeeds } from "./seeds.ts";
import { table2, table2Numbers } from "./table2.ts";
import { table3, table3Numbers } from "./table3.ts";

/** Figure 3. */
export const figure3: Artifact = shownOverSeeds({
  id: "figure3",
  title: "Figure 3: bounds on MNIST and CIFAR10, and by width",
  datasets: ["mnist", "cifar10"],
  runs: (selection) => [...table2.runs(selection), ...table3.runs(selection)],
  columns: boundTableColumns,
  keys: boundTableKeys,
  rows: (runs) => runs.flatMap((run) => boundTableRows(numbersOf(run), run)),
  present: () => [],
  figure: (rows): FigureSpec => ({
    title: figure3.title,
    description:
      "The paper's bound and its baselines: on MNIST and on CIFAR10 at width 784 in the published forms and in equal units, and on MNIST by width, with the paper's own numbers. Gamma is 1 where nothing else is said.",
    columns: 2,
    panels: groupedBy(rows.filter(({ margin_rule }) => margin_rule === "unit"), "protocol").flatMap(panelsOf),
  }),
});

const compared = bounds.filter(({ id }) => id !== "parameter_count");
const readingTitles: Readonly<Record<Reading, string>> = {
  published: "as published",
  sameUnits: "equal units",
  theorem: "as theorems",
};

/** A profile that is narrowed to other widths has no bars, one without MNIST no curves. */
function panelsOf(rows: readonly ShownRow[]): Panel[] {
  const onMnist = rows.filter(({ dataset }) => dataset === "mnist");
  return [
    ...rows.filter(({ paper_width }) => paper_width === 784).map(barPanel),
    ...(onMnist.length > 0 ? [widthPanel(onMnist, "published"), widthPanel(onMnist, "sameUnits")] : []),
  ];
}

/** (a) and (b): one bar a bound in each reading, and the paper's. */
function barPanel(network: ShownRow): Panel {
  const bars = (name: string, label: string, columnOf: (id: string) => string): Series[] =>
    seriesOf(
      { name, label, style: "bars" },
      compared.map((_, index) => index),
      compared.map(({ id }) => network[columnOf(id)]),
      "whiskers",
    );
  return {
    title: `${networkTitle(network)}, width 784`,
    x: { label: "", unit: "", scale: "linear", categories: compared.map(({ title }) => shortTitle(title)) },
    y: { label: "bound", unit: "ln", scale: "linear" },
    series: [
      ...bars("paper", "paper", (id) => `${id}_paper_ln`),
      ...(["published", "sameUnits", "theorem"] as const).flatMap((reading) =>
        bars(reading, readingTitles[reading], (id) => boundColumnName(id, reading))
      ),
    ],
  };
}

/** (c): each bound by width in one reading; the paper's numbers are in the published forms. */
function widthPanel(byWidth: readonly ShownRow[], reading: Reading): Panel {
  const x = byWidth.map(({ paper_width }) => Number(paper_width));
  const curve = (look: Pick<Series, "name" | "label" | "style" | "colourOf">, column: string): Series[] =>
    seriesOf(look, x, byWidth.map((row) => row[column]));
  return {
    title: `${networkTitle(byWidth[0])}, ${readingTitles[reading]}`,
    x: { label: "width", unit: "units", scale: "linear" },
    y: { label: "bound", unit: "ln", scale: "linear" },
    series: compared.flatMap(({ id, title }) => [
      ...curve({ name: id, label: title, style: "line" }, boundColumnName(id, reading)),
      ...(reading === "published"
        ? curve(
          { name: `${id}_paper`, label: `paper: ${title}`, style: "hollow", colourOf: id },
          `${id}_paper_ln`,
        )
        : []),
    ]),
  };
}

function numbersOf({ hyperparameters }: FinishedRun): typeof table2Numbers {
  return hyperparameters.dataset === "mnist" ? table2Numbers : table3Numbers;
}

/** "Neyshabur 2015", "Ours": what fits under a group of bars. */
function shortTitle(title: string): string {
  return title.replace(" et al.", "").replace(/ \(.*\)$/, "");
}
