import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { exampleSetsOf } from "../../../src/experiments/example_set.ts";
import { architectureOf, type Hyperparameters } from "../../../src/experiments/hyperparameters.ts";
import {
  certifiedPruning,
  codedBits,
  codedCounts,
  keptCounts,
  mostHidden,
  mostInputs,
  prunedToCount,
} from "../../../src/experiments/measurements/certified_pruning.ts";
import { fineTuned, readInputs } from "../../../src/experiments/measurements/fine_tuning.ts";
import type { Subject } from "../../../src/experiments/measurements/measurement.ts";
import { nonzeroCount, nonzeroMask } from "../../../src/experiments/measurements/trained_quantisation.ts";
import { hyperparametersFor } from "../../../src/experiments/presets.ts";
import { recordJson } from "../../../src/experiments/record.ts";
import { examplesWithSteps } from "../../../src/experiments/step_cost.ts";
import { type Matrix, matrix } from "../../../src/math/matrix.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { toyDataset } from "../../fixtures/toy_dataset.ts";

const hyperparameters: Hyperparameters = {
  ...hyperparametersFor("mnist", 784, { profile: "smoke", protocol: "gentle", seed: 1, engine: "wasm" }),
  trainingExamples: 100,
  testExamples: 20,
  examplesPerEpoch: 100,
  hidden: [6],
  batchSize: 10,
  epochs: 1,
};

function subjectOf(onEvaluated: (examples: number) => void = () => {}): Subject {
  return {
    weights: initialWeights(architectureOf(hyperparameters), 1),
    initial: initialWeights(architectureOf(hyperparameters), 1),
    hyperparameters,
    ...exampleSetsOf(toyDataset(120), hyperparameters),
    epochs: [],
    onEvaluated,
  };
}

function gaussian(rows: number, columns: number, scale: number, stream: RandomStream): Matrix {
  const draw = () => scale * stream.normal();
  return matrix(rows, columns, Float32Array.from({ length: rows * columns }, draw));
}

Deno.test("pruning keeps at most its count of weights and of units, unchanged, in every layer", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 60, max: 400 }), (seed, keptCount) => {
      const stream = new RandomStream(seed, "prune");
      // The first layer's weights are all smaller than the others: it must not be lost.
      const layers = [
        gaussian(60, 90, 1e-6, stream),
        gaussian(40, 60, 1, stream),
        gaussian(10, 40, 1, stream),
      ];
      const pruned = prunedToCount(layers, keptCount);
      const counts = pruned.map(({ data }) => nonzeroCount(data));
      assert(counts.every((count) => count > 0) && counts.reduce((a, b) => a + b) <= keptCount);
      assert(livingColumns(pruned[0]) <= mostInputs(keptCount));
      for (const layer of pruned.slice(1)) assert(livingColumns(layer) <= mostHidden(keptCount));
      pruned.forEach(({ data }, layer) =>
        data.forEach((weight, place) => assert(weight === 0 || weight === layers[layer].data[place]))
      );
    }),
    { numRuns: 20 },
  );
  assertThrows(() => prunedToCount([matrix(1, 1)], 0), RangeError, "the number of kept weights");
});

function livingColumns({ columns, data }: Matrix): number {
  return new Set([...data.keys()].filter((place) => data[place] !== 0).map((place) => place % columns)).size;
}

Deno.test("of busy units the largest weights are kept, whatever their layer", () => {
  const layers = [
    matrix(2, 3, Float32Array.of(9, 1, 8, 2, 7, 3)),
    matrix(2, 2, Float32Array.of(6, 0.5, 0.25, 5)),
  ];
  assertEquals(prunedToCount(layers, 7).map(({ data }) => [...data]), [[9, 0, 8, 2, 7, 3], [6, 0, 0, 5]]);
});

Deno.test("a network whose layers are not connected loses all its weights", () => {
  const layers = [
    matrix(2, 2, Float32Array.of(1, 2, 3, 4)),
    matrix(2, 2, Float32Array.of(1, 1, 0, 0)),
    matrix(2, 2, Float32Array.of(0, 1, 0, 1)),
  ];
  assertEquals(prunedToCount(layers, 3).map(({ data }) => nonzeroCount(data)), [0, 0, 0]);
});

Deno.test("examples of some inputs are those inputs of the examples", () => {
  const { trainingSet } = exampleSetsOf(toyDataset(120), hyperparameters);
  const inputs = Uint32Array.of(3, 100, 783);
  const read = readInputs(trainingSet, inputs);
  const indices = Uint32Array.of(5, 0, 99);
  const { inputs: whole, labels } = trainingSet.batch(indices);
  const batch = read.batch(indices);
  assertEquals([...batch.labels], [...labels]);
  assertEquals(
    [...batch.inputs],
    [0, 1, 2].flatMap((row) => [...inputs].map((input) => whole[784 * row + input])),
  );
  assertEquals([...read.inputs(5, 6)], [...batch.inputs.subarray(0, 3)]);
});

Deno.test("fine-tuning learns with the masked weights as they were", async () => {
  await wasmEngine.select();
  const { trainingSet } = exampleSetsOf(toyDataset(120), hyperparameters);
  const { layers } = initialWeights(architectureOf(hyperparameters), 3);
  const masks = layers.map(nonzeroMask);
  masks[0].data.fill(0, 0, 2000);
  const visited: number[] = [];
  const before = tf.memory().numTensors;
  const tuned = await fineTuned(hyperparameters, {
    layers,
    masks,
    trainingSet,
    examples: 250,
    stream: "test",
    onEvaluated: (examples) => visited.push(examples),
  });
  assertEquals(tf.memory().numTensors, before);
  assertEquals(visited, Array(25).fill(3 * examplesWithSteps(hyperparameters, 10)));
  tuned.forEach(({ data }, layer) =>
    data.forEach((weight, place) => {
      if (masks[layer].data[place] === 0) assertEquals(weight, layers[layer].data[place]);
    })
  );
  assert(tuned[1].data.every((weight, place) => weight !== layers[1].data[place]));
});

Deno.test("each round has its weights, and coded rounds a network for each number of bits", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  const { rounds, exampleCount } = await certifiedPruning.measure(subjectOf());
  assertEquals(tf.memory().numTensors, before);
  // The network has 784 * 6 + 60 weights.
  assertEquals(rounds.map(({ keptCount }) => keptCount), keptCounts.filter((count) => count < 4764));
  for (const { round, keptCount, keptWeights, livingUnits, quantised } of rounds) {
    assertEquals(keptCounts[round - 1], keptCount);
    assert(keptWeights.reduce((a, b) => a + b) <= keptCount && livingUnits[0] <= mostInputs(keptCount));
    assertEquals(quantised.map(({ bits }) => bits), codedCounts.includes(keptCount) ? [...codedBits] : []);
    for (const { nonzeroCount, code } of quantised) {
      assert(nonzeroCount <= keptCount && code.units > 0 && code.permutations <= 0);
    }
  }
  const [first] = rounds;
  assert(first.trainErrors < 0.6 * exampleCount, `training has learned nothing: ${first.trainErrors}`);
});

Deno.test("the same subject gives the same record, as it is stored, and its cost is the estimate", async () => {
  await wasmEngine.select();
  let evaluated = 0;
  const first = recordJson(await certifiedPruning.measure(subjectOf((examples) => evaluated += examples)));
  assertAlmostEquals(evaluated / certifiedPruning.evaluations(hyperparameters), 1, 1e-9);
  assertEquals(recordJson(await certifiedPruning.measure(subjectOf())), first);
  assertEquals(recordJson(certifiedPruning.schema.parse(JSON.parse(first))), first);
});

Deno.test("a network with biases, without weights or with weights that are not finite has no round", async () => {
  const subject = subjectOf();
  const { layers } = subject.weights;
  const changed = (data: (layer: Matrix) => Matrix["data"]) =>
    layers.map((layer) => ({ ...layer, data: data(layer) }));
  for (
    const weights of [
      { layers, biases: [new Float32Array(6), new Float32Array(10)] },
      { layers: changed(({ data }) => data.map(() => 0)), biases: [] },
      { layers: changed(({ data }) => data.map(() => NaN)), biases: [] },
    ]
  ) {
    assertEquals((await certifiedPruning.measure({ ...subject, weights })).rounds, []);
  }
});
