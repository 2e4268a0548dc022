/**
 * Loads TensorFlow, where it is set up, ahead of a test that asks for an adapter in the same process: Mesa's software
 * drivers bring an LLVM of their own, after which TensorFlow's crashes as it is loaded.
 *
 * @module
 */
import { createRequire } from "node:module";
import { addonFile, isSetUp, libraryFolder } from "../../../src/network/engines/tensorflow/library_folder.ts";

const folder = libraryFolder();
// An addon stays loaded when who has loaded it ends; a library of Deno.dlopen would not.
if (isSetUp(folder)) createRequire(import.meta.url)(addonFile(folder));
