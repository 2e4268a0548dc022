/** What `assembly/normal_product.ts` compiles to, with a memory of its own. */
export declare const normalProductModule: WebAssembly.Module;
