/**
 * The stages of a set-up: each leaves a stamp when it is complete, so that a set-up which was stopped goes on there.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { withPartialFolder } from "../data/partial_folder.ts";

/** One stage. */
export interface Stage {
  /** The name of its stamp. */
  readonly name: string;
  /** What the outcome depends on. Another key means that the stage has to be done again. */
  readonly key: string;
  /** The files and folders that the stage leaves, from the private folder. */
  readonly leaves: readonly string[];
  /** Makes them, by the same names, in a folder that is thrown away if this fails. */
  readonly work: (partialFolder: string) => Promise<void>;
}

/** Whether a stage is complete: its stamp has its key, and what it leaves is there. */
export function isComplete(folder: string, { name, key, leaves }: Omit<Stage, "work">): boolean {
  return readStamp(folder, name) === key && leaves.every((path) => exists(join(folder, path)));
}

/** Does a stage unless it is complete. What it makes appears whole or not at all, and the stamp comes last. */
export async function complete(folder: string, stage: Stage): Promise<void> {
  if (isComplete(folder, stage)) return;
  await forget(folder, stage.name);
  await withPartialFolder(folder, async (partial) => {
    await stage.work(partial);
    for (const path of stage.leaves) await replace(join(partial, path), join(folder, path));
    await Deno.writeTextFile(join(partial, "stamp"), stage.key);
    await replace(join(partial, "stamp"), stampFile(folder, stage.name));
  });
}

async function replace(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await remove(to);
  await Deno.rename(from, to);
}

/** Removes the stamp of a stage, so that it counts as not done. */
async function forget(folder: string, name: string): Promise<void> {
  await remove(stampFile(folder, name));
}

/** Removes a file or a folder, if there is one. */
export async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function stampFile(folder: string, name: string): string {
  return join(folder, "stamps", name);
}

/** The key that a stage was last completed with, if it was. */
export function readStamp(folder: string, name: string): string | undefined {
  try {
    return Deno.readTextFileSync(stampFile(folder, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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
