/**
 * The compilation of the package's addon against TensorFlow.
 *
 * @module
 */
import { join } from "node:path";

/** Where the parts of an addon are. */
export interface AddonParts {
  /** The unpacked Node package. */
  readonly packageFolder: string;
  /** Node's headers for addons. */
  readonly headersFolder: string;
  /** TensorFlow's folder: two libraries and `include`. */
  readonly tensorflowFolder: string;
  /** Where the addon looks for the libraries when it is loaded; `$ORIGIN` is the addon's own folder. */
  readonly runPath: string;
}

const librariesOnly = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** TensorFlow's two libraries, of its wheel's 13,000 files the only ones that run. */
export const tensorflowLibraries: readonly string[] = librariesOnly;

/** The headers that the addon's sources reach. */
export const tensorflowHeaders: readonly string[] = [
  "include/tensorflow/c/",
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
 * const parts = { packageFolder: "/p", headersFolder: "/h", tensorflowFolder: "/t", runPath: "$ORIGIN/../t" };
 * const given = compilerArguments(parts, "/out/addon.node");
 * assert(given.includes("-I/t/include") && given.includes("-Wl,-rpath,$ORIGIN/../t"));
 * ```
 */
export function compilerArguments(parts: AddonParts, target: string): string[] {
  const { packageFolder, headersFolder, tensorflowFolder, runPath } = parts;
  return [
    ...["-shared", "-fPIC", "-O2", "-std=c++17", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
    ...[join(tensorflowFolder, "include"), join(headersFolder, "include")].map((folder) => `-I${folder}`),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((source) => join(packageFolder, "binding", source)),
    `-L${tensorflowFolder}`,
    ...librariesOnly.map((library) => `-l:${library}`),
    ...[`-Wl,-rpath,${runPath}`, "-o", target],
  ];
}
