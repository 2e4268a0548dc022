// @ts-self-types="./kernels_module.d.ts"
/**
 * The compiled kernels. TypeScript cannot say `import source`, hence the JavaScript: in this form the module is
 * a part of the program, so that loading it asks for no permission.
 *
 * @module
 */
import source kernelsModule from "./kernels.wasm";

export { kernelsModule };
