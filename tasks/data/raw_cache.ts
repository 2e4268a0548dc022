/**
 * The cache of raw files: one folder a data set, each file written whole or not at all.
 *
 * @module
 */
import { join } from "node:path";
import { assembleDataset } from "../../src/datasets/assemble.ts";
import type { Dataset, DatasetName } from "../../src/datasets/dataset.ts";
import { checkRawFile, type NamedBytes, type RawFile } from "../../src/datasets/raw_files.ts";

/** The folder of a data set inside the cache. */
export function datasetFolder(cache: string, name: DatasetName): string {
  return join(cache, name);
}

/** Whether every file is there. Its content is checked when it is read. */
export function isCached(cache: string, name: DatasetName, files: readonly RawFile[]): boolean {
  return files.every((file) => isFile(join(datasetFolder(cache, name), file.name)));
}

/**
 * Reads a data set from the cache and verifies every file.
 *
 * @throws {Error} If a file's checksum is wrong.
 */
export function readCached(cache: string, name: DatasetName, files: readonly RawFile[]): Dataset {
  return assembleDataset(name, files, (file) => readFile(cache, name, file));
}

/** Verifies every file in the cache, one in memory at a time. */
export function verifyCached(cache: string, name: DatasetName, files: readonly RawFile[]): void {
  for (const file of files) readFile(cache, name, file);
}

function readFile(cache: string, name: DatasetName, file: RawFile): NamedBytes {
  const path = join(datasetFolder(cache, name), file.name);
  const found = { name: path, bytes: Deno.readFileSync(path) };
  checkRawFile(file, found, `Remove it and run: deno task data ${name}`);
  return found;
}

/**
 * Puts verified content into the cache. Each file is written to the partial folder and renamed, so that a reader
 * sees the old file or the new one, and two writers end in the same bytes.
 */
export async function storeRawFiles(
  cache: string,
  name: DatasetName,
  contents: ReadonlyMap<string, Uint8Array>,
  partialFolder: string,
): Promise<void> {
  const folder = datasetFolder(cache, name);
  await Deno.mkdir(folder, { recursive: true });
  for (const [fileName, bytes] of contents) {
    const partial = join(partialFolder, fileName);
    await Deno.writeFile(partial, bytes);
    await Deno.rename(partial, join(folder, fileName));
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
