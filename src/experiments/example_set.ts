/**
 * Examples as the experiments use them: scaled inputs, a batch at a time.
 *
 * @module
 */
import type { Dataset, Examples } from "../datasets/dataset.ts";
import {
  type InputScaling,
  inputScaling,
  normalise,
  normalisedNorms,
  normaliseRange,
} from "../datasets/scaling.ts";
import { subset } from "../datasets/subset.ts";
import { RandomStream } from "../math/random_stream.ts";
import type { Batch } from "../network/train.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** A set of labelled examples with scaled inputs. */
export interface ExampleSet {
  /** How many there are. */
  readonly count: number;
  /** The class of each. */
  readonly labels: Uint8Array;
  /** The examples of these indices, in this order. The memory of `used`, inputs that are no longer needed, is used again. */
  batch(indices: Uint32Array, used?: Float32Array): Batch;
  /** The scaled inputs of examples from (inclusive) to (exclusive), row-major; `used` as above. */
  inputs(from: number, to: number, used?: Float32Array): Float32Array;
  /** ||x||_2 of each scaled input, computed once: not to be written to. */
  norms(): Float64Array;
}

/** The training set S and the test set of a run, drawn from the data set by the run's seed. */
export function exampleSetsOf(
  dataset: Dataset,
  hyperparameters: Hyperparameters,
): { trainingSet: ExampleSet; testSet: ExampleSet } {
  const { trainingExamples, testExamples, seed } = hyperparameters;
  const scaling = inputScaling(hyperparameters.dataset, hyperparameters.inputScaling);
  const draw = (examples: Examples, count: number, name: string): ExampleSet =>
    scaledExamples(subset(examples, count, new RandomStream(seed, `subset/${name}`)), scaling);
  return {
    trainingSet: draw(dataset.train, trainingExamples, "train"),
    testSet: draw(dataset.test, testExamples, "test"),
  };
}

/** Examples in the order given, in batches, each in the memory of the one before: that one is no longer needed then. */
export function* batchesOf(set: ExampleSet, order: Uint32Array, batchSize: number): Generator<Batch> {
  let used: Float32Array | undefined;
  for (let from = 0; from < order.length; from += batchSize) {
    const batch = set.batch(order.subarray(from, from + batchSize), used);
    yield batch;
    used = batch.inputs;
  }
}

/** Examples under a scaling of their inputs. */
export function scaledExamples(examples: Examples, scaling: InputScaling): ExampleSet {
  const { count, labels } = examples;
  let norms: Float64Array | undefined;
  return {
    count,
    labels,
    batch: (indices, used) => ({
      inputs: normalise(examples, scaling, indices, used),
      labels: Uint8Array.from(indices, (index) => labels[index]),
    }),
    inputs: (from, to, used) => normaliseRange(examples, scaling, from, to, used),
    norms: () => norms ??= normalisedNorms(examples, scaling),
  };
}
