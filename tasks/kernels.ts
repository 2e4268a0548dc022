/**
 * Builds the modules of the wasm engine's kernels from their AssemblyScript sources.
 *
 * @module
 */
import { main as compile } from "assemblyscript/asc";
import { takesNoArguments } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";
import { writeWhole } from "./files.ts";

const folder = new URL("../src/network/kernels/", import.meta.url);

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

/** The files of the modules, and what each is asked for besides: the sums of `assembly/sums.ts` differ. */
export const kernelModules: Readonly<Record<string, readonly string[]>> = {
  "kernels.wasm": ["--enable=relaxed-simd", "--use=IS_EMULATED=0"],
  "kernels_emulated.wasm": ["--use=IS_EMULATED=1"],
};

/**
 * The bytes of a module, as the sources compile to it.
 *
 * @throws {Error} If the compiler refuses the sources: its messages.
 */
export async function compileKernels(file: string): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await compile([
    "index.ts",
    `--outFile=${file}`,
    ...options,
    ...kernelModules[file],
  ], {
    readFile: readSource,
    writeFile: (_name, contents) => void (bytes = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`Cannot compile the kernels: ${error?.message}\n${stderr}`);
  return bytes;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(`assembly/${name}`, folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  takesNoArguments("kernels", "Compiles the AssemblyScript kernels");
  await inOneSentence(async () => {
    for (const file of Object.keys(kernelModules)) {
      const bytes = await compileKernels(file), path = new URL(file, folder).pathname;
      await writeWhole(path, bytes);
      console.log(`Wrote ${bytes.length} bytes to ${path}`);
    }
  });
}
