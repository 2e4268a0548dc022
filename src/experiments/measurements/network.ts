/**
 * Measuring a trained network: norms, margins, errors, and the pruning that the margin condition allows.
 *
 * @module
 */
import { z } from "zod";
import type { Matrix } from "../../math/matrix.ts";
import { difference, frobeniusNorm, twoOneNorm } from "../../math/norms.ts";
import { type SparseMatrix, subPart } from "../../math/sparse_matrix.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { keptCount, prune, prunedPart, secondMoment } from "../../theory/algorithm_1.ts";
import { marginLoss, marginQuantiles, margins } from "../../theory/margin_loss.ts";
import { type MarginCondition, solveMeasuredCondition } from "../../theory/theorem_5_2_condition.ts";
import { marginsOn, trainedOutputs } from "./evaluation.ts";
import { finiteSpectralNorm, maskThresholds, perturbationNorm } from "./mask_thresholds.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";
import { publishedKappa } from "./published_kappa.ts";

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
  const trainMargins = margins(await trainedOutputs(subject, trainingSet), trainingSet.labels);
  const testErrorFraction = marginLoss(margins(await trainedOutputs(subject, testSet), testSet.labels), 0);
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
    marginQuantiles: marginQuantiles(trainMargins, marginShares),
    minimumMargin: minimum(trainMargins),
    trainErrorFraction: marginLoss(trainMargins, 0),
    testErrorFraction,
    pruned,
  };
}

function measureLayer(weights: Matrix, initial: Matrix): NetworkMeasurement["layers"][number] {
  const distance = difference(weights, initial);
  return {
    outputs: weights.rows,
    inputs: weights.columns,
    // A training that diverged still gets its row: norms that are not finite, and the reason in what limits d.
    spectralNorm: finiteSpectralNorm(weights),
    frobeniusNorm: frobeniusNorm(weights),
    twoOneNorm: twoOneNorm(weights),
    frobeniusDistance: frobeniusNorm(distance),
    twoOneDistance: twoOneNorm(distance),
    variance: secondMoment(weights),
  };
}

async function evaluate(subject: Subject, weights: NetworkWeights): Promise<Errors> {
  const trainMargins = await marginsOn(subject, weights, subject.trainingSet);
  const testMargins = await marginsOn(subject, weights, subject.testSet);
  return { trainMargins, testErrorFraction: marginLoss(testMargins, 0) };
}

/** Algorithm 1 on one network with one draw a weight, at the d that the margin condition with measured norms allows. */
class MeasuredPruning {
  readonly #subject: Subject;
  readonly #spectralNorms: readonly number[];
  readonly #inputNorm: number;
  readonly #thresholds: readonly Float64Array[];
  /** By d: both margin rules try some of the same, and the solution is among those tried. */
  readonly #perturbationNorms = new Map<number, readonly number[]>();
  /** What is pruned at some d, where that is little: what a smaller d prunes is a part of it. */
  readonly #prunedParts = new Map<number, readonly SparseMatrix[]>();

  constructor(subject: Subject, spectralNorms: readonly number[], inputNorm: number) {
    this.#subject = subject;
    this.#spectralNorms = spectralNorms;
    this.#inputNorm = inputNorm;
    this.#thresholds = maskThresholds(subject.weights.layers, subject.hyperparameters.seed);
  }

  async measure(marginRule: MarginRule, unpruned: Errors): Promise<PrunedMeasurement> {
    const { trainMargins } = unpruned;
    const margin = marginRule === "minimum" ? minimum(trainMargins) : 1;
    const solution = solveMeasuredCondition(this.#condition(margin), (d) => this.#relativePerturbation(d));
    const perturbationNorms = this.#perturbationNormsAt(solution.d);
    const isUnchanged = perturbationNorms.every((norm) => norm === 0);
    const pruned = isUnchanged ? unpruned : await evaluate(this.#subject, this.#prunedAt(solution.d));
    return {
      marginRule,
      margin,
      marginLoss: marginLoss(trainMargins, margin),
      ...solution,
      neededMarginLoss: marginLoss(trainMargins, solution.neededMargin),
      keptWeights: this.#thresholds.map((thresholds) => keptCount(thresholds, solution.d)),
      perturbationNorms: [...perturbationNorms],
      trainErrorFraction: marginLoss(pruned.trainMargins, 0),
      testErrorFraction: pruned.testErrorFraction,
    };
  }

  #condition(margin: number): MarginCondition {
    const { weights, trainingSet } = this.#subject;
    const layers = weights.layers.map(({ rows: outputs, columns: inputs }, index) => ({
      spectralNorm: this.#spectralNorms[index],
      kappa: publishedKappa({ outputs, inputs }, trainingSet.count),
    }));
    return { layers, margin, inputNorm: this.#inputNorm };
  }

  #perturbationNormsAt(d: number): readonly number[] {
    const known = this.#perturbationNorms.get(d);
    if (known) return known;
    let parts: readonly SparseMatrix[] | undefined;
    const norms = this.#thresholds.map((thresholds, index) =>
      perturbationNorm(
        this.#subject.weights.layers[index],
        thresholds,
        d,
        () => (parts ??= this.#prunedPartsAt(d))[index],
      )
    );
    this.#perturbationNorms.set(d, norms);
    return norms;
  }

  #prunedPartsAt(d: number): readonly SparseMatrix[] {
    const larger = [...this.#prunedParts.keys()].filter((known) => known >= d);
    const known = this.#prunedParts.get(Math.min(...larger));
    const parts = this.#thresholds.map((thresholds, index) =>
      known
        ? subPart(known[index], (entry) => d > thresholds[entry])
        : prunedPart(this.#subject.weights.layers[index], thresholds, d)
    );
    const isLittle = parts.every(({ values }, index) => values.length < this.#thresholds[index].length / 10);
    if (isLittle) this.#prunedParts.set(d, parts);
    return parts;
  }

  #relativePerturbation(d: number): number {
    return this.#perturbationNormsAt(d).reduce(
      (sum, norm, index) => sum + norm / this.#spectralNorms[index],
      0,
    );
  }

  #prunedAt(d: number): NetworkWeights {
    const { layers, biases } = this.#subject.weights;
    return { layers: layers.map((layer, index) => prune(layer, this.#thresholds[index], d)), biases };
  }
}

function minimum(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
