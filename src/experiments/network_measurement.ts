/**
 * Measuring a trained network: norms, margins, errors, and the pruning that the margin condition allows.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { difference, frobeniusNorm, twoOneNorm } from "../math/norms.ts";
import { RandomStream } from "../math/random_stream.ts";
import { sparseOperator } from "../math/sparse_matrix.ts";
import { spectralNorm } from "../math/spectral_norm.ts";
import { outputsOf } from "../network/evaluate.ts";
import type { NetworkWeights } from "../network/mlp.ts";
import { keptCount, prune, prunedPart, pruningThresholds, secondMoment } from "../theory/algorithm_1.ts";
import { subGaussianThreshold } from "../theory/condition_d_1.ts";
import { kappa } from "../theory/lemma_d_1.ts";
import { marginLoss, marginQuantile, margins } from "../theory/margin_loss.ts";
import { type MarginCondition, solveMeasuredCondition } from "../theory/theorem_5_2_condition.ts";
import type { ExampleSet } from "./example_set.ts";
import { type MarginRule, marginShares, type NetworkMeasurement, type PrunedMeasurement } from "./record.ts";

/** What is measured, and on what. */
export interface MeasurementSubject {
  /** The trained network. */
  readonly weights: NetworkWeights;
  /** Its weights before training. */
  readonly initial: NetworkWeights;
  /** The root seed of the pruning draws. */
  readonly seed: number;
  /** S. */
  readonly trainingSet: ExampleSet;
  readonly testSet: ExampleSet;
  /** Called with the number of examples whose outputs were computed. */
  readonly onEvaluated: (examples: number) => void;
}

interface Errors {
  readonly trainMargins: Float64Array;
  readonly testErrorFraction: number;
}

/** Measures the network on the selected engine. */
export async function measureNetwork(subject: MeasurementSubject): Promise<NetworkMeasurement> {
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
  return {
    outputs: weights.rows,
    inputs: weights.columns,
    spectralNorm: spectralNorm(weights),
    frobeniusNorm: frobeniusNorm(weights),
    twoOneNorm: twoOneNorm(weights),
    frobeniusDistance: frobeniusNorm(distance),
    twoOneDistance: twoOneNorm(distance),
    variance: secondMoment(weights),
  };
}

async function evaluate(subject: MeasurementSubject, weights: NetworkWeights): Promise<Errors> {
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
  readonly #subject: MeasurementSubject;
  readonly #spectralNorms: readonly number[];
  readonly #inputNorm: number;
  readonly #thresholds: readonly Float64Array[];

  constructor(subject: MeasurementSubject, spectralNorms: readonly number[], inputNorm: number) {
    this.#subject = subject;
    this.#spectralNorms = spectralNorms;
    this.#inputNorm = inputNorm;
    this.#thresholds = subject.weights.layers.map((layer, index) =>
      pruningThresholds(layer, secondMoment(layer), new RandomStream(subject.seed, `mask/${index}`))
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

function minimum(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
