/**
 * What the training step is made of beside tfjs's own ops: kernels that every engine has, and those that an engine may
 * have for several ops at once. Where it has none, the same is made of the ops.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { AdamAttributes, Variable } from "./engines/engine.ts";

/** A parameter and its optimiser's state. */
export interface Parameter {
  /** The weights or biases. */
  readonly value: Variable;
  /** Adam's first moment. */
  readonly firstMoment: Variable;
  /** Adam's second moment. */
  readonly secondMoment: Variable;
}

/** The ReLU of an input (n, in) times the transpose of a weight (out, in). */
export function productRelu(input: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  if (!has("MatMulRelu")) return tf.relu(tf.matMul<tf.Tensor2D>(input, weight, false, true));
  return run("MatMulRelu", { a: input, b: weight }, { transposeA: false, transposeB: true }) as tf.Tensor2D;
}

/**
 * A (n, k) times B (k, m), or its transpose (m, k), where the features (n, m) are positive, else 0: what passes a ReLU whose
 * input or output they are, forward or back.
 */
export function productReluGradient(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  features: tf.Tensor2D,
  transposeB = false,
): tf.Tensor2D {
  if (has("MatMulReluGrad")) {
    return run("MatMulReluGrad", { a, b, features }, { transposeA: false, transposeB }) as tf.Tensor2D;
  }
  return run("ReluGrad", { dy: tf.matMul(a, b, false, transposeB), features }) as tf.Tensor2D;
}

/** Adam's step for a gradient. The attributes are one object for all parameters, so that an engine can prepare them. */
export function applyAdam(parameter: Parameter, gradient: tf.Tensor, adam: AdamAttributes): void {
  run("ApplyAdam", { ...handles(parameter), gradient }, adam);
}

/** Adam's step for a weight (out, in), whose gradient is that of the output (n, out), transposed, times the input (n, in). */
export function applyAdamToProduct(
  parameter: Parameter,
  outputGradient: tf.Tensor2D,
  input: tf.Tensor2D,
  adam: AdamAttributes,
): void {
  if (!has("ApplyAdamToMatMul")) {
    return applyAdam(parameter, tf.matMul(outputGradient, input, true, false), adam);
  }
  run("ApplyAdamToMatMul", { ...handles(parameter), a: outputGradient, b: input }, adam);
}

/**
 * The way back through a layer whose input (n, in) is the output of a ReLU: the gradient with respect to what entered that
 * ReLU, from the one of the output (n, out) and the weight (out, in) as it was; and Adam's step for the weight.
 */
export function layerBackward(
  parameter: Parameter,
  weight: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
  input: tf.Tensor2D,
  adam: AdamAttributes,
): tf.Tensor2D {
  if (has("LayerBackward")) {
    weight.dispose();
    return run("LayerBackward", { ...handles(parameter), a: outputGradient, b: input }, adam) as tf.Tensor2D;
  }
  const gradient = productReluGradient(outputGradient, weight, input);
  weight.dispose();
  applyAdamToProduct(parameter, outputGradient, input, adam);
  return gradient;
}

/** The sums over the examples trained on. */
export interface Totals {
  /** The sum of losses so far. */
  readonly lossSum: tf.Scalar;
  /** The errors so far. */
  readonly errorSum: tf.Scalar;
}

/**
 * A step of Adam on the mean cross-entropy of a batch of images (n, in) for a network of ReLUs without biases: the totals
 * with the batch's. Undefined where the engine has no kernel for all of it.
 */
export function trainingStep(
  layers: readonly Parameter[],
  images: tf.Tensor2D,
  labels: Uint8Array,
  { lossSum, errorSum }: Totals,
  adam: AdamAttributes,
): Totals | undefined {
  if (!has("TrainingStep")) return undefined;
  const parts = ["value", "firstMoment", "secondMoment"] as const;
  const parameters = parts.flatMap((part) => layers.map((layer) => layer[part].handle));
  const inputs = [images, classesOf(labels), lossSum, errorSum, ...parameters];
  const results = run("TrainingStep", inputs as unknown as Record<string, tf.Tensor>, adam) as tf.Scalar[];
  return { lossSum: results[0], errorSum: results[1] };
}

/** The cross-entropy of a batch's logits (n, k): the gradient of its mean, (softmax - one-hot) / n; totals with the batch. */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: Uint8Array,
  { lossSum, errorSum }: Totals,
): Totals & { gradient: tf.Tensor2D } {
  const { loss, gradient } = lossOf(logits, tf.tensor2d(oneHot(labels, logits.shape[1]), logits.shape));
  const wrong = tf.notEqual(tf.argMax(logits, 1), classesOf(labels));
  return {
    gradient: tf.div(gradient, labels.length),
    lossSum: tf.add(lossSum, loss),
    errorSum: tf.add(errorSum, tf.sum(tf.cast(wrong, "float32"))),
  };
}

/** The loss, summed over the examples, and its gradient with respect to the logits, softmax - one-hot. */
function lossOf(logits: tf.Tensor2D, targets: tf.Tensor2D): { loss: tf.Tensor; gradient: tf.Tensor2D } {
  if (has("SoftmaxCrossEntropy")) {
    const [losses, gradient] = run("SoftmaxCrossEntropy", { logits, targets }) as tf.Tensor[];
    return { loss: tf.sum(losses), gradient: gradient as tf.Tensor2D };
  }
  const logProbabilities = tf.logSoftmax(logits);
  return {
    loss: tf.neg(tf.sum(tf.mul(logProbabilities, targets))),
    gradient: tf.sub(tf.exp(logProbabilities), targets),
  };
}

function classesOf(labels: Uint8Array): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(labels), "int32");
}

function oneHot(labels: Uint8Array, classes: number): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  labels.forEach((label, example) => targets[example * classes + label] = 1);
  return targets;
}

function handles({ value, firstMoment, secondMoment }: Parameter): Record<string, tf.Tensor> {
  return { parameter: value.handle, firstMoment: firstMoment.handle, secondMoment: secondMoment.handle };
}

function has(kernel: string): boolean {
  return tf.getKernel(kernel, tf.getBackend()) !== undefined;
}

function run(
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes: object = {},
): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}
