/**
 * What a set-up needs of the machine, looked for before anything is fetched.
 *
 * @module
 */
import { npmCommands } from "../data/npm_package.ts";
import { tensorflowWheels } from "./pins.ts";
import { type Program, type Programs, succeeds } from "./program.ts";

/** What was found about one need. */
export interface Finding {
  /** What it is about. */
  readonly name: string;
  /** Whether it is met. A note is neither. */
  readonly verdict: "fine" | "missing" | "note";
  /** What there is, or what there must be. */
  readonly detail: string;
  /** How to get what is missing. */
  readonly remedy?: string;
}

/** The machine, as far as a set-up depends on it. */
export interface Machine {
  /** The operating system, as `Deno.build.os` has it. */
  readonly os: string;
  /** The processor, as `Deno.build.arch` has it. */
  readonly architecture: string;
  /** Whether an NVIDIA driver is loaded and finds a GPU. */
  readonly hasDriver: boolean;
  /** The bytes that are free where a folder is or would be. */
  readonly freeBytes: (folder: string) => number;
  /** The programs that may serve, in order of preference. */
  readonly candidates: Readonly<Record<keyof Programs, readonly Program[]>>;
}

/** What was found, and the programs to use. A missing program is absent. */
export interface Examination {
  /** One finding a need. */
  readonly findings: readonly Finding[];
  /** The programs that were found to work. */
  readonly programs: Partial<Programs>;
}

interface Probe {
  readonly need: string;
  readonly arguments: readonly string[];
  readonly remedy: string;
}

const programNames = ["python", "npm", "tar", "compiler"] as const;

/** The first probe of a program finds it, the others ask whether it is complete. */
const probes: Readonly<Record<keyof Programs, readonly Probe[]>> = {
  python: [
    { need: "Python 3", arguments: ["--version"], remedy: "apt-get install python3 (dnf install python3)" },
    {
      need: "Python's pip",
      arguments: ["-m", "pip", "--version"],
      remedy: "apt-get install python3-pip (dnf install python3-pip)",
    },
  ],
  npm: [{ need: "npm", arguments: ["--version"], remedy: "apt-get install npm (dnf install npm)" }],
  tar: [{ need: "tar", arguments: ["--version"], remedy: "apt-get install tar (dnf install tar)" }],
  compiler: [
    {
      need: "a C++ compiler",
      arguments: ["--version"],
      remedy: "apt-get install g++ (dnf install gcc-c++)",
    },
    {
      need: "the headers of the C++17 library",
      arguments: ["-std=c++17", "-include", "string_view", "-fsyntax-only", "-x", "c++", "/dev/null"],
      remedy: "apt-get install g++ (dnf install libstdc++-devel)",
    },
  ],
};

const named = (path: string): Program => ({ label: path, path });

/** The programs that may serve, found in PATH. */
export const usualCandidates: Machine["candidates"] = {
  python: ["python3", "python"].map(named),
  npm: npmCommands.map(({ label, program, arguments: first }) => ({
    label,
    path: program,
    arguments: first,
  })),
  tar: ["tar"].map(named),
  compiler: ["g++", "c++", "clang++"].map(named),
};

/** Looks for everything that a set-up needs, except disk space. */
export async function examine({ os, architecture, hasDriver, candidates }: Machine): Promise<Examination> {
  const programs: { -readonly [name in keyof Programs]?: Programs[name] } = {};
  const findings = [platformFinding(os, architecture)];
  for (const name of programNames) {
    const { finding, program } = await probe(name, candidates[name]);
    findings.push(finding);
    if (program) programs[name] = program;
  }
  return { findings: [...findings, driverFinding(hasDriver)], programs };
}

async function probe(
  name: keyof Programs,
  candidates: readonly Program[],
): Promise<{ finding: Finding; program?: Program }> {
  const [presence, ...others] = probes[name];
  const program = await firstThatSucceeds(candidates, presence.arguments);
  if (!program) return { finding: missing(name, presence) };
  for (const other of others) {
    if (!await succeeds(program, other.arguments)) return { finding: missing(name, other) };
  }
  const detail = [presence, ...others].map(({ need }) => need).join(" and ");
  return { finding: { name, verdict: "fine", detail: `${detail} (${program.label})` }, program };
}

async function firstThatSucceeds(
  candidates: readonly Program[],
  parameters: readonly string[],
): Promise<Program | undefined> {
  for (const candidate of candidates) {
    if (await succeeds(candidate, parameters)) return candidate;
  }
  return undefined;
}

function missing(name: string, { need, remedy }: Probe): Finding {
  return { name, verdict: "missing", detail: need, remedy };
}

function platformFinding(os: string, architecture: string): Finding {
  const platform = `${os} on ${architecture}`;
  if (os === "linux" && architecture in tensorflowWheels) {
    return { name: "platform", verdict: "fine", detail: platform };
  }
  const remedy = `this is ${platform}; the engines wasm and webgpu run there`;
  return { name: "platform", verdict: "missing", detail: "Linux on x86_64 or aarch64", remedy };
}

function driverFinding(hasDriver: boolean): Finding {
  if (hasDriver) return { name: "driver", verdict: "fine", detail: "an NVIDIA driver and a GPU" };
  return {
    name: "driver",
    verdict: "note",
    detail: "no NVIDIA driver with a GPU, so TensorFlow computes on the CPU",
    remedy: "for a GPU, install a driver of version 525 or newer and run the set-up again",
  };
}

/**
 * Says whether a folder's disk has the space.
 *
 * @param neededBytes What the set-up writes.
 * @param freeBytes What the disk has.
 * @param variable The environment variable that names the folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(diskFinding(1.2e9, 5e8).verdict, "missing");
 * assertEquals(diskFinding(1.2e9, 2e9).detail, "1.2 GB of disk space (2.0 GB are free)");
 * ```
 */
export function diskFinding(
  neededBytes: number,
  freeBytes: number,
  variable = "PRUNEBOUND_TENSORFLOW",
): Finding {
  const detail = `${gigabytes(neededBytes)} GB of disk space (${gigabytes(freeBytes)} GB are free)`;
  if (freeBytes >= neededBytes) return { name: "disk", verdict: "fine", detail };
  const remedy = `free some, or set ${variable} to a folder on another disk`;
  return { name: "disk", verdict: "missing", detail, remedy };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
