/**
 * A TensorFlow that is installed already, for Python.
 *
 * @module
 */
import { join } from "node:path";
import { tensorflowHeaders, tensorflowLibraries } from "./addon.ts";
import { tensorflowMinorVersion, type Variant } from "./pins.ts";
import { type Program, run } from "./program.ts";

/** An installed TensorFlow. */
export interface InstalledTensorflow {
  /** The distribution that it came with. */
  readonly project: string;
  /** Its version. */
  readonly version: string;
  /** The folder of the Python package. */
  readonly folder: string;
}

/** Reads what is recorded about the package; TensorFlow itself, which takes seconds to start, is not loaded. */
const findProgram = `
import importlib.metadata, importlib.util, json
spec = importlib.util.find_spec("tensorflow")
folder = spec.submodule_search_locations[0] if spec else ""
found = []
for project in ("tensorflow", "tensorflow-cpu"):
    try:
        found.append(dict(project=project, version=importlib.metadata.version(project), folder=folder))
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found if folder else []))
`;

/**
 * The installed TensorFlow that fits, if there is one: of the right minor version, with libraries and headers and, where
 * CUDA is needed, its libraries beside it, without which TensorFlow is silently on the CPU.
 */
export async function findInstalled(
  python: Program,
  variant: Variant,
  needsCuda = false,
): Promise<InstalledTensorflow | undefined> {
  const call = { purpose: "look for an installed TensorFlow", arguments: ["-c", findProgram] };
  const installed: InstalledTensorflow[] = JSON.parse(await run(python, call));
  const cuda = needsCuda ? cudaLibraries : [];
  return installed.find((tensorflow) =>
    fits(tensorflow, variant) &&
    hasAll(tensorflow.folder, [...tensorflowLibraries, ...tensorflowHeaders, ...cuda])
  );
}

/**
 * Whether an installed TensorFlow can stand in for the one that would be fetched.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const installed = { project: "tensorflow-cpu", version: "2.21.3", folder: "/site-packages/tensorflow" };
 * assertEquals([fits(installed, "cpu"), fits(installed, "cuda")], [true, false]);
 * ```
 */
export function fits({ project, version }: InstalledTensorflow, variant: Variant): boolean {
  return version.startsWith(`${tensorflowMinorVersion}.`) && (variant === "cpu" || project === "tensorflow");
}

/** Where TensorFlow's wheel looks for some of the libraries of CUDA, which `pip install tensorflow[and-cuda]` brings. */
const cudaLibraries: readonly string[] = ["cublas", "cudnn"].map((name) => `../nvidia/${name}/lib`);

function hasAll(folder: string, paths: readonly string[]): boolean {
  try {
    paths.forEach((path) => Deno.statSync(join(folder, path)));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
