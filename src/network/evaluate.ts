/**
 * The outputs of a network on many examples, in batches on the selected engine.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { inBatches, throughLayer, weightTensors } from "./layer_passes.ts";
import type { NetworkWeights } from "./mlp.ts";
import { productRelu } from "./step_kernels.ts";

/**
 * Reads the inputs of examples from (inclusive) to (exclusive), row-major. `used` is what it gave before, which is no
 * longer needed: it may be written to and given again, as memory that is new costs more than most reading.
 */
export type InputReader = (from: number, to: number, used?: Float32Array) => Float32Array;

/** Examples that a network is to see. */
export interface Inspected {
  /** Reads the scaled inputs of a range of examples. */
  readonly inputs: InputReader;
  /** How many there are. */
  readonly count: number;
}

/** Options of {@linkcode outputsOf}. */
export interface EvaluationOptions {
  /** Examples a batch. Default 2000. */
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
  const [outputs = new Float32Array()] = await outputsOfEach([weights], inputs, count, options);
  return outputs;
}

/**
 * The outputs of several networks in one pass over the examples, so that their inputs are read once.
 *
 * @param networks Networks of the same inputs; all are in memory at once.
 * @param inputs Reads the scaled inputs of a range of examples.
 * @param count How many examples there are.
 * @returns What {@linkcode outputsOf} gives for each network.
 */
export async function outputsOfEach(
  networks: readonly NetworkWeights[],
  inputs: InputReader,
  count: number,
  options: EvaluationOptions = {},
): Promise<Float32Array[]> {
  const layers = networks.map((network) => weightTensors(network.layers));
  const biases = networks.map((network) => network.biases.map((bias) => tf.tensor1d(bias)));
  const outputs = await inBatches(
    { inputs, count },
    options,
    // Each network's activations are freed before the next: memory that was just read is the fastest to write to.
    (batch) => layers.map((network, index) => tf.tidy(() => logits(network, biases[index], batch))),
  );
  tf.dispose([...layers.flat(), ...biases.flat()]);
  return outputs;
}

function logits(
  layers: readonly tf.Tensor2D[],
  biases: readonly tf.Tensor1D[],
  inputs: tf.Tensor2D,
): tf.Tensor2D {
  return layers.reduce((activation, layer, index) => {
    const isHidden = index < layers.length - 1;
    if (biases.length === 0) return (isHidden ? productRelu : throughLayer)(activation, layer);
    const output = tf.add<tf.Tensor2D>(throughLayer(activation, layer), biases[index]);
    return isHidden ? tf.relu(output) : output;
  }, inputs);
}
