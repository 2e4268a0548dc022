/**
 * What an artifact of the paper is: the runs that it needs and the rows that follow from their records.
 *
 * @module
 */
import type { DatasetName } from "../datasets/dataset.ts";
import type { ProtocolName, Selection } from "../experiments/presets.ts";
import type { RunRecord } from "../experiments/record.ts";
import type { RunRequest } from "../experiments/run.ts";
import type { FigureSpec } from "../render/figure.ts";
import type { Column, Row, ShownRow } from "../render/table.ts";

/** A run that an artifact needs, with what the artifact calls it. */
export interface WantedRun extends RunRequest {
  /** The protocol that the hyper-parameters follow. */
  readonly protocol: ProtocolName;
  /** The width that the paper states; the profile may divide it. */
  readonly paperWidth: number;
}

/** A wanted run with its record. */
export interface FinishedRun extends WantedRun {
  /** What the run measured. */
  readonly record: RunRecord;
}

/** A table as a person reads it, for the terminal and for LaTeX. */
export interface Presentation {
  /** What the table shows, in one sentence. */
  readonly caption: string;
  /** Its columns; the first holds the row's name. */
  readonly columns: readonly Column[];
  /** Its rows. */
  readonly rows: readonly ShownRow[];
  /** What a reader must know to read it. */
  readonly notes: readonly string[];
}

/** A figure or table of the paper. */
export interface Artifact {
  /** `table2`: the stem of its task, its files and its golden. */
  readonly id: string;
  /** What it is, in one line. */
  readonly title: string;
  /** The data sets that its runs need. */
  readonly datasets: readonly DatasetName[];
  /** The runs that it needs, in the order of its rows. */
  runs(selection: Selection): readonly WantedRun[];
  /** The columns of its CSV. */
  readonly columns: readonly Column[];
  /** The columns that tell its rows apart. */
  readonly keys: readonly string[];
  /** Its rows: a pure function of the records and, where it needs no run, of the selection. */
  rows(runs: readonly FinishedRun[], selection: Omit<Selection, "protocol">): readonly Row[];
  /** The tables that a person reads: a pure function of the rows. */
  present(rows: readonly Row[]): readonly Presentation[];
  /** How it is drawn, where it is a figure: a pure function of the rows. */
  figure?(rows: readonly Row[]): FigureSpec;
}
