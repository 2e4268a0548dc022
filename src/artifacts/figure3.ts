/**
 * Figure 3: the bounds of Tables 2 and 3 side by side, (a) on MNIST and (b) on CIFAR10 at width 784, and (c) by width.
 *
 * @module
 */
import type { Artifact, FinishedRun } from "./artifact.ts";
import { boundTableColumns, boundTableKeys, boundTableRows } from "./bound_table.ts";
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
};

function numbersOf({ hyperparameters }: FinishedRun): typeof table2Numbers {
  return hyperparameters.dataset === "mnist" ? table2Numbers : table3Numbers;
}
