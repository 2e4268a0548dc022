import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { Matrix as Dense, pseudoInverse } from "ml-matrix";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { twoSidedProduct, twoSidedProducts } from "../../src/math/two_sided_map.ts";

const stream = new RandomStream(1, "two-sided map test");

function normalMatrix(rows: number, columns: number): Matrix {
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.normal()));
}

function dense({ rows, columns, data }: Matrix): Dense {
  return Dense.from1DArray(rows, columns, data);
}

function assertAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  for (let index = 0; index < expected.length; index++) {
    assertAlmostEquals(actual[index], expected[index], tolerance);
  }
}

Deno.test("twoSidedProduct is A X B^T", () => {
  const [left, right, x] = [normalMatrix(3, 5), normalMatrix(2, 4), normalMatrix(5, 4)];
  left.data[3] = 0;
  const expected = dense(left).mmul(dense(x)).mmul(dense(right).transpose());
  assertAllClose(twoSidedProduct({ left, right }, x).data, expected.to1DArray(), 1e-13);
});

Deno.test("twoSidedProduct refuses a matrix of another shape", () => {
  const map = { left: normalMatrix(3, 5), right: normalMatrix(2, 4) };
  assertThrows(() => twoSidedProduct(map, normalMatrix(4, 5)), TypeError, "must be 5 x 4: it is 4 x 5");
});

Deno.test("the adjoint satisfies <A X B^T, L> = <X, A^T L B>", () => {
  const products = twoSidedProducts({ left: normalMatrix(3, 5), right: normalMatrix(2, 4) });
  const [x, l] = [Float64Array.from(normalMatrix(5, 4).data), Float64Array.from(normalMatrix(3, 2).data)];
  const inner = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, entry, index) => sum + entry * b[index], 0);
  assertAlmostEquals(inner(products.forward(x), l), inner(x, products.adjoint(l)), 1e-13);
});

Deno.test("the adjoint after normalise is the pseudo-inverse of the Kronecker product", () => {
  const [left, right] = [normalMatrix(3, 5), normalMatrix(2, 4)];
  const { adjoint, normalise } = twoSidedProducts({ left, right });
  const inverse = pseudoInverse(dense(left).kroneckerProduct(dense(right)));
  const sketch = Float64Array.from(normalMatrix(3, 2).data);
  const expected = inverse.mmul(Dense.columnVector(sketch));
  assertAllClose(adjoint(normalise(sketch)), expected.to1DArray(), 1e-12);
});

Deno.test("the pseudo-inverse holds for factors without full rank", () => {
  const left = matrix(3, 4, Float64Array.of(1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0));
  const right = matrix(1, 2, Float64Array.of(1, 1));
  const { forward, adjoint, normalise } = twoSidedProducts({ left, right });
  const sketch = forward(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  assert(sketch[0] === sketch[1] && sketch[2] === 0);
  assertAllClose(forward(adjoint(normalise(sketch))), sketch, 1e-12);
});
