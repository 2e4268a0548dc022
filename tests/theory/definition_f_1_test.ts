import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  columnEnsemble,
  equalColumnsProbability,
  expectedEmptyColumns,
  rowEnsemble,
} from "../../src/theory/definition_f_1.ts";
import { sketchDegree, sketchSize } from "../../src/theory/theorem_5_1.ts";

function columnSums({ rows, columns, data }: Matrix): number[] {
  return Array.from({ length: columns }, (_, column) => {
    return Array.from({ length: rows }, (_, row) => data[row * columns + column]).reduce(
      (sum, one) => sum + one,
      0,
    );
  });
}

function rowSums({ rows, columns, data }: Matrix): number[] {
  return Array.from({ length: rows }, (_, row) => {
    return [...data.subarray(row * columns, (row + 1) * columns)].reduce((sum, one) => sum + one);
  });
}

const ensemble = { sketchSize: 6, size: 10, degree: 4 };

Deno.test("the printed ensemble has delta ones in each row, the corrected one in each column", () => {
  const stream = new RandomStream(0, "definition F.1 test");
  for (let draw = 0; draw < 50; draw++) {
    assertEquals(rowSums(rowEnsemble(ensemble, stream)), new Array(6).fill(4));
    assertEquals(columnSums(columnEnsemble(ensemble, stream)), new Array(10).fill(4));
  }
});

for (
  const [name, draw, probability] of [["row", rowEnsemble, 4 / 10], [
    "column",
    columnEnsemble,
    4 / 6,
  ]] as const
) {
  Deno.test(`every connection of the ${name} ensemble is equally likely`, () => {
    const stream = new RandomStream(0, "definition F.1 test");
    const draws = 4000;
    const counts = new Float64Array(60);
    for (let trial = 0; trial < draws; trial++) {
      draw(ensemble, stream).data.forEach((one, index) => counts[index] += one);
    }
    // Five standard deviations of a binomial count, for 60 counts.
    const allowed = 5 * Math.sqrt(draws * probability * (1 - probability));
    for (const count of counts) assertAlmostEquals(count, draws * probability, allowed);
  });
}

Deno.test("empty columns of the printed ensemble are as many as expected", () => {
  const stream = new RandomStream(0, "definition F.1 test");
  const draws = 2000;
  const sparse = { sketchSize: 8, size: 20, degree: 2 };
  let empty = 0;
  for (let trial = 0; trial < draws; trial++) {
    empty += columnSums(rowEnsemble(sparse, stream)).filter((sum) => sum === 0).length;
  }
  // The variance of the count is below its mean, as empty columns exclude each other.
  const mean = expectedEmptyColumns(sparse);
  assertAlmostEquals(empty / draws, mean, 5 * Math.sqrt(mean / draws));
});

Deno.test("at Theorem 5.1's m and delta the share of empty columns grows with p", () => {
  const shares = [200, 784, 3072, 100_000].map((size) => {
    const layer = { outputs: size, inputs: size, largestColumnCount: 1, largestRowCount: 1 };
    const printed = { sketchSize: sketchSize(layer), size, degree: sketchDegree(size) };
    return expectedEmptyColumns(printed) / size;
  });
  assert(shares.every((share, index) => index === 0 || share > shares[index - 1]));
  assert(shares[1] > 0.03 && shares[3] > 0.4);
});

Deno.test("the ensembles refuse m > p, and a degree that does not fit", () => {
  const stream = new RandomStream(0, "definition F.1 test");
  const refuse = (change: Partial<typeof ensemble>, message: string, draw = columnEnsemble) =>
    assertThrows(() => draw({ ...ensemble, ...change }, stream), RangeError, message);
  refuse({ sketchSize: 11 }, "m must be <= 10: current value is 11");
  refuse({ sketchSize: 0 }, "m must be an integer >= 1");
  refuse({ size: 2.5 }, "p must be an integer >= 1");
  refuse({ degree: 0 }, "delta must be an integer >= 1");
  refuse({ degree: NaN }, "delta must be an integer >= 1");
  refuse({ degree: 7 }, "delta must be <= 6");
  refuse({ degree: 11 }, "delta must be <= 10", rowEnsemble);
});

Deno.test("two columns are equal as often as is computed, and always where there are too few to choose from", () => {
  const stream = new RandomStream(0, "definition F.1 test");
  const draws = 2000;
  const small = { sketchSize: 5, size: 5, degree: 2 };
  let equal = 0;
  for (let draw = 0; draw < draws; draw++) {
    const { columns, data } = columnEnsemble(small, stream);
    const seen = new Set(Array.from({ length: columns }, (_, column) => {
      return data.filter((_, index) => index % columns === column).join("");
    }));
    if (seen.size < columns) equal++;
  }
  // Five of 10 columns, as birthdays: 1 - 10 * 9 * 8 * 7 * 6 / 10^5.
  const probability = equalColumnsProbability(small);
  assertAlmostEquals(probability, 1 - 30240 / 1e5, 1e-12);
  assertAlmostEquals(equal / draws, probability, 5 * Math.sqrt(probability * (1 - probability) / draws));
  assertEquals(equalColumnsProbability({ sketchSize: 3, size: 4, degree: 3 }), 1);
});
