import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { matrix } from "../../src/math/matrix.ts";
import { difference } from "../../src/math/norms.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { spectralNorm } from "../../src/math/spectral_norm.ts";
import { prune, pruningThresholds } from "../../src/theory/algorithm_1.ts";
import {
  pruningErrorBoundLn,
  pruningErrorBoundPrintedLn,
  pruningErrorProbability,
} from "../../src/theory/lemma_4_1.ts";
import { reluOutputs } from "../../src/theory/theorem_f_1_construction.ts";

Deno.test("with the measured norm in place of epsilon Gamma, no pruned network leaves the bound", () => {
  for (let seed = 0; seed < 20; seed++) {
    const stream = new RandomStream(seed, "lemma 4.1");
    const layers = [[8, 6], [8, 8], [3, 8]].map(([rows, columns]) =>
      matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => stream.normal()))
    );
    const pruned = layers.map((layer) => prune(layer, pruningThresholds(layer, 1, stream), 0.002));
    const described = layers.map((layer, index) => ({
      spectralNorm: spectralNorm(layer),
      gamma: spectralNorm(difference(layer, pruned[index])),
      epsilon: 1,
    }));
    const x = matrix(1, 6, Float64Array.from({ length: 6 }, () => stream.normal()));
    const change = Math.hypot(...difference(reluOutputs(layers, x), reluOutputs(pruned, x)).data);
    const boundLn = pruningErrorBoundLn(described, Math.hypot(...x.data));
    assert(change <= Math.exp(boundLn), `seed ${seed}: ${change} > exp(${boundLn})`);
  }
});

Deno.test("the statement is that of Lemma C.5, and its probability is 1 - sum 1/epsilon", () => {
  const layers = [{ spectralNorm: 2, gamma: 0.1, epsilon: 4 }, { spectralNorm: 3, gamma: 0.2, epsilon: 5 }];
  const expected = Math.E * 1.5 * 6 * (0.4 / 2 + 1 / 3);
  assertAlmostEquals(Math.exp(pruningErrorBoundPrintedLn(layers, 1.5)), expected, 1e-12);
  assertAlmostEquals(pruningErrorProbability(layers), 0.55, 1e-14);
  assertEquals(pruningErrorBoundLn([{ ...layers[0], epsilon: 21 }], 1), Infinity);
});
