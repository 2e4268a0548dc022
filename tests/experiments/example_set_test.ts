import { assert, assertEquals } from "@std/assert";
import { batchesOf, exampleSetsOf } from "../../src/experiments/example_set.ts";
import { tinyJob } from "../fixtures/tiny_run.ts";

const { dataset, hyperparameters } = tinyJob("");
const { trainingSet } = exampleSetsOf(dataset, hyperparameters);

Deno.test("batches are the examples in the order given, the last one shorter, in the memory of the one before", () => {
  const order = Uint32Array.of(4, 0, 3, 3, 1, 2, 4);
  const seen = [];
  for (const { inputs, labels } of batchesOf(trainingSet, order, 3)) {
    seen.push({ inputs: inputs.slice(), labels, buffer: inputs.buffer });
  }
  assertEquals(
    seen.map(({ inputs, labels }) => ({ inputs, labels })),
    [[4, 0, 3], [3, 1, 2], [4]].map((indices) => trainingSet.batch(Uint32Array.from(indices))),
  );
  assert(seen[0].buffer === seen[1].buffer && seen[1].buffer !== seen[2].buffer);
});
