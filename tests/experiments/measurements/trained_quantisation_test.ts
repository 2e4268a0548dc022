import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  nonzeroCount,
  quantisationSteps,
  trainedQuantisation,
} from "../../../src/experiments/measurements/trained_quantisation.ts";
import { type Matrix, matrix } from "../../../src/math/matrix.ts";
import { RandomStream } from "../../../src/math/random_stream.ts";

function sparse(rows: number, columns: number, stream: RandomStream): Matrix {
  const draw = () => stream.uniform() < 0.5 ? stream.normal() : 0;
  const layer = matrix(rows, columns, Float32Array.from({ length: rows * columns }, draw));
  layer.data[0] = 1;
  return layer;
}

/** What training may do: every open weight moves, and none that is fixed. */
function moved(layers: readonly Matrix[], masks: readonly Matrix[], stream: RandomStream): Matrix[] {
  return layers.map((layer, index) => ({
    ...layer,
    data: layer.data.map((weight, place) =>
      masks[index].data[place] === 0 ? weight : weight + stream.normal()
    ),
  }));
}

Deno.test("every weight ends at a value of its layer's codebook, and zeros stay zeros", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 4 }), async (seed, bits) => {
      const stream = new RandomStream(seed, "quantisation");
      const layers = [sparse(5, 7, stream), sparse(3, 5, stream)];
      const quantised = await trainedQuantisation(
        layers,
        bits,
        (open, masks) => Promise.resolve(moved(open, masks, stream)),
      );
      quantised.forEach(({ weights, codebook }, index) => {
        assert(codebook.values.length <= 2 ** bits);
        weights.data.forEach((weight, place) => {
          if (layers[index].data[place] === 0) assertEquals(weight, 0);
          else assert(codebook.values.includes(weight));
        });
      });
    }),
    { numRuns: 30 },
  );
});

Deno.test("each step fixes a third of the open weights for good, the largest first", async () => {
  const stream = new RandomStream(2, "steps");
  const layer = sparse(40, 40, stream);
  const count = nonzeroCount(layer.data);
  const openCounts: number[] = [];
  let before: Matrix | undefined;
  const [{ weights }] = await trainedQuantisation([layer], 2, ([open], [mask], step) => {
    openCounts.push(nonzeroCount(mask.data));
    if (!before) {
      const magnitudes = (kept: number) =>
        [...layer.data].filter((weight, place) => weight !== 0 && mask.data[place] === kept).map(Math.abs);
      assert(Math.min(...magnitudes(0)) >= Math.max(...magnitudes(1)));
    }
    assertEquals(step, openCounts.length - 1);
    before = mask;
    return Promise.resolve([open]);
  });
  assertEquals(openCounts.length, quantisationSteps);
  openCounts.forEach((open, step) => assertEquals(open, Math.floor((2 / 3) ** (step + 1) * count)));
  assertEquals(nonzeroCount(weights.data), count);
});

Deno.test("refuses a layer without weights", async () => {
  await assertRejects(
    () => trainedQuantisation([matrix(1, 2)], 2, (layers) => Promise.resolve(layers)),
    RangeError,
    "the set of nonzero weights must not be empty",
  );
});
