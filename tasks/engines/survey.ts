/**
 * What the machine has of each engine. No engine is loaded to find out.
 *
 * @module
 */
import type { EngineName } from "../../src/network/engines/engine.ts";
import { addonFile, isSetUp, libraryFolder } from "../../src/network/engines/tensorflow/library_folder.ts";
import { hasFusedMultiplyAdd } from "../../src/network/kernels/fused_multiply_add.ts";
import {
  type AdapterSource,
  describeAdapter,
  driverAdvice,
  findAdapter,
} from "../../src/network/engines/webgpu/adapter.ts";

/** What a machine has of an engine. */
export interface EngineState {
  /** The engine. */
  readonly name: EngineName;
  /** `slow`: it can be selected, but its GPU is one of software, and `auto` passes over it. */
  readonly verdict: "ready" | "slow" | "missing";
  /** What there is, or what is missing and how to get it, as a sentence that begins with the engine's name. */
  readonly detail: string;
}

/** Finds out the state of an engine. */
export type EngineExaminer = () => Promise<EngineState>;

/** What finds out the state of each engine, the fastest first. */
export const engineExaminers: readonly EngineExaminer[] = [
  () => tensorflowState().catch(unknownTensorflow),
  () => webgpuState(),
  wasmState,
];

/** The state of the engine wasm, which is part of this package. */
function wasmState(): Promise<EngineState> {
  const everywhere = "runs everywhere, one core a network, with the same bits on every machine";
  const detail = hasFusedMultiplyAdd()
    ? everywhere
    : `${everywhere}, but slowly on this one, whose processor has no fused multiply-add`;
  return Promise.resolve({ name: "wasm", verdict: "ready", detail });
}

/**
 * The state of the engine tensorflow.
 *
 * @param folder Where it would be set up. Default: where `deno task setup:tensorflow` puts it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals((await tensorflowState("/there/is/no/such/folder")).verdict, "missing");
 * ```
 */
export async function tensorflowState(folder: string = libraryFolder()): Promise<EngineState> {
  const name = "tensorflow";
  if (!isSetUp(folder)) {
    return { name, verdict: "missing", detail: "is not set up (deno task setup:tensorflow)" };
  }
  const { state } = await Deno.permissions.query({ name: "ffi", path: addonFile(folder) });
  if (state === "granted") return { name, verdict: "ready", detail: `is set up in ${folder}` };
  return { name, verdict: "missing", detail: `is set up in ${folder}, but may not be loaded (--allow-ffi)` };
}

/** Where nothing tells the folder of the set-up, or it may not be read, the other engines can still be had. */
function unknownTensorflow(error: unknown): EngineState {
  const reason = error instanceof Error ? error.message : String(error);
  return { name: "tensorflow", verdict: "missing", detail: `cannot be looked for (${reason})` };
}

/**
 * The state of the engine webgpu.
 *
 * @param source Where adapters come from. Default `navigator.gpu`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const none = { requestAdapter: () => Promise.resolve(null) };
 * assertEquals((await webgpuState(none)).verdict, "missing");
 * ```
 */
export async function webgpuState(source?: AdapterSource): Promise<EngineState> {
  const name = "webgpu";
  const adapter = await findAdapter(source);
  if (!adapter) return { name, verdict: "missing", detail: `finds no GPU (${driverAdvice})` };
  const { name: gpu, isSoftware } = describeAdapter(adapter);
  return isSoftware
    ? { name, verdict: "slow", detail: `finds no GPU but one of software, which is for tests (${gpu})` }
    : { name, verdict: "ready", detail: `finds the GPU ${gpu}` };
}
