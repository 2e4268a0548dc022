/**
 * Builds the WebAssembly modules, those of the wasm engine's kernels and that of the spectral norm, from their
 * AssemblyScript sources.
 *
 * @module
 */
import { main as compile } from "assemblyscript/asc";
import { takesNoArguments } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";
import { writeWhole } from "./files.ts";

const root = new URL("../src/", import.meta.url);

/** What the compiler is asked for: SIMD, and no run-time system of its own. */
const options = [
  "--optimizeLevel=3",
  "--shrinkLevel=0",
  "--converge",
  "--noAssert",
  "--runtime=stub",
  "--enable=simd",
];

/**
 * The kernels work on the memory of another module. That memory is known to have tfjs's 256 pages at least: with none, each
 * access would first be checked against the size of an empty one.
 */
const onImportedMemory = ["--importMemory", "--initialMemory=256"];

interface ModuleSource {
  /** The source file, from `src` on. */
  readonly source: string;
  /** What the compiler is asked for besides. */
  readonly options: readonly string[];
}

const kernels = "network/kernels/assembly/index.ts";

/** The modules' files and sources, from `src` on. The sums of the two that are of one source differ. */
export const kernelModules: Readonly<Record<string, ModuleSource>> = {
  "network/kernels/kernels.wasm": {
    source: kernels,
    options: [...onImportedMemory, "--enable=relaxed-simd", "--use=IS_EMULATED=0"],
  },
  "network/kernels/kernels_emulated.wasm": {
    source: kernels,
    options: [...onImportedMemory, "--use=IS_EMULATED=1"],
  },
  "math/normal_product.wasm": {
    source: "math/assembly/normal_product.ts",
    options: ["--initialMemory=1"],
  },
};

/**
 * The bytes of a module, as its source compiles to it.
 *
 * @throws {Error} If the compiler refuses the source: its messages.
 */
export async function compileKernels(file: string): Promise<Uint8Array> {
  const { source, options: besides } = kernelModules[file];
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await compile([source, `--outFile=${file}`, ...options, ...besides], {
    readFile: readSource,
    writeFile: (_name, contents) => void (bytes = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`Cannot compile the kernels: ${error?.message}\n${stderr}`);
  return bytes;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, root));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  takesNoArguments("kernels", "Compiles the AssemblyScript kernels");
  await inOneSentence(async () => {
    for (const file of Object.keys(kernelModules)) {
      const bytes = await compileKernels(file), path = new URL(file, root).pathname;
      await writeWhole(path, bytes);
      console.log(`Wrote ${bytes.length} bytes to ${path}`);
    }
  });
}
