import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { Matrix as Dense, SVD } from "ml-matrix";
import { exampleSetsOf } from "../../src/experiments/example_set.ts";
import type { Hyperparameters } from "../../src/experiments/hyperparameters.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { measuredOf, recordJson, type RunRecord } from "../../src/experiments/record.ts";
import {
  completeRun,
  isComplete,
  readRun,
  remainingCost,
  type RunContext,
  runCost,
  type RunRequest,
} from "../../src/experiments/run.ts";
import { openJson, sealJson } from "../../src/experiments/seal.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { decodeSafetensors, weightsFromTensors } from "../../src/network/weights.ts";
import { preActivations, referenceOf } from "../network/reference.ts";
import { toyDataset } from "../fixtures/toy_dataset.ts";
import { MemoryStore } from "./memory_store.ts";

const hyperparameters: Hyperparameters = {
  ...hyperparametersFor("mnist", 784, { profile: "smoke", protocol: "gentle", seed: 1, engine: "wasm" }),
  trainingExamples: 60,
  testExamples: 20,
  examplesPerEpoch: 40,
  hidden: [12, 11],
  batchSize: 16,
  epochs: 3,
};

async function context(
  store: MemoryStore,
  onWork: (operations: number) => void = () => {},
): Promise<RunContext> {
  await wasmEngine.select();
  return {
    engine: wasmEngine,
    files: store.run("a"),
    ...exampleSetsOf(toyDataset(), hyperparameters),
    onWork,
  };
}

const request: RunRequest = { hyperparameters, measurements: ["network"] };

async function finishedStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await completeRun(request, await context(store));
  return store;
}

function finishedRecord(store: MemoryStore): Promise<RunRecord> {
  return readRun("a", request.measurements, store.run("a"));
}

Deno.test("a run trains, stores its weights and measures them as independent formulas do", async () => {
  const store = await finishedStore();
  const record = await finishedRecord(store);
  const { training } = record;
  const network = measuredOf(record, "network");
  assertEquals(training.epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  assert(training.epochs[2].loss < training.epochs[0].loss);

  const weights = weightsFromTensors(decodeSafetensors(store.files.get("a/weights.safetensors")!).tensors);
  network.layers.forEach(({ spectralNorm, outputs, inputs }, index) => {
    const { data } = weights.layers[index];
    const { norm2 } = new SVD(Dense.from1DArray(outputs, inputs, [...data]), { autoTranspose: true });
    assertAlmostEquals(spectralNorm, norm2, 1e-6);
  });
  const { trainingSet } = exampleSetsOf(toyDataset(), hyperparameters);
  const margins = [...trainingSet.labels].map((label, example) => {
    const outputs = preActivations(referenceOf(weights), [...trainingSet.inputs(example, example + 1)]).at(
      -1,
    )!;
    return outputs[label] - Math.max(...outputs.filter((_, index) => index !== label));
  });
  assertAlmostEquals(network.minimumMargin, Math.min(...margins), 1e-4);
  assertAlmostEquals(network.trainErrorFraction, margins.filter((margin) => margin <= 0).length / 60, 1e-12);
});

Deno.test("pruning at the measured condition keeps the printed inequality", async () => {
  const network = measuredOf(await finishedRecord(await finishedStore()), "network");
  const unit = network.pruned.find(({ marginRule }) => marginRule === "unit")!;
  assert(unit.d > 0 && unit.neededMargin <= 1);
  const product = network.layers.reduce((value, { spectralNorm, outputs, inputs }) => {
    const kappa = outputs < inputs ? Math.min(1, Math.sqrt(outputs * Math.log(100 * 60) / inputs)) : 1;
    return value * kappa * spectralNorm;
  }, 1);
  const relative = network.layers.reduce(
    (sum, { spectralNorm }, index) => sum + unit.perturbationNorms[index] / spectralNorm,
    0,
  );
  const needed = Math.E * network.maximumInputNorm * product * relative;
  assertAlmostEquals(unit.neededMargin, needed, 1e-6);
});

Deno.test("a finished run is never trained or measured again", async () => {
  const store = await finishedStore();
  const writes = new Map(store.writes);
  await completeRun(request, await context(store));
  assertEquals(store.writes, writes);
});

Deno.test("a measurement that is missing is made from the stored weights", async () => {
  const store = await finishedStore();
  const before = store.files.get("a/network.json")!;
  store.files.delete("a/network.json");
  await completeRun(request, await context(store));
  assertEquals(store.files.get("a/network.json"), before);
  assertEquals(store.writes.get("weights.safetensors"), 1);
});

Deno.test("what was measured of a training that was not repeated is measured again", async () => {
  const expected = measuredOf(await finishedRecord(await finishedStore()), "network");
  for (const otherLoss of [undefined, 0.25]) {
    const store = await finishedStore();
    change(store, "network.json", (network) => ({ ...network, minimumMargin: 7 }));
    if (otherLoss) {
      const other = [{ epoch: 3, loss: otherLoss, errorFraction: 0 }];
      change(store, "training.json", (training) => ({ ...training, epochs: other }));
    }
    store.files.delete("a/weights.safetensors");
    const measurements = ["network", "weight-distribution"] as const;
    await completeRun({ hyperparameters, measurements }, await context(store));
    const { minimumMargin } = measuredOf(await finishedRecord(store), "network");
    assertEquals(minimumMargin, otherLoss ? expected.minimumMargin : 7);
  }
});

/** Replaces a run's record by one that is whole too. */
function change(store: MemoryStore, name: string, edit: (record: Record<string, unknown>) => unknown): void {
  const text = (file: string): string => new TextDecoder().decode(store.files.get(`a/${file}`)!);
  const owner = text("hyperparameters.json");
  const record = JSON.parse(openJson(text(name), owner, name));
  store.files.set(`a/${name}`, new TextEncoder().encode(sealJson(recordJson(edit(record)), owner)));
}

Deno.test("a run that was stopped after an epoch goes on from its checkpoint and ends in the same bits", async () => {
  const expected = await finishedStore();
  const store = new MemoryStore();
  const stopped = await context(store);
  const files = {
    ...stopped.files,
    write: async (name: string, bytes: Uint8Array) => {
      if (name === "training.json") throw new Error("stopped");
      await stopped.files.write(name, bytes);
    },
  };
  await assertRejects(() => completeRun(request, { ...stopped, files }), Error, "stopped");
  assert(store.files.has("a/checkpoint.safetensors"));
  assertEquals(await isComplete(request, store.run("a")), false);
  await completeRun(request, await context(store));
  assertEquals(store.files, expected.files);
});

Deno.test("a network that is measured by epoch trains to the same bits, and its last epoch is the trained network", async () => {
  const store = await finishedStore();
  const weights = store.files.get("a/weights.safetensors");
  const both: RunRequest = { hyperparameters, measurements: ["network", "epochs"] };
  await completeRun(both, await context(store));
  const record = await readRun("a", both.measurements, store.run("a"));
  const { epochs } = measuredOf(record, "epochs");
  assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  assertEquals(epochs[2].network, measuredOf(record, "network"));
  assertEquals(store.files.get("a/weights.safetensors"), weights);
  assertEquals([...store.files.keys()].filter((name) => name.includes("epoch-")), []);
});

Deno.test("the work that a run reports adds up to its estimated cost", async () => {
  let work = 0;
  await completeRun(request, await context(new MemoryStore(), (operations) => work += operations));
  assertAlmostEquals(work / runCost(request), 1, 0.25);
});

Deno.test("what is left to do of a run falls to 0 as it is done", async () => {
  const store = new MemoryStore();
  const both: RunRequest = { hyperparameters, measurements: ["network", "pruning-sweep"] };
  assertEquals(await remainingCost(both, store.run("a")), runCost(both));
  let work = 0;
  await completeRun(request, await context(store));
  const left = await remainingCost(both, store.run("a"));
  assertEquals(left, runCost(both) - runCost(request));
  const record = new MemoryStore();
  for (const [name, bytes] of store.files) if (!name.endsWith(".safetensors")) record.files.set(name, bytes);
  const withTraining = await remainingCost(both, record.run("a"));
  assert(withTraining > left, "a record without its weights is trained again for what was not measured");
  await completeRun(both, await context(store, (operations) => work += operations));
  assertEquals(await remainingCost(both, store.run("a")), 0);
  assertAlmostEquals(work / left, 1, 0.25);
});

Deno.test("a training that diverged still gets a row, with the reason", async () => {
  const optimiser = { ...hyperparameters.optimiser, learningRate: 1e38 };
  const diverging: RunRequest = {
    hyperparameters: { ...hyperparameters, optimiser },
    measurements: ["network"],
  };
  const store = new MemoryStore();
  await completeRun(diverging, await context(store));
  const network = measuredOf(await finishedRecord(store), "network");
  assertEquals([network.trainErrorFraction, network.pruned.map(({ d }) => d)], [1, [0, 0]]);
  assertEquals(network.pruned.map(({ limitedBy }) => limitedBy), ["no positive margin", "degenerate norms"]);
  assert(network.layers.some(({ spectralNorm }) => Number.isNaN(spectralNorm)));
});

Deno.test("a run of another version is refused with what to do", async () => {
  const store = await finishedStore();
  const text = new TextDecoder().decode(store.files.get("a/network.json"));
  await store.run("a").write(
    "network.json",
    new TextEncoder().encode(text.replace('"schema": 1', '"schema": 0')),
  );
  await assertRejects(() => finishedRecord(store), SyntaxError, "remove the file and run again");
  await assertRejects(() => readRun("b", ["network"], store.run("b")), Error, "is missing");
});
