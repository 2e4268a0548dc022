/**
 * Lemma D.1: a matrix with few singular directions stretches sub-Gaussian inputs by less than its norm,
 * ||B x|| <= kappa ||B|| ||x||.
 *
 * @module
 */
import { requireInteger, requireNonNegative } from "../math/requirements.ts";
import { type SubGaussianTail, subGaussianTail } from "./condition_d_1.ts";

/** A layer's shape with the threshold t_l of Condition D.1. */
export interface StretchedLayer {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** t_l, for inputs of norm 1. */
  readonly threshold: number;
}

/**
 * kappa_l as printed: sqrt(d2) t_l if d2 <= d1, else 1.
 *
 * The orientation is wrong (erratum 10): a tall matrix with orthonormal columns stretches nothing and has
 * ||B x|| = ||B|| ||x||.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(kappaPrinted({ outputs: 784, inputs: 9, threshold: 0.1 }), 3 * 0.1);
 * ```
 */
export function kappaPrinted(layer: StretchedLayer): number {
  requireLayer(layer);
  const { outputs, inputs, threshold } = layer;
  return inputs <= outputs ? Math.sqrt(inputs) * threshold : 1;
}

/**
 * kappa_l with erratum 10: min(1, sqrt(d1) t_l) if d1 <= d2, else 1. The d1 directions are right singular vectors in
 * the space of inputs.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(kappa({ outputs: 9, inputs: 784, threshold: 0.1 }), 3 * 0.1);
 * ```
 */
export function kappa(layer: StretchedLayer): number {
  requireLayer(layer);
  const { outputs, inputs, threshold } = layer;
  return outputs <= inputs ? Math.min(1, Math.sqrt(outputs) * threshold) : 1;
}

/**
 * The probability of failure as printed, |S| a exp(-b t_l^2 d1).
 *
 * @param exampleCount |S|.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 4, threshold: 0.1 };
 * assertAlmostEquals(stretchFailurePrinted(layer, 10, { a: 1, b: 1 }), 10 * Math.exp(-1));
 * ```
 */
export function stretchFailurePrinted(
  layer: StretchedLayer,
  exampleCount: number,
  tail: SubGaussianTail,
): number {
  requireLayer(layer);
  requireInteger("bound the stretch", "the number of examples", exampleCount, 1);
  return exampleCount * subGaussianTail(layer.threshold, layer.outputs, tail);
}

/**
 * The probability of failure with erratum 10: 2 a |S| d1 exp(-b t_l^2 d2), a union over both signs of each of the d1
 * directions, with the dimension of the inputs in the exponent. 0 where kappa = 1 claims nothing.
 *
 * @param exampleCount |S|.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 4, inputs: 100, threshold: 0.2 };
 * assertAlmostEquals(stretchFailure(layer, 10, { a: 1, b: 0.5 }), 80 * Math.exp(-2));
 * ```
 */
export function stretchFailure(layer: StretchedLayer, exampleCount: number, tail: SubGaussianTail): number {
  requireInteger("bound the stretch", "the number of examples", exampleCount, 1);
  if (kappa(layer) === 1) return 0;
  const { outputs, inputs, threshold } = layer;
  return 2 * exampleCount * outputs * subGaussianTail(threshold, inputs, tail);
}

function requireLayer({ outputs, inputs, threshold }: StretchedLayer): void {
  requireInteger("bound the stretch", "the number of outputs", outputs, 1);
  requireInteger("bound the stretch", "the number of inputs", inputs, 1);
  requireNonNegative("bound the stretch", "the threshold", threshold);
}
