import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { latalaBound, latalaBoundOfIdentical, latalaBoundPrinted } from "../../src/theory/lemma_c_3.ts";
import { deltaFourthMoment, deltaSecondMoment } from "../../src/theory/lemma_c_1.ts";
import { gammaOfLayer } from "../../src/theory/lemma_c_2.ts";
import { spectralNorm } from "./relu_network.ts";

/** A matrix of standard deviations that differ from entry to entry. */
function deviations(rows: number, columns: number): Matrix {
  const stream = new RandomStream(5, "deviations");
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.uniform() ** 3));
}

function power(a: Matrix, exponent: number, factor = 1): Matrix {
  return { ...a, data: a.data.map((entry) => factor * entry ** exponent) };
}

Deno.test("adds up rows, columns and all entries as the formula says", () => {
  const [rows, columns] = [4, 7];
  const sigma = deviations(rows, columns);
  const at = (i: number, j: number) => sigma.data[i * columns + j];
  const indices = (count: number) => Array.from({ length: count }, (_, index) => index);
  const row = Math.max(
    ...indices(rows).map((i) => indices(columns).reduce((sum, j) => sum + at(i, j) ** 2, 0)),
  );
  const column = Math.max(
    ...indices(columns).map((j) => indices(rows).reduce((sum, i) => sum + at(i, j) ** 2, 0)),
  );
  const fourths = indices(rows).map((i) => indices(columns).reduce((sum, j) => sum + 3 * at(i, j) ** 4, 0));
  const moments = { second: power(sigma, 2), fourth: power(sigma, 4, 3) };
  const firstTwo = Math.sqrt(row) + Math.sqrt(column);
  const all = fourths.reduce((sum, fourth) => sum + fourth, 0);
  assertAlmostEquals(latalaBound(moments, 2), 2 * (firstTwo + all ** (1 / 4)), 1e-13);
  assertAlmostEquals(latalaBoundPrinted(moments), firstTwo + Math.max(...fourths) ** (1 / 4), 1e-13);
});

Deno.test("bounds the mean norm of Gaussian entries of unequal variance with C = 1", () => {
  const stream = new RandomStream(5, "norms");
  for (const [rows, columns] of [[20, 20], [5, 40], [1, 30]]) {
    const sigma = deviations(rows, columns);
    let total = 0;
    for (let draw = 0; draw < 60; draw++) {
      const entries = sigma.data.map((deviation) => deviation * stream.normal());
      total += spectralNorm(matrix(rows, columns, Float64Array.from(entries)));
    }
    const bound = latalaBound({ second: power(sigma, 2), fourth: power(sigma, 4, 3) });
    assert(total / 60 < bound && total / 60 > bound / 4, `${rows} x ${columns}: ${total / 60} of ${bound}`);
  }
});

Deno.test("is Gamma of Lemma C.2 with the moments of Lemma C.1", () => {
  const shape = { outputs: 30, inputs: 70 };
  for (const d of [1e-6, 0.1, 3, 1e5]) {
    const moments = { second: deltaSecondMoment(d, 0.02), fourth: deltaFourthMoment(d, 0.02) };
    const bound = latalaBoundOfIdentical({ ...shape, ...moments });
    assertAlmostEquals(bound / gammaOfLayer({ ...shape, variance: 0.02 }, d), 1, 1e-14);
    const filled = (value: number) => matrix(30, 70, new Float64Array(2100).fill(value));
    assertAlmostEquals(
      latalaBound({ second: filled(moments.second), fourth: filled(moments.fourth) }) / bound,
      1,
      1e-12,
    );
  }
});

Deno.test("refuses moments that do not match", () => {
  const ones = matrix(2, 2, new Float64Array(4).fill(1));
  assertThrows(() => latalaBound({ second: ones, fourth: matrix(2, 3) }), TypeError, "2 x 2 and 2 x 3");
  assertThrows(() => latalaBound({ second: ones, fourth: ones }, -1), RangeError, "constant C");
  const entries = { outputs: 2, inputs: 2, second: 1, fourth: 3 };
  assertThrows(() => latalaBoundOfIdentical({ ...entries, outputs: 0 }), RangeError, "number of outputs");
  assertThrows(() => latalaBoundOfIdentical({ ...entries, fourth: NaN }), RangeError, "fourth moment");
});
