/**
 * The run store on disk: one folder a run, and a lock in it that one worker at a time holds.
 *
 * @module
 */
import type { RunFiles, RunStore } from "../src/experiments/run_store.ts";
import { DiskReader } from "./disk_reader.ts";
import { ifExists, temporaryEnding, writeWhole } from "./files.ts";

const lockName = "lock";

/** A run that nobody else trains or measures until it is released. */
export interface TakenRun {
  /** The run's files. */
  readonly files: RunFiles;
  /** Whether the file system has locks. Where it has none, two processes may do the same work, with the same result. */
  readonly isLocked: boolean;
  /** Lets others have it. */
  release(): void;
}

/** Opens the store in `folder`, which is made when something is written. */
export function openRunStore(folder: string): RunStore {
  const reader = new DiskReader();
  return {
    run: (identity) => filesIn(`${folder}/${identity}`, (path) => reader.read(path)),
    async identities(): Promise<string[]> {
      const entries = await ifExists(unlessFile(folder, Array.fromAsync(Deno.readDir(folder))));
      return (entries ?? []).filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
    },
  };
}

/**
 * Takes a run and removes what a killed process left half written in it.
 *
 * The lock is the system's own, on the empty file `lock`: it ends with the process that holds it, however that ends,
 * and depends on no clock. The file itself stays, since a lock on a file that was removed would hold nobody off.
 *
 * @param store The store's folder.
 * @returns The run, or undefined if another worker or process has it.
 * @throws {Error} If the run's folder cannot be written.
 */
export async function takeRun(store: string, identity: string): Promise<TakenRun | undefined> {
  const folder = `${store}/${identity}`;
  const lock = await openLock(folder);
  const state = await lockState(lock);
  if (state === "taken") {
    lock.close();
    return undefined;
  }
  const isLocked = state === "ours";
  if (isLocked) await removeTemporaries(folder);
  return { files: filesIn(folder, Deno.readFile), isLocked, release: () => lock.close() };
}

/**
 * Whether a worker or process has a run now: undefined where the file system has no locks. Nothing is written.
 *
 * The lock is asked for to be shared, and let go of at once: a worker that asks at the same moment asks again.
 */
export async function isTaken(store: string, identity: string): Promise<boolean | undefined> {
  const lock = await ifExists(Deno.open(`${store}/${identity}/${lockName}`));
  if (!lock) return false;
  try {
    return !await lock.tryLock(false);
  } catch {
    return undefined;
  } finally {
    lock.close();
  }
}

async function openLock(folder: string): Promise<Deno.FsFile> {
  const path = `${folder}/${lockName}`;
  try {
    await Deno.mkdir(folder, { recursive: true });
    return await Deno.open(path, { create: true, write: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot write ${path}, of which nothing was changed: ${reason}`, { cause: error });
  }
}

async function lockState(lock: Deno.FsFile): Promise<"ours" | "taken" | "unknown"> {
  try {
    return await lock.tryLock(true) ? "ours" : "taken";
  } catch {
    return "unknown";
  }
}

async function removeTemporaries(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(temporaryEnding)) await ifExists(Deno.remove(`${folder}/${name}`));
  }
}

function filesIn(folder: string, read: (path: string) => Promise<Uint8Array>): RunFiles {
  return {
    read: (name) => ifExists(unlessFile(folder, read(`${folder}/${name}`))),
    write: (name, bytes) => writePersistently(`${folder}/${name}`, bytes),
    async remove(name): Promise<void> {
      await ifExists(Deno.remove(`${folder}/${name}`));
    },
  };
}

/** What `read` gives from a folder; the sentence where it is none names it. */
async function unlessFile<T>(folder: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
    throw new Error(`Cannot read ${folder} as it must be a folder: it is a file, or lies in one`, {
      cause: error,
    });
  }
}

/** Writes again if whoever took the run just then removed the temporary file of a writer that has not taken it. */
async function writePersistently(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof Deno.errors.NotFound)) throw error;
    await writeWhole(path, bytes);
  }
}
