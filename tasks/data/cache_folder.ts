/**
 * Where the raw data are kept: one folder for all checkouts.
 *
 * @module
 */
import { join } from "node:path";

/** What the place of the cache depends on. */
export interface CacheSurroundings {
  /** The operating system, as `Deno.build.os` has it. */
  readonly os: string;
  /** Reads an environment variable. */
  readonly variable: (name: string) => string | undefined;
}

const thisProcess: CacheSurroundings = { os: Deno.build.os, variable: (name) => Deno.env.get(name) };

/**
 * The cache folder: PRUNEBOUND_DATA, or `prunebound` in the platform's cache folder ($XDG_CACHE_HOME or ~/.cache,
 * ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows).
 *
 * @throws {Error} If neither PRUNEBOUND_DATA nor what the platform's folder depends on is set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const variable = (name: string) => name === "PRUNEBOUND_DATA" ? "/data" : undefined;
 * assertEquals(cacheFolder({ os: "linux", variable }), "/data");
 * ```
 */
export function cacheFolder(surroundings: CacheSurroundings = thisProcess): string {
  const chosen = surroundings.variable("PRUNEBOUND_DATA");
  if (chosen) return chosen;
  return join(platformCache(surroundings), "prunebound");
}

function platformCache({ os, variable }: CacheSurroundings): string {
  if (os === "windows") return required(variable, "LOCALAPPDATA");
  if (os === "darwin") return join(required(variable, "HOME"), "Library", "Caches");
  return variable("XDG_CACHE_HOME") || join(required(variable, "HOME"), ".cache");
}

function required(variable: CacheSurroundings["variable"], name: string): string {
  const value = variable(name);
  if (value) return value;
  throw new Error(`Cannot place the data cache as PRUNEBOUND_DATA or ${name} must be set: neither is`);
}

if (import.meta.main) console.log(cacheFolder());
