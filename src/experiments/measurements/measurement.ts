/**
 * What a measurement is: numbers that follow from a trained network and its data, stored in a file of their own.
 *
 * @module
 */
import { z } from "zod";
import type { NetworkWeights } from "../../network/mlp.ts";
import type { ExampleSet } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import type { NetworkMeasurement } from "./network.ts";

/** What is measured, and on what. */
export interface Subject {
  /** The trained network. */
  readonly weights: NetworkWeights;
  /** Its weights before training. */
  readonly initial: NetworkWeights;
  /** How it was trained. Its seed is the root of all draws that a measurement makes. */
  readonly hyperparameters: Hyperparameters;
  /** S. */
  readonly trainingSet: ExampleSet;
  /** The examples that errors are estimated on. */
  readonly testSet: ExampleSet;
  /** The network measured after chosen epochs, where the measurement asked for them. */
  readonly epochs: readonly EpochMeasurement[];
  /** Called with the number of examples whose outputs were computed, for the progress line. */
  readonly onEvaluated: (examples: number) => void;
}

/** The network as it was after an epoch. */
export interface EpochMeasurement {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** What it measured then. */
  readonly network: NetworkMeasurement;
}

/** A measurement of a trained network. */
export interface Measurement<T> {
  /** The stem of its file in the run's folder. */
  readonly name: string;
  /** What its file holds. Its `schema` number changes with the meaning of a field. */
  readonly schema: z.ZodType<T>;
  /** Whether it needs the network measured after each of {@linkcode measuredEpochs}, for which a run is trained anew. */
  readonly needsEpochs?: boolean;
  /** About how many examples it evaluates, for the estimate of its cost. */
  evaluations(hyperparameters: Hyperparameters): number;
  /** Measures on the engine that is selected. */
  measure(subject: Subject): Promise<T>;
}

/** A number that JSON can hold: infinities and NaN as words (`recordJson` writes them). */
export const numeric: z.ZodType<number> = z.union([
  z.number(),
  z.enum(["Infinity", "-Infinity", "NaN"]).transform(Number),
]);

/** The epochs after which a network is measured where a measurement needs it: all of 20 or fewer, else every fifth. */
export function measuredEpochs({ epochs }: Hyperparameters): number[] {
  const every = epochs <= 20 ? 1 : 5;
  return Array.from(
    { length: Math.ceil(epochs / every) },
    (_, index) => Math.min((index + 1) * every, epochs),
  );
}
