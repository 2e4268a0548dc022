/**
 * Figures as SVG: one self-contained element without scripts, the same text for the same figure.
 *
 * Text and axes take the colour of the text around (`currentColor`); the colours of the series stand out from white and
 * from black alike, and series differ by dash and marker too.
 *
 * @module
 */
import { appearanceOf } from "./appearance.ts";
import { colouredNames, type FigureSpec, legendSeries, type Series } from "./figure.ts";
import { escapeXml, plainMath, svgMath } from "./math_text.ts";
import { drawPanel } from "./svg_panel.ts";
import { type Box, legendMark, svgText } from "./svg_shapes.ts";

/** How large a figure is, in CSS pixels. */
export interface SvgSize {
  /** Its width. Default 720. */
  readonly width?: number;
  /** The height of each panel, axes and title included. Default 250. */
  readonly panelHeight?: number;
}

const legendRow = 18;

/**
 * A figure as an `svg` element.
 *
 * @throws {TypeError} If a series has not one ordinate an abscissa.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const axis = { label: "$d$", unit: "", scale: "linear" } as const;
 * const series = { name: "a", label: "A", style: "line", x: [0, 1], y: [2, 3] } as const;
 * const panels = [{ title: "P", x: axis, y: axis, series: [series] }];
 * const svg = toSvg({ title: "F", description: "Two points.", columns: 1, panels });
 * assertStringIncludes(svg, "<desc id=\"f-description\">Two points.</desc>");
 * ```
 */
export function toSvg(figure: FigureSpec, size: SvgSize = {}): string {
  const { width = 720, panelHeight = 250 } = size;
  const columns = Math.max(1, Math.min(figure.columns, figure.panels.length));
  const panelWidth = width / columns;
  const names = colouredNames(figure);
  const id = slug(figure.title);
  const panels = figure.panels.map((panel, index) =>
    drawPanel(panel, {
      box: boxOf(index, columns, panelWidth, panelHeight),
      appearance: (series) => appearanceOf(names.indexOf(series.colourOf ?? series.name)),
    })
  );
  const top = Math.ceil(figure.panels.length / columns) * panelHeight + 4;
  const legend = legendLines(figure, width);
  const height = top + legend.length * legendRow + 6;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-description" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="11" fill="none">`,
    `<title id="${id}-title">${escapeXml(plainMath(figure.title))}</title>`,
    `<desc id="${id}-description">${escapeXml(plainMath(figure.description))}</desc>`,
    // Only a file of its own needs a background; within a page the page has one.
    "<style>svg:root{color:#1f2328;background:#fff}@media(prefers-color-scheme:dark){svg:root{color:#e6edf3;background:#0d1117}}</style>",
    ...panels,
    ...legend.flatMap((line, row) => drawLegendLine(line, names, top + (row + 0.5) * legendRow)),
    "</svg>",
    "",
  ].join("\n");
}

function boxOf(index: number, columns: number, width: number, height: number): Box {
  return { x: (index % columns) * width, y: Math.floor(index / columns) * height, width, height };
}

interface LegendItem {
  readonly series: Series;
  readonly left: number;
}

/** The legend, broken into lines that fit. The width of a text is estimated from its length. */
function legendLines(figure: FigureSpec, width: number): LegendItem[][] {
  const lines: LegendItem[][] = [];
  let left = Infinity;
  for (const series of legendSeries(figure)) {
    const needed = 52 + 6.2 * plainMath(series.label).length;
    if (left + needed > width) {
      lines.push([]);
      left = 12;
    }
    lines[lines.length - 1].push({ series, left });
    left += needed;
  }
  return lines;
}

function drawLegendLine(line: readonly LegendItem[], names: readonly string[], y: number): string[] {
  return line.flatMap(({ series, left }) => [
    legendMark(series, appearanceOf(names.indexOf(series.colourOf ?? series.name)), left, y),
    svgText(svgMath(series.label), { x: left + 32, y: y + 4 }),
  ]);
}

function slug(title: string): string {
  return plainMath(title).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
