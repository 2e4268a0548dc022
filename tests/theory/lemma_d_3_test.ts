import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  subGaussianProbability,
  subGaussianProbabilityPrinted,
  subGaussianPruningErrorLn,
  subGaussianPruningErrorPrintedLn,
} from "../../src/theory/lemma_d_3.ts";

const layers = [
  { outputs: 50, inputs: 10, threshold: 0.1, spectralNorm: 2, gamma: 0.05, epsilon: 4 },
  { outputs: 4, inputs: 50, threshold: 0.2, spectralNorm: 3, gamma: 0.1, epsilon: 5 },
];

Deno.test("writes the statement's formula with kappa as printed and corrected", () => {
  const product = Math.E * 7 * 2 * 3 * (0.2 / 2 + 0.5 / 3);
  assertAlmostEquals(
    Math.exp(subGaussianPruningErrorPrintedLn(layers, 7)),
    product * Math.sqrt(10) * 0.1,
    1e-11,
  );
  assertAlmostEquals(Math.exp(subGaussianPruningErrorLn(layers, 7)), product * 2 * 0.2, 1e-11);
});

Deno.test("says nothing where the side condition fails", () => {
  assertEquals(subGaussianPruningErrorLn([{ ...layers[0], gamma: 1 }], 7), Infinity);
});

Deno.test("subtracts every failure from its probability", () => {
  const tail = { a: 1.5, b: 0.5 };
  const printed = 1 - 1 / 4 - 1 / 5 - 3 * 1.5 * (Math.exp(-0.5 * 0.01 * 50) + Math.exp(-0.5 * 0.04 * 4));
  assertAlmostEquals(subGaussianProbabilityPrinted(layers, 3, tail), printed, 1e-14);
  const corrected = 1 - 1 / 4 - 1 / 5 - 2 * 3 * 4 * 1.5 * Math.exp(-0.5 * 0.04 * 50);
  assertAlmostEquals(subGaussianProbability(layers, 3, tail), corrected, 1e-14);
});
