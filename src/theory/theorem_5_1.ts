/**
 * Theorem 5.1 (Dasarathy et al. 2013): how small a sketch may be that Equation 1 undoes.
 *
 * It holds for each fixed X, with A and B drawn from the ensemble of Definition F.1 with erratum 15. What recovery
 * really needs is measured in `theorem_5_1_experiment.ts`.
 *
 * @module
 */
import { requireInteger, requireNonNegative, requirePositive } from "../math/requirements.ts";
import type { DistributedSparsity } from "./definition_5_1.ts";

/** A (j_r, j_c)-distributed sparse layer. */
export interface SketchableLayer extends Omit<DistributedSparsity, "hasFullDiagonal"> {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
}

/**
 * m as printed, C sqrt(max(j_c d1, j_r d2)) ln p with p = max(d1, d2), rounded up.
 *
 * The cited theorem is about square matrices: for d1 != d2 this is unproved (erratum 16).
 *
 * @param constant C of O(), which the theorem leaves open. With 1 it fails at small p (the statement audit).
 * @throws {RangeError} If a field or the constant is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const layer = { outputs: 100, inputs: 100, largestColumnCount: 1, largestRowCount: 1 };
 * assertEquals(sketchSizePrinted(layer), Math.ceil(10 * Math.log(100)));
 * ```
 */
export function sketchSizePrinted(layer: SketchableLayer, constant = 1): number {
  requireLayer(layer);
  requirePositive("size a sketch", "the constant", constant);
  const { outputs, inputs, largestColumnCount, largestRowCount } = layer;
  const load = Math.max(largestRowCount * outputs, largestColumnCount * inputs);
  return Math.ceil(constant * Math.sqrt(load) * Math.log(Math.max(outputs, inputs)));
}

/**
 * m with erratum 16: the layer is padded to p x p, to which the cited theorem applies, so that
 * m = C sqrt(max(j_r, j_c) p) ln p, rounded up. It differs from the printed form for d1 != d2 only.
 *
 * Padding adds ones on the diagonal, which the definition asks for: j is at least 1.
 *
 * @throws {RangeError} If a field or the constant is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const layer = { outputs: 10, inputs: 100, largestColumnCount: 1, largestRowCount: 4 };
 * assertEquals(sketchSize(layer), Math.ceil(20 * Math.log(100)));
 * ```
 */
export function sketchSize(layer: SketchableLayer, constant = 1): number {
  requireLayer(layer);
  const size = Math.max(layer.outputs, layer.inputs);
  const sparsity = Math.max(layer.largestColumnCount, layer.largestRowCount, 1);
  const square = { outputs: size, inputs: size, largestColumnCount: sparsity, largestRowCount: sparsity };
  return sketchSizePrinted(square, constant);
}

/**
 * delta = ceil(C ln p), the number of ones in each column of A and B.
 *
 * @param size p.
 * @param constant C of O(). Default 2: with 1, most failures come from equal columns.
 * @throws {RangeError} If p is not an integer >= 2 or the constant is not > 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(sketchDegree(784), 14);
 * ```
 */
export function sketchDegree(size: number, constant = 2): number {
  requireInteger("choose delta", "p", size, 2);
  requirePositive("choose delta", "the constant", constant);
  return Math.ceil(constant * Math.log(size));
}

/**
 * 1 - p^-c, the probability of recovery of one given X.
 *
 * @param size p.
 * @param c The statement has c >= 0, which at 0 says nothing (erratum 16); Remark 5.1 has c >= 2, the default.
 * @throws {RangeError} If p is not an integer >= 1 or c is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([recoveryProbability(10), recoveryProbability(10, 0)], [0.99, 0]);
 * ```
 */
export function recoveryProbability(size: number, c = 2): number {
  requireInteger("bound the probability of recovery", "p", size, 1);
  requireNonNegative("bound the probability of recovery", "c", c);
  return 1 - size ** -c;
}

/**
 * Whether an m x m sketch is smaller than the layer in both directions. It is not for the last layer of a
 * classifier, whose d1 is the number of classes (erratum 16).
 *
 * @param side m.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const layer = { outputs: 10, inputs: 784, largestColumnCount: 1, largestRowCount: 14 };
 * assert(!isSketchSmaller(layer, sketchSizePrinted(layer)));
 * ```
 */
export function isSketchSmaller(
  { outputs, inputs }: Pick<SketchableLayer, "outputs" | "inputs">,
  side: number,
): boolean {
  return side < Math.min(outputs, inputs);
}

function requireLayer({ outputs, inputs, largestColumnCount, largestRowCount }: SketchableLayer): void {
  requireInteger("size a sketch", "d1", outputs, 1);
  requireInteger("size a sketch", "d2", inputs, 1);
  requireNonNegative("size a sketch", "j_r", largestColumnCount);
  requireNonNegative("size a sketch", "j_c", largestRowCount);
}
