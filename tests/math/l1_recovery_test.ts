import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { l1Norm, minimiseL1 } from "../../src/math/l1_recovery.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { difference } from "../../src/math/norms.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { type TwoSidedMap, twoSidedProduct } from "../../src/math/two_sided_map.ts";
import { leastL1Norm } from "./linear_program.ts";

/** Ones with probability 1/2, so that some factors have dependent or empty rows. */
function coinMatrix(rows: number, columns: number, stream: RandomStream): Matrix {
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.integer(2)));
}

function sparseMatrix(rows: number, columns: number, nonzeroCount: number, stream: RandomStream): Matrix {
  const x = matrix(rows, columns);
  for (const index of stream.permutation(rows * columns).subarray(0, nonzeroCount)) {
    x.data[index] = stream.normal();
  }
  return x;
}

function largestDifference(a: Matrix, b: Matrix): number {
  return Math.max(...difference(a, b).data.map(Math.abs));
}

const shapes = [[2, 3, 2, 3], [4, 6, 4, 6], [5, 9, 3, 4], [1, 8, 6, 6], [7, 12, 7, 12], [6, 10, 8, 12]];

for (const [m1, p1, m2, p2] of shapes) {
  Deno.test(`minimiseL1 agrees with a linear program for ${m1} x ${p1} and ${m2} x ${p2}`, async () => {
    const stream = new RandomStream(0, `l1 recovery test ${m1} ${p1} ${m2} ${p2}`);
    const map = { left: coinMatrix(m1, p1, stream), right: coinMatrix(m2, p2, stream) };
    const sketch = twoSidedProduct(map, sparseMatrix(p1, p2, p1 + p2, stream));
    const optimum = await leastL1Norm(sketch, map);
    assert(optimum !== undefined);
    const { solution, norm, lowerBound, relativeGap } = minimiseL1(sketch, map);
    assert(relativeGap <= 1e-8);
    assertAlmostEquals(norm, optimum, 1e-6 * optimum);
    assert(lowerBound <= optimum * (1 + 1e-7) && norm >= optimum * (1 - 1e-7));
    assertEquals(l1Norm(solution.data), norm);
    assert(largestDifference(twoSidedProduct(map, solution), sketch) < 1e-9);
  });
}

function bipartiteMap(size: number, side: number, stream: RandomStream): TwoSidedMap {
  const [left, right] = [matrix(side, size), matrix(side, size)];
  for (const { data } of [left, right]) {
    for (let column = 0; column < size; column++) {
      for (const row of stream.permutation(side).subarray(0, 10)) data[row * size + column] = 1;
    }
  }
  return { left, right };
}

Deno.test("minimiseL1 recovers 200 entries of a 100 x 100 matrix from a 50 x 50 sketch", () => {
  const stream = new RandomStream(0, "l1 recovery test");
  const x = sparseMatrix(100, 100, 200, stream);
  const map = bipartiteMap(100, 50, stream);
  const { solution, relativeGap } = minimiseL1(twoSidedProduct(map, x), map, { tolerance: 1e-7 });
  assert(relativeGap <= 1e-7);
  assert(largestDifference(solution, x) < 1e-5);
});

Deno.test("the lower bound holds for every X, however few the iterations", () => {
  const stream = new RandomStream(0, "l1 recovery test");
  const x = sparseMatrix(12, 12, 20, stream);
  const map = { left: coinMatrix(8, 12, stream), right: coinMatrix(8, 12, stream) };
  for (const maximumIterations of [1, 3, 10, 30]) {
    const found = minimiseL1(twoSidedProduct(map, x), map, { maximumIterations, tolerance: 1e-12 });
    assertEquals(found.iterations, maximumIterations);
    assert(found.lowerBound <= l1Norm(x.data) * (1 + 1e-12));
  }
});

Deno.test("a sufficient norm stops the search at a feasible matrix", () => {
  const stream = new RandomStream(0, "l1 recovery test");
  const x = sparseMatrix(12, 12, 100, stream);
  const map = { left: coinMatrix(3, 12, stream), right: coinMatrix(3, 12, stream) };
  const sketch = twoSidedProduct(map, x);
  const found = minimiseL1(sketch, map, { sufficientNorm: l1Norm(x.data) });
  assertEquals(found.iterations, 10);
  assert(found.norm < l1Norm(x.data));
  assert(largestDifference(twoSidedProduct(map, found.solution), sketch) < 1e-9);
});

Deno.test("the zero sketch is that of the zero matrix", () => {
  const map = { left: matrix(1, 2, Float64Array.of(1, 1)), right: matrix(1, 2, Float64Array.of(1, 1)) };
  const { solution, norm, relativeGap } = minimiseL1(matrix(1, 1), map);
  assertEquals([...solution.data, norm, relativeGap], [0, 0, 0, 0, 0, 0]);
});

Deno.test("the answer scales with the sketch over 200 orders of magnitude", () => {
  const row = matrix(1, 2, Float64Array.of(1, 2));
  for (const scale of [1e-100, 1, 1e100]) {
    const { norm } = minimiseL1(matrix(1, 1, Float64Array.of(8 * scale)), { left: row, right: row });
    assertAlmostEquals(norm / scale, 2, 1e-6);
  }
});

Deno.test("minimiseL1 refuses what has no answer", () => {
  const twin = matrix(2, 2, Float64Array.of(1, 1, 1, 1));
  const one = matrix(1, 1, Float64Array.of(1));
  const solve = (entries: number[], options = {}) => () =>
    minimiseL1(matrix(2, 1, Float64Array.from(entries)), { left: twin, right: one }, options);
  assertThrows(solve([1, 2]), RangeError, "no matrix has this sketch");
  assertThrows(solve([NaN, 1]), RangeError, "no matrix has this sketch");
  assertThrows(solve([1, 1], { tolerance: 0 }), RangeError, "tolerance must be > 0");
  assertThrows(solve([1, 1], { maximumIterations: 0 }), RangeError, "must be an integer >= 1");
  assertThrows(() => minimiseL1(one, { left: twin, right: one }), TypeError, "must be 2 x 1: it is 1 x 1");
});
