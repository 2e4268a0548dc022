/**
 * Where runs are kept: named files in a folder a run, written whole or not at all.
 *
 * @module
 */

/** The files of one run. */
export interface RunFiles {
  /** The bytes of a file, or undefined where it does not exist. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Writes a file whole or, if anything stops it, not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file if it exists. */
  remove(name: string): Promise<void>;
}

/** Runs by identity (`runIdentity`). */
export interface RunStore {
  /** The files of the run of this identity, which need not exist yet. */
  run(identity: string): RunFiles;
  /** The identities of all runs that are there, in order. */
  identities(): Promise<string[]>;
}

/** Reads a file of a run as text. */
export async function readText(files: RunFiles, name: string): Promise<string | undefined> {
  const bytes = await files.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** Writes a file of a run as text. */
export async function writeText(files: RunFiles, name: string, text: string): Promise<void> {
  await files.write(name, new TextEncoder().encode(text));
}
