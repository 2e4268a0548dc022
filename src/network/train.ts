/**
 * The training step, written once in tfjs ops for every engine: forward, softmax cross-entropy, backward, Adam.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Matrix, matrix } from "../math/matrix.ts";
import type { AdamAttributes, Engine, Variable } from "./engines/engine.ts";
import type { NetworkWeights } from "./mlp.ts";
import {
  applyAdam,
  applyAdamToProduct,
  crossEntropy,
  layerBackward,
  type Parameter,
  productRelu,
  productReluGradient,
  type Totals,
  trainingStep,
} from "./step_kernels.ts";

/** Adam's settings. */
export type AdamOptions = Omit<AdamAttributes, "step">;

/** Everything that the next step depends on, as plain numbers: what a checkpoint holds. */
export interface TrainingState {
  /** The network. */
  readonly weights: NetworkWeights;
  /** Adam's first moments, shaped as the weights. */
  readonly firstMoments: NetworkWeights;
  /** Adam's second moments, shaped as the weights. */
  readonly secondMoments: NetworkWeights;
  /** Steps taken so far. */
  readonly step: number;
}

/** Options of {@linkcode Trainer}. */
export interface TrainerOptions {
  /**
   * One matrix of zeros and ones a layer: the gradients of weights under a zero are dropped. Such a weight stays zero
   * if it and its moments start there. Default: every weight is trained.
   */
  readonly masks?: readonly Matrix[];
}

/** A batch: row-major inputs and one class a row. */
export interface Batch {
  /** Row-major scaled inputs, one row an example. */
  readonly inputs: Float32Array;
  /** The class of each example. */
  readonly labels: Uint8Array;
}

/**
 * The state before the first step: the given weights, moments of zero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initialWeights } from "./mlp.ts";
 * const state = startingState(initialWeights({ inputs: 2, hidden: [], outputs: 2, bias: false }, 1));
 * assertEquals([...state.firstMoments.layers[0].data], [0, 0, 0, 0]);
 * ```
 */
export function startingState(weights: NetworkWeights): TrainingState {
  const zeros = (): NetworkWeights => ({
    layers: weights.layers.map(({ rows, columns, data }) =>
      matrix(rows, columns, new Float32Array(data.length))
    ),
    biases: weights.biases.map(({ length }) => new Float32Array(length)),
  });
  return { weights, firstMoments: zeros(), secondMoments: zeros(), step: 0 };
}

/** A network in training on a selected engine. Dispose it when done. */
export class Trainer {
  readonly #options: AdamOptions;
  readonly #layers: Parameter[];
  readonly #biases: Parameter[];
  readonly #masks: tf.Tensor2D[];
  #step: number;
  #totals: Totals = noTotals();

  /** Puts the state on the engine, which must be selected. */
  constructor(
    engine: Engine,
    state: TrainingState,
    options: AdamOptions,
    { masks = [] }: TrainerOptions = {},
  ) {
    const { weights, firstMoments, secondMoments, step } = state;
    this.#masks = matrixTensors(masks) as tf.Tensor2D[];
    this.#options = options;
    this.#step = step;
    this.#layers = weights.layers.map((layer, index) =>
      parameterOf(engine, matrixTensors([layer, firstMoments.layers[index], secondMoments.layers[index]]))
    );
    this.#biases = weights.biases.map((bias, index) =>
      parameterOf(
        engine,
        [bias, firstMoments.biases[index], secondMoments.biases[index]].map((data) => tf.tensor1d(data)),
      )
    );
  }

  /** One step of Adam on the mean cross-entropy of the batch; at the optimiser's own rate unless another is given. */
  train({ inputs, labels }: Batch, learningRate: number = this.#options.learningRate): void {
    const adam = { ...this.#options, learningRate, step: ++this.#step };
    tf.tidy(() => {
      const images = tf.tensor2d(inputs, [labels.length, inputs.length / labels.length]);
      const isPlain = this.#biases.length + this.#masks.length === 0;
      const totals = isPlain ? trainingStep(this.#layers, images, labels, this.#totals, adam) : undefined;
      this.#replaceTotals(totals ?? this.#stepByStep(images, labels, adam));
    });
  }

  /** The step in ops of tfjs and the kernels that the engine has; the totals after it. */
  #stepByStep(images: tf.Tensor2D, labels: Uint8Array, adam: AdamAttributes): Totals {
    const activations = [images];
    const weights = this.#layers.map(({ value }) => value.value() as tf.Tensor2D);
    weights.forEach((weight, layer) => activations.push(this.#forward(activations[layer], weight, layer)));
    const loss = crossEntropy(activations[weights.length], labels, this.#totals);
    let { gradient } = loss;
    for (let layer = weights.length - 1; layer >= 0; layer--) {
      gradient = this.#backward(layer, weights[layer], gradient, activations[layer], adam);
    }
    return loss;
  }

  /** The sums of losses and of errors over the examples trained on since the last call. */
  async takeTotals(): Promise<{ lossSum: number; errorSum: number }> {
    const totals = this.#totals;
    this.#totals = noTotals();
    const [[lossSum], [errorSum]] = await Promise.all([totals.lossSum.data(), totals.errorSum.data()]);
    disposeTotals(totals);
    return { lossSum, errorSum };
  }

  /** Reads the network back. */
  weights(): Promise<NetworkWeights> {
    return this.#read("value");
  }

  /** Reads the whole state back. */
  async state(): Promise<TrainingState> {
    return {
      weights: await this.weights(),
      firstMoments: await this.#read("firstMoment"),
      secondMoments: await this.#read("secondMoment"),
      step: this.#step,
    };
  }

  /** Frees the engine's memory. */
  dispose(): void {
    for (const { value, firstMoment, secondMoment } of [...this.#layers, ...this.#biases]) {
      [value, firstMoment, secondMoment].forEach((variable) => variable.dispose());
    }
    disposeTotals(this.#totals);
    tf.dispose(this.#masks);
  }

  #forward(input: tf.Tensor2D, weight: tf.Tensor2D, layer: number): tf.Tensor2D {
    const isHidden = layer < this.#layers.length - 1;
    if (isHidden && this.#biases.length === 0) return productRelu(input, weight);
    let output = tf.matMul<tf.Tensor2D>(input, weight, false, true);
    if (this.#biases.length > 0) output = tf.add<tf.Tensor2D>(output, this.#biases[layer].value.value());
    return isHidden ? tf.relu(output) : output;
  }

  /** Updates a layer and frees its `weight`; the gradient of its input, but for the first layer, whose input has none. */
  #backward(
    layer: number,
    weight: tf.Tensor2D,
    outputGradient: tf.Tensor2D,
    input: tf.Tensor2D,
    adam: AdamAttributes,
  ): tf.Tensor2D {
    if (this.#biases.length > 0) applyAdam(this.#biases[layer], tf.sum(outputGradient, 0), adam);
    const parameter = this.#layers[layer];
    if (layer > 0 && this.#masks.length === 0) {
      return layerBackward(parameter, weight, outputGradient, input, adam);
    }
    const gradient = layer > 0 ? productReluGradient(outputGradient, weight, input) : outputGradient;
    weight.dispose();
    if (this.#masks.length === 0) {
      applyAdamToProduct(parameter, outputGradient, input, adam);
    } else {
      const weightGradient = tf.matMul<tf.Tensor2D>(outputGradient, input, true, false);
      applyAdam(parameter, tf.mul(weightGradient, this.#masks[layer]), adam);
    }
    return gradient;
  }

  #replaceTotals({ lossSum, errorSum }: Totals): void {
    disposeTotals(this.#totals);
    this.#totals = { lossSum: tf.keep(lossSum), errorSum: tf.keep(errorSum) };
  }

  async #read(part: keyof Parameter): Promise<NetworkWeights> {
    const layers = await Promise.all(this.#layers.map((parameter) => readMatrix(parameter[part])));
    const biases = await Promise.all(this.#biases.map((parameter) => readVector(parameter[part])));
    return { layers, biases };
  }
}

function matrixTensors(matrices: readonly Matrix[]): tf.Tensor[] {
  return matrices.map(({ rows, columns, data }) => tf.tensor2d(data as Float32Array, [rows, columns]));
}

function noTotals(): Totals {
  return { lossSum: tf.scalar(0), errorSum: tf.scalar(0) };
}

function disposeTotals({ lossSum, errorSum }: Totals): void {
  tf.dispose([lossSum, errorSum]);
}

function parameterOf(engine: Engine, initial: tf.Tensor[]): Parameter {
  const [value, firstMoment, secondMoment] = initial.map((tensor) => engine.variable(tensor));
  tf.dispose(initial);
  return { value, firstMoment, secondMoment };
}

async function readVector(variable: Variable): Promise<Float32Array> {
  const tensor = variable.value();
  const data = await tensor.data<"float32">();
  tensor.dispose();
  return data;
}

async function readMatrix(variable: Variable): Promise<Matrix> {
  const tensor = variable.value();
  const [rows, columns] = tensor.shape;
  tensor.dispose();
  return matrix(rows, columns, await readVector(variable));
}
