import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix as Dense, QrDecomposition } from "ml-matrix";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { sphereConstants, subGaussianThreshold } from "../../src/theory/condition_d_1.ts";
import { kappa, kappaPrinted, stretchFailure, stretchFailurePrinted } from "../../src/theory/lemma_d_1.ts";
import { apply, euclideanNorm, randomMatrix, spectralNorm } from "./relu_network.ts";

function onSphere(dimension: number, stream: RandomStream): Float64Array {
  const point = Float64Array.from({ length: dimension }, () => stream.normal());
  const norm = euclideanNorm(point);
  return point.map((entry) => entry / norm);
}

Deno.test("as printed, fails for every input of a matrix with orthonormal columns", () => {
  const stream = new RandomStream(9, "orthonormal");
  const tall = randomMatrix(100, 4, 1, stream);
  const basis = new QrDecomposition(Dense.from1DArray(100, 4, tall.data)).orthogonalMatrix;
  const orthonormal = matrix(100, 4, Float64Array.from(basis.to1DArray()));
  const layer = { outputs: 100, inputs: 4, threshold: 0.45 };
  assert(stretchFailurePrinted(layer, 1, { a: 1, b: 1 }) < 1e-8 && kappaPrinted(layer) < 0.91);
  for (let draw = 0; draw < 20; draw++) {
    assert(euclideanNorm(apply(orthonormal, onSphere(4, stream))) > kappaPrinted(layer));
  }
  assertEquals(kappa(layer), 1);
});

Deno.test("corrected, holds for inputs on the sphere", () => {
  const stream = new RandomStream(9, "sphere");
  const wide = randomMatrix(3, 200, 1, stream);
  const events = 2 * 3 * 500;
  const threshold = subGaussianThreshold({ ...sphereConstants, dimension: 200, events, delta: 0.01 });
  const layer = { outputs: 3, inputs: 200, threshold };
  assertAlmostEquals(stretchFailure(layer, 500, sphereConstants), 0.01, 1e-12);
  assert(kappa(layer) < 0.65);
  const limit = kappa(layer) * spectralNorm(wide);
  for (let draw = 0; draw < 500; draw++) assert(euclideanNorm(apply(wide, onSphere(200, stream))) <= limit);
});

Deno.test("fails, corrected too, for the non-negative inputs that a ReLU gives", () => {
  const stream = new RandomStream(9, "relu");
  const layer = { outputs: 1, inputs: 200, threshold: 0.4 };
  const along = matrix(1, 200, new Float64Array(200).fill(1 / Math.sqrt(200)));
  const input = onSphere(200, stream).map((entry) => Math.max(0, entry));
  assert(stretchFailure(layer, 1, sphereConstants) < 1e-6);
  assert(euclideanNorm(apply(along, input)) > kappa(layer) * euclideanNorm(input));
});

Deno.test("has the values of a 784 to 10 layer with 60000 examples", () => {
  const printedT = subGaussianThreshold({ a: 1, b: 1, dimension: 784, events: 60000, delta: 0.01 });
  assertAlmostEquals(kappa({ outputs: 10, inputs: 784, threshold: printedT }), 0.446, 5e-4);
  const t = subGaussianThreshold({ ...sphereConstants, dimension: 784, events: 2 * 10 * 60000, delta: 0.01 });
  assertAlmostEquals(kappa({ outputs: 10, inputs: 784, threshold: t }), 0.689, 5e-4);
  assertAlmostEquals(kappaPrinted({ outputs: 784, inputs: 784, threshold: printedT }), 3.95, 5e-3);
});

Deno.test("never stretches by more than the norm, and claims nothing there", () => {
  assertEquals(kappa({ outputs: 100, inputs: 100, threshold: 0.5 }), 1);
  assertEquals(stretchFailure({ outputs: 100, inputs: 100, threshold: 0.5 }, 10, { a: 1, b: 1 }), 0);
  assertEquals(kappaPrinted({ outputs: 4, inputs: 9, threshold: 0.1 }), 1);
});

Deno.test("refuses arguments out of range", () => {
  const layer = { outputs: 4, inputs: 9, threshold: 0.1 };
  assertThrows(() => kappa({ ...layer, threshold: -1 }), RangeError, "threshold must be >= 0");
  assertThrows(() => kappaPrinted({ ...layer, inputs: 0 }), RangeError, "number of inputs");
  assertThrows(() => stretchFailure(layer, 0, { a: 1, b: 1 }), RangeError, "number of examples");
});
