/**
 * Figure 3: the bounds of Tables 2 and 3 side by side, (a) on MNIST and (b) on CIFAR10 at width 784, and (c) by width.
 *
 * @module
 */
import type { Reading } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import type { FigureSpec, Panel, Series } from "../render/figure.ts";
import type { Row } from "../render/table.ts";
import type { Artifact, FinishedRun } from "./artifact.ts";
import { boundColumnName } from "./bound_columns.ts";
import { boundTableColumns, boundTableKeys, boundTableRows } from "./bound_table.ts";
import { groupedBy, meanOf, networkTitle } from "./figure_parts.ts";
import { table2, table2Numbers } from "./table2.ts";
import { table3, table3Numbers } from "./table3.ts";

/** Figure 3. */
export const figure3: Artifact = {
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
    panels: groupedBy(rows.filter(({ margin_rule }) => margin_rule === "unit"), "protocol").flatMap((
      protocol,
    ) => [
      barPanel(protocol, "mnist"),
      barPanel(protocol, "cifar10"),
      widthPanel(protocol, "published"),
      widthPanel(protocol, "sameUnits"),
    ]),
  }),
};

const compared = bounds.filter(({ id }) => id !== "parameter_count");
const readingTitles: Readonly<Record<Reading, string>> = {
  published: "as published",
  sameUnits: "equal units",
  theorem: "as theorems",
};

/** (a) and (b): one bar a bound in each reading, and the paper's. */
function barPanel(rows: readonly Row[], dataset: string): Panel {
  const network = rows.filter((row) => row.dataset === dataset && row.paper_width === 784);
  const x = compared.map((_, index) => index);
  const bars = (name: string, label: string, columnOf: (id: string) => string): Series => {
    return { name, label, style: "bars", x, y: compared.map(({ id }) => meanOf(network, columnOf(id))) };
  };
  return {
    title: `${networkTitle(network[0])}, width 784`,
    x: { label: "", unit: "", scale: "linear", categories: compared.map(({ title }) => title) },
    y: { label: "bound", unit: "ln", scale: "linear" },
    series: [
      bars("paper", "paper", (id) => `${id}_paper_ln`),
      ...(["published", "sameUnits", "theorem"] as const).map((reading) =>
        bars(reading, readingTitles[reading], (id) => boundColumnName(id, reading))
      ),
    ],
  };
}

/** (c): each bound by width in one reading; the paper's numbers are in the published forms. */
function widthPanel(rows: readonly Row[], reading: Reading): Panel {
  const byWidth = groupedBy(rows.filter(({ dataset }) => dataset === "mnist"), "paper_width");
  const x = byWidth.map(([{ paper_width }]) => Number(paper_width));
  const curve = (id: string, label: string): Series => {
    return {
      name: id,
      label,
      style: "line",
      x,
      y: byWidth.map((same) => meanOf(same, boundColumnName(id, reading))),
    };
  };
  const published = (id: string, label: string): Series => ({
    name: `${id}_paper`,
    label,
    style: "hollow",
    colourOf: id,
    x,
    y: byWidth.map((same) => meanOf(same, `${id}_paper_ln`)),
  });
  return {
    title: `${networkTitle(byWidth[0][0])}, ${readingTitles[reading]}`,
    x: { label: "width", unit: "units", scale: "linear" },
    y: { label: "bound", unit: "ln", scale: "linear" },
    series: compared.flatMap(({ id, title }) => [
      curve(id, title),
      ...(reading === "published" ? [published(id, `paper: ${title}`)] : []),
    ]),
  };
}

function numbersOf({ hyperparameters }: FinishedRun): typeof table2Numbers {
  return hyperparameters.dataset === "mnist" ? table2Numbers : table3Numbers;
}
