/**
 * What a reproduction would run, why, and about how long it would take.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import {
  changedHyperparameters,
  type Hyperparameters,
  parseHyperparameters,
} from "../src/experiments/hyperparameters.ts";
import { isComplete, runCost, runFileNames } from "../src/experiments/run.ts";
import { readText, type RunStore } from "../src/experiments/run_store.ts";
import { selectEngine } from "../src/network/engines/mod.ts";
import { initialWeights } from "../src/network/mlp.ts";
import { startingState, Trainer } from "../src/network/train.ts";
import { requireAccess } from "./engines.ts";
import {
  type IdentifiedRun,
  mergedRuns,
  profileRuns,
  type ReproduceOptions,
  wantedRuns,
} from "./reproduce.ts";

/** A run of the plan. */
export interface PlannedRun extends IdentifiedRun {
  /** `finished`, or why it must run. */
  readonly reason: string;
  readonly isFinished: boolean;
  /** Estimated seconds on one worker, 0 where it is finished. */
  readonly seconds: number;
}

/** The plan of some artifacts. The engine is calibrated for two seconds where something is to run. */
export async function plan(artifacts: readonly Artifact[], options: ReproduceOptions): Promise<PlannedRun[]> {
  const store = profileRuns(options.profile);
  const distinct = mergedRuns(artifacts.flatMap((artifact) => wantedRuns(artifact, options)));
  const stored = await storedHyperparameters(store);
  const finished = await Promise.all(
    distinct.map(({ identity, measurements }) => isComplete(measurements, store.run(identity))),
  );
  const rate = finished.every(Boolean) ? Infinity : await operationsPerSecond(options.engine);
  return distinct.map((run, index) => ({
    ...run,
    isFinished: finished[index],
    reason: finished[index] ? "finished" : reasonToRun(run, stored),
    seconds: finished[index] ? 0 : runCost(run) / rate,
  }));
}

/** Why a run is missing: nothing like it is stored, or what is stored has other hyper-parameters. */
function reasonToRun(run: IdentifiedRun, stored: ReadonlyMap<string, Hyperparameters>): string {
  if (stored.has(run.identity)) return "begun, or something new is to be measured on it";
  const changes = [...stored.values()].map((before) => changedHyperparameters(before, run.hyperparameters))
    .sort((a, b) => a.length - b.length)[0];
  return changes && changes.length <= 2
    ? `missing; differs from a stored run in ${changes.join(", ")}`
    : "missing";
}

async function storedHyperparameters(store: RunStore): Promise<Map<string, Hyperparameters>> {
  const stored = new Map<string, Hyperparameters>();
  for (const identity of await store.identities()) {
    const hyperparameters = readable(await readText(store.run(identity), runFileNames.hyperparameters));
    if (hyperparameters) stored.set(identity, hyperparameters);
  }
  return stored;
}

/** A damaged file, or one of another version, counts as missing here as it does where runs are finished. */
function readable(text: string | undefined): Hyperparameters | undefined {
  try {
    return text === undefined ? undefined : parseHyperparameters(text);
  } catch {
    return undefined;
  }
}

/** How fast one worker trains, in the units of {@linkcode runCost}: two seconds of a 784-wide network. */
async function operationsPerSecond(name: ReproduceOptions["engine"]): Promise<number> {
  await requireAccess(name);
  const engine = await selectEngine(name);
  const architecture = { inputs: 784, hidden: [784, 784, 784, 784], outputs: 10, bias: false };
  const weights = initialWeights(architecture, 0);
  const trainer = new Trainer(engine, startingState(weights), {
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  const batch = { inputs: new Float32Array(256 * 784).fill(0.5), labels: new Uint8Array(256) };
  // The first step compiles and allocates.
  trainer.train(batch);
  await trainer.takeTotals();
  const started = performance.now();
  let steps = 0;
  while (performance.now() - started < 2000) {
    trainer.train(batch);
    await trainer.takeTotals();
    steps++;
  }
  const seconds = (performance.now() - started) / 1000;
  trainer.dispose();
  const weightCount = weights.layers.reduce((sum, { data }) => sum + data.length, 0);
  return steps * 6 * weightCount * 256 / seconds;
}
