/**
 * The kernel `ReluGrad`.
 *
 * @module
 */
import { util } from "@tensorflow/tfjs";
import type { Kernels } from "./kernels.ts";
import type { KernelConfig, TensorInfo } from "./wasm_backend.ts";

/** The kernel that writes `dy` where `features`, the output of the ReLU, is positive, else 0. */
export function reluGrad(kernels: Kernels): KernelConfig {
  return {
    kernelName: "ReluGrad",
    backendName: "wasm",
    kernelFunc: ({ inputs }) => maskGradient(kernels, inputs as Record<"dy" | "features", TensorInfo>),
  };
}

function maskGradient(kernels: Kernels, { dy, features }: Record<"dy" | "features", TensorInfo>): TensorInfo {
  if (!util.arraysEqual(dy.shape, features.shape)) {
    throw new TypeError(
      `Cannot take the gradient of ReLU as dy and features must have one shape: they are ${dy.shape} and ${features.shape}`,
    );
  }
  const result = kernels.makeOutput(dy.shape);
  const [gradient, output, to] = [dy, features, result].map(kernels.addressOf);
  kernels.run.reluGradient(util.sizeFromShape(dy.shape), gradient, output, to);
  return result;
}
