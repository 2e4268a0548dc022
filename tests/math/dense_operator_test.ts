import { assertEquals } from "@std/assert";
import { denseOperator } from "../../src/math/dense_operator.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

const stream = new RandomStream(0, "dense operator test");

function normals(length: number): Float64Array {
  return Float64Array.from({ length }, () => stream.normal());
}

/** A^T A x, row by row, each sum in the order of its terms. */
function inOrder({ rows, columns, data }: Matrix, x: Float64Array): Float64Array {
  const image = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += data[row * columns + column] * x[column];
    for (let column = 0; column < columns; column++) image[column] += sum * data[row * columns + column];
  }
  return image;
}

Deno.test("a dense matrix is multiplied in the order of its rows and columns, in either precision", () => {
  for (const rows of [1, 7, 8, 9, 21, 24]) {
    for (const columns of [1, 2, 5, 16, 33]) {
      const entries = normals(rows * columns), x = normals(columns);
      for (const data of [entries, Float32Array.from(entries)]) {
        const a = matrix(rows, columns, data);
        assertEquals(denseOperator(a).normalTimes(x), inOrder(a, x), `${rows} x ${columns}`);
      }
    }
  }
});

Deno.test("operators of several matrices can be used in turns, and a result stays as it is", () => {
  const matrices = [matrix(9, 5, normals(45)), matrix(300, 400, Float32Array.from(normals(120_000)))];
  const vectors = matrices.map(({ columns }) => normals(columns));
  const operators = matrices.map(denseOperator);
  const first = operators[0].normalTimes(vectors[0]);
  for (const index of [1, 0, 1, 1, 0]) {
    assertEquals(operators[index].normalTimes(vectors[index]), inOrder(matrices[index], vectors[index]));
  }
  assertEquals(first, inOrder(matrices[0], vectors[0]));
});

Deno.test("an operator that is made after its entries were changed has the new ones", () => {
  const data = normals(12), x = normals(4);
  denseOperator(matrix(3, 4, data)).normalTimes(x);
  data[5] = 7;
  assertEquals(denseOperator(matrix(3, 4, data)).normalTimes(x), inOrder(matrix(3, 4, data), x));
});
