/**
 * What a reproduction would run, why, and about how long it would take.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import {
  canonicalJson,
  changedHyperparameters,
  type Hyperparameters,
  parseHyperparameters,
} from "../src/experiments/hyperparameters.ts";
import { isComplete, remainingCost, runFileNames } from "../src/experiments/run.ts";
import { readText, type RunStore } from "../src/experiments/run_store.ts";
import { selectEngine } from "../src/network/engines/mod.ts";
import { initialWeights } from "../src/network/mlp.ts";
import { startingState, Trainer } from "../src/network/train.ts";
import { mapInBatches } from "./batches.ts";
import { requireAccess } from "./engines.ts";
import {
  type IdentifiedRun,
  mergedRuns,
  profileRuns,
  type ReproduceOptions,
  runNames,
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
  const nameOf = runNames();
  const distinct = mergedRuns(artifacts.flatMap((artifact) => wantedRuns(artifact, options, nameOf)));
  const finished = await mapInBatches(
    distinct,
    (run) => isComplete(run, store.run(run.identity)),
  );
  if (finished.every(Boolean)) return distinct.map(finishedRun);
  const costs = await mapInBatches(distinct, (run) => remainingCost(run, store.run(run.identity)));
  const reasonOf = reasonsToRun(await storedHyperparameters(store));
  const rate = await operationsPerSecond(options.engine);
  return distinct.map((run, index) => {
    if (finished[index]) return finishedRun(run);
    return { ...run, isFinished: false, reason: reasonOf(run), seconds: costs[index] / rate };
  });
}

function finishedRun(run: IdentifiedRun): PlannedRun {
  return { ...run, isFinished: true, reason: "finished", seconds: 0 };
}

/**
 * Why runs are missing: nothing like one is stored, or what is stored has other hyper-parameters. Runs that differ in the
 * seed alone are compared once, so that of many seeds each costs the same.
 */
export function reasonsToRun(
  stored: ReadonlyMap<string, Hyperparameters>,
): (run: IdentifiedRun) => string {
  const kinds = [...new Map([...stored.values()].map((one) => [kindOf(one), one])).values()];
  const known = new Map<string, string[] | undefined>();
  return ({ identity, hyperparameters }) => {
    if (stored.has(identity)) return "begun, or something new is to be measured on it";
    const kind = kindOf(hyperparameters);
    if (!known.has(kind)) known.set(kind, fewestChanges(kinds, hyperparameters));
    return missingSentence(known.get(kind));
  };
}

function kindOf(hyperparameters: Hyperparameters): string {
  return canonicalJson({ ...hyperparameters, seed: 0 });
}

/** What differs from the stored run that is most alike, or undefined where none is stored. */
function fewestChanges(stored: readonly Hyperparameters[], wanted: Hyperparameters): string[] | undefined {
  return stored.map((before) => changedHyperparameters({ ...before, seed: wanted.seed }, wanted))
    .sort((a, b) => a.length - b.length)[0];
}

function missingSentence(changes: readonly string[] | undefined): string {
  if (changes === undefined || changes.length > 2) return "missing";
  if (changes.length === 0) return "missing; differs from a stored run in the seed alone";
  return `missing; apart from the seed, differs from a stored run in ${changes.join(", ")}`;
}

async function storedHyperparameters(store: RunStore): Promise<Map<string, Hyperparameters>> {
  const identities = await store.identities();
  const texts = await mapInBatches(
    identities,
    (identity) => readText(store.run(identity), runFileNames.hyperparameters),
  );
  return new Map(identities.flatMap((identity, index) => {
    const hyperparameters = readable(texts[index]);
    return hyperparameters ? [[identity, hyperparameters]] : [];
  }));
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
