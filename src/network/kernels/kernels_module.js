// @ts-self-types="./kernels_module.d.ts"
/**
 * The compiled kernels. TypeScript cannot say `import source`, hence the JavaScript: in this form the modules are
 * a part of the program, so that loading them asks for no permission.
 *
 * @module
 */
import source kernelsModule from "./kernels.wasm";
import source emulatedKernelsModule from "./kernels_emulated.wasm";

export { emulatedKernelsModule, kernelsModule };
