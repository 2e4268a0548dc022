/**
 * Several seeds as a person reads them: means with their spread in tables, bands in figures.
 *
 * Rows stay one a seed in every CSV. Here, once for all artifacts, those that differ in nothing but the seed become one.
 *
 * @module
 */
import type { FigureSpec, Series } from "../render/figure.ts";
import type { Cell, Estimate, Row, ShownCell, ShownRow } from "../render/table.ts";
import type { Artifact, Presentation } from "./artifact.ts";

/** An artifact whose tables and figure are made from rows that {@linkcode acrossSeeds} gives. */
export interface SeededArtifact extends Omit<Artifact, "present" | "figure"> {
  /** The tables that a person reads. */
  present(rows: readonly ShownRow[]): readonly Presentation[];
  /** How it is drawn, where it is a figure. */
  figure?(rows: readonly ShownRow[]): FigureSpec;
}

/**
 * The artifact, shown over seeds: what it presents and draws are means with their spread, and says so. With one seed it
 * is what its definition makes of the rows as they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { ShownRow } from "../render/table.ts";
 * import { figure2 } from "./figure2.ts";
 * const definition = { ...figure2, keys: ["seed"], present: (rows: readonly ShownRow[]) => [{
 *   caption: "", columns: [], rows, notes: [],
 * }] };
 * const [{ rows }] = shownOverSeeds(definition).present([{ seed: 1, x: 2 }, { seed: 2, x: 4 }]);
 * assertEquals(numberShown(rows[0].x), 3);
 * ```
 */
export function shownOverSeeds(definition: SeededArtifact): Artifact {
  const { keys, present, figure } = definition;
  return {
    ...definition,
    present: (rows) =>
      present(acrossSeeds(rows, keys)).map((presentation) => withSpreadNote(presentation, rows)),
    ...(figure && { figure: (rows: readonly Row[]) => withBandNote(figure(acrossSeeds(rows, keys)), rows) }),
  };
}

/**
 * One row for those that agree in every key but `seed`: a cell that is the same for every seed stays as it is, another
 * becomes an {@linkcode Estimate}, or in a column of text a count of each text. `seed` names the seeds. Where the rows
 * of a protocol have one seed, they stay as they are.
 *
 * @param rows Rows of an artifact.
 * @param keys The columns that tell its rows apart.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = [{ d: 1, seed: 1, change: 2 }, { d: 1, seed: 2, change: 4 }];
 * assertEquals(acrossSeeds(rows, ["d", "seed"]), [{
 *   d: 1,
 *   seed: "1, 2",
 *   change: { mean: 3, deviation: Math.SQRT2, smallest: 2, largest: 4, count: 2, of: 2 },
 * }]);
 * ```
 */
export function acrossSeeds(rows: readonly Row[], keys: readonly string[]): ShownRow[] {
  const others = keys.filter((key) => key !== "seed");
  const seeds = new Map(
    [...Map.groupBy(rows, ({ protocol }) => protocol)].map(([protocol, same]) => [protocol, seedsOf(same)]),
  );
  return [...Map.groupBy(rows, (row) => others.map((key) => row[key]).join("/")).values()].flatMap((same) => {
    const ofProtocol = seeds.get(same[0].protocol) ?? [];
    return ofProtocol.length > 1 ? [mergedRow(same, others, ofProtocol)] : same;
  });
}

/** The number that a cell shows first: itself or the mean; null where there is none. */
export function numberShown(cell: ShownCell): number | null {
  if (isEstimate(cell)) return cell.mean;
  return typeof cell === "number" ? cell : null;
}

/** Whether a cell is a number that differs over seeds. */
export function isEstimate(cell: ShownCell): cell is Estimate {
  return typeof cell === "object" && cell !== null;
}

/** Whether two cells show the same. */
export function showSame(one: ShownCell, other: ShownCell): boolean {
  if (!isEstimate(one) || !isEstimate(other)) return Object.is(one, other);
  const names = Object.keys(one) as (keyof Estimate)[];
  return names.every((name) => Object.is(one[name], other[name]));
}

/** The seeds of a row in words: "seed 1", "seeds 1, 2, 3". */
export function seedTitle({ seed }: ShownRow): string {
  return `${typeof seed === "number" ? "seed" : "seeds"} ${seed}`;
}

/** How the spread over seeds is drawn around a series: as a band, or as whiskers on bars of named categories. */
export type SpreadStyle = "band" | "whiskers";

/**
 * A series through the means of cells, and where they differ over seeds the spread from the smallest to the largest,
 * behind a line and before bars. A point without a finite number under any seed is left out.
 *
 * @param look What the series is called and how it is drawn.
 * @param x Abscissas.
 * @param cells Ordinates, one an abscissa.
 * @param spread How the spread is drawn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const cell = { mean: 3, deviation: 1, smallest: 2, largest: 4, count: 3, of: 3 };
 * const [band, line] = seriesOf({ name: "a", label: "A", style: "line" }, [0, 1], [3, cell]);
 * assertEquals([band.low, line.y, band.y], [[3, 2], [3, 3], [3, 4]]);
 * ```
 */
export function seriesOf(
  look: Pick<Series, "name" | "label" | "style" | "colourOf">,
  x: readonly (number | null)[],
  cells: readonly ShownCell[],
  spread: SpreadStyle = "band",
): Series[] {
  const means: Series = { ...look, x, y: cells.map(numberShown) };
  if (!cells.some(isEstimate)) return [means];
  const around: Series = {
    name: `${look.name}_${spread}`,
    label: "",
    style: spread,
    colourOf: look.colourOf ?? look.name,
    x,
    y: cells.map((cell) => isEstimate(cell) ? cell.largest : numberShown(cell)),
    low: cells.map((cell) => isEstimate(cell) ? cell.smallest : numberShown(cell)),
  };
  return look.style === "bars" ? [means, around] : [around, means];
}

function seedsOf(rows: readonly Row[]): Cell[] {
  return [...new Set(rows.map(({ seed }) => seed ?? null))];
}

function mergedRow(rows: readonly Row[], keys: readonly string[], seeds: readonly Cell[]): ShownRow {
  const [first] = rows;
  const merged = Object.keys(first).map((name) => [
    name,
    keys.includes(name) ? first[name] : mergedCell(rows.map((row) => row[name]), seeds.length),
  ]);
  return { ...Object.fromEntries(merged), seed: seeds.join(", ") };
}

/** A seed without a row counts as one without a number. */
function mergedCell(cells: readonly Cell[], seedCount: number): ShownCell {
  const isSame = cells.length === seedCount && cells.every((cell) => Object.is(cell, cells[0]));
  if (isSame) return cells[0];
  const numbers = cells.filter((cell): cell is number => typeof cell === "number" && !Number.isNaN(cell));
  return numbers.length > 0 ? estimateOf(numbers, seedCount) : countedTexts(cells);
}

/** Over the finite numbers, or the infinities of the more frequent sign. */
function estimateOf(numbers: readonly number[], seedCount: number): Estimate {
  const groups = Map.groupBy(numbers, (value) => Number.isFinite(value) ? "finite" : value);
  const [likeliest] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const values = groups.get("finite") ?? likeliest;
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const mean = smallest === largest ? smallest : sum(values) / values.length;
  return {
    mean,
    deviation: smallest === largest ? null : sampleDeviation(values, mean),
    smallest,
    largest,
    count: values.length,
    of: seedCount,
  };
}

function sampleDeviation(values: readonly number[], mean: number): number {
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** "yes 2, no 1"; the text itself where there is one, null where there is none. */
function countedTexts(cells: readonly Cell[]): string | null {
  const counts = [...Map.groupBy(cells.filter((cell) => typeof cell === "string"), (cell) => cell)];
  if (counts.length <= 1) return counts[0]?.[0] ?? null;
  return counts.map(([text, same]) => `${text} ${same.length}`).join(", ");
}

/** The table with the note that explains its spreads, where it shows any; `rows` tell the seeds. */
export function withSpreadNote(presentation: Presentation, rows: readonly Row[]): Presentation {
  if (!presentation.rows.some((row) => Object.values(row).some(isEstimate))) return presentation;
  const note = `Means over the seeds ${
    seedNames(rows)
  } $\\pm$ the sample standard deviation; without $\\pm$ a number is the same for each. (k of n): over the k of n seeds that have a finite number, or all of which have the one shown.`;
  return { ...presentation, notes: [...presentation.notes, note] };
}

function withBandNote(figure: FigureSpec, rows: readonly Row[]): FigureSpec {
  const styles = figure.panels.flatMap(({ series }) => series.map(({ style }) => style));
  if (!styles.includes("band") && !styles.includes("whiskers")) return figure;
  const note = `Lines and bars are means over the seeds ${
    seedNames(rows)
  }; bands and whiskers reach from the smallest to the largest. A seed without a finite number is left out of both.`;
  return { ...figure, description: `${figure.description} ${note}` };
}

function seedNames(rows: readonly Row[]): string {
  return seedsOf(rows).filter((seed) => seed !== null).join(", ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
