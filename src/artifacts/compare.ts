/**
 * Comparing an artifact's fresh rows with its golden ones, cell by cell.
 *
 * @module
 */
import type { Cell, Column, Row, Tolerance } from "../render/table.ts";
import type { Artifact } from "./artifact.ts";

/** A cell in which fresh and golden rows disagree. */
export interface CellDifference {
  /** The row by its keys, as `protocol=stated, seed=1`. */
  readonly row: string;
  /** The column, or "(whole row)" where one side lacks it. */
  readonly column: string;
  readonly golden: Cell | "missing";
  readonly fresh: Cell | "missing";
}

/**
 * The cells that disagree: beyond the column's tolerance, or at all where `isExact`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const column = { name: "x", title: "x", unit: "1", digits: 2, tolerance: { absolute: 0.1, relative: 0 } };
 * const artifact = { columns: [column], keys: ["id"] };
 * assertEquals(differingCells(artifact, [{ id: 1, x: 1 }], [{ id: 1, x: 1.05 }], false), []);
 * ```
 */
export function differingCells(
  artifact: Pick<Artifact, "columns" | "keys">,
  golden: readonly Row[],
  fresh: readonly Row[],
  isExact: boolean,
): CellDifference[] {
  const nameOf = (row: Row): string => artifact.keys.map((key) => `${key}=${row[key]}`).join(", ");
  const goldenByName = new Map(golden.map((row) => [nameOf(row), row]));
  const freshByName = new Map(fresh.map((row) => [nameOf(row), row]));
  return [...new Set([...goldenByName.keys(), ...freshByName.keys()])].flatMap((row) => {
    const [before, after] = [goldenByName.get(row), freshByName.get(row)];
    if (!before || !after) return [wholeRow(row, before !== undefined)];
    return artifact.columns.filter((column) => !agrees(column, before, after, isExact))
      .map(({ name }) => ({ row, column: name, golden: before[name], fresh: after[name] }));
  });
}

function wholeRow(row: string, isGolden: boolean): CellDifference {
  return {
    row,
    column: "(whole row)",
    golden: isGolden ? "present" : "missing",
    fresh: isGolden ? "missing" : "present",
  };
}

function agrees({ name, tolerance }: Column, golden: Row, fresh: Row, isExact: boolean): boolean {
  const [a, b] = [golden[name], fresh[name]];
  if (Object.is(a, b)) return true;
  return !isExact && typeof a === "number" && typeof b === "number" && isWithin(tolerance, a, b);
}

function isWithin({ absolute, relative }: Tolerance, golden: number, fresh: number): boolean {
  return Math.abs(golden - fresh) <= absolute + relative * Math.abs(golden);
}
