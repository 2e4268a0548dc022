/**
 * The network pruned to a sixtieth of its weights, as Table 1 asks, in four variants: everything that its bounds need.
 *
 * @module
 */
import { z } from "zod";
import { certifiedBound, type QuantisedLayer } from "../../bounds/certified.ts";
import { failureProbability } from "../../bounds/bound.ts";
import { dropDeadPaths } from "../../bounds/dead_paths.ts";
import { type Codebook, kMeansCodebook, quantise } from "../../math/codebook.ts";
import type { Matrix } from "../../math/matrix.ts";
import { difference, frobeniusNorm, twoOneNorm } from "../../math/norms.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import { inspect, type Inspection } from "../../network/activations.ts";
import { jacobianNorms, noiseResiduals } from "../../network/jacobians.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { secondMoment } from "../../theory/algorithm_1.ts";
import { marginLoss, margins } from "../../theory/margin_loss.ts";
import { theoremAtGivenD } from "../../theory/theorem_5_2_at_given_d.ts";
import { perturbationBudgetLn } from "../../theory/theorem_5_2_condition.ts";
import { examplesWithSteps } from "../step_cost.ts";
import { type CushionMeasurement, cushionSchema, cushionsOf, lowSpread, spreadSchema } from "./cushions.ts";
import { errorCount, increments, marginsOn, trainedOutputs } from "./evaluation.ts";
import {
  fineTuningExamples,
  heavyPruningParameter,
  type PrunedNetwork,
  prunedNetwork,
  type PruningVariant,
  pruningVariants,
  trainingInEvaluations,
  withMask,
} from "./heavy_pruning.ts";
import { crossEntropies, type HessianMeasurement, hessianSchema, hessianSpreads } from "./hessian.ts";
import { finiteSpectralNorm } from "./mask_thresholds.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";
import { publishedKappa } from "./published_kappa.ts";

const prunedLayer = z.strictObject({
  /** d1. */
  outputs: z.int(),
  /** d2. */
  inputs: z.int(),
  /** Weights that the mask leaves. */
  keptWeights: z.int(),
  spectralNorm: numeric,
  frobeniusNorm: numeric,
  /** ||(A^ - A_0)^T||_{2,1}. */
  twoOneDistance: numeric,
  /** The mean of the squared weights. */
  variance: numeric,
  /** max |A^_ij|. */
  largestWeight: numeric,
  /** ||A - A^||_2, fine-tuning included. */
  perturbationNorm: numeric,
});

const certificateSchema = z.strictObject({
  /** Bits of a weight's place in its layer's codebook. */
  indexBits: z.int(),
  /** Nonzero weights of the coded network, dead paths dropped. */
  codedWeights: z.int(),
  codeNats: numeric,
  /** Of the coded network itself. */
  trainErrorFraction: numeric,
  hoeffding: numeric,
  divergence: numeric,
  binomialTail: numeric,
});

const variantSchema = z.strictObject({
  variant: z.enum(pruningVariants),
  layers: z.array(prunedLayer),
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
  /** The smallest margin on S, and the smallest that is left when the worst 5 % are left out. */
  margin: spreadSchema,
  /** R^_gamma of the pruned network at each of the two. */
  marginLoss: spreadSchema,
  /** R^_1 of the pruned network. */
  unitMarginLoss: numeric,
  /** Cross-entropy on S, in nats. */
  meanLoss: numeric,
  largestLoss: numeric,
  /** The right-hand side of the margin condition with the measured ||A - A^||_2, as in the paper's tables. */
  neededMargin: numeric,
  /** R^_gamma of the unpruned network at `neededMargin`. */
  neededMarginLoss: numeric,
  cushions: cushionSchema,
  hessian: hessianSchema,
  certificate: certificateSchema,
});

const theoremSchema = z.strictObject({
  /** ln of the gamma that the condition of Theorem 5.2 needs at d. */
  neededMarginLn: numeric,
  /** R^_gamma of the unpruned network there. */
  neededMarginLoss: numeric,
  isWithinSideCondition: z.boolean(),
  roundingStepsLn: z.array(numeric),
  sketchingTerm: numeric,
});

const heavilyPrunedSchema = z.strictObject({
  schema: z.literal(1),
  exampleCount: z.int(),
  classes: z.int(),
  maximumInputNorm: numeric,
  rootMeanSquareInputNorm: numeric,
  /** Examples that fine-tuning visited. */
  fineTuningExamples: z.int(),
  /** The pruning parameter of Algorithm 1. */
  d: numeric,
  /** Theorem 5.2 at d, with Gamma_l of the unpruned network; null where a layer is zero or not finite. */
  theorem: theoremSchema.nullable(),
  /** Those whose weights are finite: a training that diverged leaves none. */
  variants: z.array(variantSchema),
});

/** The network pruned to a sixtieth of its weights, in four variants. */
export type HeavilyPrunedMeasurement = z.infer<typeof heavilyPrunedSchema>;

/** One of the four. */
export type HeavilyPrunedVariant = HeavilyPrunedMeasurement["variants"][number];

/** Examples of S that interlayer cushions and smoothness are taken over: each costs {@linkcode sampledInEvaluations}. */
function sampleSize(exampleCount: number): number {
  return Math.min(500, Math.ceil(exampleCount / 8));
}

/** Random signs a layer for the norms of the Jacobians between hidden layers. */
const probes = 16;

/** Of five layers: 5 products a probe and 3 a class for the Jacobians, 40 for the noise, in passes of 4. */
const sampledInEvaluations = (probes * 5 + 10 * 3 + 40) / 4;

/** ||eta|| / ||x^i|| of the noise for the smoothness; a network without biases is the rougher the larger it is. */
const relativeNoises = [0.01, 0.1];

/** Bits of a weight in the certified bound, chosen before any data: 1 % of the weights are worth few bits each. */
const indexBits = 3;

/** That of a layer of zeros, in as many bits as others take. */
const emptyCodebook: Codebook = {
  values: new Float64Array(),
  indexBits,
  storedNumbers: 2 ** indexBits,
  numberBits: 16,
};

/** The network pruned to a sixtieth of its weights, in four variants. */
export const heavilyPruned: Measurement<HeavilyPrunedMeasurement> = {
  name: "heavily-pruned",
  schema: heavilyPrunedSchema,
  evaluations: (hyperparameters) => {
    const { trainingExamples, testExamples, hidden } = hyperparameters;
    const inspected = (1 + 2 * derivativeInEvaluations(hidden.length + 1)) * trainingExamples;
    const sampled = sampledInEvaluations * sampleSize(trainingExamples);
    const variant = inspected + trainingExamples + testExamples + sampled;
    const tuned = trainingInEvaluations *
      examplesWithSteps(hyperparameters, fineTuningExamples(hyperparameters));
    return trainingExamples + pruningVariants.length * variant + 2 * tuned;
  },
  measure: measureHeavilyPruned,
};

/** A derivative along one layer passes through the layers from there on: (L + 1) / 2 passes for all L. */
function derivativeInEvaluations(depth: number): number {
  return (depth + 1) / 2;
}

async function measureHeavilyPruned(subject: Subject): Promise<HeavilyPrunedMeasurement> {
  const norms = subject.trainingSet.norms();
  return {
    schema: 1,
    exampleCount: subject.trainingSet.count,
    classes: classesOf(subject.weights),
    maximumInputNorm: maximum(norms),
    rootMeanSquareInputNorm: Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0) / norms.length),
    fineTuningExamples: fineTuningExamples(subject.hyperparameters),
    d: heavyPruningParameter,
    ...(isFinite(subject.weights) ? await measureFinite(subject, norms) : { theorem: null, variants: [] }),
  };
}

async function measureFinite(
  subject: Subject,
  norms: Float64Array,
): Promise<Pick<HeavilyPrunedMeasurement, "theorem" | "variants">> {
  const context = await contextOf(subject, norms);
  const variants: HeavilyPrunedVariant[] = [];
  for (const variant of pruningVariants) {
    const network = await prunedNetwork(subject, variant);
    if (isFinite(network.weights)) variants.push(await measureVariant(context, variant, network));
  }
  return { theorem: measureTheorem(context), variants };
}

/**
 * One variant: margins, norms, Hessian and cushions of one pruned network, as each of the four is measured.
 *
 * @throws {RangeError} If a weight is not finite.
 */
export async function measureOneVariant(
  subject: Subject,
  variant: PruningVariant,
): Promise<HeavilyPrunedVariant> {
  if (!isFinite(subject.weights)) {
    throw new RangeError("Cannot measure the pruned network as all weights must be finite: some are not");
  }
  const context = await contextOf(subject, subject.trainingSet.norms());
  return await measureVariant(context, variant, await prunedNetwork(subject, variant));
}

/** What all variants share. */
interface Context {
  readonly subject: Subject;
  /** ||x||_2 over S. */
  readonly norms: Float64Array;
  /** The margins of the unpruned network on S. */
  readonly trainMargins: Float64Array;
  /** ||A^l||_2 of the unpruned network. */
  readonly spectralNorms: readonly number[];
  /** The examples of S that the costly quantities are taken over. */
  readonly sample: Float32Array;
}

async function contextOf(subject: Subject, norms: Float64Array): Promise<Context> {
  const { weights, hyperparameters, trainingSet } = subject;
  const order = new RandomStream(hyperparameters.seed, "cushions/examples").permutation(trainingSet.count);
  return {
    subject,
    norms,
    trainMargins: margins(await trainedOutputs(subject, trainingSet), trainingSet.labels),
    spectralNorms: weights.layers.map(finiteSpectralNorm),
    sample: trainingSet.batch(order.subarray(0, sampleSize(trainingSet.count))).inputs,
  };
}

function measureTheorem(
  { subject, norms, trainMargins, spectralNorms }: Context,
): HeavilyPrunedMeasurement["theorem"] {
  if (spectralNorms.includes(0)) return null;
  // The two unions of the probability, over Lemma C.2 and Lemma 5.1, fail with delta / 4 each.
  const factor = 4 * spectralNorms.length / failureProbability;
  const layers = subject.weights.layers.map((layer, index) => ({
    outputs: layer.rows,
    inputs: layer.columns,
    variance: secondMoment(layer),
    spectralNorm: spectralNorms[index],
    epsilon: factor,
    lambda: factor,
  }));
  const network = { layers, inputNorm: maximum(norms) };
  const theorem = theoremAtGivenD(network, heavyPruningParameter, norms.length);
  return {
    ...theorem,
    roundingStepsLn: [...theorem.roundingStepsLn],
    neededMarginLoss: marginLoss(trainMargins, Math.exp(theorem.neededMarginLn)),
  };
}

async function measureVariant(
  context: Context,
  variant: PruningVariant,
  network: PrunedNetwork,
): Promise<HeavilyPrunedVariant> {
  const { subject, trainMargins } = context;
  const { trainingSet, testSet } = subject;
  const { weights } = network;
  const layers = weights.layers.map((_, index) => measureLayer(subject, network, index));
  const whole = await inspectWhole(subject, network);
  const prunedMargins = margins(whole.outputs, trainingSet.labels);
  const margin = lowSpread(prunedMargins);
  const losses = crossEntropies(whole.outputs, trainingSet.labels);
  const neededMargin = neededMarginOf(context, layers.map(({ perturbationNorm }) => perturbationNorm));
  return {
    variant,
    layers,
    trainErrorFraction: marginLoss(prunedMargins, 0),
    testErrorFraction: marginLoss(await marginsOn(subject, weights, testSet), 0),
    margin,
    marginLoss: {
      worst: marginLoss(prunedMargins, margin.worst),
      percentile: marginLoss(prunedMargins, margin.percentile),
    },
    unitMarginLoss: marginLoss(prunedMargins, 1),
    meanLoss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    largestLoss: maximum(losses),
    neededMargin,
    neededMarginLoss: marginLoss(trainMargins, neededMargin),
    cushions: await measureCushions(context, weights, whole),
    hessian: hessianOf(whole, classesOf(weights)),
    certificate: await certificateOf(subject, weights),
  };
}

function measureLayer(
  { weights: unpruned, initial }: Subject,
  { weights, masks }: PrunedNetwork,
  index: number,
): HeavilyPrunedVariant["layers"][number] {
  const layer = weights.layers[index];
  return {
    outputs: layer.rows,
    inputs: layer.columns,
    keptWeights: countNonzero(masks[index]),
    spectralNorm: spectralNorm(layer),
    frobeniusNorm: frobeniusNorm(layer),
    twoOneDistance: twoOneNorm(difference(layer, initial.layers[index])),
    variance: secondMoment(layer),
    largestWeight: largestMagnitude(layer),
    perturbationNorm: spectralNorm(difference(unpruned.layers[index], layer)),
  };
}

/** The network on all of S, with the derivatives along its distances from A_0 and from the masked A_0. */
function inspectWhole(
  { initial, trainingSet, onEvaluated }: Subject,
  { weights, masks }: PrunedNetwork,
): Promise<Inspection> {
  const fromInitial = weights.layers.map((layer, index) => difference(layer, initial.layers[index]));
  const directions = [fromInitial, fromInitial.map((move, index) => withMask(move, masks[index]))];
  const evaluations = 1 + directions.length * derivativeInEvaluations(masks.length);
  return inspect(weights, directions, {
    inputs: (...range) => trainingSet.inputs(...range),
    count: trainingSet.count,
  }, { onProgress: increments((examples) => onEvaluated(evaluations * examples)) });
}

/**
 * e ||x|| prod_l kappa_l s_l sum_l ||A^l - A^^l||_2 / s_l, with kappa_l as in the measurement `network`: 0 where a layer
 * is zero and stays so, Infinity where it was trained on.
 */
function neededMarginOf(context: Context, perturbationNorms: readonly number[]): number {
  const { subject, norms, spectralNorms } = context;
  const layers = subject.weights.layers.map(({ rows: outputs, columns: inputs }, index) => ({
    spectralNorm: spectralNorms[index],
    kappa: publishedKappa({ outputs, inputs }, norms.length),
  }));
  const relative = perturbationNorms.reduce(
    (sum, norm, index) => sum + (norm === 0 ? 0 : norm / spectralNorms[index]),
    0,
  );
  if (relative === Infinity) return Infinity;
  return Math.exp(
    Math.log(relative) - perturbationBudgetLn({ layers, margin: 1, inputNorm: maximum(norms) }),
  );
}

async function measureCushions(
  { subject, sample }: Context,
  weights: NetworkWeights,
  whole: Inspection,
): Promise<CushionMeasurement> {
  const { seed } = subject.hyperparameters;
  const [{ columns: dimension }] = weights.layers;
  const examples = {
    inputs: (from: number, to: number) => sample.subarray(from * dimension, to * dimension),
    count: sample.length / dimension,
  };
  const stream = (name: string): RandomStream => new RandomStream(seed, `cushions/${name}`);
  const residuals = await noiseResiduals(weights, examples, { relativeNoises, stream: stream("noise") });
  const norms = await jacobianNorms(weights, examples, { probes, stream: stream("probes") });
  subject.onEvaluated(sampledInEvaluations * examples.count);
  return cushionsOf({
    whole,
    sample: await inspect(weights, [], examples),
    frobeniusNorms: weights.layers.map((layer) => frobeniusNorm(layer)),
    jacobianNorms: norms,
    probes,
    residuals,
  });
}

function hessianOf({ outputs, derivatives }: Inspection, classes: number): HessianMeasurement {
  const [{ length: depth }] = derivatives;
  const spreads = hessianSpreads(outputs, derivatives.flat(), classes);
  return { fromInitial: spreads.slice(0, depth), fromMaskedInitial: spreads.slice(depth) };
}

/** The certified bound of the network with dead paths dropped and each layer's weights in a codebook of its own. */
async function certificateOf(
  subject: Subject,
  weights: NetworkWeights,
): Promise<HeavilyPrunedVariant["certificate"]> {
  const coded = codedLayers(weights.layers);
  const quantised = { layers: coded.map((layer) => layer.weights), biases: [] };
  const trainMargins = await marginsOn(subject, quantised, subject.trainingSet);
  const { codeNats, trainError, hoeffding, divergence, binomialTail } = certifiedBound(coded, {
    errors: errorCount(trainMargins),
    exampleCount: trainMargins.length,
    delta: failureProbability,
  });
  const codedWeights = coded.reduce((sum, layer) => sum + countNonzero(layer.weights), 0);
  return {
    indexBits,
    codedWeights,
    codeNats,
    trainErrorFraction: trainError,
    hoeffding,
    divergence,
    binomialTail,
  };
}

function codedLayers(layers: readonly Matrix[]): QuantisedLayer[] {
  const live = dropDeadPaths(layers);
  // Where no path from inputs to outputs is left, no weight is.
  const kept = live.every((layer) => countNonzero(layer) > 0) ? live : layers;
  return kept.map((layer) => {
    const codebook = countNonzero(layer) === 0
      ? emptyCodebook
      : kMeansCodebook(layer.data, { bits: indexBits });
    return { weights: quantise(layer, codebook), codebook };
  });
}

function isFinite({ layers }: NetworkWeights): boolean {
  return layers.every((layer) => Number.isFinite(frobeniusNorm(layer)));
}

function classesOf({ layers }: NetworkWeights): number {
  return layers[layers.length - 1].rows;
}

function countNonzero({ data }: Matrix): number {
  let count = 0;
  for (const entry of data) if (entry !== 0) count++;
  return count;
}

function largestMagnitude({ data }: Matrix): number {
  let largest = 0;
  for (const entry of data) largest = Math.max(largest, Math.abs(entry));
  return largest;
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
