/**
 * The engine `webgpu`: tfjs's WebGPU backend on Deno's own WebGPU, with the kernels of `kernels.ts`. It needs nothing
 * installed but the GPU's driver.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { Engine, Variable } from "../engine.ts";
import { describeAdapter, requireAdapter } from "./adapter.ts";
import type { WebgpuBackend } from "./backend.ts";
import { registerKernels } from "./kernels.ts";
import { copyOf } from "./passes.ts";

const backendName = "webgpu";

/**
 * The numbers of tfjs's matrix products that add terms in the same order every time. Left to itself tfjs takes for small
 * outputs with many terms one that adds them by atomic operations, and a resumed training would not end in the same bits.
 *
 * A GPU takes tiles of 32 rows. A driver in software takes small ones: WebGPU has the memory of a workgroup zeroed, which
 * Mesa's driver compiles into a store for each entry, for half a minute a shader where tiles have 32 rows.
 */
export const matrixProducts = { smallTiles: 2, tiles: 3 } as const;

/** What tfjs's kernels ask of the device beyond what every device must offer. */
const wantedLimits = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
] as const;

class WebgpuEngine implements Engine {
  readonly name = "webgpu";
  readonly isBitExact = false;
  #backend: WebgpuBackend | undefined;
  #unregister: (() => void) | undefined;

  async select(): Promise<void> {
    if (!this.#backend) await this.#start();
    if (await tf.setBackend(backendName)) return;
    throw new Error("Cannot select the engine webgpu as tfjs refuses its backend");
  }

  variable(initial: tf.Tensor): Variable {
    const copy = copyOf(this.#selected(), initial);
    const handle = tf.keep(tf.engine().makeTensorFromTensorInfo(copy));
    return { handle, value: () => handle.clone(), dispose: () => handle.dispose() };
  }

  dispose(): void {
    const device = this.#backend?.device;
    this.#unregister?.();
    if (this.#backend) tf.removeBackend(backendName);
    device?.destroy();
    this.#unregister = undefined;
    this.#backend = undefined;
  }

  async #start(): Promise<void> {
    const backend = await startBackend();
    // The package registers a backend of its own when it is loaded, whose failures tfjs only prints.
    if (tf.findBackendFactory(backendName)) tf.removeBackend(backendName);
    tf.registerBackend(backendName, () => backend as unknown as tf.KernelBackend);
    this.#backend = backend;
    this.#unregister = registerKernels(backend);
  }

  #selected(): WebgpuBackend {
    if (this.#backend && tf.getBackend() === backendName) return this.#backend;
    throw new Error(`Cannot use the engine webgpu as it must be selected: the engine is ${tf.getBackend()}`);
  }
}

async function startBackend(): Promise<WebgpuBackend> {
  const adapter = await requireAdapter();
  const { isSoftware } = describeAdapter(adapter);
  tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", matrixProducts[isSoftware ? "smallTiles" : "tiles"]);
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  device.addEventListener("uncapturederror", throwError);
  return new WebGPUBackend(device, adapter.info) as unknown as WebgpuBackend;
}

/** Ends the program or the Worker: a GPU reports what it could not do later, and the tensor is zero until then. */
function throwError(event: Event): never {
  const { error } = event as GPUUncapturedErrorEvent;
  throw new Error(`Cannot go on with the engine webgpu as the GPU reports: ${error.message}`);
}

/**
 * The engine for any GPU that has a Vulkan, Metal or Direct3D 12 driver, in single precision.
 *
 * Nothing can be read from it at once, only with `await`. On one GPU two runs give the same bits.
 */
export const webgpuEngine: Engine = new WebgpuEngine();
