/**
 * Certificates for a network as it is: pruned by magnitude, quantised, written down, and tried on its training set.
 *
 * @module
 */
import { failureProbability } from "../bounds/bound.ts";
import {
  type Certificate,
  certifiedBound,
  type CodeOptions,
  networkCode,
  type QuantisedLayer,
} from "../bounds/certified.ts";
import { dropDeadPaths } from "../bounds/dead_paths.ts";
import { kMeansCodebook, quantise } from "../math/codebook.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { outputsOf } from "../network/evaluate.ts";
import type { NetworkWeights } from "../network/mlp.ts";
import { margins } from "../theory/margin_loss.ts";
import type { ExampleSet } from "./example_set.ts";
import { magnitudeMask, withMask } from "./measurements/heavy_pruning.ts";

/** A way to code a network, and the certificate that it earns. */
export interface CodedNetwork extends Omit<Certificate, "terms"> {
  /** The share of weights kept, the largest in magnitude over all layers. */
  readonly keptFraction: number;
  /** b: each kept weight becomes one of 2^b values a layer. */
  readonly indexBits: number;
  /** Nonzero weights that are coded. */
  readonly codedWeights: number;
  /** Whether the inputs and hidden units that have any weight are named first, where that is shorter. */
  readonly namesLivingUnits: boolean;
  /** How their places are coded: the shorter of the two. */
  readonly supportCode: "whole" | "columns";
  /** How their values are coded: the shorter of the two. */
  readonly levelCode: "fixed" | "enumerated";
}

/** What is certified, and on what. */
export interface CertifiedSubject {
  /** The trained network. */
  readonly weights: NetworkWeights;
  /** S. */
  readonly trainingSet: ExampleSet;
  /** For each decision made by looking at S before, out of how many. */
  readonly choices?: readonly number[];
  /** Called with the number of examples whose outputs were computed. */
  readonly onEvaluated?: (examples: number) => void;
}

/** The kept shares that are tried. */
export const codedFractions: readonly number[] = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64];

/** The bits of a weight's value that are tried. */
export const codedBits: readonly number[] = [2, 4];

const unitCodes = [false, true] as const;
const supportCodes = ["whole", "columns"] as const;
const levelCodes = ["fixed", "enumerated"] as const;

/** A bias is rounded to half precision: one choice out of 2^16. */
const halves = 2 ** 16;

/**
 * The network under every kept share and number of bits of the grid, without any further training, each with the
 * shortest of eight codes. All certificates hold together with probability 1 - `failureProbability`: the choice of a
 * point of the grid and of a code is paid for in each.
 *
 * A bias costs 16 bits. Without biases, dead paths are dropped before the code is written. A point of the grid at which
 * a layer keeps no weight is left out.
 *
 * @param subject The network and its training set; the selected engine evaluates.
 */
export async function certifiedCodes(subject: CertifiedSubject): Promise<CodedNetwork[]> {
  const coded: CodedNetwork[] = [];
  for (const keptFraction of codedFractions) {
    const layers = liveLayers(subject.weights, keptFraction);
    if (layers.some(isZero)) continue;
    for (const indexBits of codedBits) {
      coded.push({ keptFraction, indexBits, ...await certificateOf(subject, quantised(layers, indexBits)) });
    }
  }
  return coded;
}

async function certificateOf(
  { weights, trainingSet, choices = [], onEvaluated }: CertifiedSubject,
  layers: readonly QuantisedLayer[],
): Promise<Omit<CodedNetwork, "keptFraction" | "indexBits">> {
  const biases = weights.biases.map((bias) => bias.map(Math.f16round));
  const options = shortestCode(layers);
  const grid = [codedFractions, codedBits, unitCodes, supportCodes, levelCodes].map(({ length }) => length);
  const biasChoices = biases.flatMap((bias) => Array.from(bias, () => halves));
  const network = { layers: layers.map((layer) => layer.weights), biases };
  const observation = {
    errors: await errorsOf(network, trainingSet, onEvaluated),
    exampleCount: trainingSet.count,
    delta: failureProbability,
  };
  const { terms: _, ...certificate } = certifiedBound(layers, observation, {
    ...options,
    choices: [...grid, ...choices, ...biasChoices],
  });
  const codedWeights = layers.reduce((sum, layer) => sum + nonzeroCount(layer.weights), 0);
  return { codedWeights, ...options, ...certificate };
}

/** The network's largest weights in magnitude, over all layers together. */
function liveLayers({ layers, biases }: NetworkWeights, keptFraction: number): Matrix[] {
  const all = Float32Array.from(layers.flatMap(({ data }) => Array.from(data)));
  const mask = magnitudeMask(matrix(1, all.length, all), keptFraction).data;
  let end = 0;
  const pruned = layers.map((layer) => {
    const begin = end;
    end += layer.data.length;
    return withMask(layer, { ...layer, data: mask.subarray(begin, end) });
  });
  // With biases, a unit without incoming weights still gives a constant.
  return biases.length > 0 ? pruned : dropDeadPaths(pruned);
}

function quantised(layers: readonly Matrix[], bits: number): QuantisedLayer[] {
  return layers.map((layer) => {
    const codebook = kMeansCodebook(layer.data, { bits });
    return { weights: quantise(layer, codebook), codebook };
  });
}

/** Permutations save the same under every code, so they are not counted here. */
function shortestCode(
  layers: readonly QuantisedLayer[],
): Required<Pick<CodeOptions, "namesLivingUnits" | "supportCode" | "levelCode">> {
  const codes = unitCodes.flatMap((namesLivingUnits) =>
    supportCodes.flatMap((supportCode) =>
      levelCodes.map((levelCode) => ({ namesLivingUnits, supportCode, levelCode }))
    )
  );
  const lengths = codes.map((code) =>
    networkCode(layers, { ...code, countsPermutationsOnce: false }).reduce((sum, { nats }) => sum + nats, 0)
  );
  return codes[lengths.indexOf(Math.min(...lengths))];
}

async function errorsOf(
  weights: NetworkWeights,
  set: ExampleSet,
  onEvaluated: (examples: number) => void = () => {},
): Promise<number> {
  const outputs = await outputsOf(weights, (...range) => set.inputs(...range), set.count);
  onEvaluated(set.count);
  return margins(outputs, set.labels).reduce((count, margin) => count + Number(!(margin > 0)), 0);
}

function isZero({ data }: Matrix): boolean {
  return data.every((weight) => weight === 0);
}

function nonzeroCount({ data }: Matrix): number {
  let count = 0;
  for (const weight of data) if (weight !== 0) count++;
  return count;
}
