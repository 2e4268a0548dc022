/**
 * The compilation of the package's addon against TensorFlow.
 *
 * @module
 */
import { join } from "node:path";

/** Where the parts of an addon are. */
export interface AddonParts {
  /** The package's folder with the sources. */
  readonly sourceFolder: string;
  /** The changed copy of the source that {@linkcode withNamesPerThread} changes. */
  readonly backendSource: string;
  /** The source of the operations that the addon adds to TensorFlow's. */
  readonly operationsSource: string;
  /** Node's headers for addons. */
  readonly headersFolder: string;
  /** TensorFlow's folder: two libraries and `include`. */
  readonly tensorflowFolder: string;
  /** Where the addon looks for the libraries when it is loaded; `$ORIGIN` is the addon's own folder. */
  readonly runPath: string;
}

const sharedNames = "static std::set<std::string> ATTR_NAME_SET;";

const librariesOnly = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** TensorFlow's two libraries, of its wheel's 13,000 files the only ones that run. */
export const tensorflowLibraries: readonly string[] = librariesOnly;

/** The headers that the addon's sources reach. */
export const tensorflowHeaders: readonly string[] = [
  "include/tensorflow/c/",
  "include/tensorflow/core/common_runtime/next_pluggable_device/c/",
  "include/tensorflow/core/platform/",
  "include/tsl/platform/",
  "include/xla/tsl/c/",
];

/**
 * The arguments that have GCC or Clang build the addon into `target`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const sources = { sourceFolder: "/s", backendSource: "/b.cc", operationsSource: "/o.cc" };
 * const folders = { headersFolder: "/h", tensorflowFolder: "/t", runPath: "$ORIGIN/../t" };
 * const given = compilerArguments({ ...sources, ...folders }, "/out/addon.node");
 * assert(given.includes("-I/t/include") && given.includes("-Wl,-rpath,$ORIGIN/../t"));
 * ```
 */
export function compilerArguments(parts: AddonParts, target: string): string[] {
  const { sourceFolder, backendSource, operationsSource, headersFolder, tensorflowFolder, runPath } = parts;
  const includes = [join(tensorflowFolder, "include"), join(headersFolder, "include"), sourceFolder];
  return [
    ...["-shared", "-fPIC", "-pthread", "-std=c++17", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
    ...["-O3", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"],
    ...includes.map((folder) => `-I${folder}`),
    ...[backendSource, join(sourceFolder, "tfjs_binding.cc"), operationsSource],
    `-L${tensorflowFolder}`,
    ...librariesOnly.map((library) => `-l:${library}`),
    ...[`-Wl,-rpath,${runPath}`, "-o", target],
  ];
}

/**
 * The source `tfjs_backend.cc` with its set of names made one a thread.
 *
 * As it is published, all threads add to one set without a lock: two workers that start at once read each other's half
 * written names, and TensorFlow refuses the op or the process ends.
 *
 * @throws {Error} If the source has no such set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const source = "static std::set<std::string> ATTR_NAME_SET;\n";
 * assertEquals(withNamesPerThread(source), "static thread_local std::set<std::string> ATTR_NAME_SET;\n");
 * ```
 */
export function withNamesPerThread(source: string): string {
  if (!source.includes(sharedNames)) {
    throw new Error(`Cannot build the addon as tfjs_backend.cc must contain "${sharedNames}": it does not`);
  }
  return source.replace(sharedNames, sharedNames.replace("static", "static thread_local"));
}
