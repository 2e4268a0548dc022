/**
 * The engines by name. Each is loaded when it is chosen, and never before.
 *
 * @module
 */
import type { Engine, EngineName } from "./engine.ts";

const loaders: Partial<Record<EngineName, () => Promise<Engine>>> = {
  wasm: async () => (await import("./wasm.ts")).wasmEngine,
  tensorflow: async () => (await import("./tensorflow/engine.ts")).tensorflowEngine,
  webgpu: async () => (await import("./webgpu/engine.ts")).webgpuEngine,
};

/** The engines that can be chosen. */
export const engineNames: readonly EngineName[] = Object.keys(loaders) as EngineName[];

/**
 * Loads an engine and makes it tfjs's backend.
 *
 * @throws {RangeError} If there is no engine of this name.
 * @throws {Error} If it cannot be had on this machine: there is no fall-back to another.
 */
export async function selectEngine(name: EngineName): Promise<Engine> {
  const load = loaders[name];
  if (!load) {
    throw new RangeError(`Cannot select the engine ${name}: known ones are ${engineNames.join(", ")}`);
  }
  const engine = await load();
  await engine.select();
  return engine;
}
