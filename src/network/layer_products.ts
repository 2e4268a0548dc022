/**
 * Products of a batch of examples with a layer's weights, which cost less the more of the weights are pruned.
 *
 * The products of the wasm engine skip what is zero in their left operand, where it is zero in four neighbouring rows.
 * Examples are the left operand of a layer: units that are dead on four examples in turn cost nothing. Where more of
 * the weights are zero than of the examples' units, the weights take the left, and the product is transposed. Every
 * output is the same sum in the same order either way, so that the bits are the same.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Matrix } from "../math/matrix.ts";

/** A layer's weights, with what it would cost to have them on the left. */
export interface LayerOperand {
  /** A^l (rows = outputs, columns = inputs). */
  readonly weights: tf.Tensor2D;
  /** The share of A^l that {@linkcode throughLayer} would compute with; 1 on an engine that skips nothing. */
  readonly liveShare: number;
  /** The share of its transpose that {@linkcode backThroughLayer} would compute with. */
  readonly transposedLiveShare: number;
}

/** Rows of the left operand that are skipped together. */
const groupRows = 4;

/** With at most so many rows the kernels of the wasm engine skip nothing, and may sum in another order. */
const fewRows = 8;

/** Above this share a list of what is not zero takes as long as computing with all: measured at 784 x 784. */
const largestListedShare = 0.7;

/** Examples that stand for a batch. */
const sampledExamples = 64;

/** Layers as operands; {@linkcode disposeOperands} frees them. */
export function layerOperands(layers: readonly Matrix[]): LayerOperand[] {
  const skipsZeros = tf.getBackend() === "wasm";
  return layers.map(({ rows, columns, data }) => ({
    weights: tf.tensor2d(Float32Array.from(data), [rows, columns]),
    liveShare: skipsZeros ? liveShareOf(data, rows, columns) : 1,
    transposedLiveShare: skipsZeros ? transposedLiveShareOf(data, rows, columns) : 1,
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
export function throughLayer(examples: tf.Tensor2D, { weights, liveShare }: LayerOperand): tf.Tensor2D {
  return isBetterLeft(liveShare, weights.shape[0], examples)
    ? tf.transpose(tf.matMul<tf.Tensor2D>(weights, examples, false, true))
    : tf.matMul<tf.Tensor2D>(examples, weights, false, true);
}

/**
 * X A: what each example's gradient at the layer's outputs is at its inputs (examples, inputs).
 *
 * @param gradients X (examples, outputs).
 */
export function backThroughLayer(
  gradients: tf.Tensor2D,
  { weights, transposedLiveShare }: LayerOperand,
): tf.Tensor2D {
  return isBetterLeft(transposedLiveShare, weights.shape[1], gradients)
    ? tf.transpose(tf.matMul<tf.Tensor2D>(weights, gradients, true, true))
    : tf.matMul<tf.Tensor2D>(gradients, weights);
}

/** Whether the weights, of `rows` rows as they would stand, leave more out than the examples do. */
function isBetterLeft(liveShare: number, rows: number, examples: tf.Tensor2D): boolean {
  if (liveShare > largestListedShare || rows <= fewRows || examples.shape[0] <= fewRows) return false;
  return liveShare < sampledLiveShare(examples);
}

function sampledLiveShare(examples: tf.Tensor2D): number {
  const [count, columns] = examples.shape;
  const rows = Math.min(count, sampledExamples);
  const sample = tf.slice(examples, [0, 0], [rows, columns]);
  const share = liveShareOf(sample.dataSync<"float32">(), rows, columns);
  sample.dispose();
  return share;
}

/** The share of a matrix's entries in columns of four rows that are not all zero. */
function liveShareOf(data: Matrix["data"], rows: number, columns: number): number {
  let live = 0;
  for (let row = 0; row < rows; row += groupRows) {
    const last = Math.min(row + groupRows, rows) - 1;
    for (let column = 0; column < columns; column++) {
      live += Number(hasNonzero(data, row * columns + column, last * columns + column, columns));
    }
  }
  return live / (Math.ceil(rows / groupRows) * columns);
}

function transposedLiveShareOf(data: Matrix["data"], rows: number, columns: number): number {
  let live = 0;
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * columns - 1;
    for (let from = row * columns; from <= end; from += groupRows) {
      live += Number(hasNonzero(data, from, Math.min(from + groupRows - 1, end), 1));
    }
  }
  return live / (rows * Math.ceil(columns / groupRows));
}

/** Whether one of the entries from `first` to `last`, `step` apart, is not zero. */
function hasNonzero(data: Matrix["data"], first: number, last: number, step: number): boolean {
  for (let index = first; index <= last; index += step) if (data[index] !== 0) return true;
  return false;
}
