/**
 * What happens inside a network: the norms of its activations, and how its outputs move with its weights.
 *
 * Everything is computed in batches on the selected engine, for networks of ReLUs without biases.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Matrix } from "../math/matrix.ts";
import type { EvaluationOptions, Inspected } from "./evaluate.ts";
import {
  forward,
  inBatches,
  type LayerTensors,
  requireNoBias,
  rowNorms,
  throughLayer,
  weightTensors,
} from "./layer_passes.ts";
import type { NetworkWeights } from "./mlp.ts";
import { productReluGradient } from "./step_kernels.ts";

/** What {@linkcode inspect} finds; every list has an entry an example. */
export interface Inspection {
  /** The outputs f(x), row-major (examples, classes). */
  readonly outputs: Float32Array;
  /** ||a^0||_2 .. ||a^(L-1)||_2, what enters each layer: a^0 = x, a^l = relu(x^l). */
  readonly activationNorms: readonly Float32Array[];
  /** ||x^1||_2 .. ||x^L||_2, the output of each layer before the ReLU; x^L = f(x). */
  readonly preActivationNorms: readonly Float32Array[];
  /**
   * For each direction and layer l the derivative of the outputs when A^l moves along V^l and the other layers stay,
   * u = J^(l, L) V^l a^(l-1), row-major (examples, classes). J^(l, L) is the Jacobian of f with respect to x^l.
   */
  readonly derivatives: readonly (readonly Float32Array[])[];
}

/**
 * Runs the network and looks inside.
 *
 * A forward pass costs one product a layer, a direction sum_l (L - l + 1) of them: 2.5 passes for five layers.
 *
 * @param weights The network, without biases.
 * @param directions For each direction V^1 .. V^L, shaped as the layers (rows = outputs, columns = inputs).
 * @throws {RangeError} If the network has biases: its Jacobians would not carry one layer's output to the next.
 */
export async function inspect(
  weights: NetworkWeights,
  directions: readonly (readonly Matrix[])[],
  inspected: Inspected,
  options: EvaluationOptions = {},
): Promise<Inspection> {
  requireNoBias(weights);
  const layers = weightTensors(weights.layers);
  const moves = directions.map(weightTensors);
  const depth = layers.length;
  const series = await inBatches(inspected, options, (batch) => {
    const { activations, preActivations } = forward(layers, batch);
    const derivatives = moves.flatMap((move) =>
      move.map((direction, layer) =>
        tf.tidy(() => derivative(layers, direction, { activations, preActivations }, layer))
      )
    );
    const norms = [...activations, ...preActivations].map(rowNorms);
    return [preActivations[depth - 1], ...norms, ...derivatives];
  });
  tf.dispose([...layers, ...moves.flat()]);
  return {
    outputs: series[0],
    activationNorms: series.slice(1, 1 + depth),
    preActivationNorms: series.slice(1 + depth, 1 + 2 * depth),
    derivatives: directions.map((_, index) => series.slice(1 + (2 + index) * depth, 1 + (3 + index) * depth)),
  };
}

/** J^(l, L) V^l a^(l-1), where V^l is the direction. */
function derivative(
  layers: readonly tf.Tensor2D[],
  direction: tf.Tensor2D,
  { activations, preActivations }: LayerTensors,
  layer: number,
): tf.Tensor2D {
  const last = layers.length - 1;
  let [change, weights] = [activations[layer], direction];
  for (let next = layer; next < last; next++) {
    change = productReluGradient(change, weights, preActivations[next], true);
    weights = layers[next + 1];
  }
  return throughLayer(change, weights);
}
