import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import { subGaussianProbabilityPrinted } from "../../src/theory/lemma_d_3.ts";
import {
  largestRoundingStep,
  subGaussianProbabilityOfProofPrinted,
  subGaussianRoundingErrorLn,
  subGaussianRoundingErrorPrintedLn,
} from "../../src/theory/lemma_d_4.ts";
import { randomMatrix, spectralNorm } from "./relu_network.ts";

const layer = {
  outputs: 4,
  inputs: 50,
  threshold: 0.2,
  spectralNorm: 3,
  gamma: 0.1,
  epsilon: 5,
  roundingStep: 0.01,
  nonzeroCount: 100,
};

Deno.test("adds rho J as printed and rho sqrt(J) / 2 as corrected", () => {
  assertAlmostEquals(Math.exp(subGaussianRoundingErrorPrintedLn([layer], 7)), Math.E * 7 * (0.5 + 1), 1e-11);
  assertAlmostEquals(
    Math.exp(subGaussianRoundingErrorLn([layer], 7)),
    Math.E * 7 * 0.4 * (0.5 + 0.05),
    1e-11,
  );
  assertEquals(subGaussianRoundingErrorLn([{ ...layer, gamma: 0.6 }], 7), Infinity);
});

Deno.test("bounds what rounding does to a matrix by rho sqrt(J) / 2", () => {
  const stream = new RandomStream(10, "rounding");
  for (let draw = 0; draw < 20; draw++) {
    const weights = randomMatrix(8, 11, 0.3, stream);
    const rounding = {
      ...weights,
      data: weights.data.map((weight) => weight - 0.2 * Math.round(weight / 0.2)),
    };
    assert(spectralNorm(rounding) <= 0.2 / 2 * Math.sqrt(88));
  }
});

Deno.test("allows the step at which the side condition is met with equality", () => {
  const step = largestRoundingStep(layer, 2);
  assertAlmostEquals(layer.epsilon * layer.gamma + step * layer.nonzeroCount, layer.spectralNorm / 2, 1e-14);
  assert(largestRoundingStep({ ...layer, gamma: 1 }, 2) < 0);
});

Deno.test("keeps the proof's last sign for the record: it adds the failures", () => {
  const tail = { a: 1, b: 1 };
  const sum = subGaussianProbabilityOfProofPrinted([layer], 3, tail) +
    subGaussianProbabilityPrinted([layer], 3, tail);
  assertAlmostEquals(sum, 2 * (1 - 1 / 5), 1e-14);
});

Deno.test("refuses fields out of range", () => {
  assertThrows(
    () => subGaussianRoundingErrorLn([{ ...layer, roundingStep: -1 }], 1),
    RangeError,
    "rounding step",
  );
  assertThrows(
    () => subGaussianRoundingErrorLn([{ ...layer, nonzeroCount: 0.5 }], 1),
    RangeError,
    "nonzero weights",
  );
  assertThrows(() => largestRoundingStep({ ...layer, nonzeroCount: 0 }, 1), RangeError, "nonzero weights");
  assertThrows(() => largestRoundingStep(layer, 0), RangeError, "number of layers");
});
