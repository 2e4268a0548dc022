import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { FinishedRun, WantedRun } from "../../src/artifacts/artifact.ts";
import { table1 } from "../../src/artifacts/table1.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";
import type {
  HeavilyPrunedMeasurement,
  HeavilyPrunedVariant,
} from "../../src/experiments/measurements/heavily_pruned.ts";
import { type PruningVariant, pruningVariants } from "../../src/experiments/measurements/heavy_pruning.ts";
import { layerShapes } from "../../src/network/mlp.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { toText } from "../../src/render/text.ts";
import { pruningParameter } from "../../src/theory/lemma_5_1.ts";
import { frozenRun } from "./records.ts";

const selection = { profile: "paper", protocol: "stated", seed: 1, engine: "wasm" } as const;
const frozen = table1.runs(selection).map(frozenTable1Run);
const rows = table1.rows(frozen, selection);

function spread(worst: number) {
  return { worst, percentile: 2 * worst };
}

function frozenVariant(
  variant: PruningVariant,
  shapes: readonly { readonly outputs: number; readonly inputs: number }[],
): HeavilyPrunedVariant {
  const depth = shapes.length;
  return {
    variant,
    layers: shapes.map((shape) => ({
      ...shape,
      keptWeights: Math.ceil(shape.outputs * shape.inputs / 60),
      spectralNorm: 2,
      frobeniusNorm: 6,
      twoOneDistance: 80,
      variance: 0.001,
      largestWeight: 0.5,
      perturbationNorm: 1.5,
    })),
    trainErrorFraction: 0.25,
    testErrorFraction: 0.3125,
    margin: { worst: -3, percentile: 0.25 },
    marginLoss: { worst: 1 / 60_000, percentile: 0.05 },
    unitMarginLoss: 0.5,
    meanLoss: 0.75,
    largestLoss: 9,
    neededMargin: 1e4,
    neededMarginLoss: 1,
    cushions: {
      exampleCount: 60_000,
      sampleCount: 500,
      probes: 16,
      layer: shapes.map(() => spread(0.1)),
      interlayer: Array.from({ length: depth - 1 }, (_, i) => Array(depth - 1 - i).fill(spread(0.01))),
      contraction: Array(depth - 1).fill({ worst: 3, percentile: 2 }),
      outputNorm: { worst: 20, percentile: 10 },
      smoothness: [0.01, 0.1].map((relativeNoise) => ({ relativeNoise, spread: spread(4) })),
    },
    hessian: {
      fromInitial: shapes.map(() => ({ worst: 4, percentile: 1 })),
      fromMaskedInitial: shapes.map(() => ({ worst: 9, percentile: 1 })),
    },
    certificate: {
      indexBits: 3,
      codedWeights: 40_000,
      codeNats: 290_000,
      trainErrorFraction: 0.25,
      hoeffding: 1.75,
      divergence: 0.99,
      binomialTail: 0.98,
    },
  };
}

function frozenTable1Run(wanted: WantedRun): FinishedRun {
  const shapes = layerShapes(architectureOf(wanted.hyperparameters));
  const measurement: HeavilyPrunedMeasurement = {
    schema: 1,
    exampleCount: wanted.hyperparameters.trainingExamples,
    classes: 10,
    maximumInputNorm: 28,
    rootMeanSquareInputNorm: 26,
    fineTuningExamples: 20_000,
    d: pruningParameter(1 / 60),
    theorem: {
      neededMarginLn: 20,
      neededMarginLoss: 1,
      isWithinSideCondition: false,
      roundingStepsLn: shapes.map(() => -10),
      sketchingTerm: 600,
    },
    variants: pruningVariants.map((variant) => frozenVariant(variant, shapes)),
  };
  const run = frozenRun(wanted);
  return { ...run, record: { ...run.record, measured: { "heavily-pruned": measurement } } };
}

function rowOf(dataset: string, variant: PruningVariant, rule: string) {
  return rows.find((row) => row.dataset === dataset && row.variant === variant && row.margin_rule === rule)!;
}

Deno.test("Table 1 wants one network a data set, a row a variant and margin rule, and every column", () => {
  assertEquals(
    table1.runs(selection).map(({ hyperparameters }) => [hyperparameters.dataset, hyperparameters.hidden[0]]),
    [["mnist", 784], ["cifar10", 784]],
  );
  assertEquals(table1.runs({ ...selection, profile: "smoke" })[0].hyperparameters.hidden[0], 78);
  assertEquals(rows.length, 2 * 4 * 2);
  assertEquals(fromCsv(toCsv(table1.columns, rows), table1.columns).length, 16);
  assertEquals(table1.rows(frozen, selection), rows);
});

Deno.test("the paper's bound at 1/60 is R^ + 5.52 on MNIST and 8.90 on CIFAR10, whatever the pruning", () => {
  for (const variant of pruningVariants) {
    assertAlmostEquals(Number(rowOf("mnist", variant, "unit").ours_published), 1 + 5.517, 0.002);
    assertAlmostEquals(Number(rowOf("cifar10", variant, "unit").ours_same_units), 8.898, 0.01);
  }
  const row = rowOf("mnist", "algorithm_1", "unit");
  assertEquals(row.ours_published_paper, 1.572);
  assertAlmostEquals(Number(row.ours_published_difference), Number(row.ours_published) - 1.572, 1e-12);
  assertAlmostEquals(Number(row.ours_theorem), 601, 1e-9);
  assertEquals(rowOf("mnist", "threshold", "unit").ours_theorem, null);
});

Deno.test("Arora et al. in both statistics and margin rules, written out", () => {
  const form = (contraction: number, norm: number, gamma: number, cushion: number, next: number) => {
    const last = Math.min(1 / Math.sqrt(10), Infinity);
    const sum = 4 / (cushion * next) ** 2 + 1 / (cushion * last) ** 2;
    return Math.sqrt((contraction * 5 * norm / gamma) ** 2 * sum / 60_000);
  };
  const unit = rowOf("mnist", "algorithm_1", "unit");
  assertAlmostEquals(Number(unit.arora_2018_worst_published) / form(3, 20, 1, 0.1, 0.01), 1, 1e-9);
  assertAlmostEquals(Number(unit.arora_2018_percentile_published) / form(2, 10, 1, 0.2, 0.02), 1, 1e-9);
  const minimum = rowOf("mnist", "algorithm_1", "minimum");
  assertEquals(
    [minimum.arora_2018_worst_published, minimum.arora_2018_worst_published_difference],
    [Infinity, null],
  );
  assertAlmostEquals(Number(minimum.arora_2018_percentile_published) / form(2, 10, 0.25, 0.2, 0.02), 1, 1e-9);
});

Deno.test("Ju et al. by reference, and the counts, written out", () => {
  const row = rowOf("cifar10", "threshold_tuned", "unit");
  assertAlmostEquals(Number(row.ju_2022_initial_worst_published), 5 * 2 / Math.sqrt(50_000), 1e-12);
  assertAlmostEquals(Number(row.ju_2022_masked_initial_worst_published), 5 * 3 / Math.sqrt(50_000), 1e-12);
  assertAlmostEquals(Number(row.ju_2022_initial_percentile_published), 5 / Math.sqrt(50_000), 1e-12);
  const weights = 784 * 3072 + 3 * 784 ** 2 + 7840;
  assertAlmostEquals(Number(row.kept_count_same_units), Math.sqrt(weights / 60 / 50_000), 1e-3);
  assertAlmostEquals(Number(row.parameter_count_same_units), Math.sqrt(weights / 50_000), 1e-12);
  assertEquals([row.certified_hoeffding, row.certified_binomial_tail], [1.75, 0.98]);
  assert(Number(row.naive_count_theorem) > 1 && Number(row.naive_count_theorem) < Number(row.ours_published));
});

Deno.test("the table that a person reads has a column a variant and the paper's numbers", () => {
  const presentations = table1.present(rows);
  assertEquals(presentations.length, 2);
  const text = toText(presentations[0]);
  assert(/^Ours \(Theorem 5\.2\) +(6\.5\d\d +){4}1\.572$/m.test(text), text);
  assert(/^Arora et al\. 2018, worst example, smallest margin +(inf +){4}9\.941$/m.test(text), text);
  assert(/^Ju et al\. 2022, from the initial weights +(0\.041 +){4}5\.113$/m.test(text), text);
  assert(toBooktabs({ ...presentations[1], label: "tab:x" }).includes("13.194"));
});

Deno.test("numbers above 100,000 are printed as logarithms, the paper's too", () => {
  const large = rows.map((row) => ({
    ...row,
    arora_2018_worst_published: 1e7,
    arora_2018_worst_published_ln: Math.log(1e7),
  }));
  const text = toText(table1.present(large)[0]);
  assert(/^Arora et al\. 2018, worst example, ln +(16\.118 +){4}2\.297$/m.test(text), text);
});

Deno.test("a network that diverged keeps its rows, without numbers", () => {
  const [run] = frozen;
  const measurement = run.record.measured["heavily-pruned"]!;
  const measured = { "heavily-pruned": { ...measurement, theorem: null, variants: [] } };
  const empty = table1.rows([{ ...run, record: { ...run.record, measured } }], selection);
  assertEquals(empty.length, 8);
  assertEquals(empty[0].ours_published, null);
  assertEquals(toCsv(table1.columns, empty).trim().split("\n").length, 9);
  assertEquals(table1.present(empty).length, 1);
});
