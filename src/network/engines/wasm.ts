/**
 * The engine `wasm`: tfjs's WebAssembly backend with the kernels of `../kernels/`. It runs wherever Deno does and gives
 * the same bits in every process.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { registerKernels } from "../kernels/register_kernels.ts";
import type { WasmBackend, WasmHeap } from "../kernels/wasm_backend.ts";
import type { Engine, Variable } from "./engine.ts";

/**
 * The folder of the backend's `.wasm` files. The backend looks for them beside its own script, which inside a Worker
 * it takes to be the working directory.
 */
const binaries = new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")).href;

class WasmEngine implements Engine {
  readonly name = "wasm";
  readonly isBitExact = true;
  #backend: WasmBackend | undefined;
  #unregister: (() => void) | undefined;

  async select(): Promise<void> {
    await startBackend();
    const backend = tf.backend() as unknown as WasmBackend;
    if (backend === this.#backend) return;
    this.dispose();
    this.#unregister = registerKernels(backend);
    if (backend.wasm) refuseAddressZero(backend.wasm);
    this.#backend = backend;
  }

  variable(initial: tf.Tensor): Variable {
    const handle = tf.keep(tf.tensor(initial.dataSync(), initial.shape, initial.dtype));
    // A clone would be a copy on this backend; a tensor of the same shape shares the memory.
    return { handle, value: () => tf.reshape(handle, handle.shape), dispose: () => handle.dispose() };
  }

  dispose(): void {
    this.#unregister?.();
    this.#unregister = undefined;
    this.#backend = undefined;
  }
}

/**
 * Starts tfjs's backend without threads: its threads need a Worker from a `blob:` URL, which Deno refuses, and tfjs
 * would then go on with its slow JavaScript backend.
 */
async function startBackend(): Promise<void> {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setWasmPaths(binaries);
  const isStarted = await tf.setBackend("wasm");
  await tf.ready();
  if (!isStarted || tf.getBackend() !== "wasm") {
    throw new Error(`Cannot select the wasm engine as tfjs could not start its backend from ${binaries}`);
  }
}

/**
 * Where the allocator has no memory left it returns the address 0, and tfjs would write there, over other tensors.
 * The module puts its real allocator in the place of `_malloc` on the first call, which lies behind us: our kernels
 * have their scratch.
 */
function refuseAddressZero(heap: WasmHeap): void {
  const allocate = heap._malloc.bind(heap);
  heap._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(`Cannot allocate ${bytes} bytes as the memory of the wasm engine, 4 GiB, is full`);
  };
}

/**
 * The engine that is always there: single thread, SIMD, bit-exact. Run one in each Worker to train several networks
 * at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 * await wasmEngine.select();
 * const product = tf.matMul([[1, 2]], [[3, 4]], false, true);
 * assertEquals(product.arraySync(), [[11]]);
 * product.dispose();
 * wasmEngine.dispose();
 * ```
 */
export const wasmEngine: Engine = new WasmEngine();
