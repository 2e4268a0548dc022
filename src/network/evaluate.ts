/**
 * The outputs of a network on many examples, in batches on the selected engine.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { NetworkWeights } from "./mlp.ts";

/** The inputs of examples from (inclusive) to (exclusive), row-major. */
export type InputReader = (from: number, to: number) => Float32Array;

/** Options of {@linkcode outputsOf}. */
export interface EvaluationOptions {
  /** Examples a batch. Default 1000. */
  readonly batchSize?: number;
  /** Called after each batch with the examples done so far. */
  readonly onProgress?: (examples: number) => void;
}

/**
 * The outputs M(x) of the first `count` examples, row-major (examples, classes).
 *
 * @param weights The network.
 * @param inputs Reads the scaled inputs of a range of examples.
 * @param count How many examples there are.
 */
export async function outputsOf(
  weights: NetworkWeights,
  inputs: InputReader,
  count: number,
  options: EvaluationOptions = {},
): Promise<Float32Array> {
  const { batchSize = 1000, onProgress } = options;
  const layers = weights.layers.map(({ rows, columns, data }) =>
    tf.tensor2d(data as Float32Array, [rows, columns])
  );
  const biases = weights.biases.map((bias) => tf.tensor1d(bias));
  const outputs = new Float32Array(count * layers[layers.length - 1].shape[0]);
  for (let from = 0; from < count; from += batchSize) {
    const to = Math.min(from + batchSize, count);
    const logits = tf.tidy(() =>
      forward(layers, biases, tf.tensor2d(inputs(from, to), [to - from, layers[0].shape[1]]))
    );
    outputs.set(await logits.data<"float32">(), from * layers[layers.length - 1].shape[0]);
    logits.dispose();
    onProgress?.(to);
  }
  tf.dispose([...layers, ...biases]);
  return outputs;
}

function forward(
  layers: readonly tf.Tensor2D[],
  biases: readonly tf.Tensor1D[],
  inputs: tf.Tensor2D,
): tf.Tensor2D {
  return layers.reduce((activation, layer, index) => {
    const product = tf.matMul<tf.Tensor2D>(
      index === 0 ? activation : tf.relu(activation),
      layer,
      false,
      true,
    );
    return biases.length > 0 ? tf.add<tf.Tensor2D>(product, biases[index]) : product;
  }, inputs);
}
