import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  boundsOfNetwork,
  type OwnNetworkBounds,
  presentOwnNetwork,
} from "../../src/artifacts/own_network.ts";
import { bounds } from "../../src/bounds/mod.ts";
import { blankExamples } from "../../src/datasets/dataset.ts";
import { pixelScaling } from "../../src/datasets/pixel_scaling.ts";
import { scaledExamples } from "../../src/experiments/example_set.ts";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { initialWeights } from "../../src/network/mlp.ts";
import { toText } from "../../src/render/text.ts";

/** An untrained network on random examples. */
function bounded(bias: boolean, hasMore: boolean): Promise<OwnNetworkBounds> {
  const stream = new RandomStream(1, "examples");
  const examples = blankExamples(40, 9);
  examples.pixels.forEach((_, index) => examples.pixels[index] = stream.integer(256));
  examples.labels.forEach((_, index) => examples.labels[index] = stream.integer(3));
  const trainingSet = scaledExamples(examples, pixelScaling(examples, "unit"));
  const architecture = { inputs: 9, hidden: [5], outputs: 3, bias };
  const more = hasMore ? { initial: initialWeights(architecture, 2), testSet: trainingSet } : {};
  return boundsOfNetwork({ weights: initialWeights(architecture, 1), trainingSet, ...more });
}

Deno.test("the tables show every bound in every reading under both margin rules, and what the checks say", async () => {
  const result = await bounded(false, true);
  const [boundTable, distribution, pruning, certified] = presentOwnNetwork(result);
  for (const { title } of bounds) {
    assertEquals(
      boundTable.rows.filter(({ quantity }) => String(quantity).trim() === title).length,
      3,
      title,
    );
  }
  assertEquals(boundTable.columns.map(({ title }) => title), ["", "smallest margin", "margin 1"]);
  assertEquals(distribution.rows.length, 2);
  assert(pruning.rows.every(({ lemmaC2, lemma51 }) => lemmaC2 !== undefined && lemma51 !== undefined));
  assertEquals(certified.rows.length, result.certified.length);
  for (const presentation of presentOwnNetwork(result)) {
    assertStringIncludes(toText(presentation), presentation.caption);
  }
});

Deno.test("what was missing is said, and what it means", async () => {
  const [nothing, everything] = [await bounded(true, false), await bounded(false, true)];
  const notes = nothing.notes.join(" ");
  for (
    const words of [
      "No initial weights",
      "from zero",
      "No test set",
      "has biases",
      "misclassified",
      "layers may be in another order",
    ]
  ) {
    assertStringIncludes(notes, words);
  }
  for (const words of ["No initial weights", "No test set", "has biases"]) {
    assert(!everything.notes.join(" ").includes(words), words);
  }
  assert(!toText(presentOwnNetwork(nothing)[0]).includes("nan"));
});

Deno.test("a layer whose weights are all the same is not declared normal, however few they are", async () => {
  const constant = (rows: number, columns: number) =>
    matrix(rows, columns, new Float32Array(rows * columns).fill(0.1));
  const examples = blankExamples(5, 3);
  examples.pixels.fill(255);
  const trainingSet = scaledExamples(examples, pixelScaling(examples, "unit"));
  const weights = { layers: [constant(1, 3), constant(20, 1)], biases: [] };
  const [, distribution] = presentOwnNetwork(await boundsOfNetwork({ weights, trainingSet }));
  assertEquals(distribution.rows.map(({ looksNormal }) => looksNormal), ["no", "no"]);
  assertEquals(distribution.rows.map(({ kolmogorovSmirnov }) => kolmogorovSmirnov), [0.5, 0.5]);
});

Deno.test("the tables are a pure function of what was measured", async () => {
  const result = await bounded(false, false);
  assertEquals(presentOwnNetwork(structuredClone(result)), presentOwnNetwork(result));
  assertEquals(await bounded(false, false), result);
});
