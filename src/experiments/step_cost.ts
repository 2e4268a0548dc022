/**
 * What a training step costs beside its examples.
 *
 * @module
 */
import type { EngineName } from "../network/engines/engine.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/**
 * A step takes as long as its examples and so many more: Adam reads and writes seven numbers a weight, and TensorFlow
 * spends as much again on products of few rows. Fitted to steps of 256 and of 4 examples at width 784. No GPU was
 * measured, so webgpu counts as wasm.
 */
const stepInExamples: Readonly<Record<EngineName, number>> = { wasm: 18, tensorflow: 75, webgpu: 18 };

/**
 * The number of examples that training on `examples` costs as much as, batches and optimiser included.
 *
 * @param examples Examples in batches of the run's size, the last one perhaps smaller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { hyperparametersFor } from "./presets.ts";
 * const selection = { profile: "standard", protocol: "stated", seed: 1, engine: "wasm" } as const;
 * const [mnist, cifar10] = (["mnist", "cifar10"] as const).map((name) => hyperparametersFor(name, 784, selection));
 * assert(examplesWithSteps(mnist, 1000) < 1100 && examplesWithSteps(cifar10, 1000) > 5000);
 * ```
 */
export function examplesWithSteps(
  { batchSize, engine }: Pick<Hyperparameters, "batchSize" | "engine">,
  examples: number,
): number {
  return examples + Math.ceil(examples / batchSize) * stepInExamples[engine];
}
