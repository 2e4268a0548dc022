/**
 * Puts our kernels in the place of tfjs's.
 *
 * @module
 */
import { getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs";
import { applyAdam } from "./apply_adam.ts";
import { bindKernels } from "./kernels.ts";
import { applyAdamToMatMul, layerBackward } from "./layer_backward.ts";
import { batchMatMul, fusedMatMul } from "./matmul.ts";
import { reluGrad } from "./relu_grad.ts";
import type { KernelConfig, WasmBackend } from "./wasm_backend.ts";

/**
 * Registers the kernels for tfjs's wasm backend: `BatchMatMul` and `_FusedMatMul` instead of tfjs's own, and beside them
 * `ReluGrad`, `ApplyAdam`, `ApplyAdamToMatMul` and `LayerBackward`.
 *
 * @returns What puts tfjs's own kernels back and frees the memory that ours took.
 * @throws {RangeError} If the backend has no memory left for the kernels' scratch.
 */
export function registerKernels(backend: WasmBackend): () => void {
  const originals = ["BatchMatMul", "_FusedMatMul"].map((name) => getKernel(name, "wasm") as KernelConfig);
  const kernels = bindKernels(backend);
  const replacements = [batchMatMul(kernels, originals[0]), fusedMatMul(kernels, originals[1])];
  const parts = { product: replacements[0], reluGrad: reluGrad(kernels), applyAdam: applyAdam(kernels) };
  const fused = [applyAdamToMatMul(kernels, parts), layerBackward(kernels, parts)];
  const additions = [parts.reluGrad, parts.applyAdam, ...fused];
  originals.forEach(unregister);
  [...replacements, ...additions].forEach(registerKernel);
  return () => {
    [...replacements, ...additions].forEach(unregister);
    originals.forEach(registerKernel);
    kernels.dispose();
  };
}

function unregister({ kernelName, backendName }: KernelConfig): void {
  unregisterKernel(kernelName, backendName);
}
