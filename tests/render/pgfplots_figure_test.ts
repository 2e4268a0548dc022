import { assert, assertEquals, assertThrows } from "@std/assert";
import { toPgfplotsFigure } from "../../src/render/pgfplots_figure.ts";
import { figureOf, sampleFigure } from "./figures.ts";

const names = { stem: "figure9", folder: "data" };

Deno.test("each panel has a data file with two columns a series, a band as the outline of its area", () => {
  const { data } = toPgfplotsFigure(sampleFigure, names);
  assertEquals([...data.keys()], ["figure9-1.dat", "figure9-2.dat"]);
  assertEquals(data.get("figure9-1.dat")!.split("\n").map((line) => line.trim().split(/\s+/)), [
    ["x_a_band", "y_a_band", "x_a", "y_a", "x_b", "y_b", "x_c", "y_c"],
    ["1", "3", "1", "2", "1", "5", "2", "7"],
    ["2", "30", "2", "20", "nan", "nan", "nan", "nan"],
    ["2", "10", "nan", "nan", "nan", "nan", "nan", "nan"],
    ["1", "1", "nan", "nan", "nan", "nan", "nan", "nan"],
    [""],
  ]);
});

Deno.test("the code reads these files, once a series, and closes a band", () => {
  const { code } = toPgfplotsFigure(sampleFigure, names);
  const plots = [...code.matchAll(/table\[x=(\w+), y=(\w+)\] \{([^}]+)\}( -- cycle)?;/g)];
  assertEquals(plots.map(([, x, y, file, close]) => [x, y, file, close !== undefined]), [
    ["x_a_band", "y_a_band", "data/figure9-1.dat", true],
    ["x_a", "y_a", "data/figure9-1.dat", false],
    ["x_b", "y_b", "data/figure9-1.dat", false],
    ["x_c", "y_c", "data/figure9-1.dat", false],
    ["x_p", "y_p", "data/figure9-2.dat", false],
    ["x_q", "y_q", "data/figure9-2.dat", false],
  ]);
  assertEquals(code.split("\\begin{").length, code.split("\\end{").length);
  assert(code.includes("title={$\\|\\Delta\\|$ < 1}") && code.includes("ymode=log"));
  assert(code.includes("xtick={0,1}, xticklabels={{ours},{theirs}}"));
});

Deno.test("the legend of all panels is declared by the first, and every colour that is used is defined", () => {
  const { code } = toPgfplotsFigure(sampleFigure, names);
  assertEquals([...code.matchAll(/\\addlegendentry\{([^}]*)\}/g)].map(([, label]) => label), [
    "A \\& co.",
    "B",
    "C",
    "P",
    "Q",
  ]);
  assert(code.includes("\\nextgroupplot[legend to name=figure9-legend,"));
  assert(code.trimEnd().endsWith("\\pgfplotslegendfromname{figure9-legend}"));
  const used = new Set([...code.matchAll(/\bseries\d+\b/g)].map(([name]) => name));
  for (const name of used) assert(code.includes(`\\definecolor{${name}}{HTML}`), name);
});

Deno.test("bars that share categories stand side by side", () => {
  const { code } = toPgfplotsFigure(sampleFigure, names);
  assertEquals([...code.matchAll(/bar width=([\d.]+), bar shift=(-?[\d.]+)/g)].map(([, ...sizes]) => sizes), [
    ["0.4", "-0.2"],
    ["0.4", "0.2"],
  ]);
});

Deno.test("an axis starts at zero where bars stand on it, unless one hangs below or the axis is logarithmic", () => {
  const startsAtZero = (y: readonly number[], scale: "linear" | "log" = "linear"): boolean => {
    const axes = { y: { label: "", unit: "", scale } };
    const figure = figureOf([{ name: "p", label: "P", style: "bars", x: [0, 1], y }], axes);
    return toPgfplotsFigure(figure, names).code.includes("ymin=0");
  };
  assertEquals([startsAtZero([2, 3]), startsAtZero([2, -1]), startsAtZero([2, 3], "log")], [
    true,
    false,
    false,
  ]);
});

Deno.test("a series whose name pgfplots would split is refused", () => {
  const figure = figureOf([{ name: "a b", label: "", style: "line", x: [0], y: [1] }]);
  assertThrows(() => toPgfplotsFigure(figure, names), RangeError, 'current value is "x_a b"');
});

Deno.test("whiskers are strokes with gaps, shifted onto the bars whose colour they share", () => {
  const figure = figureOf([
    { name: "p", label: "P", style: "bars", x: [0, 1], y: [2, 3] },
    { name: "q", label: "Q", style: "bars", x: [0, 1], y: [4, 5] },
    { name: "w", label: "", style: "whiskers", colourOf: "q", x: [0, 1], y: [6, 5], low: [3, 5] },
  ], { x: { label: "", unit: "", scale: "linear", categories: ["a", "b"] } });
  const { code, data } = toPgfplotsFigure(figure, names);
  const rows = data.get("figure9-1.dat")!.trim().split("\n").map((line) =>
    line.trim().split(/\s+/).slice(-2)
  );
  assertEquals(rows.slice(0, 4), [["x_w", "y_w"], ["0.2", "6"], ["0.2", "3"], ["nan", "nan"]]);
  assert(/no markers, unbounded coords=jump, forget plot\] table\[x=x_w, y=y_w\]/.test(code));
});
