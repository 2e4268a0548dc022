/**
 * Where `deno task setup:peers` puts what the bench compares with, and where the bench looks for it.
 *
 * @module
 */
import { join } from "node:path";
import { cacheFolder, type CacheSurroundings } from "../data/cache_folder.ts";
import { readStamp } from "../setup_tensorflow/stage.ts";

const thisProcess: CacheSurroundings = { os: Deno.build.os, variable: (name) => Deno.env.get(name) };

/**
 * The private folder: PRUNEBOUND_PEERS, or `prunebound/peers` in the platform's cache folder.
 *
 * @throws {Error} If neither PRUNEBOUND_PEERS nor what the platform's folder depends on is set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const variable = (name: string) => name === "HOME" ? "/home/reader" : undefined;
 * assertEquals(peersFolder({ os: "linux", variable }), "/home/reader/.cache/prunebound/peers");
 * ```
 */
export function peersFolder({ os, variable }: CacheSurroundings = thisProcess): string {
  const chosen = variable("PRUNEBOUND_PEERS");
  if (chosen) return chosen;
  const withoutData = (name: string): string | undefined =>
    name === "PRUNEBOUND_DATA" ? undefined : variable(name);
  return join(cacheFolder({ os, variable: withoutData }), "peers");
}

/** The folder of Python packages inside the private folder. */
export function sitePackages(folder: string): string {
  return join(folder, "site-packages");
}

/** The name of the last stage, whose stamp says that the packages were loaded. */
export const triedStage = "tried";

/**
 * Whether the peers were set up to the end. This says nothing about whether the Python of today loads them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(arePeersSetUp("/there/is/no/such/folder"), false);
 * ```
 */
export function arePeersSetUp(folder: string): boolean {
  return readStamp(folder, triedStage) !== undefined;
}
