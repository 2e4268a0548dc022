/**
 * One panel of a figure in SVG: axes, ticks, series.
 *
 * @module
 */
import type { Appearance } from "./appearance.ts";
import { type Axis, drawablePoints, type Panel, type Point, type Series } from "./figure.ts";
import { svgMath } from "./math_text.ts";
import { type Box, place, svgBand, svgBar, svgLine, svgMarker, svgText, svgWhisker } from "./svg_shapes.ts";
import { linearTicks, logarithmicTicks, tickLabel } from "./ticks.ts";

/** Where a panel is drawn, and how its series look. */
export interface PanelFrame {
  /** The panel with its axes and title. */
  readonly box: Box;
  /** What tells a series apart. */
  readonly appearance: (series: Series) => Appearance;
}

/** An axis that knows its numbers and its pixels. */
interface ScaledAxis {
  readonly axis: Axis;
  readonly low: number;
  readonly high: number;
  readonly toPixels: (value: number) => number;
}

interface Plot {
  readonly area: Box;
  readonly x: ScaledAxis;
  readonly y: ScaledAxis;
}

const margins = { left: 58, right: 14, top: 28, bottom: 42 };

/** Draws a panel. */
export function drawPanel(panel: Panel, { box, appearance }: PanelFrame): string {
  const area = plotArea(box);
  const points = new Map(panel.series.map((series) => [series, drawablePoints(panel, series)]));
  const plot = plotOf(panel, area, points);
  const bars = panel.series.filter(({ style }) => style === "bars");
  const shapes = panel.series.map((series) =>
    drawSeries(series, points.get(series)!, plot, appearance(series), bars)
  );
  return [
    "<g>",
    svgText(svgMath(panel.title), { x: area.x, y: area.y - 9, isBold: true }),
    ...horizontalAxis(plot),
    ...verticalAxis(plot),
    `<rect ${sides(area)} stroke="currentColor" stroke-opacity="0.55"/>`,
    ...shapes,
    "</g>",
  ].join("\n");
}

function plotArea({ x, y, width, height }: Box): Box {
  return {
    x: x + margins.left,
    y: y + margins.top,
    width: width - margins.left - margins.right,
    height: height - margins.top - margins.bottom,
  };
}

function plotOf(panel: Panel, area: Box, points: ReadonlyMap<Series, readonly Point[]>): Plot {
  const all = [...points.values()].flat();
  const barWidth = smallestStep(panel, points);
  const startsAtZero = barWidth > 0 && panel.y.scale === "linear";
  const x = interval(panel.x, all.flatMap((point) => [point.x - barWidth / 2, point.x + barWidth / 2]));
  const y = interval(panel.y, [
    ...all.flatMap((point) => [point.y, point.low]),
    ...(startsAtZero ? [0] : []),
  ]);
  return {
    area,
    x: scaled(panel.x, x, area.x, area.x + area.width),
    y: scaled(panel.y, withHeadroom(panel.y, y), area.y + area.height, area.y),
  };
}

/** The distance of neighbouring bars, 0 where there are none. */
function smallestStep({ x, series }: Panel, points: ReadonlyMap<Series, readonly Point[]>): number {
  const bars = series.filter(({ style }) => style === "bars");
  if (bars.length === 0) return 0;
  const places = [...new Set(bars.flatMap((bar) => points.get(bar)!.map((point) => point.x)))].sort((a, b) =>
    a - b
  );
  const steps = places.slice(1).map((value, index) => value - places[index]);
  return x.categories || steps.length === 0 ? 1 : Math.min(...steps);
}

function interval({ range, categories }: Axis, values: readonly number[]): [number, number] {
  if (categories) return [-0.5, categories.length - 0.5];
  const all = [...values, ...(range ?? [])];
  if (all.length === 0) return [1, 10];
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low < high) return [low, high];
  return low > 0 ? [low / 2, low * 2] : [low - 1, low + 1];
}

/** Room between the outermost points and the frame; none below zero, where a linear axis starts. */
function withHeadroom({ scale }: Axis, [low, high]: readonly [number, number]): [number, number] {
  if (scale === "log") return [low / (high / low) ** 0.05, high * (high / low) ** 0.05];
  const room = (high - low) * 0.05;
  return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room];
}

function scaled(axis: Axis, [low, high]: readonly [number, number], from: number, to: number): ScaledAxis {
  const linear = axis.scale === "linear" ? (value: number): number => value : Math.log;
  const share = (value: number): number => (linear(value) - linear(low)) / (linear(high) - linear(low));
  return { axis, low, high, toPixels: (value) => from + share(value) * (to - from) };
}

function ticksOf({ axis, low, high }: ScaledAxis, pixels: number, pixelsPerTick: number): [number, string][] {
  if (axis.categories) return axis.categories.map((name, index) => [index, name]);
  const count = Math.max(2, Math.floor(pixels / pixelsPerTick));
  const values = axis.scale === "log" ? logarithmicTicks(low, high, count) : linearTicks(low, high, count);
  return values.map((value) => [value, tickLabel(value)]);
}

function horizontalAxis({ area, x }: Plot): string[] {
  const bottom = area.y + area.height;
  const middle = area.x + area.width / 2;
  return [
    ...ticksOf(x, area.width, 52).flatMap(([value, label], index) => {
      const at = x.toPixels(value);
      // Names are longer than numbers: every other one stands a line lower.
      const line = x.axis.categories ? index % 2 : 0;
      return [
        gridLine(at, area.y, at, bottom),
        svgText(svgMath(label), { x: at, y: bottom + 14 + 13 * line, anchor: "middle" }),
      ];
    }),
    svgText(svgMath(withUnit(x.axis)), { x: middle, y: bottom + 31, anchor: "middle" }),
  ];
}

function verticalAxis({ area, y }: Plot): string[] {
  const right = area.x + area.width;
  const middle = area.y + area.height / 2;
  return [
    ...ticksOf(y, area.height, 32).flatMap(([value, label]) => {
      const at = y.toPixels(value);
      return [
        gridLine(area.x, at, right, at),
        svgText(svgMath(label), { x: area.x - 6, y: at + 4, anchor: "end" }),
      ];
    }),
    svgText(svgMath(withUnit(y.axis)), { x: area.x - 44, y: middle, anchor: "middle", isUpright: true }),
  ];
}

function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  const ends = `x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}"`;
  return `<line ${ends} stroke="currentColor" stroke-opacity="0.14"/>`;
}

function withUnit({ label, unit }: Axis): string {
  return unit === "" ? label : `${label} (${unit})`;
}

function drawSeries(
  series: Series,
  points: readonly Point[],
  plot: Plot,
  appearance: Appearance,
  bars: readonly Series[],
): string {
  const pixels = points.map(({ x, y }) => [plot.x.toPixels(x), plot.y.toPixels(y)] as const);
  switch (series.style) {
    case "line":
      return svgLine(pixels, appearance);
    case "band": {
      const lower = points.map(({ x, low }) => [plot.x.toPixels(x), plot.y.toPixels(low)] as const);
      return svgBand(pixels, lower, appearance);
    }
    case "bars":
      return drawBars(pixels, plot, appearance, { place: bars.indexOf(series), count: bars.length });
    case "whiskers": {
      const barPlace = bars.findIndex(({ name }) => name === series.colourOf);
      return drawWhiskers(points, plot, appearance, { place: barPlace, count: bars.length });
    }
    default:
      return pixels.map((point) => svgMarker(point, appearance, series.style === "hollow")).join("\n");
  }
}

/** Which of the bars that stand side by side a series has. */
interface BarGroup {
  readonly place: number;
  readonly count: number;
}

function drawBars(
  pixels: readonly (readonly [number, number])[],
  { area, x, y }: Plot,
  appearance: Appearance,
  group: BarGroup,
): string {
  const width = barWidth(pixels.map(([centre]) => centre), x, group);
  const bottom = y.axis.scale === "linear" ? y.toPixels(Math.max(0, y.low)) : area.y + area.height;
  return pixels.map(([centre, top]) => {
    const left = centre + (group.place - group.count / 2) * width;
    return svgBar({ x: left, y: Math.min(top, bottom), width, height: Math.abs(bottom - top) }, appearance);
  }).join("\n");
}

function drawWhiskers(
  points: readonly Point[],
  { x, y }: Plot,
  { colour }: Appearance,
  group: BarGroup,
): string {
  const centres = points.map((point) => x.toPixels(point.x));
  const shift = (group.place + 0.5 - group.count / 2) * barWidth(centres, x, group);
  return points.map((point, index) =>
    svgWhisker(centres[index] + shift, [y.toPixels(point.y), y.toPixels(point.low)], colour)
  ).join("\n");
}

/** Bars fill their step where the axis has numbers, and leave a gap between categories. */
function barWidth(centres: readonly number[], { axis, toPixels }: ScaledAxis, { count }: BarGroup): number {
  if (axis.categories) return (toPixels(1) - toPixels(0)) * 0.8 / count;
  return centres.length > 1 ? Math.abs(centres[1] - centres[0]) / count : 20 / count;
}

function sides({ x, y, width, height }: Box): string {
  return `x="${place(x)}" y="${place(y)}" width="${place(width)}" height="${place(height)}"`;
}
