/**
 * Loads npm `@tensorflow/tfjs-node-gpu` from the private folder, around the tfjs of this program.
 *
 * The package has a dependency on a tfjs of its own. Two copies would share tfjs's engine, which is global, but not
 * the class `Tensor`. So the private folder has in its place a module of one line, which hands over the object that is
 * found under {@linkcode tfjsSymbol}. Neither the package nor the addon is in the module graph of this program: both
 * are asked for by path, and only when the engine is selected.
 *
 * @module
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { addonFile, isSetUp, packageFolder, tfjsSymbol } from "./library_folder.ts";
import { restoreValueTests } from "./node_compatibility.ts";

/** An attribute of a TensorFlow op: a type number of the addon, and a value of that type. */
export interface OperationAttribute {
  /** Its name in the op's definition. */
  readonly name: string;
  /** One of the addon's TF_ATTR numbers. */
  readonly type: number;
  /** Its value. */
  readonly value: boolean | number | string | readonly number[];
}

/** What the engine uses of the addon: TensorFlow's numbers for types. */
export interface Addon {
  /** The version of TensorFlow. */
  readonly TF_Version: string;
  /** Single precision. */
  readonly TF_FLOAT: number;
  /** A truth value. */
  readonly TF_ATTR_BOOL: number;
  /** A whole number. */
  readonly TF_ATTR_INT: number;
  /** A shape. */
  readonly TF_ATTR_SHAPE: number;
  /** A string. */
  readonly TF_ATTR_STRING: number;
  /** A type of numbers. */
  readonly TF_ATTR_TYPE: number;
}

/** What the engine uses of the package's backend. */
export interface TensorflowBackend extends tf.KernelBackend {
  /** The addon. */
  readonly binding: Addon;
  /** Whether TensorFlow found a GPU. */
  readonly isUsingGpuDevice: boolean;
  /** Runs a TensorFlow op. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * Loads package and addon, which registers the package's kernels with tfjs, and makes a backend of them.
 *
 * @param folder The private folder.
 * @throws {Error} If nothing is set up there, or TensorFlow cannot be loaded.
 * @throws {Deno.errors.NotCapable} If the folder may not be read, or the addon not be loaded (`--allow-ffi`).
 */
export function loadBackend(folder: string): TensorflowBackend {
  if (!isSetUp(folder)) {
    throw new Error(
      `Cannot load TensorFlow as ${addonFile(folder)} must exist: run deno task setup:tensorflow`,
    );
  }
  restoreValueTests();
  Reflect.set(globalThis, Symbol.for(tfjsSymbol), tf);
  const require = createRequire(join(packageFolder(folder), "package.json"));
  require("./dist/register_all_kernels.js");
  const { NodeJSKernelBackend } = require("./dist/nodejs_kernel_backend.js");
  return new NodeJSKernelBackend(loadAddon(require, folder), "@tensorflow/tfjs-node-gpu");
}

function loadAddon(require: (path: string) => unknown, folder: string): unknown {
  try {
    return require(addonFile(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error("Cannot load TensorFlow as its addon does not load: run deno task doctor", {
      cause: error,
    });
  }
}
