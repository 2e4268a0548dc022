/**
 * The GPU that the engine `webgpu` would run on. Asking loads nothing and needs no permission.
 *
 * @module
 */

/** What a machine has for WebGPU. */
export interface AdapterDescription {
  /** The driver's name for it. */
  readonly name: string;
  /** Whether the driver computes on the CPU: good for tests, slower than the other engines. */
  readonly isSoftware: boolean;
}

/** The part of `navigator.gpu` that is asked. */
export type AdapterSource = Pick<GPU, "requestAdapter">;

/** How to get an adapter where there is none. */
export const driverAdvice: string = "install the GPU's Vulkan driver, or Mesa's for one of software " +
  "(Debian: mesa-vulkan-drivers, libvulkan1)";

/**
 * The adapter that the engine takes, if there is one.
 *
 * @param source Where adapters come from. Default `navigator.gpu`.
 */
export async function findAdapter(source: AdapterSource = navigator.gpu): Promise<GPUAdapter | undefined> {
  return await source.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/**
 * The adapter that the engine takes.
 *
 * @param source Where adapters come from. Default `navigator.gpu`.
 * @throws {Error} If there is none, with what to install.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * const none = { requestAdapter: () => Promise.resolve(null) };
 * await assertRejects(() => requireAdapter(none), Error, "there is no GPU that WebGPU can use");
 * ```
 */
export async function requireAdapter(source?: AdapterSource): Promise<GPUAdapter> {
  const adapter = await findAdapter(source);
  if (adapter) return adapter;
  throw new Error(
    `Cannot select the engine webgpu as there is no GPU that WebGPU can use: ${driverAdvice}`,
  );
}

/** What the driver says about an adapter. */
export function describeAdapter({ info }: Pick<GPUAdapter, "info">): AdapterDescription {
  const name = info.description || info.device || info.vendor || "a GPU without a name";
  return { name, isSoftware: info.isFallbackAdapter };
}
