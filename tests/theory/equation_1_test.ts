import { assert, assertEquals, assertThrows } from "@std/assert";
import { l1Norm } from "../../src/math/l1_recovery.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { difference, frobeniusNorm } from "../../src/math/norms.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { columnEnsemble } from "../../src/theory/definition_f_1.ts";
import { decode, sketch } from "../../src/theory/equation_1.ts";

Deno.test("an entry of the sketch is the sum of the X_kl with A_ik = B_jl = 1", () => {
  const stream = new RandomStream(0, "equation 1 test");
  const x = matrix(6, 5, Float64Array.from({ length: 30 }, () => stream.normal()));
  const map = {
    left: columnEnsemble({ sketchSize: 4, size: 6, degree: 2 }, stream),
    right: columnEnsemble({ sketchSize: 3, size: 5, degree: 2 }, stream),
  };
  const y = sketch(x, map);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 3; j++) {
      let expected = 0;
      for (let k = 0; k < 6; k++) {
        for (let l = 0; l < 5; l++) {
          expected += map.left.data[i * 6 + k] * x.data[k * 5 + l] * map.right.data[j * 5 + l];
        }
      }
      assert(Math.abs(y.data[i * 3 + j] - expected) < 1e-13);
    }
  }
});

Deno.test("decoding gives back a sparse rectangular matrix", () => {
  const stream = new RandomStream(0, "equation 1 test");
  const x = matrix(16, 20);
  for (let i = 0; i < 16; i++) x.data[i * 20 + i] = stream.normal();
  const map = {
    left: columnEnsemble({ sketchSize: 12, size: 16, degree: 5 }, stream),
    right: columnEnsemble({ sketchSize: 12, size: 20, degree: 5 }, stream),
  };
  const { solution } = decode(sketch(x, map), map);
  assert(frobeniusNorm(difference(solution, x)) < 1e-6 * frobeniusNorm(x));
});

Deno.test("decoding a dense matrix finds one with a smaller norm and the same sketch", () => {
  const stream = new RandomStream(0, "equation 1 test");
  const x = matrix(8, 8, Float64Array.from({ length: 64 }, () => stream.normal()));
  const ensemble = { sketchSize: 4, size: 8, degree: 2 };
  const map = { left: columnEnsemble(ensemble, stream), right: columnEnsemble(ensemble, stream) };
  const { solution, norm } = decode(sketch(x, map), map);
  assert(norm < l1Norm(x.data));
  assert(frobeniusNorm(difference(sketch(solution, map), sketch(x, map))) < 1e-9);
});

Deno.test("sketching refuses matrices that do not fit", () => {
  const ones = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, new Float64Array(rows * columns).fill(1));
  const map = { left: ones(1, 2), right: ones(1, 3) };
  assertEquals(sketch(ones(2, 3), map).data[0], 6);
  assertThrows(() => sketch(ones(3, 2), map), TypeError, "must be 2 x 3");
  assertThrows(() => decode(ones(2, 2), map), TypeError, "must be 1 x 1");
});
