/**
 * Sketching: the phase diagram of recovery by l1 minimisation, for Definition F.1 as printed and with erratum 15.
 *
 * @module
 */
import type { ProfileName, Selection } from "../experiments/presets.ts";
import type { Cell, Row } from "../render/table.ts";
import {
  type EnsembleName,
  phaseDiagram,
  type PhaseDiagramOptions,
  type PhaseRow,
  recoveryOnset,
} from "../theory/theorem_5_1_experiment.ts";
import type { Artifact, Presentation } from "./artifact.ts";
import { exactColumn, textColumn } from "./bound_columns.ts";

type Grid = Omit<PhaseDiagramOptions, "seed">;

/** The grid of each profile: p, j, m, and the number of X a cell. */
export const sketchingGrids: Readonly<Record<ProfileName, Grid>> = {
  smoke: { size: 24, lineSparsities: [1, 2], sketchSizes: [8, 12, 16, 20, 24], trials: 4 },
  quick: {
    size: 32,
    lineSparsities: [1, 2, 4],
    sketchSizes: [8, 12, 16, 18, 20, 22, 25, 28, 32],
    trials: 10,
  },
  standard: {
    size: 56,
    lineSparsities: [1, 2, 4],
    sketchSizes: [12, 16, 20, 24, 28, 32, 40, 48, 56],
    trials: 20,
  },
  paper: {
    size: 100,
    lineSparsities: [1, 2, 4, 8],
    sketchSizes: [20, 30, 40, 50, 60, 70, 80, 90, 100],
    trials: 20,
  },
};

/** The share of recovered X from which the tables say that recovery has set in. */
const ONSET_SHARE = 0.9;

const ensembleTitles: Readonly<Record<EnsembleName, string>> = {
  row: "as printed: delta ones a row",
  column: "corrected: delta ones a column",
};

/** The phase diagram of recovery from a sketch. */
export const sketching: Artifact = {
  id: "sketching",
  title: "Sketching: recovery by l1 minimisation over size of the sketch and sparsity",
  datasets: [],
  runs: () => [],
  columns: [
    textColumn("ensemble", "ensemble"),
    exactColumn("size", "$p$", "rows"),
    exactColumn("line_sparsity", "$j$", "entries"),
    exactColumn("sketch_size", "$m$", "rows"),
    exactColumn("degree", "$\\delta$", "ones"),
    exactColumn("trials", "trials", "matrices"),
    exactColumn("recovered", "recovered", "matrices"),
    exactColumn("undecided", "undecided", "matrices"),
    exactColumn("success_fraction", "recovered", "fraction", 2),
    exactColumn("theorem_sketch_size", "$m$ of Theorem 5.1", "rows"),
  ],
  keys: ["ensemble", "line_sparsity", "sketch_size"],
  rows: (_runs, { profile, seed }: Omit<Selection, "protocol">): Row[] =>
    phaseDiagram({ ...sketchingGrids[profile], seed }).map(rowOf),
  present: (rows: readonly Row[]): Presentation[] =>
    (["row", "column"] as const).map((ensemble) =>
      presentEnsemble(ensemble, rows.filter((row) => row.ensemble === ensemble))
    ),
};

function rowOf(row: PhaseRow): Row {
  return {
    ensemble: row.ensemble,
    size: row.size,
    line_sparsity: row.lineSparsity,
    sketch_size: row.sketchSize,
    degree: row.degree,
    trials: row.trials,
    recovered: row.recovered,
    undecided: row.undecided,
    success_fraction: row.successFraction,
    theorem_sketch_size: row.theoremSketchSize,
  };
}

function phaseRowOf(ensemble: EnsembleName, row: Row): PhaseRow {
  return {
    ensemble,
    size: Number(row.size),
    lineSparsity: Number(row.line_sparsity),
    sketchSize: Number(row.sketch_size),
    degree: Number(row.degree),
    trials: Number(row.trials),
    recovered: Number(row.recovered),
    undecided: Number(row.undecided),
    successFraction: Number(row.success_fraction),
    theoremSketchSize: Number(row.theorem_sketch_size),
  };
}

/** A row of the table a sparsity, a column a size of the sketch. */
function presentEnsemble(ensemble: EnsembleName, rows: readonly Row[]): Presentation {
  const sketchSizes = [...new Set(rows.map(({ sketch_size }) => String(sketch_size)))];
  return {
    caption: `Share of ${rows[0].size} x ${
      rows[0].size
    } matrices that l1 minimisation recovers from an m x m sketch, ${ensembleTitles[ensemble]}`,
    columns: [
      exactColumn("line_sparsity", "$j$", ""),
      ...sketchSizes.map((size) => exactColumn(`m_${size}`, `$m = ${size}$`, "", 2)),
      exactColumn("onset", "onset", "", 0),
      exactColumn("theorem", "Theorem 5.1", "", 0),
    ],
    rows: Map.groupBy(rows, ({ line_sparsity }) => line_sparsity).values()
      .map((line) => presentLine(ensemble, line)).toArray(),
    notes: [
      `Onset: the smallest m from which on at least ${ONSET_SHARE} of the matrices come back; empty where none does. Theorem 5.1: m = sqrt(j p) ln p, the theorem's constant set to 1; it may exceed p, where a sketch saves nothing.`,
      `delta = ${
        rows[0].degree
      } = ceil(2 ln p). Every matrix has j entries in each row and column, the diagonal among them, and sketching matrices of its own; ${
        rows[0].trials
      } matrices a cell, so that a share near one half is uncertain by ${
        (1 / Math.sqrt(4 * Number(rows[0].trials))).toFixed(2)
      }. An undecided trial counts as not recovered.`,
    ],
  };
}

function presentLine(ensemble: EnsembleName, line: readonly Row[]): Row {
  const phaseRows = line.map((row) => phaseRowOf(ensemble, row));
  const cells: Record<string, Cell> = { line_sparsity: line[0].line_sparsity };
  for (const row of line) cells[`m_${row.sketch_size}`] = row.success_fraction;
  return {
    ...cells,
    onset: recoveryOnset(phaseRows, ONSET_SHARE) ?? null,
    theorem: line[0].theorem_sketch_size,
  };
}
