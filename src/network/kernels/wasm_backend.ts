/**
 * The part of tfjs's WebAssembly backend that the kernels work with.
 *
 * @module
 */
import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs";

export type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo };

/** tfjs's WebAssembly backend: its heap, and where each tensor lies in it. */
export interface WasmBackend {
  /** The backend's own WebAssembly module; null once the backend is disposed. */
  readonly wasm: WasmHeap | null;
  /** The tensors' places. A tensor of another backend is moved here when it is first asked for. */
  readonly dataIdMap: { get(dataId: TensorInfo["dataId"]): { readonly memoryOffset: number } };
  /** Allocates a tensor whose entries are whatever the memory holds. */
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  /** Frees a tensor's memory unless it is used elsewhere. */
  disposeData(dataId: TensorInfo["dataId"]): boolean;
}

/** The backend's memory and its allocator. */
export interface WasmHeap {
  /** The exports of the backend's module. Views of the memory die when it grows; the memory itself stays. */
  readonly asm: { readonly memory: WebAssembly.Memory };
  /** Allocates so many bytes and returns their address, as a signed number, or 0. */
  _malloc(bytes: number): number;
  /** Frees what `_malloc` returned. */
  _free(address: number): void;
}
