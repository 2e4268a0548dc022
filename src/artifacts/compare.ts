/**
 * Comparing an artifact's fresh rows with its golden ones, cell by cell.
 *
 * @module
 */
import type { Cell, Column, Row, Tolerance } from "../render/table.ts";
import type { Artifact } from "./artifact.ts";

/** The column of a difference where one side lacks the whole row. */
export const wholeRowColumn = "(whole row)";

/** A cell in which fresh and golden rows disagree. */
export interface CellDifference {
  /** The row by its keys, as `protocol=stated, seed=1`. */
  readonly row: string;
  /** The column, or {@linkcode wholeRowColumn}. */
  readonly column: string;
  readonly golden: Cell | "missing";
  readonly fresh: Cell | "missing";
}

/** How far a fresh cell may be from the golden one, by the golden row and the column; Infinity allows any cell. */
export type ToleranceOf = (golden: Row, column: Column) => Tolerance;

/** Each column's own tolerance. */
export const columnTolerance: ToleranceOf = (_row, { tolerance }) => tolerance;

/** No tolerance, as for an engine that is bit-exact. */
export const noTolerance: ToleranceOf = () => ({ absolute: 0, relative: 0 });

/**
 * The cells that disagree: beyond their tolerance.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const column = { name: "x", title: "x", unit: "1", digits: 2, tolerance: { absolute: 0.1, relative: 0 } };
 * const artifact = { columns: [column], keys: ["id"] };
 * assertEquals(differingCells(artifact, [{ id: 1, x: 1 }], [{ id: 1, x: 1.05 }], columnTolerance), []);
 * ```
 */
export function differingCells(
  artifact: Pick<Artifact, "columns" | "keys">,
  golden: readonly Row[],
  fresh: readonly Row[],
  toleranceOf: ToleranceOf,
): CellDifference[] {
  const nameOf = (row: Row): string => artifact.keys.map((key) => `${key}=${row[key]}`).join(", ");
  const goldenByName = new Map(golden.map((row) => [nameOf(row), row]));
  const freshByName = new Map(fresh.map((row) => [nameOf(row), row]));
  return [...new Set([...goldenByName.keys(), ...freshByName.keys()])].flatMap((row) => {
    const [before, after] = [goldenByName.get(row), freshByName.get(row)];
    if (!before || !after) return [wholeRow(row, before !== undefined)];
    return artifact.columns.filter((column) => !agrees(column, before, after, toleranceOf))
      .map(({ name }) => ({ row, column: name, golden: before[name], fresh: after[name] }));
  });
}

function wholeRow(row: string, isGolden: boolean): CellDifference {
  return {
    row,
    column: wholeRowColumn,
    golden: isGolden ? "present" : "missing",
    fresh: isGolden ? "missing" : "present",
  };
}

function agrees(column: Column, golden: Row, fresh: Row, toleranceOf: ToleranceOf): boolean {
  const [a, b] = [golden[column.name], fresh[column.name]];
  if (Object.is(a, b)) return true;
  const { absolute, relative } = toleranceOf(golden, column);
  if (absolute === Infinity) return true;
  return typeof a === "number" && typeof b === "number" &&
    Math.abs(a - b) <= absolute + relative * Math.abs(a);
}
