/**
 * The pieces of a pass through a ReLU network that `evaluate.ts`, `activations.ts` and `jacobians.ts` share, as tensors.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Matrix } from "../math/matrix.ts";
import type { EvaluationOptions, Inspected } from "./evaluate.ts";
import type { NetworkWeights } from "./mlp.ts";
import { inSinglePrecision } from "./weights.ts";

/** The layers' inputs and outputs of a batch. */
export interface LayerTensors {
  /** a^0 .. a^(L-1). */
  readonly activations: readonly tf.Tensor2D[];
  /** x^1 .. x^L. */
  readonly preActivations: readonly tf.Tensor2D[];
}

/** The weights of layers, A^l (rows = outputs, columns = inputs), as tensors. */
export function weightTensors(layers: readonly Matrix[]): tf.Tensor2D[] {
  return layers.map(({ rows, columns, data }) => tf.tensor2d(inSinglePrecision(data), [rows, columns]));
}

/** X A^T: what each of the examples X (examples, inputs) is at the layer's outputs (examples, outputs). */
export function throughLayer(examples: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(examples, weights, false, true);
}

/** A forward pass that keeps what it computes. */
export function forward(layers: readonly tf.Tensor2D[], input: tf.Tensor2D): LayerTensors {
  const activations = [input];
  const preActivations: tf.Tensor2D[] = [];
  layers.forEach((layer, index) => {
    const output = throughLayer(activations[index], layer);
    preActivations.push(output);
    if (index < layers.length - 1) activations.push(tf.relu(output));
  });
  return { activations, preActivations };
}

/** What passes where a unit is active: `values` where `preActivations` is positive, else 0. Shapes are equal. */
export function masked(values: tf.Tensor2D, preActivations: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel("ReluGrad", { dy: values, features: preActivations }) as tf.Tensor2D;
}

/** The Euclidean norm of each row. */
export function rowNorms(values: tf.Tensor2D): tf.Tensor1D {
  return tf.sqrt(tf.sum(tf.square(values), 1));
}

/**
 * Runs `pass` on one batch of inputs (examples, inputs) after the other and joins what it returns: tensors with a row an
 * example each, which become row-major lists over all examples.
 */
export async function inBatches(
  { inputs, count }: Inspected,
  { batchSize = 2000, onProgress }: EvaluationOptions,
  pass: (batch: tf.Tensor2D) => tf.Tensor[],
): Promise<Float32Array[]> {
  let series: Float32Array[] = [];
  let read: Float32Array | undefined;
  for (let from = 0; from < count; from += batchSize) {
    const to = Math.min(from + batchSize, count);
    const batch = read = inputs(from, to, read);
    const tensors = tf.tidy(() => pass(tf.tensor2d(batch, [to - from, batch.length / (to - from)])));
    const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
    tf.dispose(tensors);
    if (from === 0) series = values.map(({ length }) => new Float32Array(length / (to - from) * count));
    values.forEach((value, index) => series[index].set(value, from * (series[index].length / count)));
    onProgress?.(to);
  }
  return series;
}

/**
 * Refuses a network with biases.
 *
 * @throws {RangeError} If there is a bias.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => requireNoBias({ layers: [], biases: [new Float32Array(1)] }), RangeError, "must have no biases");
 * ```
 */
export function requireNoBias({ biases }: NetworkWeights): void {
  if (biases.length === 0) return;
  throw new RangeError(
    `Cannot look inside the network as it must have no biases: current value is ${biases.length}`,
  );
}
