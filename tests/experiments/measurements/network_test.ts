import { assert, assertEquals } from "@std/assert";
import { exampleSetsOf } from "../../../src/experiments/example_set.ts";
import { architectureOf } from "../../../src/experiments/hyperparameters.ts";
import { network, type NetworkMeasurement } from "../../../src/experiments/measurements/network.ts";
import { matrix } from "../../../src/math/matrix.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { initialWeights, type NetworkWeights } from "../../../src/network/mlp.ts";
import { tinyJob } from "../../fixtures/tiny_run.ts";

const { dataset, hyperparameters } = tinyJob("");
const sets = exampleSetsOf(dataset, hyperparameters);
const initial = initialWeights(architectureOf(hyperparameters), 1);

async function measured(weights: NetworkWeights): Promise<{ found: NetworkMeasurement; evaluated: number }> {
  await wasmEngine.select();
  let evaluated = 0;
  const onEvaluated = (examples: number): void => void (evaluated += examples);
  const found = await network.measure({
    weights,
    initial,
    hyperparameters,
    ...sets,
    epochs: [],
    onEvaluated,
  });
  return { found, evaluated };
}

function unitRule({ pruned }: NetworkMeasurement): NetworkMeasurement["pruned"][number] {
  return pruned.find(({ marginRule }) => marginRule === "unit")!;
}

function scaled(factor: number): NetworkWeights {
  const layers = initial.layers.map(({ rows, columns, data }) =>
    matrix(rows, columns, data.map((weight) => factor * weight))
  );
  return { layers, biases: [] };
}

Deno.test("a network of which a positive d takes no weight is not evaluated again", async () => {
  const all = sets.trainingSet.count + sets.testSet.count;
  const little = await measured(scaled(1));
  const nothing = await measured(scaled(100));
  const [pruned, kept] = [little, nothing].map(({ found }) => unitRule(found));
  assert(pruned.d > 0 && pruned.perturbationNorms.some((norm) => norm > 0));
  assert(kept.d > 0 && kept.perturbationNorms.every((norm) => norm === 0));
  assertEquals(kept.keptWeights, initial.layers.map(({ data }) => data.length));
  assertEquals([little.evaluated, nothing.evaluated], [2 * all, all]);
  assertEquals(kept.testErrorFraction, nothing.found.testErrorFraction);
});
