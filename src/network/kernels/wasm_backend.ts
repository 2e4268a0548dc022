/**
 * The part of tfjs's WebAssembly backend, and of its table of kernels, that our kernels work with.
 *
 * @module
 */

/** A tensor as kernels see it. */
export interface TensorInfo {
  /** What the backend finds the entries by. */
  dataId: object;
  /** The sides. */
  shape: number[];
  /** The type of the entries. */
  dtype: "float32" | "int32" | "bool" | "complex64" | "string";
}

/** What tfjs hands to a kernel. */
export interface KernelCall {
  /** The tensors by their names. */
  inputs: Record<string, TensorInfo | undefined>;
  /** The backend that the tensors live in. */
  backend: object;
  /** The other arguments by their names. */
  attrs?: Record<string, unknown>;
}

/** A kernel in tfjs's table. */
export interface KernelConfig {
  /** Its name. */
  kernelName: string;
  /** The backend that it is for. */
  backendName: string;
  /** The work itself. */
  kernelFunc: (call: KernelCall) => TensorInfo | TensorInfo[];
  /** What tfjs calls when the backend starts. */
  setupFunc?: (backend: object) => void;
}

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
