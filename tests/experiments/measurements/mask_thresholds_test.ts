import { assertEquals, assertThrows } from "@std/assert";
import {
  finiteSpectralNorm,
  maskThresholds,
  perturbationNorm,
} from "../../../src/experiments/measurements/mask_thresholds.ts";
import { matrix } from "../../../src/math/matrix.ts";
import { difference } from "../../../src/math/norms.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { sparseOperator } from "../../../src/math/sparse_matrix.ts";
import { spectralNorm } from "../../../src/math/spectral_norm.ts";
import { prune, prunedPart } from "../../../src/theory/algorithm_1.ts";

const stream = new RandomStream(0, "mask thresholds test");
const layer = matrix(42, 60, Float32Array.from({ length: 42 * 60 }, () => stream.normal()));

Deno.test("the norm of what is pruned has the same bits by its sparse and by its dense product", () => {
  const [thresholds] = maskThresholds([layer], 1);
  for (const d of [0, 0.2, 0.3, 1.5, 10, Infinity]) {
    const part = prunedPart(layer, thresholds, d);
    const sparse = spectralNorm(sparseOperator(part));
    assertEquals(sparse, spectralNorm(difference(layer, prune(layer, thresholds, d))), `d = ${d}`);
    assertEquals(perturbationNorm(layer, thresholds, d, () => part), sparse, `d = ${d}`);
  }
});

Deno.test("of a layer that is not finite nothing is pruned at any d, and its own norm is not a number", () => {
  for (const weight of [NaN, Infinity]) {
    const broken = { ...layer, data: layer.data.with(7, weight) };
    const [thresholds] = maskThresholds([broken], 1);
    for (const d of [1, 10, Infinity]) {
      assertEquals(perturbationNorm(broken, thresholds, d, () => prunedPart(broken, thresholds, d)), 0);
    }
    assertEquals(finiteSpectralNorm(broken), NaN);
    assertThrows(() => spectralNorm(broken), RangeError, "every entry must be finite");
  }
});

Deno.test("a layer's norm is known by the layer, not by its numbers", () => {
  const doubled = { ...layer, data: layer.data.map((weight) => 2 * weight) };
  const norms = [finiteSpectralNorm(layer), finiteSpectralNorm(doubled), finiteSpectralNorm(layer)];
  assertEquals(norms, [spectralNorm(layer), 2 * spectralNorm(layer), spectralNorm(layer)]);
});
