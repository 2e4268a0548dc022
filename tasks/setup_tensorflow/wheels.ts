/**
 * Wheels of the Python package index, fetched by pip, and the parts of them that are wanted.
 *
 * pip fetches them, so that the index, the proxy and the credentials are whatever pip is configured for.
 *
 * @module
 */
import { join } from "node:path";
import type { Progress } from "../data/progress.ts";
import { type Wheel, wheelPython } from "./pins.ts";
import { type Program, run } from "./program.ts";

/** Where a wheel comes from and how it is said. */
export interface WheelFetch {
  /** Python with pip. */
  readonly python: Program;
  /** The processor, as `Deno.build.arch` has it. */
  readonly architecture: string;
  /** Who hears how it goes. */
  readonly progress: Progress;
}

/** Unpacks the members that begin with one of the prefixes. A member's checksum is verified as it is read. */
const unpackProgram = `
import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.namelist():
        if member.startswith(tuple(prefixes)):
            archive.extract(member, target)
`;

const watchMilliseconds = 200;

/**
 * Fetches a wheel into a folder, verifies its SHA-256, and returns its path.
 *
 * @throws {Error} If pip cannot fetch it or the checksum is another.
 */
export async function fetchWheel(wheel: Wheel, folder: string, fetch: WheelFetch): Promise<string> {
  const { progress, python, architecture } = fetch;
  const target = join(folder, wheel.project);
  const temporary = join(folder, `${wheel.project}.partial`);
  await Deno.mkdir(temporary, { recursive: true });
  await Deno.writeTextFile(join(folder, "requirements.txt"), requirement(wheel));
  const label = `${wheel.project} ${wheel.version}`;
  await whileWatching(temporary, { progress, label, bytes: wheel.bytes }, () =>
    run(python, {
      purpose: `fetch ${label}`,
      advice: "is there a network?",
      arguments: pipArguments(architecture, join(folder, "requirements.txt"), target),
      environment: { TMPDIR: temporary },
    }));
  return onlyFile(target);
}

/** What is said of a transfer while it runs. */
export interface WatchedTransfer {
  /** Who hears it. */
  readonly progress: Progress;
  /** What arrives. */
  readonly label: string;
  /** How much of it there will be, if that is known. */
  readonly bytes?: number;
}

/** Reports how a folder grows while another program fills it. */
export async function whileWatching(
  folder: string,
  { progress, label, bytes }: WatchedTransfer,
  work: () => Promise<unknown>,
): Promise<void> {
  progress.begin(label, bytes);
  const watch = setInterval(() => progress.reach(folderBytes(folder)), watchMilliseconds);
  try {
    await work();
    progress.reach(bytes ?? folderBytes(folder));
  } finally {
    clearInterval(watch);
    progress.end();
  }
}

/**
 * Unpacks those files of a wheel whose path begins with one of the prefixes.
 *
 * @throws {Error} If the wheel is damaged or the disk is full.
 */
export async function unpackWheel(
  python: Program,
  wheel: string,
  target: string,
  prefixes: readonly string[],
): Promise<void> {
  await run(python, {
    purpose: `unpack ${wheel}`,
    arguments: ["-c", unpackProgram, wheel, target, ...prefixes],
  });
}

/**
 * A line of pip's requirements format, with the hash that pip has to insist on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const wheel = { project: "tensorflow", version: "2.21.0", sha256: "b3b9", bytes: 1 };
 * assertEquals(requirement(wheel), "tensorflow==2.21.0 --hash=sha256:b3b9\n");
 * ```
 */
export function requirement({ project, version, sha256 }: Wheel): string {
  return `${project}==${version} --hash=sha256:${sha256}\n`;
}

function pipArguments(architecture: string, requirements: string, target: string): string[] {
  const platforms = ["manylinux_2_27", "manylinux_2_17", "manylinux2014"];
  return [
    ...["-m", "pip", "download", "--no-deps", "--no-cache-dir", "--require-hashes", "--only-binary=:all:"],
    ...["--disable-pip-version-check", "--progress-bar=off", "--retries=1", "--python-version", wheelPython],
    ...platforms.flatMap((platform) => ["--platform", `${platform}_${architecture}`]),
    ...["--dest", target, "--requirement", requirements],
  ];
}

function onlyFile(folder: string): string {
  const wheel = Deno.readDirSync(folder).find(({ name }) => name.endsWith(".whl"));
  if (wheel) return join(folder, wheel.name);
  throw new Error(`Cannot read the wheel as pip must leave one in ${folder}: it left none`);
}

function folderBytes(folder: string): number {
  try {
    return Deno.readDirSync(folder).reduce((total, { name, isDirectory }) => {
      const path = join(folder, name);
      return total + (isDirectory ? folderBytes(path) : Deno.statSync(path).size);
    }, 0);
  } catch (error) {
    // pip removes files while they are counted.
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
