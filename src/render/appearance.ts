/**
 * What tells the series of a figure apart: colour, dash and marker, the same in every format.
 *
 * @module
 */

/** What tells a series apart. */
export interface Appearance {
  /** A colour with a contrast of at least 3 against white and against #0d1117. */
  readonly colour: string;
  /** Lengths of dashes and gaps; empty for a solid line. */
  readonly dash: string;
  /** The shape of its markers. */
  readonly marker: "circle" | "square" | "triangle" | "diamond";
}

const colours = ["#2f7fd1", "#d1570a", "#17915a", "#9a5fc4", "#cf4a76", "#4a8b95", "#a37a12"];
// Fewer dashes than colours, with no common divisor, so that 42 series differ.
const dashes = ["", "7 3", "2 2.5", "9 3 2 3", "12 3", "4 2"];
const markers = ["circle", "square", "triangle", "diamond"] as const;

/**
 * The appearance of the series at a place of `colouredNames`.
 *
 * @example
 * ```ts
 * import { assertNotEquals } from "@std/assert";
 * assertNotEquals(appearanceOf(0), appearanceOf(1));
 * ```
 */
export function appearanceOf(index: number): Appearance {
  return {
    colour: colours[index % colours.length],
    dash: dashes[index % dashes.length],
    marker: markers[index % markers.length],
  };
}
