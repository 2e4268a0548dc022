/**
 * The kernels `ApplyAdamToMatMul` and `LayerBackward`: the way back through a layer.
 *
 * @module
 */
import type { AdamAttributes } from "../engines/engine.ts";
import { adamRates } from "./apply_adam.ts";
import type { Kernels } from "./kernels.ts";
import type { KernelCall, KernelConfig, TensorInfo, WasmBackend } from "./wasm_backend.ts";

/** The tensors of both kernels: A (examples, outputs), B (examples, inputs), the weights (outputs, inputs) and their moments. */
type Inputs = Record<"a" | "b" | "parameter" | "firstMoment" | "secondMoment", TensorInfo>;

/** With at most so many examples one pass over the weights does everything, in the order of the products and of Adam. */
const fewExamples = 8;

/** The most inputs whose gradients fit in the scratch memory, four outputs at a time. */
const mostInputs = 100_000;

/** The kernels that these are made of where the examples are many. */
export interface Parts {
  /** `BatchMatMul`. */
  readonly product: KernelConfig;
  /** `ReluGrad`. */
  readonly reluGrad: KernelConfig;
  /** `ApplyAdam`. */
  readonly applyAdam: KernelConfig;
}

/** The kernel that does one step of Adam with the gradient Aᵀ B. */
export function applyAdamToMatMul(kernels: Kernels, parts: Parts): KernelConfig {
  return {
    kernelName: "ApplyAdamToMatMul",
    backendName: "wasm",
    kernelFunc: (call) => {
      if (isForFew(call)) learn(kernels, call, 0);
      else applyToProduct(parts, call);
      return [];
    },
  };
}

/** The kernel that gives A W where B, the output of a ReLU, is positive, else 0; then does as `ApplyAdamToMatMul`. */
export function layerBackward(kernels: Kernels, parts: Parts): KernelConfig {
  return {
    kernelName: "LayerBackward",
    backendName: "wasm",
    kernelFunc: (call) => {
      if (!isForFew(call)) return passOn(parts, call);
      const result = kernels.makeOutput(inputsOf(call).b.shape);
      learn(kernels, call, kernels.addressOf(result));
      return result;
    },
  };
}

function inputsOf({ inputs }: KernelCall): Inputs {
  return inputs as Inputs;
}

/** A single column is multiplied as a row, in another order of the terms. */
function isForFew(call: KernelCall): boolean {
  const [examples, inputs] = inputsOf(call).b.shape;
  return examples <= fewExamples && inputs > 1 && inputs <= mostInputs;
}

function learn(kernels: Kernels, call: KernelCall, result: number): void {
  const { a, b, parameter, firstMoment, secondMoment } = inputsOf(call);
  const [examples, outputs] = a.shape;
  const [weights, first, second] = [parameter, firstMoment, secondMoment].map(kernels.addressOf);
  const rates = adamRates(call.attrs as unknown as AdamAttributes);
  kernels.run.layerBackward(
    examples,
    outputs,
    b.shape[1],
    kernels.addressOf(a),
    kernels.addressOf(b),
    result,
    kernels.scratch,
    weights,
    first,
    second,
    ...rates,
  );
}

function applyToProduct({ product, applyAdam }: Parts, call: KernelCall): void {
  const { a, b, ...state } = call.inputs;
  const gradient = product.kernelFunc({
    ...call,
    inputs: { a, b },
    attrs: { transposeA: true },
  }) as TensorInfo;
  applyAdam.kernelFunc({ ...call, inputs: { ...state, gradient } });
  (call.backend as WasmBackend).disposeData(gradient.dataId);
}

function passOn(parts: Parts, call: KernelCall): TensorInfo {
  const { inputs: { a, b, parameter }, backend } = call;
  const dy = parts.product.kernelFunc({ inputs: { a, b: parameter }, backend }) as TensorInfo;
  const result = parts.reluGrad.kernelFunc({ inputs: { dy, features: b }, backend }) as TensorInfo;
  (backend as WasmBackend).disposeData(dy.dataId);
  applyToProduct(parts, call);
  return result;
}
