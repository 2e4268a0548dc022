/**
 * Figures for LaTeX: code for pgfplots that reads its numbers from data files.
 *
 * The document needs `\usepackage{pgfplots}`, `\usepgfplotslibrary{groupplots}` and `\pgfplotsset{compat=1.18}`.
 *
 * @module
 */
import { type Appearance, appearanceOf } from "./appearance.ts";
import {
  type Axis,
  colouredNames,
  drawablePoints,
  type FigureSpec,
  legendSeries,
  type Panel,
  type Series,
} from "./figure.ts";
import { escapeOutsideMath } from "./latex.ts";
import { plainMath } from "./math_text.ts";
import { numberText } from "./number_text.ts";
import { toPgfplots } from "./pgfplots.ts";
import type { Column, Row } from "./table.ts";

/** A figure for LaTeX. */
export interface PgfplotsFigure {
  /** A `tikzpicture`, to be put into the document. */
  readonly code: string;
  /** The data files that it reads, by name, one a panel. */
  readonly data: ReadonlyMap<string, string>;
}

/** Where the data files are, and what they are called. */
export interface PgfplotsNames {
  /** The stem of the files: `figure2` gives `figure2-1.dat`. */
  readonly stem: string;
  /** The folder as the document sees it, as in `data`. */
  readonly folder: string;
}

/**
 * A figure as pgfplots code with its data.
 *
 * @throws {RangeError} If a series' name has other characters than letters, digits, `-` and `_`.
 * @throws {TypeError} If a series has not one ordinate an abscissa.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * const axis = { label: "$d$", unit: "", scale: "linear" } as const;
 * const series = { name: "a", label: "A", style: "line", x: [0, 1], y: [2, 3] } as const;
 * const panels = [{ title: "P", x: axis, y: axis, series: [series] }];
 * const figure = { title: "F", description: "", columns: 1, panels };
 * const { code, data } = toPgfplotsFigure(figure, { stem: "f", folder: "data" });
 * assertEquals(data.get("f-1.dat"), "x_a y_a\n  0   2\n  1   3\n");
 * assertStringIncludes(code, "table[x=x_a, y=y_a] {data/f-1.dat};");
 * ```
 */
export function toPgfplotsFigure(figure: FigureSpec, { stem, folder }: PgfplotsNames): PgfplotsFigure {
  const names = colouredNames(figure);
  const files = figure.panels.map((_, index) => `${stem}-${index + 1}.dat`);
  const plots = figure.panels.map((panel, index) => panelCode(panel, `${folder}/${files[index]}`, names));
  const code = [
    `% ${plainMath(figure.title).replaceAll("\n", " ")}: generated, do not edit.`,
    ...names.map((_, index) => `\\definecolor{series${index}}{HTML}{${appearanceOf(index).colour.slice(1)}}`),
    "\\begin{tikzpicture}",
    ...groupOptions(figure),
    ...withLegend(plots, figure, stem),
    "\\end{groupplot}",
    "\\end{tikzpicture}\\par",
    `\\pgfplotslegendfromname{${stem}-legend}`,
    "",
  ].join("\n");
  return { code, data: new Map(figure.panels.map((panel, index) => [files[index], panelData(panel)])) };
}

function groupOptions({ columns, panels }: FigureSpec): string[] {
  const across = Math.max(1, Math.min(columns, panels.length));
  const size = `group size=${across} by ${Math.ceil(panels.length / across)}`;
  return [
    `\\begin{groupplot}[group style={${size}, horizontal sep=14mm, vertical sep=17mm},`,
    `  scale only axis, width=\\dimexpr(\\linewidth-5mm)/${across}-15mm\\relax, height=30mm,`,
    "  grid=major, grid style={black!12}, title style={font=\\footnotesize}, label style={font=\\scriptsize},",
    "  tick label style={font=\\scriptsize}, enlarge x limits=0.03, unbounded coords=discard, log origin=infty,",
    "  legend columns=3, legend cell align=left, legend style={font=\\scriptsize, draw=none, fill=none,",
    "  /tikz/every even column/.append style={column sep=8pt}}]",
  ];
}

/** The first panel declares the legend of all, under a name, as it stands below them. */
function withLegend(plots: readonly string[], figure: FigureSpec, stem: string): string[] {
  const names = colouredNames(figure);
  const entries = legendSeries(figure).flatMap((series) => [
    `\\addlegendimage{${lookOf(series, names).join(", ")}${isArea(series) ? ", area legend" : ""}}`,
    `\\addlegendentry{${escapeOutsideMath(series.label)}}`,
  ]);
  return plots.map((plot, index) =>
    index > 0 ? plot : [plot.replace("[", `[legend to name=${stem}-legend, `), ...entries].join("\n")
  );
}

function panelCode(panel: Panel, file: string, names: readonly string[]): string {
  const title = `title={${escapeOutsideMath(panel.title)}}`;
  const bars = panel.series.filter(({ style }) => style === "bars");
  const options = [
    title,
    ...axisOptions("x", panel.x),
    ...axisOptions("y", panel.y),
    ...(startsAtZero(panel, bars) ? ["ymin=0"] : []),
  ];
  return [
    `\\nextgroupplot[${options.join(", ")}]`,
    ...rangeCode(panel),
    ...panel.series.map((series) => {
      const look = [...lookOf(series, names), ...barOptions(series, panel, bars), "forget plot"].join(", ");
      const end = series.style === "band" ? " -- cycle" : "";
      return `\\addplot[${look}] table[x=x_${series.name}, y=y_${series.name}] {${file}}${end};`;
    }),
  ].join("\n");
}

/** Where the range says so, and where bars stand, whose lengths compare only from zero on. */
function startsAtZero(panel: Panel, bars: readonly Series[]): boolean {
  if (panel.y.scale !== "linear") return false;
  const arePositive = bars.flatMap((series) => drawablePoints(panel, series)).every(({ y }) => y >= 0);
  return panel.y.range?.[0] === 0 || (bars.length > 0 && arePositive);
}

/** Invisible points that make the axes show at least their range; a limit would cut off what lies beyond. */
function rangeCode(panel: Panel): string[] {
  const [first] = panel.series.flatMap((series) => drawablePoints(panel, series));
  if (first === undefined || !(panel.x.range || panel.y.range)) return [];
  const [left, right] = panel.x.range ?? [first.x, first.x];
  const [bottom, top] = panel.y.range ?? [first.y, first.y];
  return [`\\addplot[draw=none, forget plot] coordinates {(${left},${bottom}) (${right},${top})};`];
}

function axisOptions(name: "x" | "y", { label, unit, scale, categories }: Axis): string[] {
  const text = unit === "" ? label : `${label} (${unit})`;
  return [
    `${name}label={${escapeOutsideMath(text)}}`,
    ...(scale === "log" ? [`${name}mode=log`] : []),
    ...(categories ? categoryOptions(name, categories) : []),
  ];
}

function categoryOptions(name: "x" | "y", categories: readonly string[]): string[] {
  const labels = categories.map((category) =>
    `{${escapeOutsideMath(category).replace(/ (?=\S+$)/, "\\\\")}}`
  );
  return [
    `${name}tick={${categories.map((_, index) => index).join(",")}}`,
    `${name}ticklabels={${labels.join(",")}}`,
    `${name}ticklabel style={align=center}`,
    `${name}min=-0.5, ${name}max=${categories.length - 0.5}`,
  ];
}

function isArea({ style }: Series): boolean {
  return style === "bars" || style === "band";
}

function lookOf({ name, colourOf = name, style }: Series, names: readonly string[]): string[] {
  const index = names.indexOf(colourOf);
  const { dash, marker } = appearanceOf(index);
  const colour = `series${index}`;
  switch (style) {
    case "line":
      return [colour, "thick", "no markers", ...(dash === "" ? [] : [dashPattern(dash)])];
    case "bars":
      return [`draw=${colour}`, `fill=${colour}`, "fill opacity=0.5", "very thin"];
    case "band":
      return ["draw=none", `fill=${colour}`, "fill opacity=0.2"];
    case "whiskers":
      return [colour, "semithick", "no markers", "unbounded coords=jump"];
    default:
      return [
        colour,
        "only marks",
        `mark=${markOf(marker, style === "hollow")}`,
        "mark size=1.5pt",
        "mark options={thin, solid}",
      ];
  }
}

/** Dashes are given in pixels, of which a point has about 0.75. */
function dashPattern(dash: string): string {
  const lengths = dash.split(" ").map((length, index) =>
    `${index % 2 === 0 ? "on" : "off"} ${Number(length) * 0.75}pt`
  );
  return `dash pattern=${lengths.join(" ")}`;
}

function markOf(marker: Appearance["marker"], isHollow: boolean): string {
  const shape = marker === "circle" ? "o" : marker;
  return isHollow ? shape : shape === "o" ? "*" : `${shape}*`;
}

function barOptions(series: Series, panel: Panel, bars: readonly Series[]): string[] {
  if (series.style !== "bars") return [];
  const { width, shift } = barPlace(panel, bars, series);
  return ["ybar", `bar width=${numberText(width)}`, `bar shift=${numberText(shift)}`];
}

/** Widths and shifts in units of the axis. */
function barPlace(
  panel: Panel,
  bars: readonly Series[],
  series: Series,
): { readonly width: number; readonly shift: number } {
  const points = drawablePoints(panel, series);
  const step = panel.x.categories || points.length < 2 ? 0.8 : points[1].x - points[0].x;
  const width = step / bars.length;
  return { width, shift: (bars.indexOf(series) - (bars.length - 1) / 2) * width };
}

/** Two columns a series; a band is the outline of its area, whiskers are strokes with a gap after each. */
function panelData(panel: Panel): string {
  const outlines = panel.series.map((series) => ({ name: series.name, points: outlineOf(panel, series) }));
  const length = Math.max(0, ...outlines.map(({ points }) => points.length));
  const columns = outlines.flatMap(({ name }) => [dataColumn(`x_${name}`), dataColumn(`y_${name}`)]);
  const rows = Array.from(
    { length },
    (_, index): Row =>
      Object.fromEntries(outlines.flatMap(({ name, points }) => [
        [`x_${name}`, points[index]?.[0] ?? null],
        [`y_${name}`, points[index]?.[1] ?? null],
      ])),
  );
  return toPgfplots(columns, rows);
}

function outlineOf(panel: Panel, series: Series): (readonly [number, number])[] {
  if (series.style === "whiskers") return strokesOf(panel, series);
  const points = drawablePoints(panel, series);
  const upper = points.map(({ x, y }) => [x, y] as const);
  const lower = points.map(({ x, low }) => [x, low] as const);
  return series.style === "band" ? [...upper, ...lower.toReversed()] : upper;
}

/** On the bars of the series whose colour they share. */
function strokesOf(panel: Panel, whiskers: Series): (readonly [number, number])[] {
  const bars = panel.series.filter(({ style }) => style === "bars");
  const under = bars.find(({ name }) => name === whiskers.colourOf);
  const shift = under === undefined ? 0 : barPlace(panel, bars, under).shift;
  return drawablePoints(panel, whiskers).flatMap(({ x, y, low }) => [
    [x + shift, y] as const,
    [x + shift, low] as const,
    [NaN, NaN] as const,
  ]);
}

function dataColumn(name: string): Column {
  return { name, title: name, unit: "", digits: 0, tolerance: { absolute: 0, relative: 0 } };
}
