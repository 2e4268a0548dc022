/**
 * The kernels that the engine registers with tfjs for the backend `tensorflow`, each one TensorFlow op.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { AdamAttributes } from "../engine.ts";
import type { TensorflowBackend } from "./node_package.ts";
import { compute, computeAll, float32, perform } from "./operations.ts";

/** What a kernel is called with. */
interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: unknown;
  readonly attrs?: unknown;
}

type Kernel = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];

interface Transpositions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const backendName = "tensorflow";

/** From how many rows on BatchMatMulV2 is the faster: measured at 4 (slower) and at 16 to 1000 (faster). */
const manyRows = 16;

const kernels: Readonly<Record<string, Kernel>> = {
  ReluGrad: reluGrad,
  ApplyAdam: applyAdam,
  SoftmaxCrossEntropy: softmaxCrossEntropy,
};

/** Registers the kernels, unless they are. The package's own must be registered before. */
export function registerKernels(): void {
  if (tf.getKernel("ReluGrad", backendName)) return;
  Object.entries(kernels).forEach(([name, kernel]) => register(name, kernel));
  replaceMatrixProduct();
}

/**
 * Sends products of two matrices to MatMul, except where BatchMatMulV2, which the package's kernel asks for everything,
 * is the faster: where only the second operand is transposed and the first has many rows. On the CPU the better of the
 * two saves up to three quarters of the time of the other.
 */
function replaceMatrixProduct(): void {
  const batchProduct = tf.getKernel("BatchMatMul", backendName).kernelFunc as Kernel;
  tf.unregisterKernel("BatchMatMul", backendName);
  register("BatchMatMul", (call) => isForMatMul(call) ? matrixProduct(call) : batchProduct(call));
}

function register(kernelName: string, kernel: Kernel): void {
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as tf.KernelFunc });
}

function isForMatMul({ inputs: { a, b }, attrs }: KernelCall): boolean {
  const areMatrices = [a, b].every(({ shape, dtype }) => shape.length === 2 && dtype === "float32");
  const { transposeA, transposeB } = attrs as Transpositions;
  return areMatrices && (transposeA || !transposeB || a.shape[0] < manyRows);
}

function matrixProduct({ inputs: { a, b }, backend, attrs }: KernelCall): tf.TensorInfo {
  const { transposeA, transposeB } = attrs as Transpositions;
  const attributes = { T: float32, transpose_a: transposeA, transpose_b: transposeB } as const;
  return compute(backend as TensorflowBackend, "MatMul", [a, b], attributes);
}

function reluGrad({ inputs: { dy, features }, backend }: KernelCall): tf.TensorInfo {
  return compute(backend as TensorflowBackend, "ReluGrad", [dy, features], { T: float32 });
}

function softmaxCrossEntropy({ inputs: { logits, targets }, backend }: KernelCall): tf.TensorInfo[] {
  const tensorflow = backend as TensorflowBackend;
  return computeAll(tensorflow, "SoftmaxCrossEntropyWithLogits", [logits, targets], { T: float32 }, 2);
}

/**
 * Adam as PyTorch applies it, by TensorFlow's op, whose form is
 * parameter -= rate sqrt(1 - beta2Power) / (1 - beta1Power) m / (sqrt(v) + epsilon).
 */
function applyAdam({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const { parameter, gradient, firstMoment, secondMoment } = inputs;
  const attributes = { T: float32, use_locking: false, use_nesterov: false } as const;
  const operands = [parameter, firstMoment, secondMoment, ...scalarsOf(attrs as AdamAttributes), gradient];
  perform(backend as TensorflowBackend, "ResourceApplyAdam", operands, attributes);
  return [];
}

const prepared = new WeakMap<AdamAttributes, tf.Scalar[]>();

/**
 * The op's scalars as tensors, made once for all parameters that a step calls with the same object of attributes. They
 * belong to the `tf.tidy` around the step.
 */
function scalarsOf(adam: AdamAttributes): tf.Scalar[] {
  const present = prepared.get(adam);
  if (present && !present[0].isDisposed) return present;
  const scalars = adamScalars(adam).map((value) => tf.scalar(value));
  prepared.set(adam, scalars);
  return scalars;
}

/**
 * The op's scalars: beta1Power, beta2Power, rate, beta1, beta2, epsilon.
 *
 * The powers are passed as 0 and the correction is made here in double precision: in single precision 1 - 0.999 has a
 * relative error of 1e-5. PyTorch adds epsilon to sqrt(v / (1 - beta2^t)), so the op's is epsilon sqrt(1 - beta2^t).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const adam = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };
 * const [, , rate, , , epsilon] = adamScalars(adam);
 * assertAlmostEquals(rate, 0.02 * Math.sqrt(0.001) / 0.1, 1e-12);
 * assertAlmostEquals(epsilon, 1e-8 * Math.sqrt(0.001), 1e-18);
 * ```
 */
export function adamScalars(adam: AdamAttributes): number[] {
  const { learningRate, beta1, beta2, epsilon, step } = adam;
  const correction = Math.sqrt(1 - beta2 ** step);
  return [0, 0, learningRate * correction / (1 - beta1 ** step), beta1, beta2, epsilon * correction];
}
