/**
 * The part of tfjs's WebGPU backend that our kernels work with.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";

/** What the backend keeps of a tensor. */
export interface TensorRecord {
  /** The entries in the computer's memory: before they are sent to the GPU, or after they were read back. */
  values: ArrayLike<number> | null;
  /** The entries in the GPU's memory, once they are there. */
  readonly resource?: GPUBuffer;
}

/** A number that a shader takes besides tensors. */
export interface Uniform {
  /** Its type. */
  readonly type: string;
  /** The number, as a list of one. */
  readonly data: readonly number[];
}

/**
 * tfjs's WebGPU backend. It collects passes in a command encoder and submits them a few at a time, so what our kernels
 * do must go through the same encoder to stay in order.
 */
export interface WebgpuBackend {
  /** The device that the tensors live on. */
  readonly device: GPUDevice;
  /** The tensors by their ids. */
  readonly tensorMap: { get(dataId: TensorInfo["dataId"]): TensorRecord };
  /** Tensors whose memory must outlast the passes that are not submitted yet. */
  readonly commandQueueOwnedIds: WeakSet<TensorInfo["dataId"]>;
  /** What is collected; there after `ensureCommandEncoderReady`. */
  readonly commandEncoder: GPUCommandEncoder;
  /** The compute pass that is open, if one is. */
  computePassEncoder: GPUComputePassEncoder | null;
  /** Dispatches that are collected. */
  dispatchCountInPass: number;
  /** Allocates a tensor. */
  makeTensorInfo(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  /** Has a tensor in the GPU's memory. */
  uploadToGPU(dataId: TensorInfo["dataId"]): void;
  /** Has a command encoder. */
  ensureCommandEncoderReady(): void;
  /** Closes the open compute pass. */
  endComputePassEncoder(): void;
  /** Submits what is collected. */
  submitQueue(): void;
  /** A buffer of numbers in the order given, which lasts until the next submission. */
  makeUniforms(uniforms: readonly Uniform[]): GPUBufferBinding;
}
