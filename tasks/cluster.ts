/**
 * `deno task cluster`: sets Snakemake up in a private environment, makes the plan, and starts `cluster/Snakefile` on it.
 *
 * @module
 */
import { dirname } from "node:path";
import { canonicalJson } from "../src/experiments/hyperparameters.ts";
import { setUpSnakemake, wantedRequirements } from "./cluster/snakemake.ts";
import { ifExists, writeWhole } from "./files.ts";
import { parsePlan, type PlanFile, type PlanRun } from "./plan_file.ts";
import { type Program, run } from "./setup_tensorflow/program.ts";
import { clusterPlanFile } from "./status.ts";

/** Short runs are put together until a job has work for about this long. */
const groupSeconds = 1200;

/** Runs of less than this are short: starting a job costs about four seconds. As in the Snakefile. */
const shortSeconds = 120;

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

/** The profile for Snakemake's own options: that of the executor, or for this machine alone. */
export function profileFolder(snakemake: readonly string[]): string {
  const executor = valueOf("--executor", snakemake) ?? valueOf("-e", snakemake);
  return `tasks/cluster/profiles/${executor === "slurm" || executor === "kubernetes" ? executor : "local"}`;
}

/** How many short runs make a job of about twenty minutes. */
export function runsInGroup(runs: readonly PlanRun[]): number {
  const short = runs.filter(({ isFinished, estimatedSeconds }) =>
    !isFinished && estimatedSeconds < shortSeconds
  );
  const seconds = short.reduce((sum, { estimatedSeconds }) => sum + estimatedSeconds, 0);
  return Math.max(1, Math.floor(groupSeconds * short.length / Math.max(seconds, 1)));
}

function valueOf(flag: string, all: readonly string[]): string | undefined {
  const at = all.indexOf(flag);
  return at < 0 ? all.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) : all[at + 1];
}

/** What the workflow starts from. */
interface Prepared {
  readonly plan: PlanFile;
  /** The file that tells the Snakefile where the plan is. */
  readonly configuration: string;
}

async function prepare(planArguments: readonly string[]): Promise<Prepared> {
  const deno: Program = { label: "Deno", path: Deno.execPath() };
  const all = ["task", "--quiet", "plan", ...planArguments, "--json"];
  const text = await run(deno, { purpose: "plan", arguments: all });
  const plan = parsePlan(text, "the plan");
  const path = clusterPlanFile(plan.profile);
  const folder = dirname(path);
  await writeWhole(path, text);
  // Artifacts are made again when this file is younger than they are: when other runs are asked for.
  const { runs: _runs, ...selection } = plan;
  await writeIfChanged(`${folder}/selection.json`, canonicalJson(selection) + "\n");
  // A file, since --config on the command line would replace that of a profile or of the user.
  const configuration = `${folder}/config.json`;
  await writeWhole(configuration, canonicalJson({ plan: path }) + "\n");
  await removeStaleMarkers(plan, `${folder}/done`);
  return { plan, configuration };
}

async function writeIfChanged(path: string, text: string): Promise<void> {
  if (await ifExists(Deno.readTextFile(path)) !== text) await writeWhole(path, text);
}

/** What is not finished has no marker: a run whose folder was removed, or on which more is to be measured now. */
async function removeStaleMarkers({ runs }: PlanFile, folder: string): Promise<void> {
  for (const { identity } of runs.filter(({ isFinished }) => !isFinished)) {
    await ifExists(Deno.remove(`${folder}/${identity}`));
    await ifExists(Deno.remove(`${folder}/${identity}.tar`));
  }
}

async function cluster({ plan: planArguments, snakemake }: ClusterArguments): Promise<number> {
  const python = await setUpSnakemake(wantedRequirements(snakemake));
  const { plan, configuration } = await prepare(planArguments);
  const all = [
    ...["-m", "snakemake", "--snakefile", "tasks/cluster/Snakefile", "--profile", profileFolder(snakemake)],
    ...["--group-components", `short=${runsInGroup(plan.runs)}`, "--configfile", configuration],
    ...snakemake,
  ];
  const { code } = await new Deno.Command(python, { args: all, stdin: "null" }).spawn().status;
  return code;
}

if (import.meta.main) {
  try {
    Deno.exit(await cluster(clusterArguments(Deno.args)));
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
}
