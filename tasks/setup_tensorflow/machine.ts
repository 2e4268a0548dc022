/**
 * This machine, as far as a set-up depends on it.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type Machine, usualCandidates } from "./prerequisites.ts";
import { type Program, succeeds } from "./program.ts";

/** The tool that comes with NVIDIA's driver, which lists the GPUs, or fails where there is none. */
const driverTool: Program = { label: "nvidia-smi", path: "nvidia-smi" };

/** The machine that this process runs on. */
export async function thisMachine(): Promise<Machine> {
  return {
    os: Deno.build.os,
    architecture: Deno.build.arch,
    hasDriver: await succeeds(driverTool, ["--list-gpus"]),
    freeBytes,
    candidates: usualCandidates,
  };
}

/** The bytes that are free on the disk of a folder that may not exist yet. */
function freeBytes(folder: string): number {
  if (!exists(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
