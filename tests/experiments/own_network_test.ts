import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { blankExamples } from "../../src/datasets/dataset.ts";
import { parseIdx } from "../../src/datasets/idx.ts";
import { pixelScaling } from "../../src/datasets/pixel_scaling.ts";
import { codedFractions } from "../../src/experiments/certified_codes.ts";
import { scaledExamples } from "../../src/experiments/example_set.ts";
import {
  checkedParameters,
  measureOwnNetwork,
  type OwnNetwork,
  recogniseScaling,
} from "../../src/experiments/own_network.ts";
import { checkPruning } from "../../src/experiments/layer_checks.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import type { NetworkWeights } from "../../src/network/mlp.ts";
import { networkFromTensors } from "../../src/network/weight_chain.ts";
import { decodeSafetensors } from "../../src/network/weights.ts";
import facts from "../fixtures/own_network/facts.json" with { type: "json" };

const folder = new URL("../fixtures/own_network/", import.meta.url);

function read(name: string): { name: string; bytes: Uint8Array } {
  return { name, bytes: Deno.readFileSync(new URL(name, folder)) };
}

function network(name: string): NetworkWeights {
  return networkFromTensors(decodeSafetensors(read(`${name}.safetensors`).bytes).tensors).weights;
}

const train = parseIdx(read("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte"));
const trainingSet = scaledExamples(train, pixelScaling(train, "standardised"));

Deno.test("norms, margins and errors are those that PyTorch computes, with and without biases", async () => {
  for (const name of ["plain", "biased"] as const) {
    const measured = await measureOwnNetwork({
      weights: network(name),
      initial: network(`${name}_initial`),
      trainingSet,
    });
    assertEquals([measured.hasBiases, measured.hasInitialWeights, measured.hasTestSet], [
      name === "biased",
      true,
      false,
    ]);
    const { layers, ...rest } = facts[name];
    assertAlmostEquals(measured.network.minimumMargin, rest.minimumMargin, 1e-5);
    assertEquals(measured.network.trainErrorFraction, rest.trainErrorFraction);
    assertAlmostEquals(measured.network.maximumInputNorm, rest.maximumInputNorm, 1e-6);
    layers.forEach((expected, index) => {
      for (const [quantity, value] of Object.entries(expected)) {
        const key = quantity as keyof typeof expected;
        assertAlmostEquals(
          measured.network.layers[index][key],
          value,
          1e-6 * value,
          `${name} ${index} ${quantity}`,
        );
      }
    });
  }
});

Deno.test("without initial weights the distance is the norm, without a test set its error is unknown", async () => {
  const { network: measured } = await measureOwnNetwork({ weights: network("plain"), trainingSet });
  measured.layers.forEach((layer) => assertEquals(layer.twoOneDistance, layer.twoOneNorm));
  assertEquals([measured.testCount, measured.testErrorFraction], [0, NaN]);
  assert(measured.pruned.every(({ testErrorFraction }) => Number.isNaN(testErrorFraction)));
  const withTestSet = await measureOwnNetwork({
    weights: network("plain"),
    trainingSet,
    testSet: trainingSet,
  });
  assertEquals(withTestSet.network.testErrorFraction, withTestSet.network.trainErrorFraction);
});

Deno.test("the scaling of PyTorch's training is recognised, also among equal errors", async () => {
  const scalings = {
    signed: pixelScaling(train, "signed"),
    unit: pixelScaling(train, "unit"),
    standardised: pixelScaling(train, "standardised"),
  };
  const { name, errorFractions } = await recogniseScaling(network("biased"), train, scalings);
  assertEquals([name, errorFractions.standardised], ["standardised", 0]);
  assertEquals(Object.keys(errorFractions), ["signed", "unit", "standardised"]);
});

Deno.test("every certificate is above the error it rests on, and looking at the data before makes it larger", async () => {
  const certified = async (name: string, choices: readonly number[] = []) =>
    (await measureOwnNetwork({ weights: network(name), trainingSet, choices })).certified;
  const free = await certified("plain");
  const paid = await certified("plain", [3]);
  assertEquals([...new Set(free.map(({ keptFraction }) => keptFraction))].length > 2, true);
  free.forEach((coded, index) => {
    const { keptFraction, trainError, divergence, binomialTail, hoeffding, codedWeights } = coded;
    assert(trainError < binomialTail && binomialTail <= divergence + 1e-12 && divergence <= hoeffding);
    assert(codedWeights <= Math.ceil(keptFraction * (16 * 12 + 12 * 8 + 8 * 3)));
    assertAlmostEquals(paid[index].codeNats - coded.codeNats, Math.log(3), 1e-9);
  });
  const biases = 12 + 8 + 3;
  const [withBiases] = await certified("biased");
  assert(withBiases.codeNats > biases * 16 * Math.LN2);
});

Deno.test("a kept share that empties a layer is left out", async () => {
  const weights = network("plain");
  const layers = [...weights.layers.slice(0, -1), scaledBy(weights.layers[2], 1e-6)];
  const { certified } = await measureOwnNetwork({ weights: { layers, biases: [] }, trainingSet });
  assert(certified.length < 2 * codedFractions.length);
});

function scaledBy(layer: Matrix, factor: number): Matrix {
  return { ...layer, data: layer.data.map((weight) => factor * weight) };
}

Deno.test("Gaussian weights meet Lemma C.2 and the corrected Lemma 5.1, and a spike breaks Lemma C.2", () => {
  const stream = new RandomStream(1, "gaussian");
  const gaussian = matrix(60, 80, Float64Array.from({ length: 4800 }, () => stream.normal()));
  for (const check of checkPruning(gaussian, 0, checkedParameters, 1)) {
    assert(
      check.perturbationNorm <= check.gamma && check.largestCount <= check.quantileCount,
      `d = ${check.d}`,
    );
  }
  const spiked = { ...gaussian, data: gaussian.data.map((weight) => weight + 1) };
  const [last] = checkPruning(spiked, 0, checkedParameters, 1).slice(-1);
  assert(last.perturbationNorm > last.gamma);
});

Deno.test("the checks count what Algorithm 1 kept", () => {
  const weights = matrix(2, 3, Float32Array.of(1, 1, 1, 1, 1, 1));
  const [everything, nothing] = checkPruning(weights, 0, [0, 1e300], 1);
  assertEquals([everything.keptFraction, everything.largestCount, everything.perturbationNorm], [1, 3, 0]);
  // The diagonal stays; what goes is four ones in the pattern [0 1 1; 1 0 1], whose largest singular value is sqrt 3.
  assertEquals([nothing.keptFraction, nothing.largestCount, nothing.mostCount], [1 / 3, 1, 3]);
  assertAlmostEquals(nothing.perturbationNorm, Math.sqrt(3), 1e-9);
});

Deno.test("a network that does not fit its data is refused", async () => {
  const { layers } = network("plain");
  const refused = (own: Partial<Parameters<typeof measureOwnNetwork>[0]>, message: string) =>
    assertRejects(
      () => measureOwnNetwork({ weights: { layers, biases: [] }, trainingSet, ...own }),
      Error,
      message,
    );
  await refused(
    { weights: { layers: [matrix(2, 16, new Float32Array(32).fill(1))], biases: [] } },
    "a label is 2",
  );
  await refused({ weights: { layers: [matrix(1, 16)], biases: [] } }, "two outputs or more: it has 1");
  await refused({ weights: { layers: [matrix(3, 16)], biases: [] } }, "layer 1 must have a weight");
  await refused(
    { initial: { layers: [matrix(3, 16)], biases: [] } },
    "12 x 16, 8 x 12, 3 x 8: they have 3 x 16",
  );
  await refused({ initial: network("biased_initial") }, "which has no biases: they have some");
});

Deno.test("weights that are no network, or none for these inputs, are refused in one sentence each", async () => {
  const { layers } = network("plain");
  const biased = network("biased");
  const withNaN = (entries: Float32Array) => entries.with(1, NaN);
  const damaged = [{ ...layers[0], data: withNaN(Float32Array.from(layers[0].data)) }, ...layers.slice(1)];
  const narrow = blankExamples(2, 9);
  const narrowSet = scaledExamples(narrow, pixelScaling(narrow, "unit"));
  const cases: [Partial<OwnNetwork>, typeof TypeError | typeof RangeError, string][] = [
    [{ weights: { layers: [], biases: [] } }, TypeError, "must have a layer: it has none"],
    [
      { weights: { layers: [layers[0], layers[2]], biases: [] } },
      TypeError,
      "layer 2 must take the 12 outputs of layer 1: it takes 8",
    ],
    [{ trainingSet: narrowSet }, TypeError, "layer 1 must take the 9 inputs of the data: it takes 16"],
    [{ testSet: narrowSet }, TypeError, "layer 1 must take the 9 inputs of the data: it takes 16"],
    [
      { weights: { layers, biases: biased.biases.slice(0, 1) } },
      TypeError,
      "a bias for each of its 3 layers, or none at all: it has 1",
    ],
    [
      { weights: { layers, biases: biased.biases.with(1, new Float32Array(5)) } },
      TypeError,
      "the bias of layer 2 must have an entry for each of 8 outputs: it has 5",
    ],
    [{ weights: { layers: damaged, biases: [] } }, RangeError, "its weights must be finite"],
    [
      { weights: { layers, biases: biased.biases.with(0, withNaN(biased.biases[0])) } },
      RangeError,
      "its weights must be finite: current value of one is NaN",
    ],
    [{ initial: { layers: damaged, biases: [] } }, RangeError, "the initial weights must be finite"],
    [{ trainingSet: { ...trainingSet, count: 0 } }, RangeError, "number of examples must be an integer >= 1"],
  ];
  for (const [own, type, message] of cases) {
    const measured = () => measureOwnNetwork({ weights: { layers, biases: [] }, trainingSet, ...own });
    await assertRejects(measured, type, message);
  }
  const scalings = { unit: pixelScaling(narrow, "unit") };
  await assertRejects(
    () => recogniseScaling(biased, narrow, scalings),
    TypeError,
    "the 9 inputs of the data",
  );
});
