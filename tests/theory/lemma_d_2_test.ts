import { assert, assertAlmostEquals } from "@std/assert";
import { perturbationBoundLn, telescopedPerturbationBoundLn } from "../../src/theory/lemma_c_4.ts";
import {
  subGaussianPerturbationBoundLn,
  subGaussianPerturbationBoundPrintedLn,
  telescopedSubGaussianBoundLn,
} from "../../src/theory/lemma_d_2.ts";

const layers = [
  { outputs: 50, inputs: 10, threshold: 0.1, spectralNorm: 2, perturbationNorm: 0.1, lipschitz: 3 },
  { outputs: 4, inputs: 50, threshold: 0.2, spectralNorm: 3, perturbationNorm: 0.2 },
];

Deno.test("multiplies by kappa of the printed and of the corrected orientation", () => {
  const sum = 0.1 / 2 + 0.2 / 3;
  const printed = Math.E * 7 * (Math.sqrt(10) * 0.1) * 3 * 2 * 3 * sum;
  assertAlmostEquals(Math.exp(subGaussianPerturbationBoundPrintedLn(layers, 7)), printed, 1e-11);
  const corrected = Math.E * 7 * 0.4 * 3 * 2 * 3 * sum;
  assertAlmostEquals(Math.exp(subGaussianPerturbationBoundLn(layers, 7)), corrected, 1e-11);
});

Deno.test("telescopes with kappa", () => {
  const expected = 7 * 0.4 * 3 * (2.1 * 3.2 - 6);
  assertAlmostEquals(Math.exp(telescopedSubGaussianBoundLn(layers, 7)), expected, 1e-11);
});

Deno.test("is Lemma C.4 where kappa is 1", () => {
  const square = layers.map((layer) => ({ ...layer, threshold: 1 }));
  assertAlmostEquals(subGaussianPerturbationBoundLn(square, 2), perturbationBoundLn(layers, 2), 1e-14);
  assertAlmostEquals(
    telescopedSubGaussianBoundLn(square, 2),
    telescopedPerturbationBoundLn(layers, 2),
    1e-14,
  );
  assert(subGaussianPerturbationBoundLn(layers, 2) < perturbationBoundLn(layers, 2));
});
