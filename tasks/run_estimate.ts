/**
 * About how long a run takes and how much memory, from its hyper-parameters alone: the same on every machine and at
 * every call, as a plan must be.
 *
 * @module
 */
import { architectureOf, type Hyperparameters, weightCountOf } from "../src/experiments/hyperparameters.ts";
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

/** A process before it has data or weights: Deno, TensorFlow.js, and the engine's library. */
const processBytes: Readonly<Record<EngineName, number>> = { wasm: 260e6, tensorflow: 700e6, webgpu: 500e6 };

/** Bytes of the raw files of a data set; they are in memory twice while they are verified. */
const datasetBytes: Readonly<Record<Hyperparameters["dataset"], number>> = { mnist: 55e6, cifar10: 184e6 };

/**
 * Copies of the weights at the worst moment, in 32-bit numbers: weights, two moments, the gradient and a packed copy on
 * the engine; the initial weights, and a checkpoint of three and its file outside of it.
 */
const weightCopies = 12;

/** Examples whose outputs are computed at once (`evaluate.ts`). */
const evaluatedAtOnce = 1000;

/** About how many bytes of memory a run needs at most. */
export function estimatedBytes(hyperparameters: Hyperparameters): number {
  const { dataset, trainingExamples, testExamples, engine } = hyperparameters;
  const { inputs, hidden, outputs } = architectureOf(hyperparameters);
  const units = [inputs, ...hidden, outputs].reduce((sum, width) => sum + width, 0);
  const subsets = (trainingExamples + testExamples) * inputs;
  const activations = 3 * 4 * Math.max(hyperparameters.batchSize, evaluatedAtOnce) * units;
  const weights = 4 * weightCopies * weightCountOf(hyperparameters);
  return Math.ceil(processBytes[engine] + 2 * datasetBytes[dataset] + subsets + activations + weights);
}
