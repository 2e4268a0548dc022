import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix as Dense, SVD } from "ml-matrix";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { difference } from "../../src/math/norms.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { pruningErrorBoundPrintedLn, telescopedPruningErrorBoundLn } from "../../src/theory/lemma_4_1.ts";
import {
  largestRoundingStep,
  roundingErrorBoundLn,
  roundingErrorBoundPrintedLn,
  roundingNormBound,
  roundingNormBoundOf,
  roundingNormBoundPrinted,
  roundToMultiples,
  spreadRoundingNormBound,
  telescopedRoundingErrorBoundLn,
} from "../../src/theory/lemma_4_2.ts";

function norm({ rows, columns, data }: Matrix): number {
  return new SVD(Dense.from1DArray(rows, columns, [...data]), { autoTranspose: true }).norm2;
}

function sparseGaussian(rows: number, columns: number, kept: number, stream: RandomStream): Matrix {
  const weights = matrix(rows, columns);
  weights.data.forEach((_, index) => {
    if (stream.uniform() < kept) weights.data[index] = stream.normal();
  });
  return weights;
}

Deno.test("every weight becomes a multiple of rho that is at most rho / 2 away", () => {
  const weight = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1 }), fc.constantFrom(0.5, 0.25, 0.0625), (weights, rho) => {
      const rounded = roundToMultiples(matrix(1, weights.length, Float64Array.from(weights)), rho);
      return rounded.data.every((value, index) =>
        Number.isInteger(value / rho) && Math.abs(value - weights[index]) <= rho / 2
      );
    }),
  );
});

Deno.test("both deterministic bounds hold for every rounded matrix, and are attained", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (seed, rows, columns) => {
        const pruned = sparseGaussian(rows, columns, 0.4, new RandomStream(seed, "rounding"));
        const moved = norm(difference(pruned, roundToMultiples(pruned, 0.3)));
        return moved <= roundingNormBoundOf(pruned, 0.3) + 1e-12;
      },
    ),
    { numRuns: 60 },
  );
  // One weight a line, each half a step from both neighbours: ||E||_2 = rho / 2; a full matrix of them: (rho/2) sqrt J.
  const identity = matrix(3, 3, Float64Array.of(0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5));
  assertAlmostEquals(
    norm(difference(identity, roundToMultiples(identity, 1))),
    roundingNormBoundOf(identity, 1),
  );
  const full = matrix(2, 3, new Float64Array(6).fill(0.5));
  const moved = norm(difference(full, roundToMultiples(full, 1)));
  assertAlmostEquals(moved, roundingNormBound(1, 6), 1e-12);
  assertAlmostEquals(
    moved,
    spreadRoundingNormBound({ roundingStep: 1, largestRowCount: 3, largestColumnCount: 2 }),
  );
});

Deno.test("the printed rho J is loose by the factor 2 sqrt J of the sharp form", () => {
  assertAlmostEquals(roundingNormBoundPrinted(0.01, 400) / roundingNormBound(0.01, 400), 2 * Math.sqrt(400));
});

Deno.test("without rounding the error bounds are those of Lemma 4.1", () => {
  const pruned = [{ spectralNorm: 2, gamma: 0.1, epsilon: 4 }, { spectralNorm: 3, gamma: 0.2, epsilon: 3 }];
  const layers = pruned.map((layer) => ({ ...layer, roundingStep: 0, nonzeroCount: 50 }));
  assertAlmostEquals(roundingErrorBoundPrintedLn(layers, 7), pruningErrorBoundPrintedLn(pruned, 7), 1e-14);
  assertAlmostEquals(
    telescopedRoundingErrorBoundLn(layers, 7),
    telescopedPruningErrorBoundLn(pruned, 7),
    1e-14,
  );
});

Deno.test("at the largest step the side condition is met exactly, and above it the bound is infinite", () => {
  const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 4, nonzeroCount: 9 };
  const step = largestRoundingStep(layer, 2);
  assertAlmostEquals(layer.epsilon * layer.gamma + step * 9, layer.spectralNorm / 2, 1e-14);
  const sharp = (scale: number) => ({ ...layer, roundingStep: scale * (1 - 0.4) * 2 / 3 });
  assert(Number.isFinite(roundingErrorBoundLn([sharp(0.999), sharp(0.999)], 1)));
  assertEquals(roundingErrorBoundLn([sharp(1.001), sharp(1.001)], 1), Infinity);
});

Deno.test("the bound of Lemma 4.2 is e ||x|| prod s sum (epsilon Gamma + rho J) / s", () => {
  const first = { spectralNorm: 2, gamma: 0.1, epsilon: 4, roundingStep: 0.01, nonzeroCount: 30 };
  const second = { spectralNorm: 5, gamma: 0.3, epsilon: 2, roundingStep: 0.02, nonzeroCount: 10 };
  const expected = Math.E * 3 * 10 * ((0.4 + 0.3) / 2 + (0.6 + 0.2) / 5);
  assertAlmostEquals(Math.exp(roundingErrorBoundPrintedLn([first, second], 3)), expected, 1e-10);
});

Deno.test("values out of range are refused", () => {
  assertThrows(() => roundToMultiples(matrix(1, 1), 0), RangeError, "the rounding step must be > 0");
  assertThrows(
    () => roundingNormBound(-1, 2),
    RangeError,
    "the rounding step must be >= 0: current value is -1",
  );
  assertThrows(() => roundingNormBound(1, 1.5), RangeError, "an integer >= 0");
  const layer = { spectralNorm: 2, gamma: 0.1, epsilon: 0, roundingStep: 0.1, nonzeroCount: 1 };
  assertThrows(() => roundingErrorBoundLn([layer], 1), RangeError, "epsilon must be > 0");
});
