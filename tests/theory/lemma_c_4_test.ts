import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  isWithinSideCondition,
  isWithinSideConditionPrinted,
  perturbationBoundFromResiduals,
  perturbationBoundLn,
  perturbationBoundOfExample,
  telescopedPerturbationBoundLn,
} from "../../src/theory/lemma_c_4.ts";
import { exactFraction, type Fraction, toNumber } from "../math/exact.ts";
import {
  activations,
  add,
  apply,
  distance,
  euclideanNorm,
  randomMatrix,
  spectralNorm,
} from "./relu_network.ts";

/** A random ReLU network, a perturbation of relative size `share`, and how far one output moves. */
function perturbedNetwork(stream: RandomStream, share: number) {
  const widths = [8, 12, 9, 10, 4];
  const weights = widths.slice(1).map((rows, index) => randomMatrix(rows, widths[index], 0.5, stream));
  const perturbations = weights.map(({ rows, columns }) => randomMatrix(rows, columns, 0.5 * share, stream));
  const perturbed = weights.map((layer, index) => add(layer, perturbations[index]));
  const input = Float64Array.from({ length: 8 }, () => stream.normal());
  const entering = activations(weights, input);
  const moved = distance(entering[4], activations(perturbed, input)[4]);
  const layers = weights.map((layer, index) => ({
    spectralNorm: spectralNorm(layer),
    perturbationNorm: spectralNorm(perturbations[index]),
  }));
  return { layers, input, entering, perturbed, perturbations, moved };
}

Deno.test("bounds how far ReLU networks move, each form sharper than the one before", () => {
  const stream = new RandomStream(6, "networks");
  for (let trial = 0; trial < 40; trial++) {
    const { layers, input, entering, perturbed, perturbations, moved } = perturbedNetwork(stream, 0.15);
    assert(isWithinSideCondition(layers));
    const residuals = perturbations.map((u, index) => euclideanNorm(apply(u, entering[index])));
    const forms = [
      moved,
      perturbationBoundFromResiduals(perturbed.map(spectralNorm), residuals),
      perturbationBoundOfExample(layers, entering.slice(0, 4).map(euclideanNorm)),
      Math.exp(telescopedPerturbationBoundLn(layers, euclideanNorm(input))),
      Math.exp(perturbationBoundLn(layers, euclideanNorm(input))),
    ];
    forms.slice(1).forEach((bound, index) => assert(bound > forms[index], `${forms}`));
  }
});

function sumOfNorms(layer: { spectralNorm: number; perturbationNorm: number }): Fraction {
  const { numerator, denominator } = exactFraction(layer.perturbationNorm);
  return { numerator: BigInt(layer.spectralNorm) * denominator + numerator, denominator };
}

function multiply(a: Fraction, b: Fraction): Fraction {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

Deno.test("is attained by a chain of positive numbers, in the telescoped form", () => {
  const layers = [[2, 0.1], [0.5, 0.2], [3, 1]].map(([s, u]) => ({
    spectralNorm: s,
    perturbationNorm: u,
    lipschitz: 2,
  }));
  const moved = 1.5 * 8 * (2.1 * 0.7 * 4 - 2 * 0.5 * 3);
  assertAlmostEquals(Math.exp(telescopedPerturbationBoundLn(layers, 1.5)) / moved, 1, 1e-14);
});

Deno.test("keeps the digits of tiny perturbations and does not overflow", () => {
  const tiny = Array.from(
    { length: 5 },
    (_, index) => ({ spectralNorm: 3 + index, perturbationNorm: 1e-13 }),
  );
  const still = tiny.reduce((product, { spectralNorm }) => product * BigInt(spectralNorm), 1n);
  const { numerator, denominator } = tiny.map(sumOfNorms).reduce(multiply);
  const moved = toNumber({ numerator: numerator - still * denominator, denominator });
  assertAlmostEquals(telescopedPerturbationBoundLn(tiny, 1), Math.log(moved), 1e-13);
  const deep = Array.from({ length: 400 }, () => ({ spectralNorm: 10, perturbationNorm: 5 }));
  assertAlmostEquals(telescopedPerturbationBoundLn(deep, 1), 400 * Math.log(15), 1e-9);
});

Deno.test("writes the printed form as e times a product times a sum", () => {
  const layers = [[2, 0.1, 0.5], [0.5, 0.2, 1], [3, 1, 0.7]].map(([s, u, kappa]) => {
    return { spectralNorm: s, perturbationNorm: u, lipschitz: 2, kappa };
  });
  const expected = Math.E * 1.5 * (8 * 0.35 * 3) * (0.1 / 2 + 0.2 / 0.5 + 1 / 3);
  assertAlmostEquals(Math.exp(perturbationBoundLn(layers, 1.5)), expected, 1e-12);
});

Deno.test("shows that the printed side condition is too weak", () => {
  const layers = Array.from(
    { length: 10 },
    (_, index) => ({ spectralNorm: 1, perturbationNorm: 1 / (index + 1) }),
  );
  assert(isWithinSideConditionPrinted(layers) && !isWithinSideCondition(layers));
  // A chain of positive numbers moves by prod (1 + 1/l) - 1 = 10.
  const moved = Math.exp(telescopedPerturbationBoundLn(layers, 1));
  assertAlmostEquals(moved, 10, 1e-12);
  assert(moved > Math.exp(perturbationBoundLn(layers, 1)));
});

Deno.test("has a defined value for layers that are zero and for layers that do not move", () => {
  const still = { spectralNorm: 2, perturbationNorm: 0 };
  assertEquals([perturbationBoundLn([still], 1), telescopedPerturbationBoundLn([still], 1)], [
    -Infinity,
    -Infinity,
  ]);
  const dead = { spectralNorm: 0, perturbationNorm: 3 };
  assertEquals(perturbationBoundLn([still, dead], 1), Infinity);
  assertAlmostEquals(telescopedPerturbationBoundLn([still, dead], 1), Math.log(6), 1e-15);
  assertEquals(perturbationBoundLn([{ spectralNorm: 0, perturbationNorm: 0 }], 1), -Infinity);
});

Deno.test("refuses what is no network", () => {
  const layer = { spectralNorm: 1, perturbationNorm: 0.1 };
  assertThrows(() => perturbationBoundLn([], 1), RangeError, "list of layers must not be empty");
  assertThrows(() => perturbationBoundLn([layer], NaN), RangeError, "input norm");
  assertThrows(() => isWithinSideCondition([{ ...layer, spectralNorm: -1 }]), RangeError, "spectral norm");
  assertThrows(
    () => telescopedPerturbationBoundLn([{ ...layer, perturbationNorm: NaN }], 1),
    RangeError,
    "perturbation",
  );
  assertThrows(
    () => perturbationBoundOfExample([layer], [1, 2]),
    TypeError,
    "each of 1 layers: 2 were given",
  );
  assertThrows(() => perturbationBoundFromResiduals([1, 2], [1]), TypeError, "each of 2 layers");
});
