import type { FigureSpec, Panel, Series } from "../../src/render/figure.ts";

const d = { label: "parameter $d$", unit: "", scale: "linear" } as const;

/** A line, a band, hollow markers and points on a logarithmic axis, and two groups of bars by name. */
export const sampleFigure: FigureSpec = {
  title: "A & B",
  description: "Two panels, made up.",
  columns: 2,
  panels: [
    {
      title: "$\\|\\Delta\\|$ < 1",
      x: d,
      y: { label: "change", unit: "logits", scale: "log" },
      series: [
        {
          name: "a_band",
          label: "",
          style: "band",
          colourOf: "a",
          x: [0, 1, 2],
          y: [0, 3, 30],
          low: [0, 1, 10],
        },
        { name: "a", label: "A & co.", style: "line", x: [0, 1, 2], y: [0, 2, 20] },
        { name: "b", label: "B", style: "hollow", colourOf: "a", x: [1, 2], y: [5, null] },
        { name: "c", label: "C", style: "points", x: [1, 2], y: [Infinity, 7] },
      ],
    },
    {
      title: "bars",
      x: { label: "method", unit: "", scale: "linear", categories: ["ours", "theirs"] },
      y: { label: "bound", unit: "ln", scale: "linear", range: [0, 1] },
      series: [
        { name: "p", label: "P", style: "bars", x: [0, 1], y: [1, 2] },
        { name: "q", label: "Q", style: "bars", x: [0, 1], y: [3, -4] },
      ],
    },
  ],
};

/** A figure of one panel with these series on linear axes. */
export function figureOf(series: readonly Series[], axes: Partial<Pick<Panel, "x" | "y">> = {}): FigureSpec {
  const panel = { title: "", x: d, y: { label: "y", unit: "", scale: "linear" }, ...axes, series } as const;
  return { title: "F", description: "", columns: 1, panels: [panel] };
}
