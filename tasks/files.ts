/**
 * Files that are written whole or not at all.
 *
 * @module
 */
import { dirname, isAbsolute, resolve } from "node:path";

/** How the names of files end that are being written; what a killed process left has such a name too. */
export const temporaryEnding = ".tmp";

/**
 * Writes a file under a temporary name and renames it; makes its folder. Whatever stops it leaves the old file.
 *
 * @throws {Error} If the file cannot be written: its path with the system's reason, which is the cause.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}${temporaryEnding}`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(temporary, content);
    else await Deno.writeFile(temporary, content);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot write ${path}, of which nothing was changed: ${reason}`, { cause: error });
  }
}

/**
 * Makes a folder for files that are written later, so that what stops them is known before any work.
 *
 * @throws {Error} If the folder cannot be made: its path with the system's reason, which is the cause.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot write into ${path}: ${reason}`, { cause: error });
  }
}

/** What to add where nothing is at a path of the user's: a task takes relative ones from elsewhere than a shell does. */
export function whereSought(path: string): string {
  if (isAbsolute(path)) return "";
  return `; ${resolve(path)} was looked for, as a task's relative paths start at the project's folder`;
}

/** What `read` gives, or undefined where the file does not exist. */
export async function ifExists<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
