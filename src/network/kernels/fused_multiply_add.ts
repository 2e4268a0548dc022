/**
 * The one operation of the kernels that WebAssembly leaves to the processor, and which module gives it one meaning.
 *
 * @module
 */
import { emulatedKernelsModule, kernelsModule } from "./kernels_module.js";

/**
 * Whether the processor multiplies and adds with one rounding, as all do but x86-64 before 2013 and some that emulate it.
 */
export function hasFusedMultiplyAdd(): boolean {
  const memory = new WebAssembly.Memory({ initial: 256 });
  const { roundsOnce } = new WebAssembly.Instance(kernelsModule, { env: { memory } }).exports;
  return Boolean((roundsOnce as () => number)());
}

/**
 * The module to run here. Without fused multiply-add it is one that emulates it, with the same bits: a training step takes
 * some thirty times as long.
 */
export function fastestModule(): WebAssembly.Module {
  return hasFusedMultiplyAdd() ? kernelsModule : emulatedKernelsModule;
}
