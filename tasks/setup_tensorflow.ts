/**
 * Sets up TensorFlow for the engine of that name, in a private folder that all checkouts share.
 *
 * It takes the two libraries of the TensorFlow wheel and the sources of npm `@tensorflow/tfjs-node-gpu`, and builds the
 * package's addon. Nothing is installed for the user or the system, and no script of a package runs. What is complete
 * is never done again; what was interrupted goes on after its last complete stage.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { addonFile, libraryFolder, packageFolder } from "../src/network/engines/tensorflow/library_folder.ts";
import { flagsOf } from "./arguments.ts";
import { consoleProgress, type Progress } from "./data/progress.ts";
import {
  compilerArguments,
  tensorflowHeaders,
  tensorflowLibraries,
  withNamesPerThread,
} from "./setup_tensorflow/addon.ts";
import { findInstalled, type InstalledTensorflow } from "./setup_tensorflow/installed.ts";
import { thisMachine } from "./setup_tensorflow/machine.ts";
import { unpackNodePackages, writeStandIns } from "./setup_tensorflow/node_packages.ts";
import {
  cudaWheels,
  type NodePackage,
  nodePackages,
  tensorflowWheels,
  type Variant,
  type Wheel,
} from "./setup_tensorflow/pins.ts";
import { diskFinding, examine, type Finding, type Machine } from "./setup_tensorflow/prerequisites.ts";
import { type Programs, run } from "./setup_tensorflow/program.ts";
import { complete, isComplete, remove, type Stage } from "./setup_tensorflow/stage.ts";
import { fetchWheel, unpackWheel } from "./setup_tensorflow/wheels.ts";

/** What a set-up depends on. */
export interface SetupOptions {
  /** Which TensorFlow. Default "cuda", which runs without a GPU too. */
  readonly variant?: Variant;
  /** The private folder. Default PRUNEBOUND_TENSORFLOW or in the platform's cache folder. */
  readonly folder?: string;
  /** Who hears how it goes. Default standard error. */
  readonly progress?: Progress;
  /** The machine. Default this one. */
  readonly machine?: Machine;
  /** The Node packages. Default the pinned ones. */
  readonly packages?: readonly NodePackage[];
  /** Loads what was built and says what it is. Default by way of the engine itself. */
  readonly tryOut?: () => Promise<string>;
}

type Setup = Required<SetupOptions> & { readonly programs: Programs };

/** The sources of the operations that the addon adds to TensorFlow's. */
const operationsFolder = join(
  import.meta.dirname!,
  "..",
  "src",
  "network",
  "engines",
  "tensorflow",
  "native",
);

/** TensorFlow's libraries as the addon finds them from its own folder. */
const runPath = "$ORIGIN/../../../tensorflow";

/**
 * Sets up TensorFlow, unless it is.
 *
 * @returns What is there, in a line.
 * @throws {Error} If something is missing or fails: one sentence that says what.
 */
export async function setUpTensorflow(options: SetupOptions = {}): Promise<string> {
  const resolved = await withDefaults(options);
  const setup = { ...resolved, programs: await requirePrograms(resolved.machine) };
  const library = await obtainTensorflow(setup);
  const sources = await obtainSources(setup);
  const key = `${library} ${sources} names per thread ${await operationsDigest()}`;
  await buildAddon(setup, key);
  return await tryOutOnce(setup, key);
}

/** The wheels of a set-up: TensorFlow, and CUDA where there is a GPU for it. */
export function wantedWheels(variant: Variant, { architecture, hasDriver }: Machine): Wheel[] {
  const tensorflow = tensorflowWheels[architecture]?.[variant];
  if (!tensorflow) return [];
  return needsCuda(variant, { architecture, hasDriver }) ? [tensorflow, ...cudaWheels] : [tensorflow];
}

/** Whether there is a GPU that TensorFlow's own wheels can use. */
function needsCuda(
  variant: Variant,
  { architecture, hasDriver }: Pick<Machine, "architecture" | "hasDriver">,
): boolean {
  return variant === "cuda" && hasDriver && architecture === "x86_64";
}

/**
 * The bytes that wheels and what is unpacked from them need on the disk, as far as they are not there yet.
 *
 * What is taken from a TensorFlow wheel unpacks to up to 3.1 times its size, the CUDA wheels to 1.5 times theirs.
 */
export function neededBytes(wheels: readonly Wheel[], folder: string): number {
  return wheels.filter((wheel) => !isComplete(folder, unpackedStamp(wheel)))
    .reduce((total, wheel) => total + (isTensorflow(wheel) ? 4.5 : 2) * wheel.bytes, 0);
}

async function withDefaults(options: SetupOptions): Promise<Required<SetupOptions>> {
  return {
    variant: "cuda",
    folder: options.folder ?? libraryFolder(),
    progress: options.progress ?? consoleProgress(),
    machine: options.machine ?? await thisMachine(),
    packages: nodePackages,
    tryOut: loadEngine,
    ...options,
  };
}

async function requirePrograms(machine: Machine): Promise<Programs> {
  const { findings, programs } = await examine(machine);
  findings.forEach(requireFinding);
  return programs as Programs;
}

function requireFinding(finding: Finding): void {
  if (finding.verdict !== "missing") return;
  throw new Error(`Cannot set up TensorFlow as it needs ${sentence(finding)}`);
}

function sentence({ detail, remedy }: Finding): string {
  return remedy ? `${detail}: ${remedy}` : detail;
}

/** Has TensorFlow's folder: fetched before, installed for Python, or fetched now. Returns what identifies it. */
async function obtainTensorflow(setup: Setup): Promise<string> {
  const { folder, machine, programs, variant } = setup;
  const present = (["cuda", variant] as const).find((variant) =>
    neededBytes(wantedWheels(variant, machine), folder) === 0
  );
  const installed = present
    ? undefined
    : await findInstalled(programs.python, variant, needsCuda(variant, machine));
  if (installed) return await linkInstalled(setup, installed);
  const wheels = wantedWheels(present ?? variant, machine);
  await obtainWheels(setup, wheels);
  return wheels.map(({ sha256 }) => sha256).join(" ");
}

async function linkInstalled(setup: Setup, installed: InstalledTensorflow): Promise<string> {
  const { project, version, folder } = installed;
  const key = `${project} ${version} ${folder}`;
  await complete(setup.folder, {
    name: "tensorflow",
    key,
    leaves: ["tensorflow"],
    work: async (partial) => {
      setup.progress.note(`Using the installed ${project} ${version} in ${folder}`);
      await Deno.symlink(folder, join(partial, "tensorflow"));
    },
  });
  return key;
}

async function obtainWheels(setup: Setup, wheels: readonly Wheel[]): Promise<void> {
  const { folder, machine } = setup;
  const needed = neededBytes(wheels, folder);
  if (needed > 0) requireFinding(diskFinding(needed, machine.freeBytes(folder)));
  for (const wheel of wheels) await obtainWheel(setup, wheel);
}

/** Fetches a wheel and unpacks it, as two stages, so that what was fetched is not fetched again. */
async function obtainWheel(setup: Setup, wheel: Wheel): Promise<void> {
  const { folder, programs: { python } } = setup;
  const unpacked = unpackedStamp(wheel);
  if (isComplete(folder, unpacked)) return;
  const fetched = fetchStage(setup, wheel);
  await complete(folder, fetched);
  await complete(folder, {
    ...unpacked,
    work: async (partial) => {
      setup.progress.note(`Unpacking ${wheel.project}`);
      await unpackWheel(python, join(folder, fetched.leaves[0]), partial, unpackedPaths(wheel));
    },
  });
  await remove(join(folder, fetched.leaves[0]));
}

function fetchStage({ programs: { python }, machine, progress }: Setup, wheel: Wheel): Stage {
  const path = join("wheels", `${wheel.project}.whl`);
  return {
    name: `${wheel.project}.whl`,
    key: wheel.sha256,
    leaves: [path],
    work: async (partial) => {
      const fetch = { python, architecture: machine.architecture, progress };
      await Deno.mkdir(join(partial, "wheels"));
      await Deno.rename(await fetchWheel(wheel, partial, fetch), join(partial, path));
    },
  };
}

function unpackedStamp(wheel: Wheel): Omit<Stage, "work"> {
  const name = isTensorflow(wheel) ? "tensorflow" : wheel.project;
  return { name, key: unpackedKey(wheel), leaves: [isTensorflow(wheel) ? "tensorflow" : cudaFolder(wheel)] };
}

/** What was unpacked when less was wanted of a wheel is not complete. */
function unpackedKey(wheel: Wheel): string {
  return isTensorflow(wheel) ? `${wheel.sha256} ${tensorflowHeaders.join(" ")}` : wheel.sha256;
}

function unpackedPaths(wheel: Wheel): string[] {
  if (!isTensorflow(wheel)) return [`${cudaFolder(wheel)}/`];
  return [...tensorflowLibraries, ...tensorflowHeaders].map((path) => `tensorflow/${path}`);
}

function isTensorflow({ project }: Wheel): boolean {
  return project.startsWith("tensorflow");
}

/** nvidia-cuda-runtime-cu12 unpacks to nvidia/cuda_runtime, beside TensorFlow, whose libraries look there. */
function cudaFolder({ project }: Wheel): string {
  return join("nvidia", project.slice("nvidia-".length, -"-cu12".length).replaceAll("-", "_"));
}

/** Has the Node packages. Returns what identifies them. */
async function obtainSources({ folder, packages, programs, progress }: Setup): Promise<string> {
  const key = packages.map(({ integrity }) => integrity).join(" ");
  await complete(folder, {
    name: "packages",
    key,
    leaves: ["package", "node_modules", "headers"],
    work: async (partial) => {
      progress.note(`Fetching ${packages.map(({ name, version }) => `${name} ${version}`).join(", ")}`);
      await unpackNodePackages(packages, partial, programs);
      await writeStandIns(partial);
    },
  });
  return key;
}

async function buildAddon(setup: Setup, key: string): Promise<void> {
  const addon = addonFile("");
  await complete(setup.folder, {
    name: "addon",
    key,
    leaves: [addon],
    work: async (partial) => {
      await Deno.mkdir(dirname(join(partial, addon)), { recursive: true });
      await compileAddon(setup, partial, join(partial, addon));
    },
  });
}

async function compileAddon(
  { folder, programs: { compiler }, progress }: Setup,
  partial: string,
  target: string,
) {
  progress.note(`Building the addon with ${compiler.label}`);
  const sourceFolder = join(packageFolder(folder), "binding");
  const backendSource = join(partial, "tfjs_backend.cc");
  const source = await Deno.readTextFile(join(sourceFolder, "tfjs_backend.cc"));
  await Deno.writeTextFile(backendSource, withNamesPerThread(source));
  const tensorflowFolder = join(folder, "tensorflow");
  const headersFolder = join(folder, "headers");
  const sources = {
    sourceFolder,
    backendSource,
    operationsSource: join(operationsFolder, "cpu_operations.cc"),
  };
  const parts = { ...sources, headersFolder, tensorflowFolder, runPath };
  await run(compiler, { purpose: "build the addon", arguments: compilerArguments(parts, target) });
}

/** Identifies the sources of the addon's operations: where they changed, it is built anew. */
async function operationsDigest(): Promise<string> {
  const hash = createHash("sha256");
  const names = [...Deno.readDirSync(operationsFolder)].map(({ name }) => name).sort();
  for (const name of names) {
    hash.update(await Deno.readFile(join(operationsFolder, name)));
  }
  return hash.digest("hex");
}

async function tryOutOnce({ folder, tryOut }: Setup, key: string): Promise<string> {
  let found = `TensorFlow is set up in ${folder}`;
  await complete(folder, {
    name: "tried",
    key,
    leaves: [],
    work: async () => void (found = `${await tryOut()}, set up in ${folder}`),
  });
  return found;
}

/** Loads TensorFlow by way of the engine itself and says what it is. */
export async function loadEngine(): Promise<string> {
  const { describeTensorflow, tensorflowEngine } = await import(
    "../src/network/engines/tensorflow/engine.ts"
  );
  await tensorflowEngine.select();
  return describeTensorflow();
}

const usage = `deno task setup:tensorflow [--cpu]

Sets the tensorflow engine up in a private folder; what is there already is not fetched or built again.
  --cpu   takes the smaller wheel, which computes on the CPU alone`;

if (import.meta.main) {
  const { cpu } = flagsOf(usage, { cpu: { type: "boolean", default: false } });
  try {
    console.log(await setUpTensorflow({ variant: cpu ? "cpu" : "cuda" }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
