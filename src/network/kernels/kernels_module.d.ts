/** What `assembly/` compiles to: it imports the memory that it works on as `env.memory`. */
export declare const kernelsModule: WebAssembly.Module;
