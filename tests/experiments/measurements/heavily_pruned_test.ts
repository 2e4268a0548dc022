import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs";
import { exampleSetsOf } from "../../../src/experiments/example_set.ts";
import type { Hyperparameters } from "../../../src/experiments/hyperparameters.ts";
import { heavilyPruned, measureOneVariant } from "../../../src/experiments/measurements/heavily_pruned.ts";
import {
  fineTuningExamples,
  magnitudeMask,
  prunedNetwork,
  pruningVariants,
} from "../../../src/experiments/measurements/heavy_pruning.ts";
import type { Subject } from "../../../src/experiments/measurements/measurement.ts";
import { hyperparametersFor } from "../../../src/experiments/presets.ts";
import { recordJson } from "../../../src/experiments/record.ts";
import { matrix } from "../../../src/math/matrix.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { initialWeights, type NetworkWeights } from "../../../src/network/mlp.ts";
import { architectureOf } from "../../../src/experiments/hyperparameters.ts";
import { toyDataset } from "../../fixtures/toy_dataset.ts";
import { preActivations, referenceOf } from "../../network/reference.ts";

const hyperparameters: Hyperparameters = {
  ...hyperparametersFor("mnist", 784, { profile: "smoke", protocol: "gentle", seed: 1, engine: "wasm" }),
  trainingExamples: 64,
  testExamples: 20,
  examplesPerEpoch: 40,
  hidden: [16, 12],
  batchSize: 16,
  epochs: 3,
};

function subjectOf(weights: NetworkWeights, onEvaluated: (examples: number) => void = () => {}): Subject {
  return {
    weights,
    initial: initialWeights(architectureOf(hyperparameters), 2),
    hyperparameters,
    ...exampleSetsOf(toyDataset(), hyperparameters),
    epochs: [],
    onEvaluated,
  };
}

const weights = initialWeights(architectureOf(hyperparameters), 1);

Deno.test("a magnitude mask keeps exactly its share, and nothing it drops is larger than what it keeps", () => {
  const entries = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(entries, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
    const weights = matrix(1, values.length, Float32Array.from(values));
    const mask = [...magnitudeMask(weights, share).data];
    assertEquals(mask.filter((entry) => entry === 1).length, Math.ceil(share * values.length));
    const magnitudes = (kept: number): number[] =>
      values.filter((_, index) => mask[index] === kept).map((value) => Math.abs(value));
    assert(Math.max(-1, ...magnitudes(0)) <= Math.min(Infinity, ...magnitudes(1)));
  }));
  assertThrows(() => magnitudeMask(matrix(1, 1), 1.5), RangeError, "the kept share");
});

Deno.test("pruned weights are zero under the mask, and fine-tuning moves the others only", async () => {
  await wasmEngine.select();
  const subject = subjectOf(weights);
  const before = tf.memory().numTensors;
  for (const kind of ["algorithm_1", "threshold"] as const) {
    const pruned = await prunedNetwork(subject, kind);
    const tuned = await prunedNetwork(subject, `${kind}_tuned`);
    assertEquals(tuned.masks, pruned.masks);
    tuned.weights.layers.forEach((layer, l) => {
      const { data: mask } = pruned.masks[l];
      assert(layer.data.every((weight, index) => mask[index] === 1 || weight === 0));
      assert(
        pruned.weights.layers[l].data.every((weight, index) =>
          weight === (mask[index] === 1 ? weights.layers[l].data[index] : 0)
        ),
      );
    });
    assert(
      tuned.weights.layers.some((layer, l) =>
        layer.data.some((weight, index) => weight !== pruned.weights.layers[l].data[index])
      ),
    );
  }
  assertEquals(tf.memory().numTensors, before);
  assertEquals(fineTuningExamples(hyperparameters), 64);
});

Deno.test("the threshold keeps a sixtieth of each layer, Algorithm 1 a sixtieth and the diagonal", async () => {
  const count = ({ data }: { readonly data: ArrayLike<number> }): number =>
    Array.from(data).filter((entry) => entry === 1).length;
  const threshold = await prunedNetwork(subjectOf(weights), "threshold");
  assertEquals(threshold.masks.map(count), [784 * 16, 16 * 12, 120].map((size) => Math.ceil(size / 60)));
  const { masks } = await prunedNetwork(subjectOf(weights), "algorithm_1");
  assertEquals([0, 1, 11].map((unit) => masks[1].data[unit * 16 + unit]), [1, 1, 1]);
  const offDiagonal = count(masks[0]) - 16;
  // Uniform weights have less in their tails than Gaussian ones: a share near 1/60, not equal to it.
  assertAlmostEquals(offDiagonal / (784 * 16), 1 / 60, 0.006);
});

Deno.test("the measurement is a function of its subject, and its errors and counts are those of plain loops", async () => {
  await wasmEngine.select();
  let evaluations = 0;
  const measured = await heavilyPruned.measure(subjectOf(weights, (examples) => evaluations += examples));
  const again = await heavilyPruned.measure(subjectOf(weights));
  assertEquals(recordJson(again), recordJson(measured));
  assertEquals(heavilyPruned.schema.parse(JSON.parse(recordJson(measured))), measured);
  assertAlmostEquals(evaluations / heavilyPruned.evaluations(hyperparameters), 1, 0.1);
  assertEquals(measured.variants.map(({ variant }) => variant), [...pruningVariants]);
  assertEquals(await measureOneVariant(subjectOf(weights), "threshold"), measured.variants[2]);
  const { trainingSet } = subjectOf(weights);
  for (const variant of pruningVariants) {
    const { weights: pruned, masks } = await prunedNetwork(subjectOf(weights), variant);
    const found = measured.variants.find((candidate) => candidate.variant === variant)!;
    const margins = [...trainingSet.labels].map((label, example) => {
      const outputs = preActivations(referenceOf(pruned), [...trainingSet.inputs(example, example + 1)]).at(
        -1,
      )!;
      return outputs[label] - Math.max(...outputs.toSpliced(label, 1));
    });
    assertAlmostEquals(found.margin.worst, Math.min(...margins), 1e-4);
    assertAlmostEquals(found.trainErrorFraction, margins.filter((margin) => margin <= 0).length / 64, 0.02);
    const kept = masks.map(({ data }) => Array.from(data).filter((entry) => entry === 1).length);
    assertEquals(found.layers.map(({ keptWeights }) => keptWeights), kept);
    const { hoeffding, codeNats, trainErrorFraction } = found.certificate;
    const certified = trainErrorFraction + Math.sqrt((codeNats + Math.log(20)) / 128);
    assertAlmostEquals(hoeffding, certified, 1e-9);
  }
});

Deno.test("a network that diverged has no variants", async () => {
  await wasmEngine.select();
  const layers = weights.layers.map((layer, l) =>
    l === 1 ? { ...layer, data: layer.data.map(() => NaN) } : layer
  );
  const diverged = subjectOf({ layers, biases: [] });
  const { theorem, variants } = await heavilyPruned.measure(diverged);
  assertEquals([theorem, variants], [null, []]);
  await assertRejects(() => measureOneVariant(diverged, "threshold"), RangeError, "must be finite");
});
