/**
 * A plan as a file: every run that some artifacts need, for workers that share nothing else but the data and the store.
 *
 * @module
 */
import { z } from "zod";
import type { Artifact } from "../src/artifacts/artifact.ts";
import { hyperparametersSchema } from "../src/experiments/hyperparameters.ts";
import { type MeasurementName, measurements } from "../src/experiments/measurements/mod.ts";
import { type ProfileName, profiles, type ProtocolName, protocols } from "../src/experiments/presets.ts";
import { isComplete, runCost } from "../src/experiments/run.ts";
import type { RunStore } from "../src/experiments/run_store.ts";
import { engineNames } from "../src/network/engines/mod.ts";
import { mapInBatches } from "./batches.ts";
import { ifExists } from "./files.ts";
import { type IdentifiedRun, mergedRuns, runNames, type RunSelection, wantedRuns } from "./reproduce.ts";
import { estimatedBytes, estimatedSeconds } from "./run_estimate.ts";

const version = 2;

const identitySchema = z.string().regex(/^[0-9a-f]{16}$/, "a run is named by 16 hexadecimal digits");

const runSchema = z.strictObject({
  /** `runIdentity`: the run's folder in the store. */
  identity: identitySchema,
  hyperparameters: hyperparametersSchema,
  measurements: z.array(z.enum(Object.keys(measurements) as MeasurementName[])),
  /** Floating-point operations (`runCost`). */
  operations: z.number().nonnegative(),
  /** On one worker of the plan's engine. */
  estimatedSeconds: z.number().positive(),
  estimatedBytes: z.int().positive(),
  /** Whether all of it was in the store when the plan was made. */
  isFinished: z.boolean(),
});

const headerSchema = z.strictObject({
  version: z.literal(version),
  profile: z.enum(Object.keys(profiles) as ProfileName[]),
  engine: z.enum(engineNames),
  /** The protocol, or null for those of the profile. */
  protocol: z.enum(Object.keys(protocols) as ProtocolName[]).nullable(),
  /** The data sets, or null for all. */
  datasets: z.array(hyperparametersSchema.shape.dataset).nullable(),
  /** The paper's widths, or null for all. */
  widths: z.array(z.int().positive()).nullable(),
  /** The first seed. */
  seed: z.int().nonnegative(),
  /** How many seeds, or null for those of the profile. */
  seeds: z.int().positive().nullable(),
  artifacts: z.array(z.strictObject({ id: z.string(), runs: z.array(identitySchema) })),
});

const planSchema = headerSchema.extend({ runs: z.array(runSchema) });

/** A run of a plan. */
export type PlanRun = z.infer<typeof runSchema>;

/** A plan. */
export type PlanFile = z.infer<typeof planSchema>;

/** What a plan is made for. */
export interface PlanOptions extends RunSelection {
  /** The speed of the engine on wide networks, in GFLOPS. Default: what was measured for it once. */
  readonly gigaflops?: number | undefined;
}

/** Makes the plan of some artifacts over a store. Runs are in the order of their identities. */
export async function planFile(
  artifacts: readonly Artifact[],
  options: PlanOptions,
  store: RunStore,
): Promise<PlanFile> {
  const nameOf = runNames();
  const wanted = artifacts.map((artifact) => ({
    id: artifact.id,
    runs: wantedRuns(artifact, options, nameOf),
  }));
  const runs = mergedRuns(wanted.flatMap(({ runs }) => runs))
    .sort((a, b) => a.identity < b.identity ? -1 : 1);
  const begun = new Set(await store.identities());
  const isFinished = async (run: IdentifiedRun): Promise<boolean> =>
    begun.has(run.identity) && await isComplete(run, store.run(run.identity));
  return {
    version,
    profile: options.profile,
    engine: options.engine,
    protocol: options.protocol ?? null,
    datasets: options.datasets ? [...options.datasets] : null,
    widths: options.widths ? [...options.widths] : null,
    seed: options.seed,
    seeds: options.seeds ?? null,
    artifacts: wanted.map(({ id, runs }) => ({ id, runs: distinctIdentities(runs) })),
    runs: await mapInBatches(
      runs,
      async (run) => planRun(run, options.gigaflops, await isFinished(run)),
    ),
  };
}

function planRun(
  { identity, hyperparameters, measurements }: IdentifiedRun,
  gigaflops: number | undefined,
  isFinished: boolean,
): PlanRun {
  const request = { hyperparameters, measurements: measurements.toSorted() };
  return {
    identity,
    ...request,
    operations: runCost(request),
    estimatedSeconds: estimatedSeconds(request, gigaflops),
    estimatedBytes: estimatedBytes(request),
    isFinished,
  };
}

function distinctIdentities(runs: readonly IdentifiedRun[]): string[] {
  return [...new Set(runs.map(({ identity }) => identity))].sort();
}

/** The plan as JSON, an artifact and a run a line, so that a change of a run is a change of a line. */
export function planText({ artifacts, runs, ...header }: PlanFile): string {
  const fields = Object.entries(header).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `{\n${[...fields, listText("artifacts", artifacts), listText("runs", runs)].join(",\n")}\n}\n`;
}

function listText(name: string, items: readonly unknown[]): string {
  return `"${name}": [\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
}

/**
 * The text of a plan's file.
 *
 * @throws {Error} If it does not exist.
 */
export async function readPlanText(path: string): Promise<string> {
  const text = await ifExists(Deno.readTextFile(path));
  if (text !== undefined) return text;
  throw new Error(
    `Cannot read ${path} as it does not exist: make it with deno task plan --json, or name another by --plan`,
  );
}

/**
 * Reads a plan.
 *
 * @param text What {@linkcode planText} gave.
 * @param path The file's name, for the message.
 * @throws {SyntaxError} If it is no plan, one of another version, or a run of it is not the one that it is named after.
 */
export function parsePlan(text: string, path: string): PlanFile {
  const plan = valid(planSchema, readVersioned(text, path), path);
  requireIdentities(plan.runs, path);
  return plan;
}

/** Runs of a plan, with what is true of the plan as a whole. */
export interface RunsOfPlan {
  readonly profile: ProfileName;
  readonly runs: readonly PlanRun[];
}

/**
 * Reads runs of a plan, each once, in the order in which they are named. Of a plan of 100,000 runs a worker checks only
 * its own.
 *
 * @throws {SyntaxError} If the text is no plan, one of another version, or a run is not the one that it is named after.
 * @throws {RangeError} If the plan lacks one of the runs.
 */
export function runsOfPlan(text: string, identities: readonly string[], path: string): RunsOfPlan {
  const { runs, ...header } = readVersioned(text, path);
  const { profile } = valid(headerSchema, header, path);
  const wanted = new Set(identities);
  const all: { identity?: string }[] = Array.isArray(runs) ? runs : [];
  const found = new Map(
    all.filter((run) => wanted.has(run?.identity ?? "")).map((run) => [run.identity, run]),
  );
  const known = [...wanted].map((identity) => knownRun(found.get(identity), identity, path));
  requireIdentities(known, path);
  return { profile, runs: known };
}

function knownRun(found: unknown, identity: string, path: string): PlanRun {
  if (found !== undefined) return valid(runSchema, found, path);
  throw new RangeError(`Cannot train ${identity} as ${path} has no such run: deno task status lists them`);
}

function requireIdentities(runs: readonly PlanRun[], path: string): void {
  const nameOf = runNames();
  for (const { identity, hyperparameters } of runs) {
    const name = nameOf(hyperparameters);
    if (identity === name) continue;
    throw new SyntaxError(
      `Cannot read ${path} as the run ${identity} must be named after its hyper-parameters and the data, ${name}: make it again with deno task plan`,
    );
  }
}

function readVersioned(text: string, path: string): Record<string, unknown> {
  const found = parsedObject(text, path);
  if (found.version === version) return found;
  throw new SyntaxError(
    `Cannot read ${path} as its version must be ${version}: current value is ${
      JSON.stringify(found.version)
    }; make it again with deno task plan`,
  );
}

function parsedObject(text: string, path: string): Record<string, unknown> {
  const refused = new SyntaxError(`Cannot read ${path} as it is no plan: make it with deno task plan --json`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    throw refused;
  }
  throw refused;
}

function valid<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path: field, message } = result.error.issues[0];
  throw new SyntaxError(
    `Cannot read ${path} as ${
      field.join(".") || "a field"
    } is invalid (${message}): make it again with deno task plan`,
  );
}
