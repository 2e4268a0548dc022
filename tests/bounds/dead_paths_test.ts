import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { dropDeadPaths, livingPart, wholeNetwork } from "../../src/bounds/dead_paths.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

function nonzeroCount({ data }: Matrix): number {
  return Array.from(data).filter((weight) => weight !== 0).length;
}

function output(layers: readonly Matrix[], input: Float64Array): Float64Array {
  return layers.reduce((values, { rows, columns, data }, index) => {
    const sums = new Float64Array(rows);
    data.forEach((weight, place) => sums[Math.floor(place / columns)] += weight * values[place % columns]);
    return index === layers.length - 1 ? sums : sums.map((sum) => Math.max(0, sum));
  }, input);
}

Deno.test("drops chains of units that lead nowhere or come from nowhere", () => {
  const layers = [
    matrix(2, 1, Float64Array.of(1, 1)),
    matrix(2, 2, Float64Array.of(1, 0, 0, 1)),
    matrix(1, 2, Float64Array.of(1, 0)),
  ];
  const live = dropDeadPaths(layers);
  assertEquals(live.map(({ data }) => [...data]), [[1, 0], [1, 0, 0, 0], [1, 0]]);
  assertEquals([...layers[0].data], [1, 1]);
});

const sparseWidths = [12, 15, 15, 6];

function sparseLayers(seed: number): Matrix[] {
  const stream = new RandomStream(seed, "sparse");
  return sparseWidths.slice(1).map((rows, index) => {
    const sparse = () => stream.uniform() < 0.9 ? 0 : stream.normal();
    return matrix(
      rows,
      sparseWidths[index],
      Float64Array.from({ length: rows * sparseWidths[index] }, sparse),
    );
  });
}

Deno.test("computes the same function with fewer weights", () => {
  const stream = new RandomStream(14, "inputs");
  const layers = sparseLayers(14);
  const live = dropDeadPaths(layers);
  assert(
    live.reduce((sum, layer) => sum + nonzeroCount(layer), 0) <
      layers.reduce((sum, layer) => sum + nonzeroCount(layer), 0),
  );
  for (let draw = 0; draw < 10; draw++) {
    const input = Float64Array.from({ length: 12 }, () => stream.normal());
    const expected = output(layers, input);
    output(live, input).forEach((value, index) => assertAlmostEquals(value, expected[index], 1e-14));
  }
  assertEquals(dropDeadPaths(live), live);
});

Deno.test("leaves a single layer as it is and refuses layers that do not fit", () => {
  const layer = matrix(2, 2, Float64Array.of(0, 1, 0, 0));
  assertEquals(dropDeadPaths([layer]), [layer]);
  assertThrows(() => dropDeadPaths([layer, matrix(1, 3)]), TypeError, "it has 3 inputs");
  assertThrows(() => dropDeadPaths([]), RangeError, "list of layers must not be empty");
});

Deno.test("the living part has a weight in or out of each unit, computes the same, and gives the whole back", () => {
  const stream = new RandomStream(15, "inputs");
  for (const seed of [1, 2, 3]) {
    const layers = sparseLayers(seed);
    const part = livingPart(layers);
    assertEquals(wholeNetwork(part, sparseWidths), layers);
    const unitCount = part.units.reduce((sum, { length }) => sum + length, 0);
    assert(unitCount < 12 + 15 + 15 + 6 && part.units[3].length === 6);
    const input = Float64Array.from({ length: 12 }, () => stream.normal());
    const expected = output(layers, input);
    output(part.layers, Float64Array.from(part.units[0], (unit) => input[unit])).forEach((value, index) =>
      assertAlmostEquals(value, expected[index], 1e-14)
    );
    for (const [boundary, units] of part.units.slice(0, -1).entries()) {
      units.forEach((_, unit) => assert(hasWeight(part.layers, boundary, unit)));
    }
  }
  assertThrows(() => livingPart([]), RangeError, "list of layers must not be empty");
});

function hasWeight(layers: readonly Matrix[], boundary: number, unit: number): boolean {
  const outgoing = layers[boundary];
  const isOut = outgoing.data.some((weight, place) => weight !== 0 && place % outgoing.columns === unit);
  if (isOut || boundary === 0) return isOut;
  const { columns, data } = layers[boundary - 1];
  return data.some((weight, place) => weight !== 0 && Math.floor(place / columns) === unit);
}
