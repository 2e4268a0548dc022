// @ts-self-types="./normal_product_module.d.ts"
/**
 * The compiled products of the spectral norm. TypeScript cannot say `import source`, hence the JavaScript: in this form the
 * module is a part of the program, so that loading it asks for no permission.
 *
 * @module
 */
import source normalProductModule from "./normal_product.wasm";

export { normalProductModule };
