import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  cushionMeasures,
  cushionsOf,
  highSpread,
  lowSpread,
} from "../../../src/experiments/measurements/cushions.ts";
import { frobeniusNorm } from "../../../src/math/norms.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { inspect } from "../../../src/network/activations.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { jacobianNorms, noiseResiduals } from "../../../src/network/jacobians.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { preActivations, referenceOf } from "../../network/reference.ts";

const weights = initialWeights({ inputs: 6, hidden: [8, 7], outputs: 3, bias: false }, 5);
const reference = referenceOf(weights);
const count = 30;
const stream = new RandomStream(9, "inputs");
const inputs = Float32Array.from({ length: 6 * count }, () => stream.normal());
const examples = { inputs: (from: number, to: number) => inputs.subarray(6 * from, 6 * to), count };
const frobeniusNorms = weights.layers.map((layer) => frobeniusNorm(layer));

async function measured() {
  await wasmEngine.select();
  const whole = await inspect(weights, [], examples);
  const noise = { relativeNoises: [0.1], stream: new RandomStream(1, "noise") };
  return cushionsOf({
    whole,
    sample: whole,
    frobeniusNorms,
    jacobianNorms: await jacobianNorms(weights, examples, {
      probes: 1,
      stream: new RandomStream(1, "probes"),
    }),
    probes: 1,
    residuals: await noiseResiduals(weights, examples, noise),
  });
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function relu(values: readonly number[]): number[] {
  return values.map((value) => Math.max(0, value));
}

/** x^1 .. x^L of every example. */
const layersOfAll = Array.from(
  { length: count },
  (_, example) => preActivations(reference, [...inputs.subarray(6 * example, 6 * (example + 1))]),
);

Deno.test("layer cushions, contraction and output norm are their definitions, worst and at 5 %", async () => {
  const cushions = await measured();
  const sorted = (values: number[]): number[] => values.toSorted((a, b) => a - b);
  weights.layers.forEach((_, l) => {
    const values = sorted(layersOfAll.map((x, example) => {
      const below = l === 0 ? [...inputs.subarray(6 * example, 6 * (example + 1))] : relu(x[l - 1]);
      return norm(x[l]) / (frobeniusNorms[l] * norm(below));
    }));
    assertAlmostEquals(cushions.layer[l].worst, values[0], 1e-6);
    assertAlmostEquals(cushions.layer[l].percentile, values[1], 1e-6);
  });
  const contractions = sorted(layersOfAll.map((x) => norm(x[0]) / norm(relu(x[0]))));
  assertAlmostEquals(cushions.contraction[0].worst, contractions[count - 1], 1e-5);
  assertAlmostEquals(cushions.contraction[0].percentile, contractions[count - 2], 1e-5);
  const outputs = sorted(layersOfAll.map((x) => norm(x[2])));
  assertAlmostEquals(cushions.outputNorm.worst, outputs[count - 1], 1e-5);
});

Deno.test("interlayer cushions come from Jacobians multiplied out", async () => {
  const { interlayer } = await measured();
  const [, second, third] = weights.layers;
  const values = layersOfAll.map((x) => {
    const active = (layer: number, unit: number): number => Number(x[layer][unit] > 0);
    let squares = 0;
    for (let output = 0; output < 3; output++) {
      for (let unit = 0; unit < 8; unit++) {
        let entry = 0;
        for (let k = 0; k < 7; k++) {
          entry += third.data[output * 7 + k] * active(1, k) * second.data[k * 8 + unit];
        }
        squares += (entry * active(0, unit)) ** 2;
      }
    }
    return norm(x[2]) / (Math.sqrt(squares) * norm(x[0]));
  });
  assertAlmostEquals(interlayer[0][1].worst, Math.min(...values), 1e-5);
});

Deno.test("every cushion is between 0 and 1, c at least 1, and the worst is never better than the percentile", async () => {
  const { layer, interlayer, contraction, smoothness } = await measured();
  for (const { worst, percentile } of [...layer, ...interlayer.flat()]) {
    assert(worst >= 0 && worst <= percentile && percentile <= 1 + 1e-6);
  }
  contraction.forEach(({ worst, percentile }) => assert(percentile >= 1 && worst >= percentile));
  smoothness.forEach(({ spread }) => assert(spread.worst <= spread.percentile));
});

Deno.test("mu_(i->) is the least of 1 / sqrt(h) and the cushions to later layers", () => {
  const spread = (value: number) => ({ worst: value, percentile: 2 * value });
  const measurement = {
    exampleCount: 1,
    sampleCount: 1,
    probes: 1,
    layer: [spread(0.1), spread(0.2), spread(0.3)],
    interlayer: [[spread(0.4), spread(0.01)], [spread(0.9)]],
    contraction: [spread(1.5), spread(1.2)],
    outputNorm: spread(8),
    smoothness: [],
  };
  const { interlayerCushions, contraction, outputNorm } = cushionMeasures(measurement, [16, 25, 4], "worst");
  assertEquals([...interlayerCushions, contraction, outputNorm], [0.01, 0.2, 0.5, 1.5, 8]);
  assertEquals(cushionMeasures(measurement, [16, 25, 4], "percentile").interlayerCushions, [0.02, 0.2, 0.5]);
});

Deno.test("examples that reach a dead layer constrain nothing, and the one that kills it everything", () => {
  const inspection = {
    outputs: Float32Array.of(0, 0),
    activationNorms: [Float32Array.of(1, 1), Float32Array.of(0, 0)],
    preActivationNorms: [Float32Array.of(2, 0), Float32Array.of(0, 0)],
    derivatives: [],
  };
  const { layer, contraction } = cushionsOf({
    whole: inspection,
    sample: inspection,
    frobeniusNorms: [4, 4],
    jacobianNorms: [[Float32Array.of(0, 0)]],
    probes: 1,
    residuals: [],
  });
  assertEquals(layer.map(({ worst }) => worst), [0, Infinity]);
  assertEquals(contraction[0].worst, Infinity);
  assertThrows(() => lowSpread(new Float64Array()), RangeError, "must not be empty");
  assertThrows(() => highSpread(new Float64Array()), RangeError, "must not be empty");
});
