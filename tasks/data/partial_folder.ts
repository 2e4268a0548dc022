/**
 * The folder of one fetch in progress: whatever happens, it is gone afterwards.
 *
 * @module
 */
import { join } from "node:path";

const prefix = ".partial-";
const interruptedCode = 130;
const staleMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Runs `work` with a new folder inside `cache` and removes the folder when `work` is done or has failed.
 *
 * When the process is interrupted, `signal` is aborted, and once `work` has given up and the folder is gone the
 * process exits with code 130; a second interruption does not wait for `work`. What a killed process left is removed
 * by a later fetch after a day, when no other process can still be at work in it.
 */
export async function withPartialFolder<Result>(
  cache: string,
  work: (folder: string, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  await Deno.mkdir(cache, { recursive: true });
  await removeStale(cache);
  const folder = await Deno.makeTempDir({ dir: cache, prefix });
  const interruption = new AbortController();
  const stopListening = onInterrupt(() => {
    if (interruption.signal.aborted) leave(folder);
    interruption.abort(new Error("interrupted"));
  });
  try {
    return await work(folder, interruption.signal);
  } finally {
    stopListening();
    removeFolder(folder);
    if (interruption.signal.aborted) Deno.exit(interruptedCode);
  }
}

function leave(folder: string): never {
  removeFolder(folder);
  Deno.exit(interruptedCode);
}

async function removeStale(cache: string): Promise<void> {
  for await (const { name } of Deno.readDir(cache)) {
    if (name.startsWith(prefix) && await age(join(cache, name)) > staleMilliseconds) {
      removeFolder(join(cache, name));
    }
  }
}

async function age(path: string): Promise<number> {
  const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
  return mtime === null ? 0 : Date.now() - mtime.getTime();
}

function removeFolder(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function onInterrupt(listener: () => void): () => void {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, listener);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, listener);
  };
}
