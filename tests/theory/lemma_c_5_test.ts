import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import { prune, pruningThresholds } from "../../src/theory/algorithm_1.ts";
import { gammaOfLayer } from "../../src/theory/lemma_c_2.ts";
import {
  pruningErrorBoundLn,
  pruningErrorBoundPrintedLn,
  pruningErrorProbability,
  telescopedPruningErrorBoundLn,
} from "../../src/theory/lemma_c_5.ts";
import { activations, distance, euclideanNorm, randomMatrix, spectralNorm } from "./relu_network.ts";

Deno.test("bounds the error of pruning Gaussian networks by Algorithm 1", () => {
  const stream = new RandomStream(7, "pruning");
  const [d, variance, epsilon] = [0.01, 0.05, 1.3];
  let violations = 0;
  for (let trial = 0; trial < 40; trial++) {
    const weights = [0, 1, 2].map(() => randomMatrix(16, 16, Math.sqrt(variance), stream));
    const pruned = weights.map((layer) => prune(layer, pruningThresholds(layer, variance, stream), d));
    const gamma = gammaOfLayer({ outputs: 16, inputs: 16, variance }, d);
    const layers = weights.map((layer) => ({ spectralNorm: spectralNorm(layer), gamma, epsilon }));
    const input = Float64Array.from({ length: 16 }, () => stream.normal());
    const moved = distance(activations(weights, input)[3], activations(pruned, input)[3]);
    if (Math.log(moved) > telescopedPruningErrorBoundLn(layers, euclideanNorm(input))) violations++;
    assert(telescopedPruningErrorBoundLn(layers, 1) < pruningErrorBoundPrintedLn(layers, 1));
  }
  assertEquals(violations, 0);
});

Deno.test("writes the statement's formula", () => {
  const layers = [{ spectralNorm: 2, gamma: 0.1, epsilon: 4, lipschitz: 3 }, {
    spectralNorm: 5,
    gamma: 0.2,
    epsilon: 6,
  }];
  const expected = Math.E * 7 * (3 * 2 * 5) * (0.4 / 2 + 1.2 / 5);
  assertAlmostEquals(Math.exp(pruningErrorBoundPrintedLn(layers, 7)), expected, 1e-11);
  assertAlmostEquals(Math.exp(pruningErrorBoundLn(layers, 7)), expected, 1e-11);
});

Deno.test("says nothing where the side condition fails, unlike the printed form", () => {
  const layers = [{ spectralNorm: 2, gamma: 0.3, epsilon: 4 }, { spectralNorm: 5, gamma: 0.1, epsilon: 4 }];
  assertEquals(pruningErrorBoundLn(layers, 1), Infinity);
  assert(Number.isFinite(pruningErrorBoundPrintedLn(layers, 1)));
  assert(Number.isFinite(telescopedPruningErrorBoundLn(layers, 1)));
});

Deno.test("has a probability that is positive only for factors above the number of layers", () => {
  assertAlmostEquals(pruningErrorProbability(Array(5).fill({ epsilon: 5 })), 0, 1e-15);
  assertAlmostEquals(pruningErrorProbability(Array(5).fill({ epsilon: 500 })), 0.99, 1e-15);
  assert(pruningErrorProbability(Array(5).fill({ epsilon: 1.05 })) < 0);
});

Deno.test("refuses factors out of range", () => {
  assertThrows(() => pruningErrorProbability([{ epsilon: 0 }]), RangeError, "epsilon must be > 0");
  const layer = { spectralNorm: 2, gamma: -0.3, epsilon: 4 };
  assertThrows(() => pruningErrorBoundLn([layer], 1), RangeError, "perturbation");
  assertThrows(() => pruningErrorBoundLn([{ ...layer, epsilon: NaN }], 1), RangeError, "epsilon");
});
