import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import {
  canonicalJson,
  changedHyperparameters,
  type Hyperparameters,
  parseHyperparameters,
  runIdentity,
  weightCountOf,
} from "../../src/experiments/hyperparameters.ts";
import { hyperparametersFor, type ProfileName, profiles } from "../../src/experiments/presets.ts";

const selection = { profile: "paper", protocol: "stated", seed: 1, engine: "wasm" } as const;
const paperRun = hyperparametersFor("mnist", 784, selection);

Deno.test("the paper profile is what the paper states", () => {
  assertEquals(paperRun.hidden, [784, 784, 784, 784]);
  assertEquals([paperRun.epochs, paperRun.batchSize, paperRun.optimiser.learningRate], [300, 256, 0.02]);
  assertEquals([paperRun.trainingExamples, paperRun.bias], [60_000, false]);
  assertEquals(hyperparametersFor("cifar10", 784, selection).batchSize, 4);
  assertEquals(weightCountOf(paperRun), 4 * 784 * 784 + 7840);
});

Deno.test("every profile keeps n and n's share within the data set", () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    for (const dataset of ["mnist", "cifar10"] as const) {
      const { trainingExamples, examplesPerEpoch } = hyperparametersFor(dataset, 784, {
        ...selection,
        profile,
      });
      assertEquals(examplesPerEpoch <= trainingExamples, true, profile);
    }
  }
});

Deno.test("a run's identity depends on every hyper-parameter, on the data and on nothing else", () => {
  const identity = runIdentity(paperRun, "data");
  const reordered = Object.fromEntries(Object.entries(paperRun).reverse()) as Hyperparameters;
  assertEquals(runIdentity(reordered, "data"), identity);
  assertNotEquals(runIdentity(paperRun, "other data"), identity);
  const changes: Partial<Hyperparameters>[] = [
    { seed: 2 },
    { epochs: 299 },
    { bias: true },
    { engine: "tensorflow" },
    { hidden: [784, 784, 784] },
    { inputScaling: "unit" },
    { optimiser: { ...paperRun.optimiser, epsilon: 1e-7 } },
  ];
  const identities = changes.map((change) => runIdentity({ ...paperRun, ...change }, "data"));
  assertEquals(new Set([identity, ...identities]).size, changes.length + 1);
});

Deno.test("a run on wasm is none of an earlier version, which rounded otherwise; one on tensorflow stays what it was", () => {
  const earlier = (engine: "wasm" | "tensorflow") => {
    const text = canonicalJson({ ...paperRun, engine, dataChecksum: "data" });
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
  };
  assertNotEquals(runIdentity({ ...paperRun, engine: "wasm" }, "data"), earlier("wasm"));
  assertEquals(runIdentity({ ...paperRun, engine: "tensorflow" }, "data"), earlier("tensorflow"));
});

Deno.test("hyper-parameters survive their file and foreign ones are refused", () => {
  assertEquals(parseHyperparameters(canonicalJson(paperRun)), paperRun);
  assertThrows(() => parseHyperparameters(canonicalJson({ ...paperRun, schema: 2 })), SyntaxError, "schema");
  assertThrows(
    () => parseHyperparameters(canonicalJson({ ...paperRun, momentum: 1 })),
    SyntaxError,
    "momentum",
  );
  assertThrows(() => parseHyperparameters("{"), SyntaxError);
});

Deno.test("what changed between two runs is named with both values", () => {
  assertEquals(changedHyperparameters(paperRun, { ...paperRun, seed: 2 }), ["seed: 1 -> 2"]);
});
