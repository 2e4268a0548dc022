/**
 * Variables as TensorFlow keeps them: a resource in its memory, and a tensor that is the handle to it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Variable } from "../engine.ts";
import type { TensorflowBackend } from "./node_package.ts";
import { compute, float32, perform } from "./operations.ts";

let count = 0;

/** A resource that holds a tensor of single precision. */
export class ResourceVariable implements Variable {
  readonly handle: tf.Tensor;
  readonly #backend: TensorflowBackend;

  /** A new resource that holds a copy of `initial`. */
  constructor(backend: TensorflowBackend, initial: tf.Tensor) {
    // Handles of one name lead to one resource, so every variable has a name of its own.
    const attributes = { container: "", shared_name: `prunebound/${count++}`, dtype: float32 } as const;
    this.#backend = backend;
    this.handle = tf.keep(compute(backend, "VarHandleOp", [], { ...attributes, shape: initial.shape }));
    perform(backend, "AssignVariableOp", [this.handle, initial], { dtype: float32 });
  }

  value(): tf.Tensor {
    return compute(this.#backend, "ReadVariableOp", [this.handle], { dtype: float32 });
  }

  dispose(): void {
    if (this.handle.isDisposed) return;
    perform(this.#backend, "DestroyResourceOp", [this.handle], { ignore_lookup_error: false });
    this.handle.dispose();
  }
}
