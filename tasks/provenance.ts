/**
 * Where a run came from: recorded beside it, and no part of its identity.
 *
 * @module
 */
import { version as tfjsVersion } from "@tensorflow/tfjs";
import { recordJson } from "../src/experiments/record.ts";
import { ifExists } from "./files.ts";
import type { Job } from "./training_worker.ts";

/** The provenance of a run that took `seconds`, as JSON text. */
export async function provenance({ hyperparameters }: Job, seconds: number): Promise<string> {
  return recordJson({
    commit: await headCommit(),
    finishedAt: new Date().toISOString(),
    seconds,
    engine: hyperparameters.engine,
    versions: { deno: Deno.version.deno, v8: Deno.version.v8, tfjs: tfjsVersion.tfjs },
    machine: { os: Deno.build.os, architecture: Deno.build.arch, cores: navigator.hardwareConcurrency },
  });
}

/** The commit that is checked out, or null outside a repository. Read from .git itself, which needs no process. */
async function headCommit(): Promise<string | null> {
  const head = (await readOptional(".git/HEAD"))?.trim();
  if (!head?.startsWith("ref: ")) return head ?? null;
  const reference = head.slice("ref: ".length);
  const loose = (await readOptional(`.git/${reference}`))?.trim();
  if (loose) return loose;
  const packed = (await readOptional(".git/packed-refs"))?.split("\n").find((line) =>
    line.endsWith(` ${reference}`)
  );
  return packed?.split(" ")[0] ?? null;
}

async function readOptional(path: string): Promise<string | undefined> {
  return await ifExists(Deno.readTextFile(path));
}
