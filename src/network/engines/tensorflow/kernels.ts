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

/** The kernels of every device. They replace nothing of the package's. */
const kernels: Readonly<Record<string, Kernel>> = {
  ReluGrad: reluGrad,
  ApplyAdam: applyAdam,
  SoftmaxCrossEntropy: softmaxCrossEntropy,
};

/** The kernels that the CPU has beside them, each an operation of the addon's. */
const cpuKernels: Readonly<Record<string, Kernel>> = {
  MatMulRelu: productRelu,
  MatMulReluGrad: productReluGrad,
  ApplyAdamToMatMul: applyAdamToProduct,
  LayerBackward: layerBackward,
};

/**
 * Registers the kernels, unless they are. The package's own must be registered before.
 *
 * On the CPU the addon's operations take the place of TensorFlow's for products of two matrices, ReLU, its gradient and
 * Adam.
 */
export function registerKernels(isUsingGpu: boolean): void {
  if (tf.getKernel("ReluGrad", backendName)) return;
  registerAll(kernels);
  if (isUsingGpu) return;
  registerAll(cpuKernels);
  replace("BatchMatMul", product);
  replace("Relu", relu);
}

function registerAll(kernels: Readonly<Record<string, Kernel>>): void {
  Object.entries(kernels).forEach(([name, kernel]) => register(name, kernel));
}

/** Sends the calls that a kernel is for to it, and the others to the package's. */
function replace(name: string, kernel: (call: KernelCall) => tf.TensorInfo | undefined): void {
  const published = tf.getKernel(name, backendName).kernelFunc as Kernel;
  tf.unregisterKernel(name, backendName);
  register(name, (call) => kernel(call) ?? published(call));
}

function register(kernelName: string, kernel: Kernel): void {
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as tf.KernelFunc });
}

function product({ inputs: { a, b }, backend, attrs }: KernelCall): tf.TensorInfo | undefined {
  if ([a, b].some(({ shape, dtype }) => shape.length !== 2 || dtype !== "float32")) return undefined;
  return compute(backend as TensorflowBackend, "PruneboundMatMul", [a, b], transpositions(attrs));
}

function productRelu({ inputs: { a, b }, backend, attrs }: KernelCall): tf.TensorInfo {
  const attributes = { ...transpositions(attrs), relu: true };
  return compute(backend as TensorflowBackend, "PruneboundMatMul", [a, b], attributes);
}

function productReluGrad({ inputs: { a, b, features }, backend, attrs }: KernelCall): tf.TensorInfo {
  const operands = [a, b, features];
  return compute(backend as TensorflowBackend, "PruneboundMatMulReluGrad", operands, transpositions(attrs));
}

function transpositions(attrs: unknown): { transpose_a: boolean; transpose_b: boolean } {
  const { transposeA, transposeB } = attrs as Transpositions;
  return { transpose_a: transposeA, transpose_b: transposeB };
}

function relu({ inputs: { x }, backend }: KernelCall): tf.TensorInfo | undefined {
  if (x.dtype !== "float32") return undefined;
  return compute(backend as TensorflowBackend, "PruneboundRelu", [x], {});
}

function reluGrad({ inputs: { dy, features }, backend }: KernelCall): tf.TensorInfo {
  const tensorflow = backend as TensorflowBackend;
  if (!tensorflow.isUsingGpuDevice) return compute(tensorflow, "PruneboundReluGrad", [dy, features], {});
  return compute(tensorflow, "ReluGrad", [dy, features], { T: float32 });
}

function softmaxCrossEntropy({ inputs: { logits, targets }, backend }: KernelCall): tf.TensorInfo[] {
  const tensorflow = backend as TensorflowBackend;
  return computeAll(tensorflow, "SoftmaxCrossEntropyWithLogits", [logits, targets], { T: float32 }, 2);
}

/**
 * Adam as PyTorch applies it, by an op of the form
 * parameter -= rate sqrt(1 - beta2Power) / (1 - beta1Power) m / (sqrt(v) + epsilon).
 */
function applyAdam({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const tensorflow = backend as TensorflowBackend;
  const operands = [...adamOperands(inputs, attrs), inputs.gradient];
  if (tensorflow.isUsingGpuDevice) perform(tensorflow, "ResourceApplyAdam", operands, resourceAdam);
  else perform(tensorflow, "PruneboundApplyAdam", operands, {});
  return [];
}

const resourceAdam = { T: float32, use_locking: false, use_nesterov: false } as const;

/** Adam where the gradient is the transpose of a times b. */
function applyAdamToProduct({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const operands = [...adamOperands(inputs, attrs), inputs.a, inputs.b];
  perform(backend as TensorflowBackend, "PruneboundApplyAdamToMatMul", operands, { transpose_a: true });
  return [];
}

function layerBackward({ inputs, backend, attrs }: KernelCall): tf.TensorInfo {
  const operands = [...adamOperands(inputs, attrs), inputs.a, inputs.b];
  return compute(backend as TensorflowBackend, "PruneboundLayerBackward", operands, {});
}

function adamOperands(inputs: KernelCall["inputs"], attrs: unknown): tf.TensorInfo[] {
  const { parameter, firstMoment, secondMoment } = inputs;
  return [parameter, firstMoment, secondMoment, ...scalarsOf(attrs as AdamAttributes)];
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
