import { assertAlmostEquals, assertThrows } from "@std/assert";
import { crossEntropies, hessianSpreads } from "../../../src/experiments/measurements/hessian.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { inspect } from "../../../src/network/activations.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { loss, preActivations, type ReferenceNetwork, referenceOf } from "../../network/reference.ts";

const weights = initialWeights({ inputs: 4, hidden: [5, 4], outputs: 3, bias: false }, 6);
const reference = referenceOf(weights);
const depth = weights.layers.length;
const inputs = draws(4, "inputs");
const example = { inputs, labels: Uint8Array.of(1) };

function draws(length: number, name: string): Float32Array {
  const stream = new RandomStream(7, name);
  return Float32Array.from({ length }, () => stream.normal());
}

/** v^T H v of the closed form for one example and every layer. */
async function closedForm(directions: readonly Float32Array[]): Promise<number[]> {
  await wasmEngine.select();
  const moves = weights.layers.map((layer, l) => ({ ...layer, data: directions[l] }));
  const { outputs, derivatives } = await inspect(weights, [moves], { inputs: () => inputs, count: 1 });
  return hessianSpreads(outputs, derivatives[0], 3).map(({ worst }) => worst);
}

function moved(layer: number, direction: ArrayLike<number>, step: number): ReferenceNetwork {
  const entries = reference.weights[layer].map((weight, index) => weight + step * direction[index]);
  return { ...reference, weights: reference.weights.with(layer, entries) };
}

/** The gradient of the loss with respect to one layer, by back-propagation in plain loops. */
function layerGradient(network: ReferenceNetwork, layer: number): number[] {
  const x = preActivations(network, [...inputs]);
  const powers = x[depth - 1].map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  let delta = powers.map((power, k) => power / total - Number(k === example.labels[0]));
  for (let l = depth - 1; l > layer; l--) {
    const { columns } = network.shapes[l];
    delta = x[l - 1].map((value, unit) =>
      value > 0 ? delta.reduce((sum, d, row) => sum + d * network.weights[l][row * columns + unit], 0) : 0
    );
  }
  const below = layer === 0 ? [...inputs] : x[layer - 1].map((value) => Math.max(0, value));
  return delta.flatMap((d) => below.map((value) => d * value));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, index) => sum + value * b[index], 0);
}

/** H v of one layer's block by central differences of the gradient. */
function hessianTimes(layer: number, direction: ArrayLike<number>): number[] {
  const step = 1e-5;
  const [above, below] = [step, -step].map((s) => layerGradient(moved(layer, direction, s), layer));
  return above.map((value, index) => (value - below[index]) / (2 * step));
}

Deno.test("the closed form is v^T H v from finite differences of the gradient", async () => {
  const directions = weights.layers.map(({ data }, l) => draws(data.length, `v/${l}`));
  const closed = await closedForm(directions);
  directions.forEach((direction, l) => {
    const expected = dot(direction, hessianTimes(l, direction));
    assertAlmostEquals(closed[l], expected, 1e-5 * Math.max(1, Math.abs(expected)));
  });
});

Deno.test("the closed form is the second difference of the loss: no gradient in it", async () => {
  const directions = weights.layers.map(({ data }, l) => draws(data.length, `v/${l}`));
  const closed = await closedForm(directions);
  const step = 1e-4;
  directions.forEach((direction, l) => {
    const [above, here, below] = [step, 0, -step].map((s) => loss(moved(l, direction, s), example));
    assertAlmostEquals(closed[l], (above - 2 * here + below) / step ** 2, 1e-4 * Math.max(1, closed[l]));
  });
});

Deno.test("its mean over random signs is the trace of the Hessian, as Hutchinson's estimator has it", async () => {
  const traces = weights.layers.map(({ data }, l) =>
    Array.from(data).reduce((sum, _, index) => {
      const unit = Float64Array.from(data, (_, other) => Number(other === index));
      return sum + hessianTimes(l, unit)[index];
    }, 0)
  );
  const stream = new RandomStream(8, "signs");
  const rounds = 400;
  const sums = traces.map(() => 0);
  const squares = traces.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const signs = weights.layers.map(({ data }) => data.map(() => (stream.uniform() < 0.5 ? -1 : 1)));
    (await closedForm(signs as Float32Array[])).forEach((value, l) => {
      sums[l] += value;
      squares[l] += value * value;
    });
  }
  traces.forEach((trace, l) => {
    const mean = sums[l] / rounds;
    const standardError = Math.sqrt((squares[l] / rounds - mean ** 2) / rounds);
    assertAlmostEquals(mean, trace, 4 * standardError);
  });
});

Deno.test("variances and losses are stable at large outputs, and rows must fit", () => {
  const [{ worst }] = hessianSpreads(Float32Array.of(3e4, 3e4, 0), [Float32Array.of(1, 3, 99)], 3);
  assertAlmostEquals(worst, 1);
  assertAlmostEquals(crossEntropies(Float32Array.of(3e4, 0), Uint8Array.of(1))[0], 3e4, 1e-2);
  assertThrows(() => hessianSpreads(new Float32Array(4), [new Float32Array(4)], 3), TypeError, "rows of 3");
});
