/**
 * What an engine is: a tfjs backend, with the kernels that the training step needs registered for it.
 *
 * The training step (`../train.ts`) is written once, in tfjs ops and two kernels of ours:
 *
 * | kernel | inputs | attributes | outputs |
 * |---|---|---|---|
 * | `ReluGrad` | `dy` (a, b), `features` (a, b), the ReLU's output | | dy where features > 0, else 0 |
 * | `ApplyAdam` | `parameter`, `gradient`, `firstMoment`, `secondMoment` | {@linkcode AdamAttributes} | none: writes the state in place |
 *
 * Others are an engine's to have or not: where it has none, the same is made of those and of tfjs ops.
 *
 * | kernel | inputs | attributes | outputs |
 * |---|---|---|---|
 * | `SoftmaxCrossEntropy` | `logits` (n, k), `targets` (n, k), one-hot | | the loss of each example (n), softmax - targets (n, k) |
 * | `MatMulRelu` | `a`, `b` | `transposeA`, `transposeB` | the product's ReLU |
 * | `MatMulReluGrad` | `a`, `b`, `features`, of the product's shape | `transposeA`, `transposeB` | the product where features > 0, else 0 |
 * | `ApplyAdamToMatMul` | `a` (n, out), `b` (n, in), `parameter` (out, in), `firstMoment`, `secondMoment` | {@linkcode AdamAttributes} | none: as `ApplyAdam` with the gradient aᵀ b |
 * | `LayerBackward` | the same, b the output of a ReLU | {@linkcode AdamAttributes} | a times the parameter as it was, where b > 0, else 0; and as `ApplyAdamToMatMul` |
 * | `TrainingStep` | a list: images (n, in), labels (n), int32, the sums of losses and of errors, all parameters, their first and their second moments | {@linkcode AdamAttributes} | the sums with the batch's: a step of a network of ReLUs without biases |
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs";

/** The engines, in the order in which `auto` prefers the portable one. */
export type EngineName = "wasm" | "tensorflow" | "webgpu";

/** Kingma and Ba's Adam, as PyTorch applies it: epsilon is added to the root of the bias-corrected moment. */
export interface AdamAttributes {
  /** Step size. */
  readonly learningRate: number;
  /** Decay of the first moment, in [0, 1). */
  readonly beta1: number;
  /** Decay of the second moment, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second moment. */
  readonly epsilon: number;
  /** The number of this step, from 1. */
  readonly step: number;
}

/** A tensor that a kernel may change in place. */
export interface Variable {
  /** The tensor that the kernels take (with TensorFlow on a GPU a resource handle). */
  readonly handle: Tensor;
  /** The present value as a tensor to compute with. The caller disposes it, and before the next `ApplyAdam`. */
  value(): Tensor;
  /** Frees the variable. */
  dispose(): void;
}

/** A tfjs backend with our kernels. */
export interface Engine {
  /** What users call it. */
  readonly name: EngineName;
  /** Whether two runs give the same bits in every process and on every machine. */
  readonly isBitExact: boolean;
  /**
   * Makes this engine tfjs's backend and registers its kernels; safe to call again.
   *
   * @throws {Error} If the backend cannot be had: an engine never falls back to another.
   */
  select(): Promise<void>;
  /** Makes a variable that starts as a copy of `initial`, which stays the caller's to dispose. */
  variable(initial: Tensor): Variable;
  /** Frees what `select` took. */
  dispose(): void;
}
