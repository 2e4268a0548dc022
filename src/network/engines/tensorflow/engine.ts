/**
 * The engine that trains with TensorFlow itself: on the CPU, or with CUDA 12 on an NVIDIA GPU.
 *
 * `deno task setup:tensorflow` has to be run once before. The README beside this file says what it does, and how to do
 * the same without this package.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Engine, Variable } from "../engine.ts";
import { registerKernels } from "./kernels.ts";
import { libraryFolder } from "./library_folder.ts";
import { loadBackend, type TensorflowBackend } from "./node_package.ts";
import { compute, float32 } from "./operations.ts";
import { ResourceVariable } from "./resource_variable.ts";

const backendName = "tensorflow";

/** What TensorFlow reads from the environment while it is loaded, unless the user has set it. */
const settings = {
  /** TF32 has 10 bits of mantissa: results would differ from those of the other engines in the fourth digit. */
  NVIDIA_TF32_OVERRIDE: "0",
  /** Warnings and errors, without the notes on what the library was built for. */
  TF_CPP_MIN_LOG_LEVEL: "1",
} as const;

/**
 * TensorFlow by way of npm `@tensorflow/tfjs-node-gpu`. Nothing of it is loaded before `select`.
 *
 * On one machine two runs give the same bits on the CPU; machines with other instruction sets round differently.
 */
export const tensorflowEngine: Engine = {
  name: "tensorflow",
  isBitExact: false,
  select: selectTensorflow,
  variable: (initial: tf.Tensor): Variable => variableOf(backend(), initial),
  dispose: removeTensorflow,
};

function variableOf(tensorflow: TensorflowBackend, initial: tf.Tensor): Variable {
  if (tensorflow.isUsingGpuDevice) return new ResourceVariable(tensorflow, initial);
  const handle = tf.keep(compute(tensorflow, "DeepCopy", [initial], { T: float32 }));
  return { handle, value: () => tf.clone(handle), dispose: () => handle.dispose() };
}

/** The version of the TensorFlow that is loaded, and what it computes on. The engine must be selected. */
export function describeTensorflow(): string {
  const { binding, isUsingGpuDevice } = backend();
  return `TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? "an NVIDIA GPU" : "the CPU"}`;
}

async function selectTensorflow(): Promise<void> {
  if (!tf.findBackend(backendName)) {
    applySettings();
    const loaded = loadBackend(libraryFolder());
    tf.registerBackend(backendName, () => loaded);
    registerKernels(loaded.isUsingGpuDevice);
  }
  if (await tf.setBackend(backendName)) return;
  throw new Error("Cannot select the engine tensorflow as tfjs refuses its backend");
}

function removeTensorflow(): void {
  if (tf.findBackend(backendName)) tf.removeBackend(backendName);
}

function applySettings(): void {
  for (const [name, value] of Object.entries(settings)) {
    if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
  }
}

function backend(): TensorflowBackend {
  if (tf.getBackend() === backendName) return tf.backend() as TensorflowBackend;
  throw new Error(
    `Cannot use the engine tensorflow as it must be selected: the engine is ${tf.getBackend()}`,
  );
}
