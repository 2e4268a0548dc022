/**
 * `deno task setup:snakemake`: Snakemake in a private environment of Python in the checkout, which every node must see as
 * a job starts Snakemake again.
 *
 * @module
 */
import { join } from "node:path";
import { takesNoArguments } from "../arguments.ts";
import { inOneSentence } from "../ending.ts";
import { type Program, run } from "../setup_tensorflow/program.ts";
import { complete, isComplete, type Stage } from "../setup_tensorflow/stage.ts";

/** What is installed, exactly. The Slurm executor is small, and every set-up has it. */
const requirements = [
  "snakemake==9.27.1",
  "snakemake-executor-plugin-slurm==2.8.0",
] as const;

/** What is installed beside it where the arguments ask for it. */
const optionalRequirements: Readonly<Record<string, string>> = {
  kubernetes: "snakemake-executor-plugin-kubernetes==0.5.1",
  s3: "snakemake-storage-plugin-s3==0.3.6",
};

/** Where it is, from the checkout. */
const environmentFolder = ".venv";

const name = "snakemake";

/**
 * What is to be installed for these arguments of Snakemake.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [local, cloud] = [wantedRequirements([]), wantedRequirements(["--executor", "kubernetes"])];
 * assertEquals(cloud.slice(0, local.length), local);
 * assertEquals(cloud.length, local.length + 1);
 * ```
 */
export function wantedRequirements(snakemake: readonly string[]): string[] {
  const named = Object.keys(optionalRequirements).filter((option) =>
    snakemake.some((word) => word === option || word.endsWith(`=${option}`))
  );
  return [...requirements, ...named.map((option) => optionalRequirements[option])];
}

/** Whether Snakemake is set up in a checkout, for this machine and Slurm. */
export function isSnakemakeSetUp(checkout: string): boolean {
  return isComplete(join(checkout, environmentFolder), stage(requirements));
}

/**
 * Sets Snakemake up, unless it is.
 *
 * @returns The path of the Python that has it.
 * @throws {Error} If Python is missing or pip fails, in one sentence.
 */
export async function setUpSnakemake(wanted: readonly string[] = requirements): Promise<string> {
  await complete(environmentFolder, { ...stage(wanted), work: (partial) => install(wanted, partial) });
  return join(environmentFolder, name, "bin", "python");
}

function stage(wanted: readonly string[]): Omit<Stage, "work"> {
  return { name, key: wanted.join(" "), leaves: [name] };
}

async function install(wanted: readonly string[], partial: string): Promise<void> {
  console.error(`Setting up ${wanted.join(", ")} in ${environmentFolder}/${name}`);
  const folder = join(partial, name);
  const system: Program = { label: "Python 3", path: "python3" };
  await run(system, { purpose: "make an environment", arguments: ["-m", "venv", folder] });
  const own: Program = { label: "pip", path: join(folder, "bin", "python") };
  const quietly = ["--quiet", "--disable-pip-version-check"];
  await run(own, {
    purpose: "install Snakemake",
    arguments: ["-m", "pip", "install", ...quietly, ...wanted],
  });
}

if (import.meta.main) {
  takesNoArguments("setup:snakemake", "Sets Snakemake up in .venv, for deno task cluster");
  await inOneSentence(async () => console.log(`Snakemake is set up: ${await setUpSnakemake()}`));
}
