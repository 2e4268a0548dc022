/**
 * TensorFlow ops that tfjs has no kernel for.
 *
 * @module
 */
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import type { OperationAttribute, TensorflowBackend } from "./node_package.ts";

/** The attributes of an op by name. A string or a number stands for itself, a list of numbers for a shape, "float32" for the type. */
export type Attributes = Readonly<
  Record<string, boolean | string | number | readonly number[] | typeof float32>
>;

/** The value of an attribute that names the type float32. */
export const float32: unique symbol = Symbol("float32");

/** Runs an op for the one tensor that it gives. */
export function compute(
  backend: TensorflowBackend,
  operation: string,
  inputs: readonly TensorInfo[],
  attributes: Attributes,
): Tensor {
  return computeAll(backend, operation, inputs, attributes, 1)[0];
}

/** Runs an op for all tensors that it gives. */
export function computeAll(
  backend: TensorflowBackend,
  operation: string,
  inputs: readonly TensorInfo[],
  attributes: Attributes,
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(operation, encoded(backend, attributes), inputs, outputs);
}

/** Runs an op for its effect. */
export function perform(
  backend: TensorflowBackend,
  operation: string,
  inputs: readonly TensorInfo[],
  attributes: Attributes,
): void {
  backend.executeMultipleOutputs(operation, encoded(backend, attributes), inputs, 0);
}

function encoded({ binding }: TensorflowBackend, attributes: Attributes): OperationAttribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (value === float32) return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === "number") return { name, type: binding.TF_ATTR_INT, value };
    if (typeof value === "string") return { name, type: binding.TF_ATTR_STRING, value };
    return { name, type: binding.TF_ATTR_SHAPE, value };
  });
}
