/**
 * About how long a run takes and how much memory, from its hyper-parameters alone: the same on every machine and at
 * every call, as a plan must be.
 *
 * @module
 */
import { architectureOf, type Hyperparameters, weightCountOf } from "../src/experiments/hyperparameters.ts";
import { keptCounts, mostInputs } from "../src/experiments/measurements/certified_pruning.ts";
import { runCost, type RunRequest } from "../src/experiments/run.ts";
import type { EngineName } from "../src/network/engines/engine.ts";

/**
 * The speed that each engine comes near to on wide networks, in 1e9 operations a second of {@linkcode runCost}: fitted
 * to the provenance of the quick and standard profiles on two cores of a shared x86-64 server. No GPU was measured, so
 * webgpu counts as wasm.
 */
export const engineGigaflops: Readonly<Record<EngineName, number>> = { wasm: 60, tensorflow: 80, webgpu: 60 };

/** The width at which a network trains at half of its engine's speed: below it what surrounds the products counts. */
const halfSpeedWidth = 1000;

/** To start a process, and to read and verify a data set. */
const startSeconds = 2;

/**
 * About how many seconds a run takes on one worker: within a factor of three on the machine that the speeds are of.
 *
 * @param gigaflops The speed of the engine on wide networks. Default {@linkcode engineGigaflops}.
 * @throws {RangeError} If the speed is not positive.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { hyperparametersFor } from "../src/experiments/presets.ts";
 * const selection = { profile: "smoke", protocol: "stated", seed: 1, engine: "wasm" } as const;
 * const run = { hyperparameters: hyperparametersFor("mnist", 784, selection), measurements: [] };
 * assert(estimatedSeconds(run, 1) > estimatedSeconds(run, 60));
 * ```
 */
export function estimatedSeconds(
  run: RunRequest,
  gigaflops: number = engineGigaflops[run.hyperparameters.engine],
): number {
  if (!(gigaflops > 0)) {
    throw new RangeError(
      `Cannot estimate seconds as the speed in GFLOPS must be > 0: current value is ${gigaflops}`,
    );
  }
  const width = Math.max(...run.hyperparameters.hidden);
  const speed = gigaflops * 1e9 * width / (width + halfSpeedWidth);
  return Math.ceil(startSeconds + runCost(run) / speed);
}

/** What a process takes before it has data or weights; measured, but for webgpu, which is taken to be like tensorflow. */
const processBytes: Readonly<Record<EngineName, number>> = { wasm: 256e6, tensorflow: 512e6, webgpu: 512e6 };

/** The examples of each data set's files, training and test. */
const storedExamples: Readonly<Record<Hyperparameters["dataset"], number>> = {
  mnist: 70_000,
  cifar10: 60_000,
};

/** Weights, their initial values, gradient and two moments; a checkpoint's three parts read back, laid out and sealed. */
const numbersAWeight = 16;

/** Examples whose outputs are computed at once (`evaluate.ts`). */
const evaluatedAtOnce = 1000;

/** What the measurement `heavily-pruned` adds: variants of the network, and derivatives of 500 examples; measured. */
const heavilyPrunedNumbers = { aWeight: 40, aUnit: 500 * 110 } as const;

/** What `certified-pruning` holds of an example: the inputs of its first round until those of the second are read. */
const heldInputs = mostInputs(keptCounts[0]) + mostInputs(keptCounts[1]);

/**
 * About how many bytes of memory a run needs at most: the process and its engine, the data set (a byte a pixel, held once
 * and read once, and the part of it that the run draws), 16 numbers a weight, the activations of a batch of 1000 before
 * and after the ReLU, and what the largest measurement adds.
 */
export function estimatedBytes({ hyperparameters, measurements }: RunRequest): number {
  const { dataset, engine, trainingExamples, testExamples } = hyperparameters;
  const { inputs, hidden, outputs } = architectureOf(hyperparameters);
  const pixels = inputs * (2 * storedExamples[dataset] + trainingExamples + testExamples);
  const units = [inputs, ...hidden, outputs].reduce((sum, width) => sum + width, 0);
  const isHeavilyPruned = measurements.includes("heavily-pruned");
  const { aWeight, aUnit } = isHeavilyPruned ? heavilyPrunedNumbers : { aWeight: 0, aUnit: 0 };
  const anExample = measurements.includes("certified-pruning") ? heldInputs : 0;
  const numbers = anExample * (trainingExamples + testExamples) +
    (numbersAWeight + aWeight) * weightCountOf(hyperparameters) +
    (2 * evaluatedAtOnce + aUnit) * units;
  return Math.ceil(processBytes[engine] + pixels + 4 * numbers);
}
