/**
 * The shapes that a figure in SVG is made of.
 *
 * @module
 */
import type { Appearance } from "./appearance.ts";
import type { Series } from "./figure.ts";

/** A rectangle, in CSS pixels. */
export interface Box {
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** From left to right. */
  readonly width: number;
  /** From top to bottom. */
  readonly height: number;
}

/**
 * A length in pixels with at most two digits behind the point: finer than any screen, and short.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(place(1 / 3), "0.33");
 * ```
 */
export function place(length: number): string {
  return String(Number(length.toFixed(2)));
}

/** Options of {@linkcode svgText}. */
export interface TextPlace {
  /** Where it is anchored. */
  readonly x: number;
  /** Its base line. */
  readonly y: number;
  /** Which of its ends is at `x`. Default `start`. */
  readonly anchor?: "start" | "middle" | "end";
  /** Whether it runs upwards. */
  readonly isUpright?: boolean;
  /** Whether it is set in bold. */
  readonly isBold?: boolean;
}

/** A text element. `content` is markup: escape it. */
export function svgText(content: string, { x, y, anchor = "start", isUpright, isBold }: TextPlace): string {
  const turn = isUpright ? ` transform="rotate(-90 ${place(x)} ${place(y)})"` : "";
  const weight = isBold ? ' font-weight="600"' : "";
  const side = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${place(x)}" y="${place(y)}"${side}${turn}${weight} fill="currentColor">${content}</text>`;
}

/** A line through points in pixels. */
export function svgLine(
  points: readonly (readonly [number, number])[],
  { colour, dash }: Appearance,
): string {
  const pattern = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="${
    pathOf(points)
  }" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"${pattern}/>`;
}

/** A filled area between two curves. */
export function svgBand(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
  { colour }: Appearance,
): string {
  const outline = pathOf([...upper, ...lower.toReversed()]);
  return `<path d="${outline}Z" fill="${colour}" fill-opacity="0.2"/>`;
}

/** A bar. */
export function svgBar({ x, y, width, height }: Box, { colour }: Appearance): string {
  const sides = `x="${place(x)}" y="${place(y)}" width="${place(width)}" height="${place(height)}"`;
  return `<rect ${sides} fill="${colour}" fill-opacity="0.5" stroke="${colour}" stroke-width="0.6"/>`;
}

/** A vertical stroke from one place to another, with a short one across each end. */
export function svgWhisker(x: number, [top, bottom]: readonly [number, number], colour: string): string {
  const across = [top, bottom].map((y) => `M${place(x - 2.5)} ${place(y)}L${place(x + 2.5)} ${place(y)}`);
  return `<path d="M${place(x)} ${place(top)}L${place(x)} ${place(bottom)}${
    across.join("")
  }" stroke="${colour}" stroke-width="1.2"/>`;
}

/** A marker, filled or hollow. */
export function svgMarker(
  [x, y]: readonly [number, number],
  { colour, marker }: Appearance,
  isHollow: boolean,
): string {
  const paint = isHollow ? `stroke="${colour}" stroke-width="1.2"` : `fill="${colour}"`;
  if (marker === "circle") return `<circle cx="${place(x)}" cy="${place(y)}" r="2.8" ${paint}/>`;
  return `<path d="${pathOf(outlines[marker].map(([dx, dy]) => [x + dx, y + dy] as const))}Z" ${paint}/>`;
}

/** What stands before a series' name in the legend, 26 pixels wide. */
export function legendMark(series: Series, appearance: Appearance, x: number, y: number): string {
  switch (series.style) {
    case "bars":
    case "band":
      return svgBar({ x: x + 2, y: y - 5, width: 22, height: 10 }, appearance);
    case "line":
      return svgLine([[x, y], [x + 26, y]], appearance);
    default:
      return svgMarker([x + 13, y], appearance, series.style === "hollow");
  }
}

const outlines: Readonly<
  Record<Exclude<Appearance["marker"], "circle">, readonly (readonly [number, number])[]>
> = {
  square: [[-2.5, -2.5], [2.5, -2.5], [2.5, 2.5], [-2.5, 2.5]],
  triangle: [[0, -3.4], [3.1, 2.2], [-3.1, 2.2]],
  diamond: [[0, -3.6], [3.2, 0], [0, 3.6], [-3.2, 0]],
};

function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${place(x)} ${place(y)}`).join("");
}
