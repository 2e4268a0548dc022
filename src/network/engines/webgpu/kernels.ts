/**
 * The kernels that the engine registers with tfjs for the backend `webgpu`.
 *
 * @module
 */
import { registerKernel, type TensorInfo, unregisterKernel, util } from "@tensorflow/tfjs";
import type { KernelConfig } from "../../kernels/wasm_backend.ts";
import type { AdamAttributes } from "../engine.ts";
import type { WebgpuBackend } from "./backend.ts";
import { addPass, compile, forgetReadValues } from "./passes.ts";
import { applyAdamShader, reluGradShader } from "./shaders.ts";

const backendName = "webgpu";

/**
 * Compiles the shaders for the backend and registers the kernels `ReluGrad` and `ApplyAdam`.
 *
 * @returns What takes them away again.
 */
export function registerKernels(backend: WebgpuBackend): () => void {
  const kernels = [reluGrad(backend), applyAdam(backend)];
  kernels.forEach(registerKernel);
  return () => kernels.forEach(({ kernelName }) => unregisterKernel(kernelName, backendName));
}

function reluGrad(backend: WebgpuBackend): KernelConfig {
  const pipeline = compile(backend, "ReluGrad", reluGradShader);
  return {
    kernelName: "ReluGrad",
    backendName,
    kernelFunc: ({ inputs }) => {
      const { dy, features } = inputs as Record<"dy" | "features", TensorInfo>;
      requireOneShape("take the gradient of ReLU", { dy, features });
      const result = backend.makeTensorInfo(dy.shape, dy.dtype);
      addPass(backend, { pipeline, tensors: [dy, features, result], numbers: [] });
      return result;
    },
  };
}

function applyAdam(backend: WebgpuBackend): KernelConfig {
  const pipeline = compile(backend, "ApplyAdam", applyAdamShader);
  return {
    kernelName: "ApplyAdam",
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { parameter, gradient, firstMoment, secondMoment } = inputs as Record<string, TensorInfo>;
      requireOneShape("apply Adam", { parameter, gradient, firstMoment, secondMoment });
      const tensors = [parameter, gradient, firstMoment, secondMoment];
      addPass(backend, { pipeline, tensors, numbers: stepNumbers(attrs as unknown as AdamAttributes) });
      [parameter, firstMoment, secondMoment].forEach((tensor) => forgetReadValues(backend, tensor));
      return [];
    },
  };
}

/**
 * The numbers of a step as the shader takes them: gain1, gain2, rate, correction, epsilon. They are made in double
 * precision, as in single precision 1 - 0.999 has a relative error of 1e-5.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const adam = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };
 * const [gain1, , rate, correction] = stepNumbers(adam);
 * assertAlmostEquals(gain1, 0.1, 1e-15);
 * assertAlmostEquals(rate, 0.2, 1e-15);
 * assertAlmostEquals(correction, 1 / Math.sqrt(0.001), 1e-12);
 * ```
 */
export function stepNumbers({ learningRate, beta1, beta2, epsilon, step }: AdamAttributes): number[] {
  return [
    1 - beta1,
    1 - beta2,
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  ];
}

function requireOneShape(action: string, tensors: Readonly<Record<string, TensorInfo>>): void {
  const shapes = Object.values(tensors).map(({ shape }) => shape);
  if (shapes.every((shape) => util.arraysEqual(shape, shapes[0]))) return;
  const names = Object.keys(tensors).join(", ");
  const sides = shapes.map((shape) => `[${shape}]`).join(", ");
  throw new TypeError(`Cannot ${action} as ${names} must have one shape: they are ${sides}`);
}
