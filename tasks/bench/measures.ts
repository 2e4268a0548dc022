/**
 * What the measurements of a trained network cost, beside an epoch of its training. As a program it measures one engine
 * and prints {@linkcode MeasurementCosts} as JSON.
 *
 * @module
 */
import type { Dataset } from "../../src/datasets/dataset.ts";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { exampleSetsOf } from "../../src/experiments/example_set.ts";
import { measureOneVariant } from "../../src/experiments/measurements/heavily_pruned.ts";
import type { Subject } from "../../src/experiments/measurements/measurement.ts";
import { measurements } from "../../src/experiments/measurements/mod.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { startingPoint, trainRun } from "../../src/experiments/training.ts";
import type { EngineName } from "../../src/network/engines/engine.ts";
import { selectEngine } from "../../src/network/engines/mod.ts";
import { initialWeights } from "../../src/network/mlp.ts";
import { enginePermissions, lastReason } from "../engines/child.ts";
import { cacheFolder } from "../data/cache_folder.ts";
import { isCached, readCached } from "../data/raw_cache.ts";

/** Milliseconds that things took. */
export interface MeasurementCosts {
  /** One epoch over S. */
  readonly epoch: number;
  /** Each measurement of the network. */
  readonly measurements: Readonly<Record<string, number>>;
}

const program = new URL("./measures.ts", import.meta.url).href;

/**
 * What is measured of one network: norms, margins, the sweep over d and, of the network pruned to a sixtieth, Hessian and
 * cushions. `heavily-pruned` measures four such networks, two of which it trains first: here it is one, pruned at once.
 * What trains networks of its own (epochs, tickets, certified networks) is no measurement of this one.
 */
const timed: Readonly<Record<string, (subject: Subject) => Promise<unknown>>> = {
  "network": measurements.network.measure,
  "weight-distribution": measurements["weight-distribution"].measure,
  "pruning-sweep": measurements["pruning-sweep"].measure,
  "one pruned network": (subject) => measureOneVariant(subject, "algorithm_1"),
};

/**
 * Trains the MNIST network of width 784 for an epoch over all of S and measures it, in a process of its own.
 *
 * @throws {Error} If MNIST is not there or the engine fails: in one sentence.
 */
export async function costsInChild(engine: EngineName): Promise<MeasurementCosts> {
  const permissions = new Set([...enginePermissions[engine], "--allow-read", "--allow-env"]);
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", ...permissions, program, engine],
    env: { NO_COLOR: "1", TF_CPP_MIN_LOG_LEVEL: "3" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  throw new Error(`Cannot time the measurements as ${lastReason(new TextDecoder().decode(stderr))}`);
}

async function measureCosts(engineName: EngineName): Promise<MeasurementCosts> {
  const { subject, epoch } = await trainedSubject(engineName);
  const costs: Record<string, number> = {};
  for (const [name, measure] of Object.entries(timed)) {
    costs[name] = await milliseconds(() => measure(subject));
  }
  return { epoch, measurements: costs };
}

/** A network after an epoch at the gentle rate, at which its margins allow some pruning. */
async function trainedSubject(engineName: EngineName): Promise<{ subject: Subject; epoch: number }> {
  const engine = await selectEngine(engineName);
  const dataset = cachedMnist();
  const selection = { profile: "standard", protocol: "gentle", seed: 1, engine: engineName } as const;
  const hyperparameters = { ...hyperparametersFor("mnist", 784, selection), epochs: 1 };
  const sets = exampleSetsOf(dataset, hyperparameters);
  const initial = initialWeights(architectureOf(hyperparameters), hyperparameters.seed);
  let weights = initial;
  const epoch = await milliseconds(async () => {
    const hooks = { onStep: () => {}, onEpoch: () => Promise.resolve() };
    ({ weights } = await trainRun(engine, hyperparameters, sets.trainingSet, startingPoint(initial), hooks));
  });
  return {
    subject: { weights, initial, hyperparameters, ...sets, epochs: [], onEvaluated: () => {} },
    epoch,
  };
}

function cachedMnist(): Dataset {
  const files = rawFiles("mnist");
  if (isCached(cacheFolder(), "mnist", files)) return readCached(cacheFolder(), "mnist", files);
  throw new Error("MNIST must be fetched first: run deno task data mnist");
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

if (import.meta.main) console.log(JSON.stringify(await measureCosts(Deno.args[0] as EngineName)));
