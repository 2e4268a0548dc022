/**
 * The kernel `ApplyAdam`.
 *
 * @module
 */
import { util } from "@tensorflow/tfjs";
import type { AdamAttributes } from "../engines/engine.ts";
import type { AdamRates, Kernels } from "./kernels.ts";
import type { KernelConfig, TensorInfo } from "./wasm_backend.ts";

/** The tensors of `ApplyAdam`, in the order in which the module takes them. */
const STATE = ["parameter", "gradient", "firstMoment", "secondMoment"] as const;

/**
 * The kernel that does one step of Adam in place, in float32 but for the factors of the whole step.
 *
 * With g the gradient, m and v the moments, w the parameter and t the step: m += (1 - beta1)(g - m),
 * v += (1 - beta2)(g g - v), w -= learningRate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + epsilon). The
 * moments are written as moves towards g because in float32 beta + (1 - beta) need not be 1. Moments below 2^-110
 * become 0: see `assembly/adam.ts`.
 */
export function applyAdam(kernels: Kernels): KernelConfig {
  return {
    kernelName: "ApplyAdam",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      step(kernels, inputs as Record<typeof STATE[number], TensorInfo>, attrs as unknown as AdamAttributes);
      return [];
    },
  };
}

function step(
  kernels: Kernels,
  inputs: Record<typeof STATE[number], TensorInfo>,
  attributes: AdamAttributes,
): void {
  const tensors = STATE.map((name) => inputs[name]);
  checkShapes(tensors);
  const [parameter, gradient, first, second] = tensors.map(kernels.addressOf);
  const length = util.sizeFromShape(inputs.parameter.shape);
  kernels.run.applyAdam(length, parameter, gradient, first, second, ...adamRates(attributes));
}

/**
 * The factors of a step.
 *
 * @throws {RangeError} If the step or a decay is none.
 */
export function adamRates(attributes: AdamAttributes): AdamRates {
  checkAttributes(attributes);
  const { learningRate, beta1, beta2, epsilon, step } = attributes;
  return [
    1 - beta1,
    1 - beta2,
    learningRate / (1 - integerPower(beta1, step)),
    1 / Math.sqrt(1 - integerPower(beta2, step)),
    epsilon,
  ];
}

function checkShapes(tensors: TensorInfo[]): void {
  if (tensors.every(({ shape }) => util.arraysEqual(shape, tensors[0].shape))) return;
  const shapes = tensors.map(({ shape }) => `[${shape}]`).join(", ");
  throw new TypeError(`Cannot apply Adam as ${STATE.join(", ")} must have one shape: they are ${shapes}`);
}

function checkAttributes({ beta1, beta2, step }: AdamAttributes): void {
  if (!Number.isInteger(step) || step < 1) {
    throw new RangeError(`Cannot apply Adam as step must be a positive integer: current value is ${step}`);
  }
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (beta >= 0 && beta < 1) continue;
    throw new RangeError(`Cannot apply Adam as ${name} must be in [0, 1): current value is ${beta}`);
  }
}

/** By repeated squaring, since the last bit of Math.pow is the engine's choice. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  for (; exponent > 0; exponent = Math.floor(exponent / 2), base *= base) {
    if (exponent % 2 === 1) power *= base;
  }
  return power;
}
