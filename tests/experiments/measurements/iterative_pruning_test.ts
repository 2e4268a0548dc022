import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { exampleSetsOf } from "../../../src/experiments/example_set.ts";
import {
  architectureOf,
  type Hyperparameters,
  weightCountOf,
} from "../../../src/experiments/hyperparameters.ts";
import {
  globalMasks,
  iterativePruning,
  keptShares,
  pruningSeries,
} from "../../../src/experiments/measurements/iterative_pruning.ts";
import type { Subject } from "../../../src/experiments/measurements/measurement.ts";
import { hyperparametersFor } from "../../../src/experiments/presets.ts";
import { recordJson } from "../../../src/experiments/record.ts";
import { type Matrix, matrix } from "../../../src/math/matrix.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { toyDataset } from "../../fixtures/toy_dataset.ts";

const hyperparameters: Hyperparameters = {
  ...hyperparametersFor("mnist", 784, { profile: "smoke", protocol: "stated", seed: 1, engine: "wasm" }),
  trainingExamples: 60,
  testExamples: 20,
  examplesPerEpoch: 100,
  hidden: [12],
  batchSize: 20,
  epochs: 1,
};

function subjectOf(onEvaluated: (examples: number) => void = () => {}): Subject {
  return {
    weights: initialWeights(architectureOf(hyperparameters), 1),
    initial: initialWeights(architectureOf(hyperparameters), 2),
    hyperparameters,
    ...exampleSetsOf(toyDataset(), hyperparameters),
    epochs: [],
    onEvaluated,
  };
}

function gaussian(rows: number, columns: number, share: number, stream: RandomStream): Matrix {
  const weights = matrix(rows, columns, new Float32Array(rows * columns));
  weights.data.forEach((_, index) => {
    if (stream.uniform() < share) weights.data[index] = stream.normal();
  });
  return weights;
}

Deno.test("global masks keep their share, inside the old masks, and drop nothing larger than what they keep", () => {
  fc.assert(fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
    const stream = new RandomStream(seed, "masks");
    const layers = [gaussian(4, 5, 0.7, stream), gaussian(3, 4, 0.7, stream)];
    const all = layers.map(({ data, ...shape }) => ({ ...shape, data: data.map(() => 1) }));
    const old = globalMasks(layers, all, 1 - (1 - share) / 2);
    const masks = globalMasks(layers, old, share);
    const entries = (kept: number): number[] =>
      layers.flatMap(({ data }, layer) => [...data].filter((_, index) => masks[layer].data[index] === kept))
        .map(Math.abs);
    assertEquals(entries(1).length, Math.ceil(share * 32));
    assert(masks.every(({ data }, layer) => data.every((kept, index) => kept <= old[layer].data[index])));
    assert(Math.max(-1, ...entries(0)) <= Math.min(Infinity, ...entries(1)));
  }));
  assertThrows(() => globalMasks([matrix(1, 1)], [matrix(1, 1)], -0.1), RangeError, "the kept share");
});

Deno.test("every round has its share of weights", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  const { rounds, exampleCount } = await iterativePruning.measure(subjectOf());
  assertEquals(tf.memory().numTensors, before);
  assertEquals(rounds.map(({ series, round }) => [series, round]), [
    ...pruningSeries.flatMap((series) => keptShares.map((_, index) => [series, index + 1])),
  ]);
  for (
    const { series, keptShare, keptWeights, trainErrors, untrainedTrainErrors } of rounds
  ) {
    const kept = keptWeights.reduce((total, count) => total + count, 0);
    assertEquals(kept, Math.ceil(keptShare * weightCountOf(hyperparameters)));
    assert(trainErrors >= 0 && trainErrors <= exampleCount);
    assertEquals(untrainedTrainErrors === null, series === "continued");
  }
  const early = rounds.find(({ series, round }) => series === "continued" && round === 2)!;
  assert(early.trainErrors < exampleCount / 2, "training has learned nothing");
});

Deno.test("the same subject gives the same record, as it is stored, and its cost is the estimate", async () => {
  await wasmEngine.select();
  let evaluated = 0;
  const first = recordJson(await iterativePruning.measure(subjectOf((examples) => evaluated += examples)));
  assertAlmostEquals(evaluated / iterativePruning.evaluations(hyperparameters), 1, 0.1);
  assertEquals(recordJson(await iterativePruning.measure(subjectOf())), first);
  assertEquals(recordJson(iterativePruning.schema.parse(JSON.parse(first))), first);
});
