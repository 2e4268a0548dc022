/** What `assembly/` compiles to: it imports the memory that it works on as `env.memory`. */
export declare const kernelsModule: WebAssembly.Module;
/** The same, bit for bit and slower, for processors without fused multiply-add. */
export declare const emulatedKernelsModule: WebAssembly.Module;
