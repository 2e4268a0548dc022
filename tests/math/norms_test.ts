import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix as Dense, SVD } from "ml-matrix";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { difference, frobeniusNorm, twoOneNorm } from "../../src/math/norms.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { sparseOperator, sparsePart } from "../../src/math/sparse_matrix.ts";
import { spectralNorm } from "../../src/math/spectral_norm.ts";

function gaussian(rows: number, columns: number, seed: number): Matrix {
  const stream = new RandomStream(seed, "gaussian");
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.normal()));
}

function dense({ rows, columns, data }: Matrix): Dense {
  return Dense.from1DArray(rows, columns, [...data]);
}

const shapes: [number, number][] = [[1, 1], [1, 30], [30, 1], [7, 40], [40, 7], [33, 33]];

Deno.test("the Frobenius and (2,1) norms agree with ml-matrix", () => {
  for (const [rows, columns] of shapes) {
    const a = gaussian(rows, columns, 1);
    assertAlmostEquals(frobeniusNorm(a), dense(a).norm("frobenius"), 1e-12);
    const rowNorms = dense(a).to2DArray().map((row) => Math.hypot(...row));
    assertAlmostEquals(twoOneNorm(a), rowNorms.reduce((sum, norm) => sum + norm, 0), 1e-10);
  }
});

Deno.test("the spectral norm agrees with the singular value decomposition", () => {
  for (const [rows, columns] of shapes) {
    const a = gaussian(rows, columns, 2);
    const expected = new SVD(dense(a), { autoTranspose: true }).norm2;
    assertAlmostEquals(spectralNorm(a), expected, 1e-10 * expected, `${rows} x ${columns}`);
  }
});

Deno.test("the spectral norm of special matrices", () => {
  assertEquals(spectralNorm(matrix(3, 4)), 0);
  const identity = matrix(5, 5, Float64Array.from({ length: 25 }, (_, index) => (index % 6 === 0 ? 1 : 0)));
  assertAlmostEquals(spectralNorm(identity), 1, 1e-14);
  const rankOne = matrix(
    6,
    8,
    Float64Array.from({ length: 48 }, (_, index) => (1 + index % 8) * Math.floor(index / 8)),
  );
  assertAlmostEquals(spectralNorm(rankOne), Math.sqrt(204 * 55), 1e-9);
});

Deno.test("the spectral norm scales with matrices of any size", () => {
  const entries = Float64Array.of(1, 2, 3, 4, 5, 6);
  const norm = spectralNorm(matrix(2, 3, entries));
  for (const size of [1e-300, 1e-150, 1e78, 1e300]) {
    assertAlmostEquals(
      spectralNorm(matrix(2, 3, entries.map((entry) => size * entry))) / size / norm,
      1,
      1e-12,
    );
  }
});

Deno.test("a matrix with an entry that is not finite has no spectral norm", () => {
  assertThrows(() => spectralNorm(matrix(1, 2, Float64Array.of(1, NaN))), RangeError, "must be finite");
});

Deno.test("the part of a matrix as a sparse operator has the norm of the dense part", () => {
  const a = gaussian(20, 31, 3);
  const isChosen = (index: number) => index % 3 === 0;
  const part = { ...a, data: a.data.map((entry, index) => (isChosen(index) ? entry : 0)) };
  assertAlmostEquals(spectralNorm(sparseOperator(sparsePart(a, isChosen))), spectralNorm(part), 1e-10);
});

Deno.test("matrices of other shapes are refused", () => {
  assertThrows(() => difference(matrix(1, 2), matrix(2, 1)), TypeError, "1 x 2 and 2 x 1");
  assertThrows(() => matrix(0, 2), RangeError, "positive integers");
  assertThrows(() => matrix(2, 2, new Float64Array(3)), RangeError, "needs 4 entries");
});
