import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  certifiedBound,
  type CodeOptions,
  networkCode,
  permutationSaving,
  type QuantisedLayer,
} from "../../src/bounds/certified.ts";
import { wholeNetwork } from "../../src/bounds/dead_paths.ts";
import { type Codebook, kMeansCodebook, quantise } from "../../src/math/codebook.ts";
import { logBinomial } from "../../src/math/log_gamma.ts";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";

const signs: Codebook = { values: Float64Array.of(-1, 1), indexBits: 1, storedNumbers: 2, numberBits: 16 };
const known: Codebook = { ...signs, storedNumbers: 0 };

function nats(layers: readonly QuantisedLayer[], options?: CodeOptions): number {
  return networkCode(layers, options).reduce((total, term) => total + term.nats, 0);
}

/** Every matrix of a shape with entries -1, 0, 1. */
function allSignMatrices(rows: number, columns: number): Matrix[] {
  const digits = (index: number) =>
    Float64Array.from({ length: rows * columns }, (_, place) => Math.floor(index / 3 ** place) % 3 - 1);
  return Array.from({ length: 3 ** (rows * columns) }, (_, index) => matrix(rows, columns, digits(index)));
}

/** A network of random weights of which a given number is left in each layer. */
function prunedNetwork(
  widths: readonly number[],
  nonzero: readonly number[],
  bits: number,
): QuantisedLayer[] {
  const stream = new RandomStream(13, "network");
  return nonzero.map((count, index) => {
    const weights = matrix(
      widths[index + 1],
      widths[index],
      new Float32Array(widths[index] * widths[index + 1]),
    );
    stream.permutation(weights.data.length).slice(0, count).forEach((place) =>
      weights.data[place] = stream.normal()
    );
    const codebook = kMeansCodebook(weights.data, { bits });
    return { weights: quantise(weights, codebook), codebook };
  });
}

Deno.test("writes each layer in a complete prefix code: the masses of all matrices add up to 1", () => {
  for (const supportCode of ["whole", "columns"] as const) {
    for (const levelCode of ["fixed", "enumerated"] as const) {
      const total = allSignMatrices(2, 3).reduce((sum, weights) => {
        return sum + Math.exp(-nats([{ weights, codebook: known }], { supportCode, levelCode }));
      }, 0);
      assertAlmostEquals(total, 1, 1e-12);
    }
  }
});

Deno.test("names living units in a prefix code, in which reorderings have equal masses", () => {
  const options = { namesLivingUnits: true } as const;
  const single = allSignMatrices(2, 3).reduce((sum, weights) => {
    return sum + Math.exp(-nats([{ weights, codebook: known }], options));
  }, 0);
  // Blocks with an input that has no weight are words that no matrix has.
  assert(single <= 1 && single > 0.5, `${single}`);
  const masses = new Map<string, number>();
  for (const first of allSignMatrices(2, 2)) {
    for (const second of allSignMatrices(1, 2)) {
      const mass = Math.exp(-nats([first, second].map((weights) => ({ weights, codebook: known })), options));
      const units = [0, 1].map((unit) => `${first.data.slice(2 * unit, 2 * unit + 2)}:${second.data[unit]}`);
      const key = units.sort().join("/");
      assertAlmostEquals(masses.get(key) ?? mass, mass, 1e-14);
      masses.set(key, mass);
    }
  }
  assert([...masses.values()].reduce((sum, mass) => sum + mass) <= 1);
});

Deno.test("is shorter with living units named where few are left", () => {
  const layers = prunedNetwork([20, 10, 5], [100, 30], 2);
  const [first, second] = layers.map(({ weights }) => weights);
  const widths = [784, 300, 10];
  const units = [[20, 39], [10, 3], [5, 2]].map(([count, stride]) =>
    Uint32Array.from({ length: count }, (_, unit) => unit * stride)
  );
  const wide = wholeNetwork({ layers: [first, second], units }, widths)
    .map((weights, index) => ({ weights, codebook: layers[index].codebook }));
  const named = networkCode(wide, { namesLivingUnits: true });
  const unitsNats = named.filter(({ part }) => part === "units").map(({ nats }) => nats);
  assertAlmostEquals(unitsNats[0], Math.log(785) + logBinomial(784, 20), 1e-9);
  assertAlmostEquals(unitsNats[1], Math.log(301) + logBinomial(300, 10), 1e-9);
  const block = named.filter(({ part }) => part === "support").map(({ nats }) => nats);
  assertAlmostEquals(block[0], logBinomial(200, 100), 1e-9);
  assertAlmostEquals(block[1], logBinomial(100, 30), 1e-9);
  assert(nats(wide, { namesLivingUnits: true }) < nats(wide) - 300);
});

Deno.test("counts a network's reorderings once: the masses of all functions add up to at most 1", () => {
  const found = new Map<string, number>();
  for (const first of allSignMatrices(3, 1)) {
    for (const second of allSignMatrices(1, 3)) {
      const layers = [first, second].map((weights) => ({ weights, codebook: known }));
      const units = [0, 1, 2].map((unit) => `${first.data[unit]}:${second.data[unit]}`);
      const mass = Math.exp(-nats(layers));
      const key = units.sort().join();
      // Every reordering must get the same mass, or the union over functions would not be one.
      assertAlmostEquals(found.get(key) ?? mass, mass, 1e-14);
      found.set(key, mass);
    }
  }
  const total = [...found.values()].reduce((sum, mass) => sum + mass);
  assert(total <= 1 + 1e-12 && total > 0.5, `${total}`);
});

Deno.test("saves the logarithm of the number of reorderings that differ, or less", () => {
  const distinct = matrix(4, 2, Float64Array.of(1, 0, 0, 1, -1, 0, 0, -1));
  const output = matrix(1, 4, Float64Array.of(1, 1, 1, 1));
  assertAlmostEquals(permutationSaving([distinct, output]), Math.log(24), 1e-14);
  const twoDead = matrix(4, 2, Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0));
  assertAlmostEquals(permutationSaving([twoDead, output]), Math.log(12), 1e-14);
  assertAlmostEquals(permutationSaving([distinct]), 0);
});

Deno.test("adds up its terms, one of each part a layer", () => {
  const layers = prunedNetwork([50, 30, 10], [200, 60], 2);
  const { terms, codeNats } = certifiedBound(layers, { errors: 5, exampleCount: 1000, delta: 0.05 }, {
    choices: [8, 5],
  });
  const parts = terms.map(({ part, layer }) => `${part} ${layer}`);
  const ofLayer = (layer: number) =>
    ["count", "support", "levels", "codebook"].map((part) => `${part} ${layer}`);
  assertEquals(parts, [...ofLayer(1), ...ofLayer(2), "choices 0", "permutations 0"]);
  assertAlmostEquals(codeNats, terms.reduce((total, term) => total + term.nats, 0));
  assertAlmostEquals(terms[2].nats, 400 * Math.LN2, 1e-12);
  assertAlmostEquals(terms[3].nats, 64 * Math.LN2, 1e-12);
  assertAlmostEquals(terms[8].nats, Math.log(40), 1e-14);
  assert(terms[9].nats < 0 && -terms[9].nats <= 74.7);
});

Deno.test("is shorter by columns where inputs differ, and enumerated where values are frequent", () => {
  const border = matrix(30, 40, new Float64Array(1200));
  for (let row = 0; row < 30; row++) {
    for (let column = 18; column < 22; column++) border.data[row * 40 + column] = 1;
  }
  const layer = [{ weights: border, codebook: signs }];
  assert(nats(layer, { supportCode: "columns" }) < nats(layer) / 2);
  assert(nats(layer, { levelCode: "enumerated" }) < nats(layer) - 70);
});

Deno.test("reproduces the certificates of a LeNet-300-100 with 1/60 and 1/200 of its weights", () => {
  const widths = [784, 300, 100, 10];
  for (
    const [share, codeNats, hoeffding, divergence] of [[60, 32400, 0.519, 0.47], [200, 11700, 0.312, 0.237]]
  ) {
    const nonzero = [235200, 30000, 1000].map((entries) => Math.round(entries / share));
    const layers = prunedNetwork(widths, nonzero, 3);
    const observation = { errors: 1200, exampleCount: 60000, delta: 0.01 };
    const certificate = certifiedBound(layers, observation, { countsPermutationsOnce: false });
    assertAlmostEquals(certificate.codeNats / codeNats, 1, 0.03);
    assertAlmostEquals(certificate.hoeffding - 0.02, hoeffding, 0.01);
    assertAlmostEquals(certificate.divergence, divergence, 0.01);
    assert(certificate.binomialTail < certificate.divergence);
  }
});

Deno.test("loosens with the code, the errors and the confidence, and tightens with examples", () => {
  const layers = prunedNetwork([50, 30, 10], [200, 60], 2);
  const base = { errors: 50, exampleCount: 5000, delta: 0.05 };
  const bound = (change: Partial<typeof base>, options?: CodeOptions) =>
    certifiedBound(layers, { ...base, ...change }, options).binomialTail;
  assert(bound({ errors: 60 }) > bound({}) && bound({ delta: 0.001 }) > bound({}));
  assert(bound({ errors: 100, exampleCount: 10000 }) < bound({}));
  assert(
    bound({}, { choices: [1000] }) > bound({}) && bound({}, { countsPermutationsOnce: false }) > bound({}),
  );
});

Deno.test("is never above 1 in the sharper forms, however long the code", () => {
  const layers = prunedNetwork([100, 100, 10], [5000, 500], 5);
  const certificate = certifiedBound(layers, { errors: 20, exampleCount: 100, delta: 0.05 });
  assert(certificate.hoeffding > 1 && certificate.divergence <= 1 && certificate.binomialTail <= 1);
});

Deno.test("refuses networks and observations that make no sense", () => {
  const observation = { errors: 1, exampleCount: 10, delta: 0.05 };
  const stray = [{ weights: matrix(1, 2, Float64Array.of(0.5, 1)), codebook: signs }];
  assertThrows(
    () => certifiedBound(stray, observation),
    RangeError,
    "layer 1 as its weights must be zero or in its codebook",
  );
  const crowded = { ...signs, values: Float64Array.of(-1, 1, 2) };
  assertThrows(
    () => certifiedBound([{ weights: matrix(1, 2), codebook: crowded }], observation),
    RangeError,
    "layer 1 as its codebook must have at most 2^1 values: there are 3",
  );
  assertThrows(() => certifiedBound([], observation), RangeError, "list of layers must not be empty");
  const layer = { weights: matrix(2, 2), codebook: signs };
  const other = { weights: matrix(2, 3), codebook: signs };
  assertThrows(
    () => certifiedBound([layer, other], observation),
    TypeError,
    "layer 2 must take the 2 outputs",
  );
  assertThrows(() => certifiedBound([layer], { ...observation, errors: 11 }), RangeError, "the loss");
  assertThrows(
    () => certifiedBound([layer], { ...observation, errors: 0.5 }),
    RangeError,
    "number of errors",
  );
  assertThrows(() => certifiedBound([layer], { ...observation, delta: 0 }), RangeError, "delta");
  assertThrows(
    () => certifiedBound([layer], observation, { choices: [0] }),
    RangeError,
    "number of alternatives",
  );
});
