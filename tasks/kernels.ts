/**
 * Builds the module of the wasm engine's kernels from its AssemblyScript sources.
 *
 * @module
 */
import { main as compile } from "assemblyscript/asc";

const sources = new URL("../src/network/kernels/assembly/", import.meta.url);
const target = new URL("../src/network/kernels/kernels.wasm", import.meta.url);

/**
 * What the compiler is asked for: SIMD over the memory of another module, and no run-time system of its own. That memory
 * is known to have tfjs's 256 pages at least: with none, each access would first be checked against the size of an empty
 * one.
 */
const options = [
  "--optimizeLevel=3",
  "--shrinkLevel=0",
  "--converge",
  "--noAssert",
  "--runtime=stub",
  "--enable=simd",
  "--importMemory",
  "--initialMemory=256",
];

/**
 * The bytes of the module that the sources compile to.
 *
 * @throws {Error} If the compiler refuses the sources: its messages.
 */
export async function compileKernels(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await compile(["index.ts", "--outFile=kernels.wasm", ...options], {
    readFile: readSource,
    writeFile: (_name, contents) => void (bytes = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`Cannot compile the kernels: ${error?.message}\n${stderr}`);
  return bytes;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, sources));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const bytes = await compileKernels();
  await Deno.writeFile(target, bytes);
  console.log(`Wrote ${bytes.length} bytes to ${target.pathname}`);
}
