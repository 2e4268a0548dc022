/**
 * The kernels of the wasm engine: our own WebAssembly modules, working on the memory of tfjs's backend.
 *
 * @module
 */
import { getKernel } from "@tensorflow/tfjs";
import { fastestModule } from "./fused_multiply_add.ts";
import type { KernelCall, KernelConfig, TensorInfo, WasmBackend, WasmHeap } from "./wasm_backend.ts";

/** The packing buffers start where a cache line does. */
const CACHE_LINE_BYTES = 64;

/** The factors of a step of Adam: of the moves of both moments, of the step, of the root, and epsilon. */
export type AdamRates = [
  firstRate: number,
  secondRate: number,
  stepSize: number,
  rootScale: number,
  epsilon: number,
];

/** The operands of C = A B; a transposition is a choice of strides. */
export type ProductOperands = [
  rows: number,
  columns: number,
  depth: number,
  a: number,
  aRowStride: number,
  aColumnStride: number,
  b: number,
  bRowStride: number,
  bColumnStride: number,
];

/** What the module exports. Addresses, strides and sizes are in bytes; `assembly/` documents each function. */
export interface KernelExports extends WebAssembly.Exports {
  /** The bytes of scratch memory that `multiply` wants, from the start of a cache line. */
  scratchBytes(): number;
  /** C = A B. */
  multiply(...operands: [...ProductOperands, c: number, scratch: number]): void;
  /** Whether the transposed product, then transposed, is faster. */
  isFasterTransposed(...operands: ProductOperands): number;
  /** Writes the transpose of a matrix (rows x columns) to `to`. */
  transpose(rows: number, columns: number, from: number, to: number): void;
  /** Adds the bias to each row of C (rows x columns). */
  addBias(rows: number, columns: number, bias: number, c: number): void;
  /** Writes the gradient where the output is positive, else 0. */
  reluGradient(length: number, gradient: number, output: number, result: number): void;
  /** One step of Adam in place. */
  applyAdam(
    length: number,
    parameter: number,
    gradient: number,
    first: number,
    second: number,
    ...rates: AdamRates
  ): void;
  /** One step of Adam whose gradient is A^T B; before it C = A W where B > 0, else 0, unless `c` is 0. */
  layerBackward(
    examples: number,
    outputs: number,
    inputs: number,
    a: number,
    b: number,
    c: number,
    scratch: number,
    parameter: number,
    first: number,
    second: number,
    ...rates: AdamRates
  ): void;
}

/** The kernels, bound to the memory of one backend. */
export interface Kernels {
  /** The module's functions. */
  readonly run: KernelExports;
  /** The address of the scratch memory that `multiply` wants. */
  readonly scratch: number;
  /** The address of a tensor's entries. @throws {TypeError} If they are not float32. */
  addressOf(tensor: TensorInfo): number;
  /** A new tensor whose entries are still to be written. */
  makeOutput(shape: number[]): TensorInfo;
  /** Frees a tensor that `makeOutput` gave. */
  free(tensor: TensorInfo): void;
  /** Runs one of tfjs's own kernels on a tensor and frees that tensor. */
  replace(
    tensor: TensorInfo,
    kernelName: string,
    inputs: KernelCall["inputs"],
    attrs?: KernelCall["attrs"],
  ): TensorInfo;
  /** Frees the scratch memory. */
  dispose(): void;
}

/**
 * Binds the kernels to a backend's memory.
 *
 * @throws {RangeError} If the backend has no memory left for the kernels' scratch.
 */
export function bindKernels(backend: WasmBackend): Kernels {
  const { asm, _malloc } = heapOf(backend);
  const run = new WebAssembly.Instance(fastestModule(), { env: { memory: asm.memory } })
    .exports as KernelExports;
  const bytes = run.scratchBytes() + CACHE_LINE_BYTES;
  const block = _malloc(bytes);
  if (block === 0) {
    throw new RangeError(`Cannot bind the kernels as ${bytes} bytes of scratch are not to be had`);
  }
  return {
    run,
    scratch: alignedAddress(block),
    addressOf: (tensor) => addressOf(backend, tensor),
    makeOutput: (shape) => backend.makeOutput(shape, "float32"),
    free: (tensor) => void backend.disposeData(tensor.dataId),
    replace: (...call) => replace(backend, ...call),
    dispose: () => backend.wasm?._free(block),
  };
}

function replace(
  backend: WasmBackend,
  ...[tensor, kernelName, inputs, attrs]: Parameters<Kernels["replace"]>
): TensorInfo {
  const call = { inputs, backend, ...(attrs && { attrs }) };
  const kernel = getKernel(kernelName, "wasm") as KernelConfig;
  const result = kernel.kernelFunc(call) as TensorInfo;
  backend.disposeData(tensor.dataId);
  return result;
}

function heapOf(backend: WasmBackend): WasmHeap {
  if (!backend.wasm) throw new TypeError("Cannot bind the kernels as the backend is disposed");
  return backend.wasm;
}

/** Addresses above 2 GiB come as negative numbers. */
function alignedAddress(block: number): number {
  return Math.ceil((block >>> 0) / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
}

function addressOf(backend: WasmBackend, tensor: TensorInfo): number {
  if (tensor.dtype !== "float32") {
    throw new TypeError(`Cannot run the kernel as its tensors must be float32: one is ${tensor.dtype}`);
  }
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}
