import { assert, assertEquals } from "@std/assert";
import { exampleSetsOf } from "../../src/experiments/example_set.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";
import { network, type NetworkMeasurement } from "../../src/experiments/measurements/network.ts";
import { parseRecord, recordJson } from "../../src/experiments/record.ts";
import { matrix } from "../../src/math/matrix.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { initialWeights } from "../../src/network/mlp.ts";
import { tinyJob } from "../fixtures/tiny_run.ts";

const { dataset, hyperparameters } = tinyJob("");
const initial = initialWeights(architectureOf(hyperparameters), 1);

/** Measures the network whose weights are changed entry by entry, by way of its stored form. */
async function measured(change: (weight: number, index: number) => number): Promise<NetworkMeasurement> {
  await wasmEngine.select();
  const layers = initial.layers.map(({ rows, columns, data }) =>
    matrix(rows, columns, Float32Array.from(data, change))
  );
  const sets = exampleSetsOf(dataset, hyperparameters);
  const subject = { weights: { layers, biases: [] }, initial, hyperparameters, ...sets, epochs: [] };
  const record = recordJson(await network.measure({ ...subject, onEvaluated: () => {} }));
  return parseRecord(network.schema, record, "the record");
}

type Reason = NetworkMeasurement["pruned"][number]["limitedBy"];

/** Weights, and what limits d when gamma is the smallest margin and when it is 1. */
const cases: Record<string, [(weight: number, index: number) => number, Reason, Reason]> = {
  "all zero": [() => 0, "no positive margin", "degenerate norms"],
  "all equal, so that predictions are constant": [() => 0.01, "no positive margin", "nothing"],
  "negative, so that every unit is dead": [(weight) => -Math.abs(weight), "no positive margin", "margin"],
  "so large that outputs overflow": [(weight) => 1e38 * weight, "no positive margin", "margin"],
  "so small that outputs underflow": [(weight) => 1e-38 * weight, "no positive margin", "nothing"],
  "with a NaN": [(weight, index) => index === 0 ? NaN : weight, "no positive margin", "degenerate norms"],
  "with an infinity": [
    (weight, index) => index === 3 ? Infinity : weight,
    "no positive margin",
    "degenerate norms",
  ],
};

for (const [name, [change, ...reasons]] of Object.entries(cases)) {
  Deno.test(`a network of weights ${name} is measured, with the reason for its d`, async () => {
    const { pruned, trainErrorFraction, minimumMargin } = await measured(change);
    assertEquals(pruned.map(({ limitedBy }) => limitedBy), reasons);
    assert(!(minimumMargin > 0) && trainErrorFraction >= 0 && trainErrorFraction <= 1);
    for (const { d, limitedBy, keptWeights } of pruned) {
      assert(d >= 0 && keptWeights.every((count) => count >= 0));
      assertEquals(d === 0, limitedBy === "no positive margin" || limitedBy === "degenerate norms");
    }
  });
}
