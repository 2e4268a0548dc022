/**
 * Stand-ins for NVIDIA's libraries.
 *
 * On Linux the only PyTorch of the Python package index is the one for CUDA: its libraries do not load without ten of
 * NVIDIA's, which are gigabytes, even where nothing is computed on a GPU. One small library of our own making, under
 * all their names and with a function for every name that PyTorch's refer to, lets them load. PyTorch asks the first of
 * these functions for the number of GPUs, is told of an error, and computes on the CPU.
 *
 * @module
 */
import { join } from "node:path";
import { type Program, run } from "../setup_tensorflow/program.ts";

/** What libraries refer to outside of themselves. */
export interface Needs {
  /** The names of libraries, as the loader looks for them. */
  readonly libraries: readonly string[];
  /** The names of functions by the version that the library must give them; "" where there is none. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
}

/** The programs that find the needs out and meet them. */
export interface StandInPrograms {
  /** Prints what is in a library. */
  readonly readelf: Program;
  /** A C compiler with the options of GCC. */
  readonly compiler: Program;
}

const libraryPattern = /\(NEEDED\).*\[(lib(?:cu|nccl|nvrtc|nvshmem|nvJitLink)[^\]]*)\]/;
const functionPattern = /\sUND\s+((?:__cuda|cu|nccl|nvrtc|nvshmem|nvJitLink)[A-Za-z0-9_]*)(?:@+(\S+))?/;

/** What every function returns: CUDA's number for "no device". */
const noDevice = 100;

const standIn = "libstandin.so";

/**
 * What libraries need of NVIDIA's, from what `readelf --dynamic --dyn-syms --wide` prints.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const printed = `
 *  0x0001 (NEEDED)  Shared library: [libcudart.so.13]
 *      7: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND cudaMalloc@libcudart.so.13 (4)`;
 * const { libraries, functions } = needsOf(printed);
 * assertEquals(libraries, ["libcudart.so.13"]);
 * assertEquals(functions.get("libcudart.so.13"), ["cudaMalloc"]);
 * ```
 */
export function needsOf(printed: string): Needs {
  const libraries = new Set<string>();
  const functions = new Map<string, Set<string>>();
  for (const line of printed.split("\n")) {
    const library = libraryPattern.exec(line)?.[1];
    if (library) libraries.add(library);
    const [, name, version = ""] = functionPattern.exec(line) ?? [];
    if (name) functions.set(version, (functions.get(version) ?? new Set()).add(name));
  }
  return {
    libraries: [...libraries].sort(),
    functions: new Map([...functions].map(([version, names]) => [version, [...names].sort()])),
  };
}

/**
 * The C source of the stand-in.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const functions = new Map([["", ["ncclSend"]]]);
 * assertEquals(standInSource({ libraries: [], functions }), "int ncclSend(void) { return 100; }\n");
 * ```
 */
export function standInSource({ functions }: Needs): string {
  const names = new Set([...functions.values()].flat());
  return [...names].map((name) => `int ${name}(void) { return ${noDevice}; }\n`).join("");
}

/**
 * The linker's script that gives the functions their versions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const functions = new Map([["", ["ncclSend"]], ["libcudart.so.13", ["cudaMalloc", "cudaFree"]]]);
 * assertEquals(versionScript({ libraries: [], functions }), "libcudart.so.13 { cudaMalloc; cudaFree; };\n");
 * ```
 */
export function versionScript({ functions }: Needs): string {
  return [...functions].filter(([version]) => version !== "")
    .map(([version, names]) => `${version} { ${names.map((name) => `${name};`).join(" ")} };\n`).join("");
}

/**
 * Builds the stand-in beside the libraries in a folder, under every name that they look for and that is not there.
 *
 * @returns The names.
 * @throws {Error} If the compiler or `readelf` fails: in one sentence.
 */
export async function writeStandIns(folder: string, programs: StandInPrograms): Promise<readonly string[]> {
  const libraries = librariesIn(folder);
  if (libraries.length === 0) return [];
  const needs = needsOf(
    await run(programs.readelf, {
      purpose: "read PyTorch's libraries",
      arguments: ["--dynamic", "--dyn-syms", "--wide", ...libraries],
    }),
  );
  if (needs.libraries.length > 0) await buildStandIn(folder, needs, programs.compiler);
  return needs.libraries;
}

function librariesIn(folder: string): string[] {
  return Deno.readDirSync(folder).map(({ name }) => name)
    .filter((name) => name.endsWith(".so") && name !== standIn)
    .map((name) => join(folder, name)).toArray();
}

async function buildStandIn(folder: string, needs: Needs, compiler: Program): Promise<void> {
  const [source, script] = [join(folder, "standin.c"), join(folder, "standin.map")];
  await Deno.writeTextFile(source, standInSource(needs));
  await Deno.writeTextFile(script, versionScript(needs));
  const options = ["-shared", "-fPIC", "-fno-builtin", `-Wl,--version-script,${script}`];
  await run(compiler, {
    purpose: "build the stand-in for NVIDIA's libraries",
    arguments: [...options, "-o", join(folder, standIn), source],
  });
  for (const name of needs.libraries) await Deno.symlink(standIn, join(folder, name));
}
