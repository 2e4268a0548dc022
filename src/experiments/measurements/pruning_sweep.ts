/**
 * Algorithm 1 over a grid of d: what Figures 2 and 4 draw.
 *
 * The masks come from one draw a weight, the same as those of the measurement `network`, so that they are nested in d.
 *
 * @module
 */
import { z } from "zod";
import { RandomStream } from "../../math/random_stream.ts";
import { outputsOfEach } from "../../network/evaluate.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { prune, prunedPart, secondMoment } from "../../theory/algorithm_1.ts";
import { distributedSparsityWithout } from "../../theory/definition_5_1.ts";
import {
  isWithinSideCondition,
  perturbationBoundLn,
  type PerturbedLayer,
  telescopedPerturbationBoundLn,
} from "../../theory/lemma_c_4.ts";
import { gammaOfLayer } from "../../theory/lemma_c_2.ts";
import { marginLoss, margins } from "../../theory/margin_loss.ts";
import type { ExampleSet } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import { type Evaluated, increments, trainedOutputs } from "./evaluation.ts";
import { finiteSpectralNorm, maskThresholds, perturbationNorm } from "./mask_thresholds.ts";
import { type Measurement, numeric, type Subject } from "./measurement.ts";
import { publishedKappa } from "./published_kappa.ts";

const sweptLayer = z.strictObject({
  /** d1. */
  outputs: z.int(),
  /** d2. */
  inputs: z.int(),
  /** s_l = ||A^l||_2. */
  spectralNorm: numeric,
  /** Psi_l, the mean of the squared weights. */
  variance: numeric,
});

const prunedLayer = z.strictObject({
  /** Weights kept, the diagonal included. */
  keptWeights: z.int(),
  /** ||Delta^l||_2. */
  perturbationNorm: numeric,
  /** j_c, the most kept weights in a row (of one output unit). */
  largestRowCount: z.int(),
  /** j_r, the most kept weights in a column (of one input unit). */
  largestColumnCount: z.int(),
});

const sweepPoint = z.strictObject({
  d: z.number(),
  layers: z.array(prunedLayer),
  /** max over the evaluated part of S of ||f(x) - f^(x)||_2. */
  largestOutputChange: numeric,
  /** max over the evaluated part of S of |f(x)[y] - f^(x)[y]|. */
  largestLogitChange: numeric,
  trainErrorFraction: numeric,
  testErrorFraction: numeric,
  /** R^_gamma of the unpruned network at gamma = the bound of Lemma C.5 with measured ||Delta^l||_2, as Theorem 5.2 asks. */
  marginLossAtBound: numeric,
  /** The same at gamma = `largestOutputChange`: what the sharpest bound on the change would give. */
  marginLossAtChange: numeric,
});

const pruningSweepSchema = z.strictObject({
  schema: z.literal(1),
  /** n = |S|. */
  exampleCount: z.int(),
  /** The training examples that outputs were computed for; all of S or its part of {@linkcode sweptExamples}. */
  evaluatedCount: z.int(),
  /** max ||x||_2 over all of S. */
  maximumInputNorm: numeric,
  layers: z.array(sweptLayer),
  points: z.array(sweepPoint),
});

/** Algorithm 1 over a grid of d. */
export type PruningSweep = z.infer<typeof pruningSweepSchema>;

/** One value of d. */
export type SweepPoint = PruningSweep["points"][number];

/**
 * The bounds on ||f(x) - f^(x)||_2 at one value of d, in logit units, for the largest input norm of S. All are NaN where
 * a weight is not finite.
 */
export interface ChangeBounds {
  /** Lemma C.5 with the measured ||Delta^l||_2: e ||x|| prod_l s_l sum_l ||Delta^l||_2 / s_l. */
  readonly measured: number;
  /** The same with kappa_l of Appendix D. */
  readonly measuredWithKappa: number;
  /** Lemma C.5 with Gamma_l (C = 1, epsilon_l = 1). */
  readonly gamma: number;
  /** The same with kappa_l of Appendix D. */
  readonly gammaWithKappa: number;
  /** The bound before its proof rounds up, with measured ||Delta^l||_2. It needs no side condition. */
  readonly measuredTelescoped: number;
  /** The same with Gamma_l. */
  readonly gammaTelescoped: number;
  /** Whether ||Delta^l||_2 <= s_l / L for every layer, which the proof of the first two needs. */
  readonly isWithinSideCondition: boolean;
}

/** The paper's grid, linspace(0, 10, 100), has this step; every grid here is a part of it. */
const paperGridSteps = 99;

/** Denser where the curves bend: places on the paper's grid, those of `small` among those of `short`. */
const sparseGrids = {
  small: [0, 1, 2, 4, 6, 10, 15, 22, 33, 50, 72, 99],
  short: [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 72, 85, 99],
};

/** A part of S that gives errors to a standard error of at most 0.7 percentage points; a first look needs no more. */
const firstLookExamples = 5_000;

/** Weights of networks that are evaluated in one pass, 256 MB: to read the inputs costs a tenth of evaluating a small one. */
const weightsAtOnce = 2 ** 26;

/** From so many passes over S on, the paper's whole grid costs less than training did. */
const longTrainingPasses = 100;

/**
 * The values of d: the 100 of the paper, linspace(0, 10, 100), where training visited S 100 times; 21 of them where it
 * was shorter, and 12 where S itself is a small part of the data set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hyperparametersFor } from "../presets.ts";
 * const selection = { profile: "paper", protocol: "stated", seed: 1, engine: "wasm" } as const;
 * const grid = sweptParameters(hyperparametersFor("mnist", 784, selection));
 * assertEquals([grid.length, grid[0], grid[99]], [100, 0, 10]);
 * ```
 */
export function sweptParameters(hyperparameters: Hyperparameters): number[] {
  return gridPlaces(hyperparameters).map((place) => 10 * place / paperGridSteps);
}

/** How many training examples outputs are computed for: all of S, or 5,000 where training saw a part of it. */
export function sweptExamples(hyperparameters: Hyperparameters): number {
  const { trainingExamples } = hyperparameters;
  return isFirstLook(hyperparameters) ? Math.min(firstLookExamples, trainingExamples) : trainingExamples;
}

/** Algorithm 1 over a grid of d. */
export const pruningSweep: Measurement<PruningSweep> = {
  name: "pruning-sweep",
  schema: pruningSweepSchema,
  evaluations: (hyperparameters) =>
    sweptParameters(hyperparameters).length * (sweptExamples(hyperparameters) + hyperparameters.testExamples),
  measure: (subject: Subject): Promise<PruningSweep> => new Sweep(subject).measure(),
};

/**
 * What Lemmas C.4, C.5 and D.3 say at one value of d.
 *
 * kappa_l is that of the paper's numbers (a = b = 1, probability 0.01 in all), which the sphere does not meet: the
 * values with it are shown for comparison and bound nothing.
 */
export function changeBounds(sweep: PruningSweep, point: Pick<SweepPoint, "d" | "layers">): ChangeBounds {
  if (sweep.layers.some(({ spectralNorm }) => Number.isNaN(spectralNorm))) return unknownBounds;
  const measured = sweep.layers.map((layer, index): PerturbedLayer => ({
    spectralNorm: layer.spectralNorm,
    perturbationNorm: point.layers[index].perturbationNorm,
  }));
  const gamma = sweep.layers.map((layer): PerturbedLayer => ({
    spectralNorm: layer.spectralNorm,
    perturbationNorm: gammaOfLayer(layer, point.d),
  }));
  const withKappa = (layers: readonly PerturbedLayer[]): PerturbedLayer[] =>
    layers.map((layer, index) => ({
      ...layer,
      kappa: publishedKappa(sweep.layers[index], sweep.exampleCount),
    }));
  const bound = (layers: readonly PerturbedLayer[]): number =>
    Math.exp(perturbationBoundLn(layers, sweep.maximumInputNorm));
  const telescoped = (layers: readonly PerturbedLayer[]): number =>
    Math.exp(telescopedPerturbationBoundLn(layers, sweep.maximumInputNorm));
  return {
    measured: bound(measured),
    measuredWithKappa: bound(withKappa(measured)),
    gamma: bound(gamma),
    gammaWithKappa: bound(withKappa(gamma)),
    measuredTelescoped: telescoped(measured),
    gammaTelescoped: telescoped(gamma),
    isWithinSideCondition: isWithinSideCondition(measured),
  };
}

/**
 * The largest differences between two networks' outputs on the same examples.
 *
 * @param before Outputs, row-major (examples, classes).
 * @param after Outputs of the other network, shaped as `before`.
 * @param labels The class of each example.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const change = largestChange(Float32Array.of(1, 2), Float32Array.of(4, 6), Uint8Array.of(0));
 * assertEquals(change, { output: 5, logit: 3 });
 * ```
 */
export function largestChange(
  before: Float32Array,
  after: Float32Array,
  labels: Uint8Array,
): { output: number; logit: number } {
  const classes = before.length / labels.length;
  let [largestSquare, logit] = [0, 0];
  labels.forEach((label, example) => {
    let square = 0;
    for (let index = example * classes; index < (example + 1) * classes; index++) {
      square += (before[index] - after[index]) ** 2;
    }
    const correct = example * classes + label;
    largestSquare = Math.max(largestSquare, square);
    logit = Math.max(logit, Math.abs(before[correct] - after[correct]));
  });
  return { output: Math.sqrt(largestSquare), logit };
}

const unknownBounds: ChangeBounds = {
  measured: NaN,
  measuredWithKappa: NaN,
  gamma: NaN,
  gammaWithKappa: NaN,
  measuredTelescoped: NaN,
  gammaTelescoped: NaN,
  isWithinSideCondition: false,
};

function isFirstLook(hyperparameters: Hyperparameters): boolean {
  return trainingPasses(hyperparameters) < 1;
}

function trainingPasses({ epochs, examplesPerEpoch, trainingExamples }: Hyperparameters): number {
  return epochs * examplesPerEpoch / trainingExamples;
}

function gridPlaces(hyperparameters: Hyperparameters): number[] {
  if (hyperparameters.trainingExamples <= firstLookExamples) return sparseGrids.small;
  if (trainingPasses(hyperparameters) < longTrainingPasses) return sparseGrids.short;
  return Array.from({ length: paperGridSteps + 1 }, (_, place) => place);
}

/** All of S or its part, drawn without replacement by a stream of its own. */
function evaluatedPart(trainingSet: ExampleSet, hyperparameters: Hyperparameters): Evaluated {
  const count = sweptExamples(hyperparameters);
  if (count === trainingSet.count) return trainingSet;
  const stream = new RandomStream(hyperparameters.seed, "pruning-sweep/examples");
  const indices = stream.permutation(trainingSet.count).subarray(0, count);
  return {
    count,
    labels: Uint8Array.from(indices, (index) => trainingSet.labels[index]),
    inputs: (from, to, used) => trainingSet.batch(indices.subarray(from, to), used).inputs,
  };
}

interface Outputs {
  readonly train: Float32Array;
  readonly test: Float32Array;
}

interface UnprunedOutputs extends Outputs {
  /** The margins on the evaluated part of S. */
  readonly margins: Float64Array;
}

/** The sweep of one network. */
class Sweep {
  readonly #subject: Subject;
  readonly #layers: PruningSweep["layers"];
  readonly #thresholds: readonly Float64Array[];
  readonly #train: Evaluated;

  constructor(subject: Subject) {
    const { weights, hyperparameters, trainingSet } = subject;
    this.#subject = subject;
    this.#layers = weights.layers.map((layer) => ({
      outputs: layer.rows,
      inputs: layer.columns,
      spectralNorm: finiteSpectralNorm(layer),
      variance: secondMoment(layer),
    }));
    this.#thresholds = maskThresholds(weights.layers, hyperparameters.seed);
    this.#train = evaluatedPart(trainingSet, hyperparameters);
  }

  async measure(): Promise<PruningSweep> {
    const { hyperparameters, trainingSet, testSet } = this.#subject;
    const sweep: PruningSweep = {
      schema: 1,
      exampleCount: trainingSet.count,
      evaluatedCount: this.#train.count,
      maximumInputNorm: trainingSet.norms().reduce((most, norm) => Math.max(most, norm), 0),
      layers: this.#layers,
      points: [],
    };
    const parameters = sweptParameters(hyperparameters);
    const outputs = {
      train: await trainedOutputs(this.#subject, this.#train),
      test: await trainedOutputs(this.#subject, testSet),
    };
    const unpruned = { ...outputs, margins: margins(outputs.train, this.#train.labels) };
    const weights = this.#thresholds.reduce((sum, { length }) => sum + length, 0);
    const networksAtOnce = Math.max(1, Math.floor(weightsAtOnce / weights));
    for (let from = 0; from < parameters.length; from += networksAtOnce) {
      const together = parameters.slice(from, from + networksAtOnce);
      const pruned = await this.#prunedOutputs(together, outputs);
      together.forEach((d, index) => sweep.points.push(this.#point(sweep, d, unpruned, pruned[index])));
    }
    return sweep;
  }

  /** At d = 0, where nothing is pruned, those that are known. */
  async #prunedOutputs(parameters: readonly number[], unpruned: Outputs): Promise<Outputs[]> {
    const pruned = await this.#outputs(parameters.filter((d) => d > 0).map((d) => this.#prunedAt(d)));
    return parameters.map((d) => (d === 0 ? unpruned : pruned.shift()!));
  }

  #point(sweep: PruningSweep, d: number, unpruned: UnprunedOutputs, pruned: Outputs): SweepPoint {
    const { labels } = this.#train;
    const change = largestChange(unpruned.train, pruned.train, labels);
    const layers = this.#thresholds.map((_, index) => this.#prunedLayer(index, d));
    return {
      d,
      layers,
      largestOutputChange: change.output,
      largestLogitChange: change.logit,
      trainErrorFraction: marginLoss(margins(pruned.train, labels), 0),
      testErrorFraction: marginLoss(margins(pruned.test, this.#subject.testSet.labels), 0),
      marginLossAtBound: marginLoss(unpruned.margins, changeBounds(sweep, { d, layers }).measured),
      marginLossAtChange: marginLoss(unpruned.margins, change.output),
    };
  }

  #prunedLayer(index: number, d: number): SweepPoint["layers"][number] {
    const layer = this.#subject.weights.layers[index];
    const thresholds = this.#thresholds[index];
    const pruned = prunedPart(layer, thresholds, d);
    const { largestRowCount, largestColumnCount } = distributedSparsityWithout(pruned);
    return {
      keptWeights: thresholds.length - pruned.values.length,
      perturbationNorm: perturbationNorm(layer, thresholds, d, () => pruned),
      largestRowCount,
      largestColumnCount,
    };
  }

  #prunedAt(d: number): NetworkWeights {
    const { layers, biases } = this.#subject.weights;
    return { layers: layers.map((layer, index) => prune(layer, this.#thresholds[index], d)), biases };
  }

  async #outputs(networks: readonly NetworkWeights[]): Promise<Outputs[]> {
    const of = (set: Evaluated): Promise<Float32Array[]> => {
      const onProgress = increments((examples) => this.#subject.onEvaluated(networks.length * examples));
      return outputsOfEach(networks, (...range) => set.inputs(...range), set.count, { onProgress });
    };
    const [train, test] = [await of(this.#train), await of(this.#subject.testSet)];
    return networks.map((_, index) => ({ train: train[index], test: test[index] }));
  }
}
