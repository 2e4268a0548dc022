/**
 * Work of ours among the work that tfjs collects for the GPU.
 *
 * @module
 */
import { env, type TensorInfo, util } from "@tensorflow/tfjs";
import type { TensorRecord, WebgpuBackend } from "./backend.ts";
import { workgroupSize } from "./shaders.ts";

/** Workgroups in a dispatch: what every WebGPU device can do. Each thread strides over the entries beyond. */
const largestDispatch = 65_535;

/** A shader over all entries of tensors of one shape. */
export interface Pass {
  /** The shader, whose bindings are the tensors and then the numbers. */
  readonly pipeline: GPUComputePipeline;
  /** What it reads and writes. */
  readonly tensors: readonly TensorInfo[];
  /** What it takes besides, in single precision. */
  readonly numbers: readonly number[];
}

/** Compiles a shader whose entry point is its only function. */
export function compile({ device }: WebgpuBackend, label: string, code: string): GPUComputePipeline {
  const module = device.createShaderModule({ label, code });
  return device.createComputePipeline({ label, layout: "auto", compute: { module } });
}

/** Adds a pass to the work that is collected, and submits it all when there is as much as tfjs waits for. */
export function addPass(backend: WebgpuBackend, { pipeline, tensors, numbers }: Pass): void {
  const entries = util.sizeFromShape(tensors[0].shape);
  if (entries === 0) return;
  const buffers = tensors.map((tensor) => ({ buffer: usedBuffer(backend, tensor) }));
  const uniforms = numbers.map((number) => ({ type: "float32", data: [number] }));
  const resources = numbers.length > 0 ? [...buffers, backend.makeUniforms(uniforms)] : buffers;
  const group = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  const pass = openPass(backend);
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.min(Math.ceil(entries / workgroupSize), largestDispatch));
  backend.dispatchCountInPass++;
  submitIfMany(backend);
}

/** Copies a tensor on the GPU. */
export function copyOf(backend: WebgpuBackend, original: TensorInfo): TensorInfo {
  const copy = backend.makeTensorInfo(original.shape, original.dtype);
  if (util.sizeFromShape(original.shape) === 0) return copy;
  const [from, to] = [original, copy].map((tensor) => usedBuffer(backend, tensor));
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  return copy;
}

/**
 * Drops the copy that tfjs keeps in the computer's memory of a tensor that was read. tfjs takes tensors to be constant
 * and would hand the copy out again after a kernel changed the tensor in place.
 */
export function forgetReadValues(backend: WebgpuBackend, { dataId }: TensorInfo): void {
  backend.tensorMap.get(dataId).values = null;
}

function usedBuffer(backend: WebgpuBackend, { dataId }: TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  backend.commandQueueOwnedIds.add(dataId);
  return (backend.tensorMap.get(dataId) as Required<TensorRecord>).resource;
}

function openPass(backend: WebgpuBackend): GPUComputePassEncoder {
  backend.ensureCommandEncoderReady();
  return backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
}

function submitIfMany(backend: WebgpuBackend): void {
  if (backend.dispatchCountInPass < env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}
