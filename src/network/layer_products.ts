/**
 * Products of a batch of examples with a layer's weights, which cost less the more of the weights are pruned.
 *
 * The products of the wasm engine skip what is zero in their left operand. Examples are the left operand of a layer:
 * units that are dead on an example cost nothing there. Where more of the weights are zero than of the examples' units,
 * the weights take the left, and the product is transposed. Every output is the same sum in the same order either way,
 * so that the bits are the same.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Matrix } from "../math/matrix.ts";
import { productRelu } from "./step_kernels.ts";

/** A layer's weights, with what it would cost to have them on the left. */
export interface LayerOperand {
  /** A^l (rows = outputs, columns = inputs). */
  readonly weights: tf.Tensor2D;
  /** The share of the entries of A^l that are not zero; 1 on an engine that skips nothing or sees to it itself. */
  readonly nonzeroShare: number;
}

/** With at most so many rows the kernels of the wasm engine skip nothing, and may sum in another order. */
const fewRows = 8;

/** Above this share skipping what is zero takes as long as computing with all: measured at 784 x 784. */
const largestSkippedShare = 0.58;

/** Examples that stand for a batch. */
const sampledExamples = 64;

/** Layers as operands; {@linkcode disposeOperands} frees them. */
export function layerOperands(layers: readonly Matrix[]): LayerOperand[] {
  const skipsZeros = tf.getBackend() === "wasm";
  return layers.map(({ rows, columns, data }) => ({
    weights: tf.tensor2d(Float32Array.from(data), [rows, columns]),
    nonzeroShare: skipsZeros ? nonzeroShareOf(data) : 1,
  }));
}

/** Frees the tensors of layers. */
export function disposeOperands(layers: readonly LayerOperand[]): void {
  layers.forEach(({ weights }) => weights.dispose());
}

/**
 * X A^T: each example's outputs of the layer (examples, outputs).
 *
 * @param examples X (examples, inputs).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 * import { wasmEngine } from "./engines/wasm.ts";
 * import { matrix } from "../math/matrix.ts";
 * await wasmEngine.select();
 * const [layer] = layerOperands([matrix(1, 2, Float32Array.of(3, 4))]);
 * const outputs = tf.tidy(() => throughLayer(tf.tensor2d([[1, 2], [5, 6]]), layer).arraySync());
 * assertEquals(outputs, [[11], [39]]);
 * disposeOperands([layer]);
 * ```
 */
export function throughLayer(examples: tf.Tensor2D, { weights, nonzeroShare }: LayerOperand): tf.Tensor2D {
  return isBetterLeft(nonzeroShare, weights.shape[0], examples)
    ? withWeightsLeft(weights, examples)
    : tf.matMul<tf.Tensor2D>(examples, weights, false, true);
}

/** The ReLU of X A^T: each example's activations after the layer (examples, outputs). */
export function reluThroughLayer(
  examples: tf.Tensor2D,
  { weights, nonzeroShare }: LayerOperand,
): tf.Tensor2D {
  return isBetterLeft(nonzeroShare, weights.shape[0], examples)
    ? tf.relu(withWeightsLeft(weights, examples))
    : productRelu(examples, weights);
}

function withWeightsLeft(weights: tf.Tensor2D, examples: tf.Tensor2D): tf.Tensor2D {
  return tf.transpose(tf.matMul<tf.Tensor2D>(weights, examples, false, true));
}

/**
 * X A: what each example's gradient at the layer's outputs is at its inputs (examples, inputs).
 *
 * @param gradients X (examples, outputs).
 */
export function backThroughLayer(
  gradients: tf.Tensor2D,
  { weights, nonzeroShare }: LayerOperand,
): tf.Tensor2D {
  return isBetterLeft(nonzeroShare, weights.shape[1], gradients)
    ? tf.transpose(tf.matMul<tf.Tensor2D>(weights, gradients, true, true))
    : tf.matMul<tf.Tensor2D>(gradients, weights);
}

/** Whether the weights, of `rows` rows as they would stand, leave more out than the examples do. */
function isBetterLeft(nonzeroShare: number, rows: number, examples: tf.Tensor2D): boolean {
  if (nonzeroShare > largestSkippedShare || rows <= fewRows || examples.shape[0] <= fewRows) return false;
  return nonzeroShare < sampledNonzeroShare(examples);
}

function sampledNonzeroShare(examples: tf.Tensor2D): number {
  const [count, columns] = examples.shape;
  const sample = tf.slice(examples, [0, 0], [Math.min(count, sampledExamples), columns]);
  const share = nonzeroShareOf(sample.dataSync<"float32">());
  sample.dispose();
  return share;
}

function nonzeroShareOf(data: Matrix["data"]): number {
  let count = 0;
  for (let index = 0; index < data.length; index++) count += Number(data[index] !== 0);
  return count / data.length;
}
