/**
 * How far a run that is made again may be from its golden where training is not bit-exact: as far as other seeds are.
 *
 * Another engine or processor rounds differently, and training carries a difference in the last bit to where a run with
 * another seed is. A run that was trained once more with the same seed stands for another seed as well.
 *
 * @module
 */
import type { Cell, Column, Row } from "../render/table.ts";
import type { Artifact } from "./artifact.ts";
import type { ToleranceOf } from "./compare.ts";
import { textColumn } from "./bound_columns.ts";

/** Two new draws are further apart than three times the range of three old ones in fewer than one case in a thousand. */
const rangesApart = 3;

/** The columns that a tolerance is stated by, where an artifact has them. */
const classColumns = ["protocol", "dataset"] as const;

/** The columns of {@linkcode seedTolerances}: one row a protocol, data set and column of the artifact. */
export const seedToleranceColumns: readonly Column[] = [
  ...classColumns.map((name) => textColumn(name, name)),
  textColumn("column", "column"),
  {
    name: "absolute",
    title: "largest difference",
    unit: "",
    digits: 4,
    tolerance: { absolute: 0, relative: 0 },
  },
];

/** The columns that tell the rows of {@linkcode seedTolerances} apart. */
export const seedToleranceKeys: readonly string[] = [...classColumns, "column"];

/**
 * The largest difference that each column may show: three times the largest range over seeds among rows of the same
 * protocol and data set that differ in nothing else. Infinity, which allows anything, where a cell is a number for one
 * seed and infinite, missing or another word for another one.
 *
 * @param artifact Whose rows they are.
 * @param rows Its rows, of several seeds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const columns = ["seed", "x"].map((name) => ({ ...seedToleranceColumns[3], name }));
 * const rows = [{ seed: 1, x: 2 }, { seed: 2, x: 2.5 }];
 * const [x] = seedTolerances({ columns, keys: ["seed"] }, rows);
 * assertEquals(x, { protocol: "", dataset: "", column: "x", absolute: 1.5 });
 * ```
 */
export function seedTolerances(
  { columns, keys }: Pick<Artifact, "columns" | "keys">,
  rows: readonly Row[],
): Row[] {
  const free = columns.filter(({ name }) => !keys.includes(name));
  return [...Map.groupBy(rows, classOf).values()].flatMap((sameClass) => {
    const groups = [...Map.groupBy(sameClass, (row) => nameBesidesSeed(row, keys)).values()];
    return free.map(({ name }) => ({
      ...classCells(sameClass[0]),
      column: name,
      absolute: rangesApart * Math.max(...groups.map((group) => range(group.map((row) => row[name])))),
    }));
  });
}

/** Reads the tolerances of {@linkcode seedTolerances}; a column's own holds where it is larger. */
export function seedToleranceOf(tolerances: readonly Row[]): ToleranceOf {
  const absolute = new Map(tolerances.map((row) => [`${classOf(row)}/${row.column}`, Number(row.absolute)]));
  return (row, { name, tolerance }) => ({
    relative: tolerance.relative,
    absolute: Math.max(tolerance.absolute, absolute.get(`${classOf(row)}/${name}`) ?? 0),
  });
}

function classCells(row: Row): Record<typeof classColumns[number], string> {
  const [protocol, dataset] = classColumns.map((name) => String(row[name] ?? ""));
  return { protocol, dataset };
}

function classOf(row: Row): string {
  return Object.values(classCells(row)).join("/");
}

function nameBesidesSeed(row: Row, keys: readonly string[]): string {
  return keys.filter((key) => key !== "seed").map((key) => row[key]).join("/");
}

function range(cells: readonly Cell[]): number {
  if (cells.every((cell) => Object.is(cell, cells[0]))) return 0;
  const numbers = cells.filter((cell) => typeof cell === "number" && Number.isFinite(cell)).map(Number);
  return numbers.length < cells.length ? Infinity : Math.max(...numbers) - Math.min(...numbers);
}
