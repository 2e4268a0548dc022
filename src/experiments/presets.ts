/**
 * Protocols and profiles: how the paper's training is read, and how much of it is run.
 *
 * @module
 */
import type { DatasetName } from "../datasets/dataset.ts";
import { defaultScaling } from "../datasets/scaling.ts";
import type { EngineName } from "../network/engines/engine.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** `stated`: Adam at the paper's learning rate. `gentle`: at a rate that leaves weights close to Gaussian. */
export type ProtocolName = "stated" | "gentle";

/** How much of the paper's experiment is run. */
export type ProfileName = "smoke" | "quick" | "standard" | "paper";

/** The learning rate of each protocol; everything else is shared. */
export const protocols: Readonly<Record<ProtocolName, { readonly learningRate: number }>> = {
  stated: { learningRate: 0.02 },
  gentle: { learningRate: 0.001 },
};

/** The size of a run on one data set. */
export interface RunSize {
  /** n = |S|. */
  readonly trainingExamples: number;
  /** Test examples that errors are measured on. */
  readonly testExamples: number;
  /** How often errors and losses are logged, and a stopped run can resume. */
  readonly epochs: number;
  /** Examples that an epoch visits: the next ones of a random pass over S. */
  readonly examplesPerEpoch: number;
}

/** A profile. */
export interface Profile {
  /** What it is for, in one line. */
  readonly purpose: string;
  /** Widths of the paper are divided by this. */
  readonly widthDivisor: number;
  /** How many seeds, from the one the user names on. */
  readonly seeds: number;
  /** The protocols that run unless the user names one. */
  readonly protocols: readonly ProtocolName[];
  /** The engine that trains unless the user names one; the profile's goldens are its numbers. */
  readonly engine: EngineName;
  /** The size of a run on each data set. */
  readonly sizes: Readonly<Record<DatasetName, RunSize>>;
}

const full = { mnist: 60_000, cifar10: 50_000 } as const;

/** The profiles, from the smallest to the paper's own. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  smoke: {
    purpose: "continuous integration: small subsets, widths / 10, byte-identical goldens on the wasm engine",
    widthDivisor: 10,
    seeds: 1,
    protocols: ["stated", "gentle"],
    engine: "wasm",
    sizes: {
      mnist: { trainingExamples: 2000, testExamples: 1000, epochs: 3, examplesPerEpoch: 2000 },
      cifar10: { trainingExamples: 1000, testExamples: 500, epochs: 3, examplesPerEpoch: 1000 },
    },
  },
  quick: {
    purpose:
      "a first look in minutes: full data sets and widths, one pass over 20,000 MNIST / 5,000 CIFAR10 images",
    widthDivisor: 1,
    seeds: 1,
    protocols: ["stated"],
    engine: "wasm",
    sizes: {
      mnist: { trainingExamples: full.mnist, testExamples: 10_000, epochs: 5, examplesPerEpoch: 4000 },
      cifar10: { trainingExamples: full.cifar10, testExamples: 10_000, epochs: 5, examplesPerEpoch: 1000 },
    },
  },
  standard: {
    purpose:
      "results with error bars: full data sets, 5 epochs (MNIST) and 1 (CIFAR10), 3 seeds, both protocols",
    widthDivisor: 1,
    seeds: 3,
    protocols: ["stated", "gentle"],
    engine: "tensorflow",
    sizes: {
      mnist: { trainingExamples: full.mnist, testExamples: 10_000, epochs: 5, examplesPerEpoch: full.mnist },
      cifar10: {
        trainingExamples: full.cifar10,
        testExamples: 10_000,
        epochs: 1,
        examplesPerEpoch: full.cifar10,
      },
    },
  },
  paper: {
    purpose: "as the paper states it: 300 epochs",
    widthDivisor: 1,
    seeds: 1,
    protocols: ["stated"],
    engine: "tensorflow",
    sizes: {
      mnist: {
        trainingExamples: full.mnist,
        testExamples: 10_000,
        epochs: 300,
        examplesPerEpoch: full.mnist,
      },
      cifar10: {
        trainingExamples: full.cifar10,
        testExamples: 10_000,
        epochs: 300,
        examplesPerEpoch: full.cifar10,
      },
    },
  },
};

/** What a user chooses; the profile and the protocol decide the rest. */
export interface Selection {
  /** How much is run. */
  readonly profile: ProfileName;
  /** How the training is read. */
  readonly protocol: ProtocolName;
  /** The root seed of all random streams. */
  readonly seed: number;
  /** The engine that trains. */
  readonly engine: EngineName;
}

/**
 * The hyper-parameters of the paper's network of `width` hidden units on `dataset`.
 *
 * Five weight matrices, in-h-h-h-h-10 (the paper says "5 layers"; its tables fit five), no bias (its theory has none),
 * batches of 256 on MNIST and 4 on CIFAR10 (Appendix A).
 *
 * @param width The width that the paper states; the profile may divide it.
 */
export function hyperparametersFor(
  dataset: DatasetName,
  width: number,
  selection: Selection,
): Hyperparameters {
  const { widthDivisor, sizes } = profiles[selection.profile];
  return {
    schema: 1,
    dataset,
    ...sizes[dataset],
    inputScaling: defaultScaling(dataset),
    hidden: Array<number>(4).fill(Math.round(width / widthDivisor)),
    bias: false,
    initialisation: "pytorch-linear",
    optimiser: { name: "adam", ...protocols[selection.protocol], beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: dataset === "mnist" ? 256 : 4,
    seed: selection.seed,
    engine: selection.engine,
  };
}
