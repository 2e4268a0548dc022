/**
 * Where a run came from: recorded beside it, and no part of its identity.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";
import { version as tfjsVersion } from "@tensorflow/tfjs";
import { recordJson } from "../src/experiments/record.ts";
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

/**
 * The commit that is checked out in a folder, or null where none can be read: outside a repository, or where the task may
 * not read the repository that a worktree is of. Read from .git itself, which needs no process.
 */
export async function headCommit(folder = "."): Promise<string | null> {
  const own = await gitFolder(folder);
  const head = await readLine(`${own}/HEAD`);
  if (!head?.startsWith("ref: ")) return head ?? null;
  const reference = head.slice("ref: ".length);
  const common = within(own, await readLine(`${own}/commondir`) ?? ".");
  return await readLine(`${common}/${reference}`) ?? await packedCommit(common, reference);
}

/** Where git keeps what it knows of a folder: .git, or what it names where it is a file, in a worktree or submodule. */
async function gitFolder(folder: string): Promise<string> {
  const named = await readLine(`${folder}/.git`);
  return named?.startsWith("gitdir: ") ? within(folder, named.slice("gitdir: ".length)) : `${folder}/.git`;
}

async function packedCommit(common: string, reference: string): Promise<string | null> {
  const lines = (await readOptional(`${common}/packed-refs`))?.split("\n");
  return lines?.find((line) => line.endsWith(` ${reference}`))?.split(" ")[0] ?? null;
}

function within(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

async function readLine(path: string): Promise<string | undefined> {
  return (await readOptional(path))?.trim() || undefined;
}

/** What cannot be read, for whatever reason, is no reason to lose a finished run. */
async function readOptional(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(() => undefined);
}
