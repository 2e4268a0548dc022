import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { appearanceOf } from "../../src/render/appearance.ts";
import { toSvg } from "../../src/render/svg.ts";
import { figureOf, sampleFigure } from "./figures.ts";

function attributes(svg: string, element: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(`<${element}\\b[^>]* ${name}="([^"]+)"`, "g"))].map(([, value]) =>
    Number(value)
  );
}

/** Open elements have to close in order; attributes and text must be escaped. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*)(\/?)>/g,
    (_, close, name, _attributes, empty) => {
      if (close) assertEquals(open.pop(), name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assertEquals(/[<>]|&(?![a-z]+;)/.test(rest), false, rest);
}

Deno.test("the same figure is the same text: well-formed, without scripts, without anything from elsewhere", () => {
  const svg = toSvg(sampleFigure);
  assertEquals(toSvg(sampleFigure), svg);
  assertWellFormed(svg);
  assertEquals(/<script|href|url\(|@import|NaN|Infinity|undefined/.test(svg), false);
});

Deno.test("a reader who cannot see it hears title and description", () => {
  const svg = toSvg(sampleFigure);
  assert(svg.includes('role="img" aria-labelledby="a-b-title a-b-description"'));
  assert(svg.includes('<title id="a-b-title">A &amp; B</title>'));
  assert(svg.includes('<desc id="a-b-description">Two panels, made up.</desc>'));
});

Deno.test("points stand where a straight edge along the axes puts them", () => {
  const svg = toSvg(figureOf([{ name: "a", label: "", style: "points", x: [0, 5, 10], y: [-1, 0, 1] }]));
  const [left, middle, right] = attributes(svg, "circle", "cx");
  const [low, centre, high] = attributes(svg, "circle", "cy");
  assertAlmostEquals(middle, (left + right) / 2, 0.02);
  assertAlmostEquals(centre, (low + high) / 2, 0.02);
  assert(left < right && low > high);
});

Deno.test("on a logarithmic axis equal factors are equal distances, and zero is left out", () => {
  const axes = { y: { label: "", unit: "", scale: "log" } } as const;
  const svg = toSvg(
    figureOf([{ name: "a", label: "", style: "points", x: [0, 1, 2, 3], y: [0, 1, 10, 100] }], axes),
  );
  const [one, ten, hundred] = attributes(svg, "circle", "cy");
  assertAlmostEquals(one - ten, ten - hundred, 0.02);
  assertEquals(attributes(svg, "circle", "cy").length, 3);
});

Deno.test("bars stand side by side on zero, upwards and downwards", () => {
  const bars = { name: "a", label: "A", style: "bars" } as const;
  const axes = { x: { label: "", unit: "", scale: "linear", categories: ["u", "v"] } } as const;
  const svg = toSvg(figureOf([
    { ...bars, x: [0, 1], y: [2, 4] },
    { ...bars, name: "b", x: [0, 1], y: [-2, 4] },
  ], axes));
  const [, ...x] = attributes(svg, "rect", "x");
  const [, ...y] = attributes(svg, "rect", "y");
  const [, ...width] = attributes(svg, "rect", "width");
  const [, ...height] = attributes(svg, "rect", "height");
  assertAlmostEquals(x[0] + width[0], x[2], 0.02);
  assertAlmostEquals(y[0] + height[0], y[2], 0.02);
  assertAlmostEquals(height[1], 2 * height[0], 0.03);
  assertAlmostEquals(y[1] + height[1], y[2], 0.03);
});

Deno.test("the legend names each series once, and bands not at all", () => {
  const svg = toSvg(sampleFigure);
  for (const label of ["A &amp; co.", "B", "C", "P", "Q"]) {
    assertEquals(svg.split(`>${label}</text>`).length, 2, label);
  }
});

Deno.test("published points are hollow and share the colour of what they are compared with", () => {
  const svg = toSvg(sampleFigure);
  const { colour } = appearanceOf(0);
  assert(svg.includes(`fill="none"`));
  assert(new RegExp(`<circle[^>]* stroke="${colour}"`).test(svg));
  assertEquals(new RegExp(`<circle[^>]* fill="${colour}"`).test(svg), false);
});

Deno.test("every colour stands out from white and from black; 42 series differ without help of colour or with it", () => {
  const looks = Array.from({ length: 42 }, (_, index) => appearanceOf(index));
  assertEquals(new Set(looks.map(({ colour, dash }) => colour + dash)).size, 42);
  for (const { colour } of looks.slice(0, 7)) {
    const light = luminance(colour);
    assert(1.05 / (light + 0.05) >= 3, `${colour} on white`);
    assert((light + 0.05) / (luminance("#0d1117") + 0.05) >= 3, `${colour} on black`);
  }
});

Deno.test("a series with more ordinates than abscissas, or a band with one curve, is refused", () => {
  const series = { name: "a", label: "", style: "line", x: [0], y: [1, 2] } as const;
  assertThrows(() => toSvg(figureOf([series])), TypeError, "one ordinate an abscissa");
  assertThrows(() => toSvg(figureOf([{ ...series, style: "band", y: [1] }])), TypeError, "series a");
});

Deno.test("a figure without points, and one with a single value, are drawn too", () => {
  for (const y of [[], [3]]) {
    assertWellFormed(toSvg(figureOf([{ name: "a", label: "", style: "line", x: y.map(() => 1), y }])));
  }
});

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const share = parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const barsAndWhiskers = figureOf([
  { name: "p", label: "P", style: "bars", x: [0, 1], y: [2, 3] },
  { name: "q", label: "Q", style: "bars", x: [0, 1], y: [4, 5] },
  { name: "q_w", label: "", style: "whiskers", colourOf: "q", x: [0, 1], y: [6, 5], low: [3, 5] },
], { x: { label: "", unit: "", scale: "linear", categories: ["a", "b"] } });

Deno.test("whiskers stand in the middle of the bars whose colour they share, over their range", () => {
  const svg = toSvg(barsAndWhiskers);
  assertWellFormed(svg);
  const bars = [...svg.matchAll(/<rect x="([^"]+)" y="([^"]+)" width="([^"]+)"[^>]*fill-opacity="0.5"/g)]
    .map(([, x, y, width]) => ({ top: Number(y), middle: Number(x) + Number(width) / 2 }));
  const [whisker] = [...svg.matchAll(/d="M([\d.]+) ([\d.]+)L[\d.]+ ([\d.]+)M/g)].map((match) =>
    match.slice(1).map(Number)
  );
  const [, , q] = bars;
  const [x, top, bottom] = whisker;
  assertAlmostEquals(x, q.middle, 0.02);
  // The bar ends at 4, the whisker reaches from 3 to 6.
  assertAlmostEquals(bottom - q.top, (q.top - top) / 2, 0.03);
});
