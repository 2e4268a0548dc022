import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../src/math/random_stream.ts";
import { inspect } from "../../src/network/activations.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { jacobianNorms, noiseResiduals } from "../../src/network/jacobians.ts";
import { initialWeights } from "../../src/network/mlp.ts";
import { preActivations, referenceOf } from "./reference.ts";

const architecture = { inputs: 5, hidden: [7, 6, 8, 6], outputs: 3, bias: false };
const weights = initialWeights(architecture, 1);
const reference = referenceOf(weights);
const count = 9;
const inputs = gaussian(count * 5, "inputs");
const examples = { inputs: (from: number, to: number) => inputs.subarray(5 * from, 5 * to), count };
const depth = weights.layers.length;

function gaussian(length: number, name: string): Float32Array {
  const stream = new RandomStream(2, name);
  return Float32Array.from({ length }, () => stream.normal());
}

function inputOf(example: number): number[] {
  return [...inputs.subarray(5 * example, 5 * (example + 1))];
}

function norm(values: Iterable<number>): number {
  return Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));
}

/** x^to of the network when x^from is `start`: plain loops, layers counted from 0. */
function run(start: readonly number[], from: number, to: number): number[] {
  const { shapes, weights: all } = reference;
  const tail = { shapes: shapes.slice(from + 1, to + 1), weights: all.slice(from + 1, to + 1), biases: [] };
  return preActivations(tail, start.map((value) => Math.max(0, value))).at(-1)!;
}

/** The Jacobian of x^j with respect to x^i, column by column, by central differences. */
function bruteForceJacobian(x: readonly number[], i: number, j: number): number[][] {
  const step = 1e-6;
  return x.map((value, unit) => {
    const at = (moved: number): number[] => run(x.with(unit, moved), i, j);
    const [above, below] = [at(value + step), at(value - step)];
    return above.map((entry, row) => (entry - below[row]) / (2 * step));
  });
}

Deno.test("norms and outputs of an inspection are those of plain loops, in batches of any size", async () => {
  await wasmEngine.select();
  const { outputs, activationNorms, preActivationNorms } = await inspect(weights, [], examples, {
    batchSize: 4,
  });
  for (let example = 0; example < count; example++) {
    const layers = preActivations(reference, inputOf(example));
    assertAlmostEquals(activationNorms[0][example], norm(inputOf(example)), 1e-5);
    layers.forEach((layer, l) => {
      assertAlmostEquals(preActivationNorms[l][example], norm(layer), 1e-5);
      if (l === depth - 1) return;
      assertAlmostEquals(
        activationNorms[l + 1][example],
        norm(layer.map((value) => Math.max(0, value))),
        1e-5,
      );
    });
    layers[depth - 1].forEach((output, k) => assertAlmostEquals(outputs[3 * example + k], output, 1e-5));
  }
});

Deno.test("derivatives along a layer's direction are central differences of the outputs", async () => {
  await wasmEngine.select();
  const direction = weights.layers.map((layer, l) => ({
    ...layer,
    data: gaussian(layer.data.length, `direction/${l}`),
  }));
  const { derivatives } = await inspect(weights, [direction, weights.layers], examples);
  assertEquals(derivatives.map((layers) => layers.length), [depth, depth]);
  const step = 1e-6;
  for (let l = 0; l < depth; l++) {
    const moved = (sign: number): typeof reference => ({
      ...reference,
      weights: reference.weights.with(
        l,
        reference.weights[l].map((weight, index) => weight + sign * step * direction[l].data[index]),
      ),
    });
    for (let example = 0; example < count; example++) {
      const [above, below] = [moved(1), moved(-1)].map((network) =>
        preActivations(network, inputOf(example)).at(-1)!
      );
      above.forEach((output, k) =>
        assertAlmostEquals(derivatives[0][l][3 * example + k], (output - below[k]) / (2 * step), 1e-4)
      );
    }
  }
});

Deno.test("the derivative along a layer's own weights is the output: the network is homogeneous in each", async () => {
  await wasmEngine.select();
  const { outputs, derivatives } = await inspect(weights, [weights.layers], examples);
  for (const derivative of derivatives[0]) {
    derivative.forEach((value, index) => assertAlmostEquals(value, outputs[index], 1e-5));
  }
});

Deno.test("Jacobian norms are exact to the next layer and to the outputs, and close to it with many probes", async () => {
  await wasmEngine.select();
  const stream = new RandomStream(3, "probes");
  const norms = await jacobianNorms(weights, examples, { probes: 1000, stream, batchSize: 5 });
  assertEquals(norms.map((row) => row.length), [4, 3, 2, 1]);
  norms.forEach((row, i) =>
    row.forEach((values, s) => {
      const j = i + 1 + s;
      const isExact = j === i + 1 || j === depth - 1;
      for (let example = 0; example < count; example++) {
        const x = preActivations(reference, inputOf(example))[i];
        const expected = norm(bruteForceJacobian(x, i, j).flat());
        assertAlmostEquals(values[example], expected, isExact ? 1e-4 : 0.1 * expected, `${i} ${j}`);
      }
    })
  );
});

Deno.test("noise leaves no residual where no unit changes its side, and the brute-force one where some do", async () => {
  await wasmEngine.select();
  const relativeNoise = 0.8;
  const [tiny, { norms: large }] = await noiseResiduals(weights, examples, {
    relativeNoises: [1e-7, relativeNoise],
    stream: new RandomStream(4, "noise"),
  });
  tiny.norms.flat().forEach((values) => values.forEach((value) => assertAlmostEquals(value, 0, 1e-6)));
  const draws = new RandomStream(4, "noise");
  for (let i = 0; i < depth - 1; i++) {
    for (let example = 0; example < count; example++) {
      const x = preActivations(reference, inputOf(example))[i];
      const direction = x.map(() => draws.normal());
      const scale = relativeNoise * norm(x) / norm(direction);
      const noisy = x.map((value, unit) => value + scale * direction[unit]);
      large[i].forEach((values, s) => {
        const j = i + 1 + s;
        const columns = bruteForceJacobian(x, i, j);
        const residual = run(noisy, i, j).map((value, row) =>
          value - columns.reduce((sum, column, unit) => sum + column[row] * noisy[unit], 0)
        );
        assertAlmostEquals(values[example], norm(residual), 1e-4, `${i} ${j}`);
      });
    }
  }
});

Deno.test("looking inside leaks no tensor and refuses biases", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  await inspect(weights, [weights.layers], examples);
  await jacobianNorms(weights, examples, { probes: 2, stream: new RandomStream(0, "probes") });
  await noiseResiduals(weights, examples, { relativeNoises: [0.1], stream: new RandomStream(0, "noise") });
  assertEquals(tf.memory().numTensors, before);
  const biased = initialWeights({ ...architecture, bias: true }, 1);
  await assertRejects(() => inspect(biased, [], examples), RangeError, "must have no biases");
  const stream = new RandomStream(0, "none");
  await assertRejects(() => jacobianNorms(weights, examples, { probes: 0, stream }), RangeError, "probes");
  await assertRejects(
    () => noiseResiduals(weights, examples, { relativeNoises: [0], stream }),
    RangeError,
    "relative size",
  );
});
