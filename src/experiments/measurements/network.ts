/**
 * Measuring a trained network: norms, margins, errors, and the pruning that the margin condition allows.
 *
 * @module
 */
import { z } from "zod";
import type { Matrix } from "../../math/matrix.ts";
import { difference, frobeniusNorm, twoOneNorm } from "../../math/norms.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { sparseOperator } from "../../math/sparse_matrix.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import { outputsOf } from "../../network/evaluate.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { keptCount, prune, prunedPart, pruningThresholds, secondMoment } from "../../theory/algorithm_1.ts";
import { subGaussianThreshold } from "../../theory/condition_d_1.ts";
import { kappa } from "../../theory/lemma_d_1.ts";
import { marginLoss, marginQuantile, margins } from "../../theory/margin_loss.ts";
import { type MarginCondition, solveMeasuredCondition } from "../../theory/theorem_5_2_condition.ts";
import type { ExampleSet } from "../example_set.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";

const layerMeasurement = z.strictObject({
  /** d1. */
  outputs: z.int(),
  /** d2. */
  inputs: z.int(),
  spectralNorm: numeric,
  frobeniusNorm: numeric,
  twoOneNorm: numeric,
  /** ||A - A_0||_F. */
  frobeniusDistance: numeric,
  /** ||(A - A_0)^T||_{2,1}. */
  twoOneDistance: numeric,
  /** Psi, the mean of the squared weights. */
  variance: numeric,
});

const prunedMeasurement = z.strictObject({
  /** How gamma was chosen. */
  marginRule: z.enum(["minimum", "unit"]),
  /** gamma, in logit units. */
  margin: numeric,
  /** R^_gamma of the unpruned network at `margin`. */
  marginLoss: numeric,
  /** The largest d that the margin condition allows with measured perturbations. */
  d: numeric,
  limitedBy: z.enum(["margin", "side condition", "no positive margin", "degenerate norms", "nothing"]),
  neededMargin: numeric,
  /** R^_gamma of the unpruned network at `neededMargin`. */
  neededMarginLoss: numeric,
  /** Weights kept at d, a layer. */
  keptWeights: z.array(z.int()),
  /** ||Delta^l||_2 at d. */
  perturbationNorms: z.array(numeric),
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
});

/** The schema of {@linkcode NetworkMeasurement}. */
export const networkMeasurementSchema = z.strictObject({
  schema: z.literal(1),
  exampleCount: z.int(),
  testCount: z.int(),
  classes: z.int(),
  maximumInputNorm: numeric,
  rootMeanSquareInputNorm: numeric,
  layers: z.array(layerMeasurement),
  /** Training margins at the shares of {@linkcode marginShares}, by nearest rank. */
  marginQuantiles: z.array(numeric),
  minimumMargin: numeric,
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
  pruned: z.array(prunedMeasurement),
});

/** The shares at which the quantiles of the training margins are recorded: 1 % and every 5 %. */
export const marginShares: readonly number[] = [
  0.01,
  ...Array.from({ length: 20 }, (_, index) => (index + 1) / 20),
];

/** Norms, margins, errors, and the pruning that the margin condition allows. */
export type NetworkMeasurement = z.infer<typeof networkMeasurementSchema>;

/** The pruned network for one way of choosing gamma. */
export type PrunedMeasurement = z.infer<typeof prunedMeasurement>;

/**
 * How gamma is chosen: `minimum`, the smallest margin on S, as the paper's tables do; `unit`, gamma = 1, fixed before S
 * is seen, as the theorems ask.
 */
export type MarginRule = PrunedMeasurement["marginRule"];

interface Errors {
  readonly trainMargins: Float64Array;
  readonly testErrorFraction: number;
}

/** Norms, margins, errors, and the pruning that the margin condition allows. */
export const network: Measurement<NetworkMeasurement> = {
  name: "network",
  schema: networkMeasurementSchema,
  // Unpruned, and pruned under the one or two margin rules that allow it.
  evaluations: ({ trainingExamples, testExamples }) => 2 * (trainingExamples + testExamples),
  measure: measureNetwork,
};

async function measureNetwork(subject: Subject): Promise<NetworkMeasurement> {
  const { weights, initial, trainingSet, testSet } = subject;
  const layers = weights.layers.map((layer, index) => measureLayer(layer, initial.layers[index]));
  const { trainMargins, testErrorFraction } = await evaluate(subject, weights);
  const norms = trainingSet.norms();
  const pruning = new MeasuredPruning(
    subject,
    layers.map(({ spectralNorm }) => spectralNorm),
    maximum(norms),
  );
  const pruned: PrunedMeasurement[] = [];
  for (const marginRule of ["minimum", "unit"] as const) {
    pruned.push(await pruning.measure(marginRule, { trainMargins, testErrorFraction }));
  }
  return {
    schema: 1,
    exampleCount: trainingSet.count,
    testCount: testSet.count,
    classes: weights.layers[weights.layers.length - 1].rows,
    maximumInputNorm: maximum(norms),
    rootMeanSquareInputNorm: Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0) / norms.length),
    layers,
    marginQuantiles: marginShares.map((share) => marginQuantile(trainMargins, share)),
    minimumMargin: minimum(trainMargins),
    trainErrorFraction: marginLoss(trainMargins, 0),
    testErrorFraction,
    pruned,
  };
}

function measureLayer(weights: Matrix, initial: Matrix): NetworkMeasurement["layers"][number] {
  const distance = difference(weights, initial);
  const frobenius = frobeniusNorm(weights);
  return {
    outputs: weights.rows,
    inputs: weights.columns,
    // A training that diverged still gets its row: norms that are not finite, and the reason in what limits d.
    spectralNorm: Number.isFinite(frobenius) ? spectralNorm(weights) : NaN,
    frobeniusNorm: frobenius,
    twoOneNorm: twoOneNorm(weights),
    frobeniusDistance: frobeniusNorm(distance),
    twoOneDistance: twoOneNorm(distance),
    variance: secondMoment(weights),
  };
}

async function evaluate(subject: Subject, weights: NetworkWeights): Promise<Errors> {
  const marginsOn = async (set: ExampleSet): Promise<Float64Array> => {
    let done = 0;
    const onProgress = (examples: number): void => {
      subject.onEvaluated(examples - done);
      done = examples;
    };
    const outputs = await outputsOf(weights, (from, to) => set.inputs(from, to), set.count, { onProgress });
    return margins(outputs, set.labels);
  };
  const trainMargins = await marginsOn(subject.trainingSet);
  return { trainMargins, testErrorFraction: marginLoss(await marginsOn(subject.testSet), 0) };
}

/** Algorithm 1 on one network with one draw a weight, at the d that the margin condition with measured norms allows. */
class MeasuredPruning {
  readonly #subject: Subject;
  readonly #spectralNorms: readonly number[];
  readonly #inputNorm: number;
  readonly #thresholds: readonly Float64Array[];

  constructor(subject: Subject, spectralNorms: readonly number[], inputNorm: number) {
    this.#subject = subject;
    this.#spectralNorms = spectralNorms;
    this.#inputNorm = inputNorm;
    this.#thresholds = subject.weights.layers.map((layer, index) =>
      thresholdsOf(layer, new RandomStream(subject.hyperparameters.seed, `mask/${index}`))
    );
  }

  async measure(marginRule: MarginRule, unpruned: Errors): Promise<PrunedMeasurement> {
    const { trainMargins } = unpruned;
    const margin = marginRule === "minimum" ? minimum(trainMargins) : 1;
    const solution = solveMeasuredCondition(this.#condition(margin), (d) => this.#relativePerturbation(d));
    const pruned = solution.d === 0 ? unpruned : await evaluate(this.#subject, this.#prunedAt(solution.d));
    return {
      marginRule,
      margin,
      marginLoss: marginLoss(trainMargins, margin),
      ...solution,
      neededMarginLoss: marginLoss(trainMargins, solution.neededMargin),
      keptWeights: this.#thresholds.map((thresholds) => keptCount(thresholds, solution.d)),
      perturbationNorms: this.#perturbationNorms(solution.d),
      trainErrorFraction: marginLoss(pruned.trainMargins, 0),
      testErrorFraction: pruned.testErrorFraction,
    };
  }

  /** The published numbers have Appendix D's kappa in their condition (a = b = 1); it helps the last layer only. */
  #condition(margin: number): MarginCondition {
    const { weights, trainingSet } = this.#subject;
    const layers = weights.layers.map(({ rows: outputs, columns: inputs }, index) => {
      const threshold = subGaussianThreshold({
        a: 1,
        b: 1,
        dimension: inputs,
        events: trainingSet.count,
        delta: 0.01,
      });
      return { spectralNorm: this.#spectralNorms[index], kappa: kappa({ outputs, inputs, threshold }) };
    });
    return { layers, margin, inputNorm: this.#inputNorm };
  }

  #perturbationNorms(d: number): number[] {
    return this.#subject.weights.layers.map((layer, index) =>
      spectralNorm(sparseOperator(prunedPart(layer, this.#thresholds[index], d)))
    );
  }

  #relativePerturbation(d: number): number {
    return this.#perturbationNorms(d).reduce(
      (sum, norm, index) => sum + norm / this.#spectralNorms[index],
      0,
    );
  }

  #prunedAt(d: number): NetworkWeights {
    const { layers, biases } = this.#subject.weights;
    return { layers: layers.map((layer, index) => prune(layer, this.#thresholds[index], d)), biases };
  }
}

/** A layer whose variance is zero or not finite is never pruned. */
function thresholdsOf(layer: Matrix, stream: RandomStream): Float64Array {
  const variance = secondMoment(layer);
  const isUsable = variance > 0 && Number.isFinite(variance);
  return isUsable
    ? pruningThresholds(layer, variance, stream)
    : new Float64Array(layer.data.length).fill(Infinity);
}

function minimum(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
