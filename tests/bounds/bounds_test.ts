import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bartlett2017 } from "../../src/bounds/bartlett_2017.ts";
import { failureProbability, type NetworkMeasures, stableRank } from "../../src/bounds/bound.ts";
import { bounds } from "../../src/bounds/mod.ts";
import { neyshabur2015 } from "../../src/bounds/neyshabur_2015.ts";
import { neyshabur2017 } from "../../src/bounds/neyshabur_2017.ts";
import { ours } from "../../src/bounds/ours.ts";
import { parameterCount } from "../../src/bounds/parameter_count.ts";
import { chi } from "../../src/theory/lemma_5_1.ts";

const positive = fc.double({ min: 0.1, max: 50, noNaN: true });
/** Norms that a matrix can have: ||A||_F between ||A||_2 and its multiple by the root of the largest rank. */
const layers = fc.array(
  fc.record({
    outputs: fc.integer({ min: 2, max: 300 }),
    inputs: fc.integer({ min: 2, max: 300 }),
    spectralNorm: positive,
    twoOneDistance: positive,
    rankShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }).map(({ rankShare, ...layer }) => {
    const { outputs, inputs, spectralNorm } = layer;
    const frobeniusNorm = spectralNorm * Math.sqrt(1 + rankShare * (Math.min(outputs, inputs) - 1));
    return { ...layer, frobeniusNorm, variance: frobeniusNorm ** 2 / (outputs * inputs) };
  }),
  { minLength: 1, maxLength: 6 },
);
const networks: fc.Arbitrary<NetworkMeasures> = fc.record({
  layers,
  exampleCount: fc.integer({ min: 10, max: 60_000 }),
  classes: fc.constant(10),
  maximumInputNorm: positive,
  rootMeanSquareInputNorm: positive,
  margin: positive,
  marginLoss: fc.double({ min: 0.001, max: 1, noNaN: true }),
  trainError: fc.double({ min: 0, max: 1, noNaN: true }),
  pruning: fc.record({
    d: fc.double({ min: 0, max: 10, noNaN: true }),
    marginLoss: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
});

const product = (values: number[]) => values.reduce((all, value) => all * value, 1);
const total = (values: number[]) => values.reduce((all, value) => all + value, 0);

function assertLn(actual: number, expected: number): void {
  assertAlmostEquals(actual, Math.log(expected), 1e-9 * Math.max(1, Math.abs(actual)));
}

Deno.test("exp(Neyshabur 2017 - Bartlett 2017) is the stable-rank-weighted mean of the inputs", () => {
  fc.assert(fc.property(networks, (network) => {
    const ratio = Math.exp(neyshabur2017.ln.published(network) - bartlett2017.ln.published(network));
    const ranks = network.layers.map(stableRank);
    const weighted = network.layers.map(({ inputs }, index) => inputs * ranks[index]);
    assertAlmostEquals(ratio / (total(weighted) / total(ranks)), 1, 1e-9);
    const inputs = network.layers.map((layer) => layer.inputs);
    assert(ratio >= Math.min(...inputs) * (1 - 1e-9) && ratio <= Math.max(...inputs) * (1 + 1e-9));
  }));
});

Deno.test("the published forms are the products and sums of the paper's tables", () => {
  fc.assert(fc.property(networks, (network) => {
    const { layers, margin, pruning, exampleCount } = network;
    const spectral = product(layers.map(({ spectralNorm }) => spectralNorm ** 2));
    const frobenius = product(layers.map(({ frobeniusNorm }) => frobeniusNorm ** 2));
    const ranks = layers.map(({ frobeniusNorm, spectralNorm }) => (frobeniusNorm / spectralNorm) ** 2);
    assertLn(neyshabur2015.ln.published(network), frobenius / margin ** 2);
    assertLn(bartlett2017.ln.published(network), spectral * total(ranks) / margin ** 2);
    const weighted = total(layers.map(({ inputs }, index) => inputs * ranks[index]));
    assertLn(neyshabur2017.ln.published(network), spectral * weighted / margin ** 2);
    const count = total(
      layers.map(({ outputs, inputs }) =>
        chi(pruning.d) * outputs * inputs * Math.log(Math.max(outputs, inputs)) ** 2
      ),
    );
    assertLn(ours.ln.published(network), pruning.marginLoss + Math.sqrt(count / exampleCount));
  }));
});

Deno.test("in equal units every bound is the root of its capacity over n", () => {
  fc.assert(fc.property(networks, (network) => {
    for (const { id, ln } of bounds.filter(({ id }) => id !== "ours")) {
      assertLn(ln.sameUnits(network), Math.sqrt(Math.exp(ln.published(network)) / network.exampleCount), id);
    }
    const withoutLoss = { ...network, pruning: { ...network.pruning, marginLoss: 0 } };
    assertAlmostEquals(ours.ln.sameUnits(network), ours.ln.published(withoutLoss), 1e-9);
  }));

  function assertLn(actual: number, expected: number, id: string): void {
    assertAlmostEquals(actual, Math.log(expected), 1e-9 * Math.max(1, Math.abs(actual)), id);
  }
});

Deno.test("the theorems are their printed formulas with the constants written out", () => {
  fc.assert(fc.property(networks, (network) => {
    const { layers, margin, marginLoss, exampleCount: n, maximumInputNorm: b } = network;
    const depth = layers.length;
    const delta = failureProbability;
    const spectral = product(layers.map(({ spectralNorm }) => spectralNorm));
    const rademacher = 2 ** (depth - 1) * product(layers.map(({ frobeniusNorm }) => frobeniusNorm)) *
      Math.SQRT2 * b /
      Math.sqrt(n);
    assertLn(
      neyshabur2015.ln.theorem(network),
      marginLoss + 2 * 10 * rademacher / margin + 3 * Math.sqrt(Math.log(2 / delta) / (2 * n)),
    );
    const h = Math.max(...layers.map(({ outputs }) => outputs));
    const kl = 882 * b ** 2 * depth ** 2 * h * Math.log(4 * depth * h) * spectral ** 2 *
      total(layers.map(stableRank)) /
      margin ** 2;
    const grid = Math.log(6 * depth * n ** (1 + 1 / (2 * depth)) / delta);
    assertLn(neyshabur2017.ln.theorem(network), marginLoss + 4 * Math.sqrt((kl + grid) / (n - 1)));
    const c = layers.map(({ twoOneDistance, spectralNorm }) =>
      4 / margin * network.rootMeanSquareInputNorm * spectral * twoOneDistance / spectralNorm
    );
    const w = Math.max(...layers.map(({ outputs, inputs }) => outputs * inputs));
    const covering = 4 / n + 12 * Math.log(n) / Math.sqrt(n) * Math.sqrt(Math.log(2 * w)) *
        total(c.map((value) => value ** (2 / 3))) ** 1.5;
    assertLn(
      bartlett2017.ln.theorem(network),
      marginLoss + 2 * covering + 3 * Math.sqrt(Math.log(1 / delta) / (2 * n)),
    );
    const parameters = total(layers.map(({ outputs, inputs }) => outputs * inputs));
    const finite = Math.sqrt((parameters * 32 * Math.LN2 + Math.log(1 / delta)) / (2 * n));
    assertLn(parameterCount.ln.theorem(network), network.trainError + finite);
  }));
});

Deno.test("the paper's own theorem is never below what its table reports", () => {
  fc.assert(fc.property(networks, (network) => {
    const unpruned = { ...network, pruning: { d: 0, marginLoss: 0 } };
    // 3 lambda ln(1/rho) chi is far above 1 at lambda = 4 L / delta.
    assert(ours.ln.theorem(network) > ours.ln.sameUnits(unpruned));
  }));
});

Deno.test("without a positive margin the bounds that divide by it say nothing, and the counts still speak", () => {
  fc.assert(fc.property(networks, fc.constantFrom(0, -1, NaN), (network, margin) => {
    const initial = network.layers.map((layer) => ({ ...layer, twoOneDistance: 0 }));
    const hopeless = { ...network, margin, layers: margin === -1 ? initial : network.layers };
    for (const { ln } of [neyshabur2015, neyshabur2017, bartlett2017]) {
      assertEquals([ln.published(hopeless), ln.sameUnits(hopeless), ln.theorem(hopeless)], [
        Infinity,
        Infinity,
        Infinity,
      ]);
    }
    assertEquals(ours.ln.theorem(hopeless), Infinity);
    assert(
      Number.isFinite(ours.ln.published(hopeless)) && Number.isFinite(parameterCount.ln.theorem(hopeless)),
    );
  }));
});

Deno.test("a layer of zeros makes no bound a NaN, whatever the margin", () => {
  fc.assert(fc.property(networks, fc.constantFrom(0, 1), (network, margin) => {
    const zero = { ...network.layers[0], spectralNorm: 0, frobeniusNorm: 0, variance: 0 };
    const dead = { ...network, margin, layers: [...network.layers, zero] };
    for (const { id, ln } of [neyshabur2015, neyshabur2017, bartlett2017]) {
      for (const reading of Object.values(ln)) assert(!Number.isNaN(reading(dead)), id);
    }
  }));
});

Deno.test("large weights leave the paper's theorem a number", () => {
  const layer = {
    outputs: 10,
    inputs: 20,
    spectralNorm: 1e6,
    frobeniusNorm: 1.5e6,
    twoOneDistance: 1e6,
    variance: 1e10,
  };
  const network: NetworkMeasures = {
    layers: [layer],
    exampleCount: 1000,
    classes: 10,
    maximumInputNorm: 1e-6,
    rootMeanSquareInputNorm: 1e-6,
    margin: 1,
    marginLoss: 0.1,
    trainError: 0.1,
    pruning: { d: 0, marginLoss: 0.1 },
  };
  assert(Number.isFinite(ours.ln.theorem(network)));
});

Deno.test("very wide and deep networks do not overflow", () => {
  const layer = {
    outputs: 2500,
    inputs: 2500,
    spectralNorm: 1e5,
    frobeniusNorm: 1e6,
    twoOneDistance: 1e7,
    variance: 1,
  };
  const network: NetworkMeasures = {
    layers: Array(100).fill(layer),
    exampleCount: 60_000,
    classes: 10,
    maximumInputNorm: 28,
    rootMeanSquareInputNorm: 28,
    margin: 1,
    marginLoss: 0.1,
    trainError: 0.1,
    pruning: { d: 0, marginLoss: 0.1 },
  };
  for (const { id, ln } of bounds) {
    for (const value of Object.values(ln).map((reading) => reading(network))) {
      assert(Number.isFinite(value), id);
    }
  }
});
