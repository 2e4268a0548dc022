/**
 * `deno task cluster`: sets Snakemake up in a private environment, makes the plan, and starts `cluster/Snakefile` on it.
 *
 * @module
 */
import { dirname } from "node:path";
import { canonicalJson } from "../src/experiments/hyperparameters.ts";
import { setUpSnakemake, wantedRequirements } from "./cluster/snakemake.ts";
import { endIfHelpIsWanted } from "./arguments.ts";
import { ifExists, writeWhole } from "./files.ts";
import { parsePlan } from "./plan_file.ts";
import { headCommit } from "./provenance.ts";
import { type Program, run } from "./setup_tensorflow/program.ts";
import { clusterPlanFile } from "./status.ts";

/** Arguments of `deno task cluster`, apart. */
export interface ClusterArguments {
  /** Those of `deno task plan`: before `--`. */
  readonly plan: readonly string[];
  /** Those of Snakemake: after it. */
  readonly snakemake: readonly string[];
}

/**
 * Takes the arguments apart at the first `--`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { plan, snakemake } = clusterArguments(["--profile", "paper", "--", "--executor", "slurm"]);
 * assertEquals([plan, snakemake], [["--profile", "paper"], ["--executor", "slurm"]]);
 * ```
 */
export function clusterArguments(all: readonly string[]): ClusterArguments {
  const end = all.indexOf("--");
  return end < 0 ? { plan: all, snakemake: [] } : { plan: all.slice(0, end), snakemake: all.slice(end + 1) };
}

/**
 * What the Snakefile is told of each profile unless `--config` says otherwise. Kubernetes has no shared folder; on this
 * machine alone a job starts in two seconds, and short ones keep all cores busy to the end.
 */
const profileSettings = {
  slurm: {},
  kubernetes: { carry: true },
  local: { batch_minutes: 0.25 },
} as const;

/** The profile for Snakemake's own options: that of the executor, or for this machine alone. */
function profileName(snakemake: readonly string[]): keyof typeof profileSettings {
  const executor = valueOf("--executor", snakemake) ?? valueOf("-e", snakemake);
  return executor === "slurm" || executor === "kubernetes" ? executor : "local";
}

/** The folder of that profile. */
export function profileFolder(snakemake: readonly string[]): string {
  return `tasks/cluster/profiles/${profileName(snakemake)}`;
}

function valueOf(flag: string, all: readonly string[]): string | undefined {
  const at = all.indexOf(flag);
  return at < 0 ? all.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) : all[at + 1];
}

/** Where Snakemake keeps its locks while it works, and after it was killed. */
const lockFolder = ".snakemake/locks";

/** Snakemake refuses to start beside another one, but plan and markers of that one would have been changed by then. */
async function refuseIfLocked(snakemake: readonly string[]): Promise<void> {
  const locks = await ifExists(Array.fromAsync(Deno.readDir(lockFolder))) ?? [];
  const isMeant = snakemake.includes("--unlock") || snakemake.includes("--nolock");
  if (locks.length === 0 || isMeant) return;
  throw new Error(
    "Cannot start the cluster as another Snakemake works in this folder: wait for it, or, if it was killed, " +
      "do the same with -- --unlock once",
  );
}

/**
 * Writes the plan, and forgets what is done: that stands in the plan.
 *
 * @returns The file that tells the Snakefile where the plan is, and what the profile settles.
 */
async function prepare({ plan: planArguments, snakemake }: ClusterArguments): Promise<string> {
  const deno: Program = { label: "Deno", path: Deno.execPath() };
  const all = ["task", "--quiet", "plan", ...planArguments, "--json"];
  const planText = await run(deno, { purpose: "plan", arguments: all });
  const plan = parsePlan(planText, "the plan");
  const path = clusterPlanFile(plan.profile);
  const folder = dirname(path);
  await writeWhole(path, planText);
  // Artifacts are made again when this file is younger than they are: when other runs are asked for, or by other code.
  const { runs: _runs, ...selection } = plan;
  const text = canonicalJson({ ...selection, commit: await headCommit() });
  await writeIfChanged(`${folder}/selection.json`, `${text}\n`);
  // A file, of which --config on the command line replaces what it names; of a profile it would replace everything.
  const configuration = `${folder}/config.json`;
  await writeWhole(
    configuration,
    canonicalJson({ plan: path, ...profileSettings[profileName(snakemake)] }) + "\n",
  );
  await ifExists(Deno.remove(`${folder}/done`, { recursive: true }));
  return configuration;
}

async function writeIfChanged(path: string, text: string): Promise<void> {
  if (await ifExists(Deno.readTextFile(path)) !== text) await writeWhole(path, text);
}

async function cluster(all: ClusterArguments): Promise<number> {
  const { snakemake } = all;
  await refuseIfLocked(snakemake);
  const configuration = await prepare(all);
  const python = await setUpSnakemake(wantedRequirements(snakemake));
  const words = [
    ...["-m", "snakemake", "--snakefile", "tasks/cluster/Snakefile", "--profile", profileFolder(snakemake)],
    ...["--configfile", configuration],
    ...snakemake,
  ];
  const { code } = await new Deno.Command(python, { args: words, stdin: "null" }).spawn().status;
  return code;
}

const usage = `deno task cluster [PLAN ...] [-- SNAKEMAKE ...]

Trains, makes and reports through Snakemake, which it sets up in .venv/snakemake.
  PLAN        what to do, as deno task plan takes it: --profile paper table2, say
  SNAKEMAKE   how, as Snakemake takes it: --executor slurm, --unlock, --help`;

if (import.meta.main) {
  const given = clusterArguments(Deno.args);
  endIfHelpIsWanted(usage, given.plan);
  try {
    Deno.exit(await cluster(given));
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
}
