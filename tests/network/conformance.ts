/** What every engine must do: its test file calls this once. */
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../src/math/random_stream.ts";
import type { Engine } from "../../src/network/engines/engine.ts";
import { type InputReader, outputsOf } from "../../src/network/evaluate.ts";
import { jacobianNorms } from "../../src/network/jacobians.ts";
import { initialWeights, type NetworkWeights } from "../../src/network/mlp.ts";
import {
  type AdamOptions,
  type Batch,
  startingState,
  Trainer,
  type TrainingState,
} from "../../src/network/train.ts";
import { preActivations, ReferenceAdam, referenceOf } from "./reference.ts";

/** Single precision keeps seven digits; sums over tens of terms and ten steps lose two of them. */
const tolerance = 2e-5;
const options: AdamOptions = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const architecture = { inputs: 7, hidden: [9, 6], outputs: 4 };

export function conformance(engine: Engine, settings: { ignore?: boolean } = {}): void {
  const check = (name: string, fn: () => Promise<void>): void =>
    Deno.test({ name: `${engine.name}: ${name}`, ...settings, fn: () => engine.select().then(fn) });

  for (const bias of [false, true]) {
    const title = bias ? "with biases" : "without biases";
    const weights = initialWeights({ ...architecture, bias }, 3);

    check(`outputs agree with double precision, ${title}`, async () => {
      const { inputs } = batch(10, 1);
      const outputs = await outputsOf(weights, rowsOf(inputs), 10, { batchSize: 4 });
      const reference = referenceOf(weights);
      for (let example = 0; example < 10; example++) {
        const expected = preActivations(reference, [...inputs.subarray(example * 7, example * 7 + 7)]).at(
          -1,
        )!;
        expected.forEach((value, index) =>
          assertAlmostEquals(outputs[example * 4 + index], value, tolerance)
        );
      }
    });

    check(
      `ten steps of training agree with finite differences and Adam in double precision, ${title}`,
      async () => {
        const trainer = new Trainer(engine, startingState(weights), options);
        const reference = new ReferenceAdam(referenceOf(weights), options);
        for (let step = 0; step < 10; step++) {
          trainer.train(batch(5, step));
          reference.train(batch(5, step));
        }
        const state = await trainer.state();
        trainer.dispose();
        state.weights.layers.forEach(({ data }, layer) =>
          assertClose(data, reference.network.weights[layer])
        );
        state.weights.biases.forEach((data, layer) => assertClose(data, reference.network.biases[layer]));
        assertEquals(state.step, 10);
      },
    );
  }

  check("a resumed training ends in the same bits", async () => {
    const start = startingState(initialWeights({ ...architecture, bias: true }, 4));
    const whole = await trained(engine, start, [0, 1, 2, 3]);
    const resumed = await trained(engine, await trained(engine, start, [0, 1]), [2, 3]);
    assertEquals(resumed, whole);
  });

  check("a step at a given learning rate is that of an optimiser with this rate", async () => {
    const start = startingState(initialWeights({ ...architecture, bias: true }, 4));
    const given = await trained(engine, start, [0, 1], { rate: 0.1 });
    const own = await trained(engine, start, [0, 1], { adam: { ...options, learningRate: 0.1 } });
    assertEquals(given, own);
    assertNotEquals(given, await trained(engine, start, [0, 1]));
  });

  check("inputs may be written over as soon as their step is taken or their outputs are there", async () => {
    const weights = initialWeights({ inputs: 256, hidden: [80], outputs: 4, bias: false }, 2);
    const all = normals(1000 * 256), labels = new Uint8Array(250).map((_, index) => index % 4);
    const separate: InputReader = (from, to) => all.slice(from * 256, to * 256);
    const again: InputReader = (from, to, used = new Float32Array(250 * 256)) => {
      used.set(separate(from, to));
      return used;
    };
    const results = [];
    for (const read of [separate, again]) {
      const trainer = new Trainer(engine, startingState(weights), options);
      let inputs: Float32Array | undefined;
      for (let from = 0; from < 1000; from += 250) {
        inputs = read(from, from + 250, inputs);
        trainer.train({ inputs, labels });
      }
      const outputs = await outputsOf(weights, read, 1000, { batchSize: 250 });
      results.push({ outputs, weights: await trainer.weights() });
      trainer.dispose();
    }
    assertEquals(results[1], results[0]);
  });

  check("losses and errors are summed over examples", async () => {
    const weights = initialWeights({ ...architecture, bias: false }, 5);
    const trainer = new Trainer(engine, startingState(weights), { ...options, learningRate: 1e-30 });
    [0, 1].forEach((step) => trainer.train(batch(8, step)));
    const { lossSum, errorSum } = await trainer.takeTotals();
    const { lossSum: nothing } = await trainer.takeTotals();
    trainer.dispose();
    const reference = referenceOf(weights);
    const expected = [0, 1].map((step) => totals(reference, batch(8, step)));
    assertAlmostEquals(lossSum, expected[0].loss + expected[1].loss, 1e-4);
    assertEquals(errorSum, expected[0].errors + expected[1].errors);
    assertEquals(nothing, 0);
  });

  check("no tensor is leaked by training or evaluation", async () => {
    const weights = initialWeights({ ...architecture, bias: true }, 6);
    const before = tf.memory().numTensors;
    await trained(engine, startingState(weights), [0, 1, 2]);
    await outputsOf(weights, rowsOf(batch(6, 0).inputs), 6);
    assertEquals(tf.memory().numTensors, before);
  });

  check("large batches and odd sizes agree with double precision", async () => {
    const weights = initialWeights({ inputs: 131, hidden: [67], outputs: 10, bias: false }, 7);
    const inputs = normals(257 * 131);
    const outputs = await outputsOf(weights, (from, to) => inputs.subarray(from * 131, to * 131), 257);
    const reference = referenceOf(weights);
    for (const example of [0, 128, 256]) {
      const expected = preActivations(reference, [...inputs.subarray(example * 131, (example + 1) * 131)]).at(
        -1,
      )!;
      expected.forEach((value, index) => assertAlmostEquals(outputs[example * 10 + index], value, tolerance));
    }
  });

  check("Jacobians of ten classes, with sixteen probes, agree with double precision", async () => {
    const weights = initialWeights({ inputs: 7, hidden: [9, 6, 8], outputs: 10, bias: false }, 12);
    const { inputs } = batch(5, 3);
    const examples = { inputs: rowsOf(inputs), count: 5 };
    const norms = await jacobianNorms(weights, examples, {
      probes: 16,
      stream: new RandomStream(1, "probes"),
    });
    for (let example = 0; example < 5; example++) {
      const x = preActivations(referenceOf(weights), [...inputs.subarray(example * 7, example * 7 + 7)]);
      for (const i of [1, 2, 3]) {
        const found = norms[i - 1].map((list) => list[example]);
        assertAlmostEquals(found[3 - i] / jacobianNorm(weights, x, i), 1, 10 * tolerance);
        assert(found.every((norm) => Number.isFinite(norm) && norm > 0));
      }
    }
  });

  check("an overflow becomes a loss that is not finite, not an exception", async () => {
    const { layers, biases } = initialWeights({ ...architecture, bias: false }, 9);
    // With every weight large and of one sign, the sums overflow in whatever order an engine adds.
    const large = layers.map((layer) => ({
      ...layer,
      data: Float32Array.from(layer.data, (w) => 10 * Math.abs(w)),
    }));
    const trainer = new Trainer(engine, startingState({ layers: large, biases }), options);
    trainer.train({ inputs: new Float32Array(14).fill(3.4e38), labels: Uint8Array.of(0, 1) });
    const { lossSum } = await trainer.takeTotals();
    trainer.dispose();
    assert(!Number.isFinite(lossSum));
  });
}

/** ||J^(i, L)||_F, multiplied out: from the outputs back to the pre-activations x of layer i. */
function jacobianNorm({ layers }: NetworkWeights, x: readonly (readonly number[])[], i: number): number {
  const { rows: classes } = layers[layers.length - 1];
  let squares = 0;
  for (let output = 0; output < classes; output++) {
    let row = Array.from({ length: classes }, (_, index) => Number(index === output));
    for (let l = layers.length - 1; l >= i; l--) {
      const { rows, columns, data } = layers[l];
      row = Array.from({ length: columns }, (_, unit) => {
        let sum = 0;
        for (let to = 0; to < rows; to++) sum += row[to] * data[to * columns + unit];
        return x[l - 1][unit] > 0 ? sum : 0;
      });
    }
    squares += row.reduce((sum, entry) => sum + entry * entry, 0);
  }
  return Math.sqrt(squares);
}

function batch(size: number, seed: number): Batch {
  const stream = new RandomStream(seed, "batch");
  const inputs = Float32Array.from({ length: size * 7 }, () => stream.normal());
  return { inputs, labels: Uint8Array.from({ length: size }, () => stream.integer(4)) };
}

function normals(length: number): Float32Array {
  const stream = new RandomStream(8, "inputs");
  return Float32Array.from({ length }, () => stream.normal());
}

function rowsOf(inputs: Float32Array): (from: number, to: number) => Float32Array {
  return (from, to) => inputs.slice(from * 7, to * 7);
}

async function trained(
  engine: Engine,
  from: TrainingState,
  seeds: readonly number[],
  { adam = options, rate }: { adam?: AdamOptions; rate?: number } = {},
): Promise<TrainingState> {
  const trainer = new Trainer(engine, from, adam);
  seeds.forEach((seed) => trainer.train(batch(5, seed), rate));
  const state = await trainer.state();
  trainer.dispose();
  return state;
}

function totals(
  network: ReturnType<typeof referenceOf>,
  { inputs, labels }: Batch,
): { loss: number; errors: number } {
  let loss = 0;
  let errors = 0;
  labels.forEach((label, example) => {
    const outputs = preActivations(network, [...inputs.subarray(example * 7, example * 7 + 7)]).at(-1)!;
    loss += Math.log(outputs.reduce((sum, z) => sum + Math.exp(z), 0)) - outputs[label];
    errors += outputs.indexOf(Math.max(...outputs)) === label ? 0 : 1;
  });
  return { loss, errors };
}

function assertClose(actual: NetworkWeights["layers"][number]["data"], expected: readonly number[]): void {
  // Adam divides by the root of the second moment, so a gradient near zero turns rounding into a step of its own size.
  expected.forEach((value, index) => assertAlmostEquals(actual[index], value, 50 * tolerance));
}
