/**
 * The Node packages, fetched by npm as tarballs: no dependency comes with them, and no script of theirs runs.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { tfjsSymbol } from "../../src/network/engines/tensorflow/library_folder.ts";
import type { NodePackage } from "./pins.ts";
import { type Programs, run } from "./program.ts";

/** The modules of the package's own tfjs, in whose place it gets the one of the program that loads it. */
const standIns = ["@tensorflow/tfjs", "@tensorflow/tfjs-core"];

/**
 * Fetches packages, verifies them and unpacks each into its folder below `target`.
 *
 * @throws {Error} If npm cannot fetch one, or its SHA-512 is another.
 */
export async function unpackNodePackages(
  packages: readonly NodePackage[],
  target: string,
  programs: Programs,
): Promise<void> {
  for (const wanted of packages) {
    const tarball = await fetchTarball(wanted, target, programs);
    await checkIntegrity(wanted, await Deno.readFile(tarball));
    const folder = join(target, wanted.folder);
    await Deno.mkdir(folder, { recursive: true });
    await run(programs.tar, {
      purpose: `unpack ${wanted.name}`,
      arguments: ["-xzf", tarball, "--strip-components=1", "--no-same-owner", "-C", folder],
    });
  }
}

async function fetchTarball(wanted: NodePackage, target: string, { npm }: Programs): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: target, prefix: "tarball-" });
  const options = ["--ignore-scripts", "--loglevel=error", "--no-update-notifier", "--fetch-retries=1"];
  await run(npm, {
    purpose: `fetch ${wanted.name} ${wanted.version}`,
    advice: "is there a network?",
    arguments: ["pack", `${wanted.name}@${wanted.version}`, `--pack-destination=${folder}`, ...options],
    environment: { npm_config_cache: join(folder, "cache") },
  });
  const tarball = Deno.readDirSync(folder).find(({ name }) => name.endsWith(".tgz"));
  if (tarball) return join(folder, tarball.name);
  throw new Error(`Cannot unpack ${wanted.name} as npm must leave a tarball: it left none`);
}

/**
 * Checks a tarball against the SHA-512 that npm publishes for it.
 *
 * @throws {Error} If it is another.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * const wanted = { name: "a", version: "1.0.0", integrity: "sha512-", folder: "a" };
 * await assertRejects(() => checkIntegrity(wanted, new Uint8Array(1)), Error, "sha512-");
 * ```
 */
export async function checkIntegrity(
  wanted: NodePackage,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes));
  const found = `sha512-${digest.toBase64()}`;
  if (found === wanted.integrity) return;
  const { name, version, integrity } = wanted;
  throw new Error(`Cannot use ${name} ${version} as its checksum must be ${integrity}: it is ${found}`);
}

/** Writes the modules that hand over the tfjs of the program. */
export async function writeStandIns(target: string): Promise<void> {
  for (const name of standIns) {
    const file = join(target, "node_modules", name, "index.js");
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, `module.exports = globalThis[Symbol.for("${tfjsSymbol}")];\n`);
  }
}
