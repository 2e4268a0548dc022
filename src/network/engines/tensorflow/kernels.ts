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

/** The kernels of a GPU. They replace nothing of the package's. */
const gpuKernels: Readonly<Record<string, Kernel>> = {
  ReluGrad: ({ inputs: { dy, features }, backend }) =>
    compute(backend as TensorflowBackend, "ReluGrad", [dy, features], { T: float32 }),
  ApplyAdam: applyResourceAdam,
  SoftmaxCrossEntropy: softmaxCrossEntropy,
};

/** The kernels of the CPU, each an operation of the addon's. */
const cpuKernels: Readonly<Record<string, Kernel>> = {
  ReluGrad: ({ inputs: { dy, features }, backend }) =>
    compute(backend as TensorflowBackend, "PruneboundReluGrad", [dy, features], {}),
  MatMulRelu: productRelu,
  MatMulReluGrad: productReluGrad,
  SoftmaxCrossEntropy: softmaxCrossEntropy,
  ApplyAdam: applyAdam,
  ApplyAdamToMatMul: applyAdamToProduct,
  TrainingStep: trainingStep,
};

/**
 * Registers the kernels, unless they are. The package's own must be registered before.
 *
 * On the CPU the addon's operations take the place of TensorFlow's for products of two matrices, ReLU, its gradient and
 * Adam.
 */
export function registerKernels(isUsingGpu: boolean): void {
  if (tf.getKernel("ReluGrad", backendName)) return;
  registerAll(isUsingGpu ? gpuKernels : cpuKernels);
  if (isUsingGpu) return;
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

function softmaxCrossEntropy({ inputs: { logits, targets }, backend }: KernelCall): tf.TensorInfo[] {
  const tensorflow = backend as TensorflowBackend;
  return computeAll(tensorflow, "SoftmaxCrossEntropyWithLogits", [logits, targets], { T: float32 }, 2);
}

/**
 * Adam as PyTorch applies it, by an op of the form
 * parameter -= rate sqrt(1 - beta2Power) / (1 - beta1Power) m / (sqrt(v) + epsilon).
 */
function applyResourceAdam({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const operands = [...stateOf(inputs), ...scalarsOf(attrs as AdamAttributes), inputs.gradient];
  const attributes = { T: float32, use_locking: false, use_nesterov: false } as const;
  perform(backend as TensorflowBackend, "ResourceApplyAdam", operands, attributes);
  return [];
}

/** The same without the powers, which need not be passed. */
function applyAdam({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const operands = [...adamOperands(inputs, attrs), inputs.gradient];
  perform(backend as TensorflowBackend, "PruneboundApplyAdam", operands, {});
  return [];
}

/** Adam where the gradient is the transpose of a times b. */
function applyAdamToProduct({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const operands = [...adamOperands(inputs, attrs), inputs.a, inputs.b];
  perform(backend as TensorflowBackend, "PruneboundApplyAdamToMatMul", operands, { transpose_a: true });
  return [];
}

/** A list of inputs in place of names: images, labels, the sums so far; then all weights, first and second moments. */
function trainingStep({ inputs, backend, attrs }: KernelCall): tf.TensorInfo[] {
  const [images, labels, lossSum, errorSum, ...parameters] = inputs as unknown as tf.TensorInfo[];
  const operands = [images, labels, lossSum, errorSum, ...settingsOf(attrs as AdamAttributes), ...parameters];
  const attributes = { layers: parameters.length / 3 };
  return computeAll(backend as TensorflowBackend, "PruneboundTrainingStep", operands, attributes, 2);
}

function adamOperands(inputs: KernelCall["inputs"], attrs: unknown): tf.TensorInfo[] {
  return [...stateOf(inputs), ...settingsOf(attrs as AdamAttributes)];
}

function stateOf({ parameter, firstMoment, secondMoment }: KernelCall["inputs"]): tf.TensorInfo[] {
  return [parameter, firstMoment, secondMoment];
}

const scalarsOf = onceAStep((adam) => adamScalars(adam).map((value) => tf.scalar(value)));

const settingsOf = onceAStep((adam) => [tf.tensor1d(adamScalars(adam).slice(2))]);

/**
 * Tensors that are made once for all parameters that a step calls with the same object of attributes. They belong to the
 * `tf.tidy` around the step.
 */
function onceAStep(make: (adam: AdamAttributes) => tf.Tensor[]): (adam: AdamAttributes) => tf.Tensor[] {
  const prepared = new WeakMap<AdamAttributes, tf.Tensor[]>();
  return (adam) => {
    const present = prepared.get(adam);
    if (present && !present[0].isDisposed) return present;
    const tensors = make(adam);
    prepared.set(adam, tensors);
    return tensors;
  };
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
