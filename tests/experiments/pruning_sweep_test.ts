import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Matrix as Dense, SVD } from "ml-matrix";
import { blankExamples, type Dataset } from "../../src/datasets/dataset.ts";
import { exampleSetsOf } from "../../src/experiments/example_set.ts";
import type { Hyperparameters } from "../../src/experiments/hyperparameters.ts";
import type { Subject } from "../../src/experiments/measurements/measurement.ts";
import { network } from "../../src/experiments/measurements/network.ts";
import {
  changeBounds,
  largestChange,
  pruningSweep,
  sweptExamples,
  sweptParameters,
} from "../../src/experiments/measurements/pruning_sweep.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { parseRecord, recordJson } from "../../src/experiments/record.ts";
import type { Matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { initialWeights } from "../../src/network/mlp.ts";
import { preActivations, referenceOf } from "../network/reference.ts";

const hyperparameters: Hyperparameters = {
  ...hyperparametersFor("mnist", 784, { profile: "smoke", protocol: "gentle", seed: 3, engine: "wasm" }),
  trainingExamples: 30,
  testExamples: 10,
  hidden: [14, 9],
};

/** Noise: the sweep needs no network that has learnt anything. */
function noise(): Dataset {
  const stream = new RandomStream(1, "noise");
  const examples = (count: number) => {
    const made = blankExamples(count, 784);
    made.pixels.forEach((_, index) => made.pixels[index] = stream.integer(256));
    made.labels.forEach((_, index) => made.labels[index] = stream.integer(10));
    return made;
  };
  return { name: "mnist", train: examples(40), test: examples(10), classes: 10, checksum: "noise" };
}

async function subject(onEvaluated: (examples: number) => void = () => {}): Promise<Subject> {
  await wasmEngine.select();
  const weights = initialWeights(architectureOf(hyperparameters), 7);
  return {
    weights,
    initial: weights,
    hyperparameters,
    ...exampleSetsOf(noise(), hyperparameters),
    epochs: [],
    onEvaluated,
  };
}

/** Algorithm 1 as the paper prints it, weight by weight. */
function printedPruning(layer: Matrix, index: number, d: number): Matrix {
  const variance = [...layer.data].reduce((sum, weight) => sum + weight ** 2, 0) / layer.data.length;
  const stream = new RandomStream(hyperparameters.seed, `mask/${index}`);
  const data = layer.data.map((weight, entry) => {
    const isPruned = stream.uniform() < Math.exp(-(weight ** 2) / (d * variance));
    const isDiagonal = Math.floor(entry / layer.columns) === entry % layer.columns;
    return isPruned && !isDiagonal ? 0 : weight;
  });
  return { ...layer, data };
}

function singularValue(rows: number, columns: number, data: ArrayLike<number>): number {
  return new SVD(Dense.from1DArray(rows, columns, [...Array.from(data)]), { autoTranspose: true }).norm2;
}

Deno.test("the sweep agrees with Algorithm 1 as printed, with SVD and with a network in double precision", async () => {
  const measured = await subject();
  const sweep = await pruningSweep.measure(measured);
  const { weights, trainingSet } = measured;
  const outputs = (layers: readonly Matrix[]): number[][] =>
    Array.from(
      { length: trainingSet.count },
      (_, example) =>
        preActivations(referenceOf({ layers, biases: [] }), [...trainingSet.inputs(example, example + 1)]).at(
          -1,
        )!,
    );
  const before = outputs(weights.layers);
  for (
    const point of sweep.points.filter(({ d }) => d === 0 || d > 0.5).filter((_, index) => index % 3 === 0)
  ) {
    const pruned = weights.layers.map((layer, index) => printedPruning(layer, index, point.d));
    const after = outputs(pruned);
    const changes = before.map((row, example) => row.map((value, index) => value - after[example][index]));
    assertAlmostEquals(
      point.largestOutputChange,
      Math.max(...changes.map((row) => Math.hypot(...row))),
      1e-4,
    );
    const logits = changes.map((row, example) => Math.abs(row[trainingSet.labels[example]]));
    assertAlmostEquals(point.largestLogitChange, Math.max(...logits), 1e-4);
    const wrong = after.filter((row, example) => {
      const label = trainingSet.labels[example];
      return row[label] <= Math.max(...row.filter((_, index) => index !== label));
    });
    assertAlmostEquals(point.trainErrorFraction, wrong.length / 30, 1e-12);
    pruned.forEach(({ rows, columns, data }, index) => {
      const layer = point.layers[index];
      const removed = data.map((weight, entry) => weights.layers[index].data[entry] - weight);
      assertAlmostEquals(layer.perturbationNorm, singularValue(rows, columns, removed), 1e-6);
      assertEquals(layer.keptWeights, data.filter((weight) => weight !== 0).length);
      const rowCounts = Array.from(
        { length: rows },
        (_, row) => data.subarray(row * columns, (row + 1) * columns).filter((weight) => weight !== 0).length,
      );
      const columnCounts = Array.from(
        { length: columns },
        (_, column) => data.filter((weight, entry) => entry % columns === column && weight !== 0).length,
      );
      assertEquals([layer.largestRowCount, layer.largestColumnCount], [
        Math.max(...rowCounts),
        Math.max(...columnCounts),
      ]);
    });
  }
});

Deno.test("the masks are those of the measurement of the network", async () => {
  const measured = await subject();
  const { pruned } = await network.measure(measured);
  const unit = pruned.find(({ marginRule }) => marginRule === "unit")!;
  assert(unit.d > 0);
  unit.keptWeights.forEach((kept, index) => {
    const { data } = printedPruning(measured.weights.layers[index], index, unit.d);
    assertEquals(kept, data.filter((weight) => weight !== 0).length);
  });
});

Deno.test("the change stays below every bound that has no condition, and the bounds are the printed formulas", async () => {
  const sweep = await pruningSweep.measure(await subject());
  for (const point of sweep.points) {
    const bounds = changeBounds(sweep, point);
    assert(point.largestOutputChange <= bounds.measuredTelescoped * (1 + 1e-5) + 1e-6);
    if (bounds.isWithinSideCondition) assert(bounds.measuredTelescoped <= bounds.measured);
    const product = sweep.layers.reduce((value, { spectralNorm }) => value * spectralNorm, 1);
    const relative = sweep.layers.map(({ spectralNorm }, index) =>
      point.layers[index].perturbationNorm / spectralNorm
    );
    const printed = Math.E * sweep.maximumInputNorm * product * relative.reduce((sum, next) => sum + next, 0);
    assertAlmostEquals(bounds.measured, printed, 1e-9 * (1 + printed));
    const u = point.d / (point.d + 2);
    const gammas = sweep.layers.map(({ outputs, inputs, variance, spectralNorm }) =>
      Math.sqrt(variance) / spectralNorm *
      (u ** 0.75 * (Math.sqrt(outputs) + Math.sqrt(inputs)) +
        3 ** 0.25 * (outputs * inputs) ** 0.25 * u ** 0.625)
    );
    const withGamma = Math.E * sweep.maximumInputNorm * product * gammas.reduce((sum, next) => sum + next, 0);
    assertAlmostEquals(bounds.gamma, withGamma, 1e-9 * (1 + withGamma));
    assert(bounds.measuredWithKappa <= bounds.measured && bounds.gammaWithKappa <= bounds.gamma);
  }
  assertEquals(changeBounds(sweep, sweep.points[0]).measured, 0);
});

Deno.test("masks are nested: nothing that is pruned comes back at a larger d", async () => {
  const { points } = await pruningSweep.measure(await subject());
  points.slice(1).forEach((point, index) => {
    point.layers.forEach((layer, place) => {
      assert(layer.keptWeights <= points[index].layers[place].keptWeights);
    });
  });
});

Deno.test("every grid is part of the paper's, and a first look covers part of S", () => {
  const of = (profile: "smoke" | "quick" | "standard" | "paper") =>
    hyperparametersFor("cifar10", 784, { profile, protocol: "stated", seed: 1, engine: "wasm" });
  const full = sweptParameters(of("paper"));
  assertEquals(full.length, 100);
  assertAlmostEquals(full[1], 10 / 99, 1e-15);
  const lengths = (["smoke", "quick", "standard"] as const).map((each) => sweptParameters(of(each)).length);
  assertEquals(lengths, [12, 21, 21]);
  const quick = sweptParameters(of("quick"));
  assert(quick.every((d) => full.includes(d)));
  assert(sweptParameters(of("smoke")).every((d) => quick.includes(d)));
  assertEquals((["smoke", "quick", "paper"] as const).map((profile) => sweptExamples(of(profile))), [
    1000,
    5_000,
    50_000,
  ]);
});

Deno.test("a sweep reports as many examples as it says, and its record survives the disk", async () => {
  let evaluated = 0;
  const sweep = await pruningSweep.measure(await subject((examples) => evaluated += examples));
  assertEquals(evaluated, pruningSweep.evaluations(hyperparameters));
  assertEquals(parseRecord(pruningSweep.schema, recordJson(sweep), "a sweep"), sweep);
});

Deno.test("the largest changes are taken over examples, each by itself", () => {
  const before = Float32Array.of(0, 0, 0, 0);
  const after = Float32Array.of(3, 4, 0, 4.5);
  assertEquals(largestChange(before, after, Uint8Array.of(0, 0)), { output: 5, logit: 3 });
});
