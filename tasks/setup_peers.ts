/**
 * Sets up PyTorch, which `deno task bench` compares with, in a private folder that all checkouts share.
 *
 * The newest PyTorch of the Python package index and its needs in pure Python are put into a folder of their own: nothing
 * is installed for the user or the system. NVIDIA's libraries are not fetched, see `setup_peers/stand_ins.ts`. What is
 * complete is never done again; what was interrupted goes on after its last complete stage.
 *
 * @module
 */
import { join } from "node:path";
import { consoleProgress, type Progress } from "./data/progress.ts";
import { peersFolder, sitePackages, triedStage } from "./setup_peers/folder.ts";
import { type StandInPrograms, writeStandIns } from "./setup_peers/stand_ins.ts";
import { thisMachine } from "./setup_tensorflow/machine.ts";
import { diskFinding } from "./setup_tensorflow/prerequisites.ts";
import { type Program, run, succeeds } from "./setup_tensorflow/program.ts";
import { complete, isComplete, remove, type Stage } from "./setup_tensorflow/stage.ts";
import { whileWatching } from "./setup_tensorflow/wheels.ts";
import { takesNoArguments } from "./arguments.ts";

/** What a set-up depends on. */
export interface PeerOptions {
  /** The private folder. Default PRUNEBOUND_PEERS or in the platform's cache folder. */
  readonly folder?: string;
  /** Who hears how it goes. Default standard error. */
  readonly progress?: Progress;
  /** The operating system, as `Deno.build.os` has it. */
  readonly os?: string;
  /** The bytes that are free on a folder's disk. */
  readonly freeBytes?: (folder: string) => number;
  /** The programs. Default those in PATH. */
  readonly programs?: PeerPrograms;
}

/** The programs of a set-up. */
export interface PeerPrograms extends StandInPrograms {
  /** Python 3.10 or newer with pip. */
  readonly python: Program;
}

type Setup = Required<PeerOptions>;

interface Need {
  readonly name: keyof PeerPrograms;
  readonly what: string;
  readonly arguments: readonly string[];
  readonly remedy: string;
}

/** The program that times PyTorch. */
export const pytorchProgram: string = new URL("./bench/pytorch.py", import.meta.url).pathname;

/** Python as the bench calls it. */
export const python: Program = { label: "python3", path: "python3" };

/** PyTorch's wheel, unpacked, and once more while it is moved; with something to spare. */
const neededBytes = 2.5e9;

/** What PyTorch's code in Python asks for. Without numpy it prints a warning and works. */
const pureNeeds = ["filelock", "typing-extensions", "sympy", "networkx", "jinja2", "fsspec", "setuptools"];

const usualPrograms: PeerPrograms = {
  python,
  readelf: { label: "readelf", path: "readelf" },
  compiler: { label: "cc", path: "cc" },
};

const needs: readonly Need[] = [
  {
    name: "python",
    what: "Python 3.10 or newer",
    arguments: ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"],
    remedy: "apt-get install python3 (dnf install python3)",
  },
  {
    name: "python",
    what: "Python's pip",
    arguments: ["-m", "pip", "--version"],
    remedy: "apt-get install python3-pip (dnf install python3-pip)",
  },
];

const linuxNeeds: readonly Need[] = [
  {
    name: "compiler",
    what: "a C compiler",
    arguments: ["--version"],
    remedy: "apt-get install gcc (dnf install gcc)",
  },
  {
    name: "readelf",
    what: "readelf",
    arguments: ["--version"],
    remedy: "apt-get install binutils (dnf install binutils)",
  },
];

/**
 * Sets up PyTorch, unless it is.
 *
 * @returns What is there, in a line.
 * @throws {Error} If something is missing or fails: one sentence that says what.
 */
export async function setUpPeers(options: PeerOptions = {}): Promise<string> {
  const setup = await withDefaults(options);
  const { folder } = setup;
  const key = await pythonKey(setup);
  const found = `PyTorch is set up in ${folder}`;
  if (isComplete(folder, { name: triedStage, key, leaves: ["site-packages"] })) return found;
  await requireAll(setup);
  await fetchPackages(setup, key);
  await installPackages(setup, key);
  return `${await tryOut(setup, key)}, set up in ${folder}`;
}

async function withDefaults(options: PeerOptions): Promise<Setup> {
  return {
    folder: options.folder ?? peersFolder(),
    progress: options.progress ?? consoleProgress(),
    freeBytes: options.freeBytes ?? (await thisMachine()).freeBytes,
    os: Deno.build.os,
    programs: usualPrograms,
    ...options,
  };
}

/** A wheel is for one minor version of Python, so a set-up is too. */
async function pythonKey({ programs }: Setup): Promise<string> {
  await requireNeed(needs[0], programs);
  const version = ["-c", "import sys; print('Python %d.%d' % sys.version_info[:2])"];
  return (await run(programs.python, { purpose: "ask Python for its version", arguments: version })).trim();
}

async function requireAll({ programs, os, folder, freeBytes }: Setup): Promise<void> {
  for (const need of os === "linux" ? [...needs, ...linuxNeeds] : needs) await requireNeed(need, programs);
  const { verdict, detail, remedy } = diskFinding(neededBytes, freeBytes(folder), "PRUNEBOUND_PEERS");
  if (verdict === "missing") throw new Error(`Cannot set up PyTorch as it needs ${detail}: ${remedy}`);
}

async function requireNeed(need: Need, programs: PeerPrograms): Promise<void> {
  if (await succeeds(programs[need.name], need.arguments)) return;
  throw new Error(`Cannot set up PyTorch as it needs ${need.what}: ${need.remedy}`);
}

const fetched: Pick<Stage, "name" | "leaves"> = { name: "wheels", leaves: ["wheels"] };
const installed: Pick<Stage, "name" | "leaves"> = { name: "site-packages", leaves: ["site-packages"] };

/** Fetches the wheels, unless what they are for is there. */
async function fetchPackages({ folder, programs, progress }: Setup, key: string): Promise<void> {
  if (isComplete(folder, { ...installed, key })) return;
  await complete(folder, {
    ...fetched,
    key,
    work: async (partial) => {
      const wheels = join(partial, "wheels");
      await Deno.mkdir(wheels);
      await whileWatching(partial, { progress, label: "PyTorch and its needs in Python" }, async () => {
        await download(programs.python, wheels, ["--no-deps", "torch"]);
        await download(programs.python, wheels, pureNeeds);
      });
    },
  });
}

async function download(python: Program, folder: string, packages: readonly string[]): Promise<void> {
  await run(python, {
    purpose: "fetch PyTorch",
    advice: "is there a network?",
    arguments: ["-m", "pip", "download", "--dest", folder, "--no-cache-dir", ...quietly, ...packages],
    environment: { TMPDIR: folder },
  });
}

const quietly = [
  "--only-binary=:all:",
  "--disable-pip-version-check",
  "--progress-bar=off",
  "--retries=1",
] as const;

async function installPackages(setup: Setup, key: string): Promise<void> {
  const { folder, programs, progress } = setup;
  await complete(folder, {
    ...installed,
    key,
    work: async (partial) => {
      progress.note("Unpacking PyTorch");
      await unpack(programs.python, join(folder, "wheels"), partial);
      const names = await writeLinuxStandIns(setup, partial);
      if (names.length > 0) progress.note(`In place of NVIDIA's libraries: ${names.join(", ")}`);
    },
  });
  await remove(join(folder, "wheels"));
}

async function writeLinuxStandIns({ os, programs }: Setup, partial: string): Promise<readonly string[]> {
  if (os !== "linux") return [];
  return await writeStandIns(join(sitePackages(partial), "torch", "lib"), programs);
}

async function unpack(python: Program, wheels: string, partial: string): Promise<void> {
  const offline = ["--no-index", `--find-links=${wheels}`, "--no-deps", "--no-compile", "--no-cache-dir"];
  await run(python, {
    purpose: "unpack PyTorch",
    arguments: [
      ...["-m", "pip", "install", "--target", sitePackages(partial), ...offline, ...quietly],
      ...["torch", ...pureNeeds, "mpmath", "markupsafe"],
    ],
    environment: { TMPDIR: partial },
  });
}

/** Loads PyTorch and says what it is. The stamp lets the bench know that there is something to compare with. */
async function tryOut({ folder, programs }: Setup, key: string): Promise<string> {
  const call = { purpose: "load PyTorch", arguments: [pytorchProgram, sitePackages(folder), "--version"] };
  let label = "PyTorch";
  await complete(folder, {
    name: triedStage,
    key,
    leaves: [],
    work: async () => void (label = (await run(programs.python, call)).trim()),
  });
  return label;
}

if (import.meta.main) {
  takesNoArguments("setup:peers", "Sets PyTorch up in a private folder, for the bench to compare with");
  try {
    console.log(await setUpPeers());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
