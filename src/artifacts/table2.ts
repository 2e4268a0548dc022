/**
 * Table 2: generalization bounds on a logarithmic scale for MNIST, for MLPs of varying width.
 *
 * @module
 */
import published from "../../paper/published/tables.json" with { type: "json" };
import type { Artifact } from "./artifact.ts";
import { type BoundTable, boundTableArtifact } from "./bound_table.ts";

/** The paper's numbers and networks. */
export const table2Numbers: BoundTable = {
  id: "table2",
  title: "Table 2",
  dataset: "mnist",
  widths: published.table2.widths,
  published: published.table2.rows,
};

/** Table 2. */
export const table2: Artifact = boundTableArtifact(table2Numbers);
