/**
 * What a figure is, before anything is drawn: panels with axes and series. SVG and pgfplots are written from it.
 *
 * In every title and label, text between two dollar signs is mathematics in LaTeX.
 *
 * @module
 */

/** An axis of a panel. */
export interface Axis {
  /** What it shows. */
  readonly label: string;
  /** The unit of its numbers; empty if they have none. */
  readonly unit: string;
  /** How numbers become places. A logarithmic axis leaves out what is not positive. */
  readonly scale: "linear" | "log";
  /** Smallest and largest number that the axis must show; those of the series where left out. */
  readonly range?: readonly [number, number];
  /** Names in place of numbers: the ticks 0, 1, 2, ... of the axis. */
  readonly categories?: readonly string[];
}

/**
 * How a series is drawn: `line` through its points, `points` as filled markers, `hollow` markers for published points,
 * `bars` from the bottom of the panel (side by side where several series have them), `band` between two curves, `whiskers`
 * from a lower to an upper end on each bar of the series whose colour it shares.
 */
export type SeriesStyle = "line" | "points" | "hollow" | "bars" | "band" | "whiskers";

/** A series of points. Those with a coordinate that is null or not finite are left out. */
export interface Series {
  /** Its name in data files: letters, digits and `_`. */
  readonly name: string;
  /** Its name in the legend; empty for a band or whiskers, which need none. */
  readonly label: string;
  /** How it is drawn. */
  readonly style: SeriesStyle;
  /** The `name` of the series whose colour it shares; its own where left out. */
  readonly colourOf?: string;
  /** Abscissas. */
  readonly x: readonly (number | null)[];
  /** Ordinates, one an abscissa; the upper curve of a band, the upper ends of whiskers. */
  readonly y: readonly (number | null)[];
  /** The lower curve of a band, the lower ends of whiskers. */
  readonly low?: readonly (number | null)[];
}

/** One set of axes. */
export interface Panel {
  /** What stands above it. */
  readonly title: string;
  /** The horizontal axis. */
  readonly x: Axis;
  /** The vertical axis. */
  readonly y: Axis;
  /** What is drawn, from back to front. */
  readonly series: readonly Series[];
}

/** A figure. */
export interface FigureSpec {
  /** What it is, in one line. */
  readonly title: string;
  /** What it shows, in words, for those who cannot see it. */
  readonly description: string;
  /** Panels a row. */
  readonly columns: number;
  /** The panels, row by row. */
  readonly panels: readonly Panel[];
}

/** A point of a series that can be drawn. */
export interface Point {
  /** The abscissa. */
  readonly x: number;
  /** The ordinate; the upper one in a band and of whiskers. */
  readonly y: number;
  /** The lower ordinate of a band and of whiskers; equal to `y` elsewhere. */
  readonly low: number;
}

/**
 * The points of a series that its panel can show, in order.
 *
 * @throws {TypeError} If the series has not one ordinate an abscissa, or is a band or whiskers without lower ends.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const axis = { label: "", unit: "", scale: "log" } as const;
 * const series = { name: "a", label: "a", style: "line", x: [0, 1, 2], y: [5, 7, null] } as const;
 * assertEquals(drawablePoints({ x: axis, y: axis }, series), [{ x: 1, y: 7, low: 7 }]);
 * ```
 */
export function drawablePoints({ x, y }: Pick<Panel, "x" | "y">, series: Series): Point[] {
  const low = series.style === "band" || series.style === "whiskers" ? series.low : series.y;
  if (low?.length !== series.x.length || series.y.length !== series.x.length) {
    throw new TypeError(
      `Cannot draw the series ${series.name} as it must have one ordinate an abscissa: it has ${series.x.length} abscissas`,
    );
  }
  return series.x.flatMap((abscissa, index) => {
    const [upper, lower] = [series.y[index], low[index]];
    const isShown = isDrawable(abscissa, x) && isDrawable(upper, y) && isDrawable(lower, y);
    return isShown ? [{ x: abscissa, y: upper, low: lower }] : [];
  });
}

/**
 * The names of all series of a figure in order of their first appearance, those that share another's colour left out: the
 * place of a name decides its colour, dash and marker, in every panel alike.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(colouredNames({ title: "", description: "", columns: 1, panels: [] }), []);
 * ```
 */
export function colouredNames({ panels }: FigureSpec): string[] {
  return [...new Set(panels.flatMap(({ series }) => series.map(({ name, colourOf = name }) => colourOf)))];
}

/**
 * The series that a legend lists, each name once, in order of appearance.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(legendSeries({ title: "", description: "", columns: 1, panels: [] }), []);
 * ```
 */
export function legendSeries({ panels }: FigureSpec): Series[] {
  const byName = new Map<string, Series>();
  for (const series of panels.flatMap((panel) => panel.series)) {
    if (series.label !== "" && !byName.has(series.name)) byName.set(series.name, series);
  }
  return [...byName.values()];
}

function isDrawable(value: number | null, { scale }: Axis): value is number {
  return value !== null && Number.isFinite(value) && (scale === "linear" || value > 0);
}
