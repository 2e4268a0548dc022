/**
 * The noise stability of Arora et al. 2018: layer cushions, interlayer cushions, activation contraction, interlayer
 * smoothness.
 *
 * x^l is the output of layer l before its ReLU, a^l = relu(x^l) and a^0 = x, as in `../../network/activations.ts`.
 *
 * @module
 */
import { z } from "zod";
import type { CushionMeasures } from "../../bounds/arora_2018.ts";
import { requireEntries } from "../../math/requirements.ts";
import type { Inspection } from "../../network/activations.ts";
import type { LayerPairs, NoiseResiduals } from "../../network/jacobians.ts";
import { numeric } from "./measurement.ts";

/** The share of examples that the percentile leaves out. Arora et al. plot distributions and fix no percentile. */
export const leftOutShare = 0.05;

/** The schema of {@linkcode Spread}. */
export const spreadSchema: z.ZodType<Spread> = z.strictObject({ worst: numeric, percentile: numeric });

/** A quantity over examples, by the two statistics that bounds are read with. */
export interface Spread {
  /** Its value at the worst example: the smallest cushion, the largest norm. */
  readonly worst: number;
  /** Its value when the worst 5 % of the examples are left out. */
  readonly percentile: number;
}

/** Which value of a {@linkcode Spread} enters a bound. */
export type Statistic = keyof Spread;

/** The schema of {@linkcode CushionMeasurement}. */
export const cushionSchema: z.ZodType<CushionMeasurement> = z.strictObject({
  exampleCount: z.int(),
  sampleCount: z.int(),
  probes: z.int(),
  layer: z.array(spreadSchema),
  interlayer: z.array(z.array(spreadSchema)),
  contraction: z.array(spreadSchema),
  outputNorm: spreadSchema,
  smoothness: z.array(z.strictObject({ relativeNoise: numeric, spread: spreadSchema })),
});

/** The noise stability of one network. */
export interface CushionMeasurement {
  /** Examples of S that layer cushions, contraction and output norms are taken over: all of S. */
  readonly exampleCount: number;
  /** Examples of S that interlayer cushions and smoothness are taken over. */
  readonly sampleCount: number;
  /** Random signs a layer behind ||J^(i, j)||_F for hidden j > i + 1; the other pairs are exact. */
  readonly probes: number;
  /** mu_i of each layer. */
  readonly layer: readonly Spread[];
  /** mu_(i, j) for i < j: entry [i - 1][j - i - 1]. */
  readonly interlayer: readonly (readonly Spread[])[];
  /** ||x^i|| / ||relu(x^i)|| of each hidden layer, whose largest is c. */
  readonly contraction: readonly Spread[];
  /** ||f(x)||_2, in logit units. */
  readonly outputNorm: Spread;
  /** rho_delta by the size of the noise relative to ||x^i||; the theorem asks for at least 3 L. */
  readonly smoothness: readonly { readonly relativeNoise: number; readonly spread: Spread }[];
}

/** What the noise stability is computed from. */
export interface CushionInputs {
  /** The network on all of S. */
  readonly whole: Inspection;
  /** The network on the sample. */
  readonly sample: Inspection;
  /** ||A^l||_F of each layer. */
  readonly frobeniusNorms: readonly number[];
  /** ||J^(i, j)||_F on the sample. */
  readonly jacobianNorms: LayerPairs;
  /** How many probes some of them rest on. */
  readonly probes: number;
  /** The residuals on the sample, by the size of the noise. */
  readonly residuals: readonly NoiseResiduals[];
}

/**
 * The noise stability of a network:
 *
 * - mu_i = ||x^i|| / (||A^i||_F ||a^(i-1)||), the layer cushion;
 * - mu_(i, j) = ||x^j|| / (||J^(i, j)||_F ||x^i||), the interlayer cushion, as J^(i, j) x^i = x^j without biases;
 * - c = ||x^i|| / ||a^i||, the activation contraction;
 * - rho = ||eta|| ||x^j|| / (||x^i|| ||M^(i, j)(x^i + eta) - J^(i, j)(x^i + eta)||), the interlayer smoothness, of which
 *   an example has its smallest over all i < j.
 *
 * An example at which a quantity is 0 / 0 constrains nothing: it counts as Infinity in a cushion and as 1, the least
 * contraction that there is, in c.
 */
export function cushionsOf(inputs: CushionInputs): CushionMeasurement {
  const { whole, sample, frobeniusNorms, jacobianNorms, probes, residuals } = inputs;
  const depth = frobeniusNorms.length;
  return {
    exampleCount: whole.activationNorms[0].length,
    sampleCount: sample.activationNorms[0].length,
    probes,
    layer: frobeniusNorms.map((norm, layer) =>
      lowSpread(
        // Every output of a layer of zeros is 0 / 0.
        norm === 0
          ? whole.preActivationNorms[layer].map(() => Infinity)
          : ratios(whole.preActivationNorms[layer], whole.activationNorms[layer], 1 / norm),
      )
    ),
    interlayer: jacobianNorms.map((row, i) =>
      row.map((norms, step) => lowSpread(interlayerCushions(sample.preActivationNorms, norms, i, step)))
    ),
    contraction: whole.preActivationNorms.slice(0, -1).map((norms, layer) =>
      highSpread(norms.map((norm, example) => contraction(norm, whole.activationNorms[layer + 1][example])))
    ),
    outputNorm: highSpread(whole.preActivationNorms[depth - 1]),
    smoothness: residuals.map(({ relativeNoise, norms }) => ({
      relativeNoise,
      spread: lowSpread(smoothness(sample.preActivationNorms, norms, relativeNoise)),
    })),
  };
}

/**
 * What Theorem 4.1 of Arora et al. takes from the measurement. mu_(i->) = min(1 / sqrt(h^i), min_(j > i) mu_(i, j)), h^i
 * being the units of layer i.
 *
 * @param outputs h^1 .. h^L.
 */
export function cushionMeasures(
  measurement: CushionMeasurement,
  outputs: readonly number[],
  statistic: Statistic,
): CushionMeasures {
  const { layer, interlayer, contraction, outputNorm } = measurement;
  return {
    layerCushions: layer.map((spread) => spread[statistic]),
    interlayerCushions: outputs.map((width, i) =>
      Math.min(1 / Math.sqrt(width), ...(interlayer[i] ?? []).map((spread) => spread[statistic]))
    ),
    contraction: Math.max(1, ...contraction.map((spread) => spread[statistic])),
    outputNorm: outputNorm[statistic],
  };
}

/**
 * The spread of a quantity that is worst where it is smallest; NaN where a value is.
 *
 * @throws {RangeError} If there is no value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = Float32Array.from({ length: 20 }, (_, index) => 20 - index);
 * assertEquals(lowSpread(values), { worst: 1, percentile: 2 });
 * ```
 */
export function lowSpread(values: Float32Array | Float64Array): Spread {
  return { worst: rankedValue(values, 0), percentile: rankedValue(values, leftOut(values)) };
}

/**
 * The spread of a quantity that is worst where it is largest; NaN where a value is.
 *
 * @throws {RangeError} If there is no value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = Float32Array.from({ length: 20 }, (_, index) => index + 1);
 * assertEquals(highSpread(values), { worst: 20, percentile: 19 });
 * ```
 */
export function highSpread(values: Float32Array | Float64Array): Spread {
  const last = values.length - 1;
  return { worst: rankedValue(values, last), percentile: rankedValue(values, last - leftOut(values)) };
}

function leftOut({ length }: Float32Array | Float64Array): number {
  return Math.floor(leftOutShare * length);
}

function rankedValue(values: Float32Array | Float64Array, rank: number): number {
  requireEntries("rank the examples", "the list of values", values);
  const sorted = values.toSorted();
  // NaN is sorted behind all else.
  return Number.isNaN(sorted[sorted.length - 1]) ? NaN : sorted[rank];
}

function interlayerCushions(
  preActivationNorms: readonly Float32Array[],
  jacobianNorms: Float32Array,
  i: number,
  step: number,
): Float64Array {
  const products = jacobianNorms.map((norm, example) => norm * preActivationNorms[i][example]);
  return ratios(preActivationNorms[i + 1 + step], products, 1);
}

/** scale * numerator / denominator, Infinity where the denominator is 0. */
function ratios(numerators: Float32Array, denominators: Float32Array, scale: number): Float64Array {
  return Float64Array.from(numerators, (numerator, example) => {
    const denominator = denominators[example];
    return denominator === 0 ? Infinity : scale * numerator / denominator;
  });
}

function contraction(before: number, after: number): number {
  return before === 0 ? 1 : before / after;
}

function smoothness(
  preActivationNorms: readonly Float32Array[],
  residualNorms: LayerPairs,
  relativeNoise: number,
): Float64Array {
  const perPair = residualNorms.flatMap((row, i) =>
    row.map((norms, step) => ratios(preActivationNorms[i + 1 + step], norms, relativeNoise))
  );
  return Float64Array.from(
    preActivationNorms[0],
    (_, example) => perPair.reduce((least, values) => Math.min(least, values[example]), Infinity),
  );
}
