import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  keptCount,
  prune,
  prunedPart,
  pruningThresholds,
  secondMoment,
} from "../../src/theory/algorithm_1.ts";
import { deltaFourthMoment, deltaSecondMoment } from "../../src/theory/lemma_c_1.ts";
import { chi } from "../../src/theory/lemma_5_1.ts";

const variance = 0.3;

function gaussian(rows: number, columns: number): Matrix {
  const stream = new RandomStream(1, "weights");
  const draws = Float32Array.from({ length: rows * columns }, () => Math.sqrt(variance) * stream.normal());
  return matrix(rows, columns, draws);
}

Deno.test("the thresholds decide as the printed algorithm does with the same draws", () => {
  const weights = gaussian(30, 40);
  const thresholds = pruningThresholds(weights, variance, new RandomStream(2, "mask"));
  for (const d of [1e-6, 0.1, 1, 58.5]) {
    const stream = new RandomStream(2, "mask");
    const printed = weights.data.map((weight, index) => {
      const isDiagonal = index % 40 === Math.floor(index / 40);
      const isPruned = stream.uniform() < Math.exp(-(weight ** 2) / (d * variance));
      return isPruned && !isDiagonal ? 0 : weight;
    });
    assertEquals(prune(weights, thresholds, d).data, printed);
  }
});

Deno.test("masks are nested in d, keep all at 0 and the diagonal alone at infinity", () => {
  const weights = gaussian(20, 20);
  const thresholds = pruningThresholds(weights, variance, new RandomStream(3, "mask"));
  const kept = [0, 1e-8, 0.01, 1, 10, Infinity].map((d) => prune(weights, thresholds, d).data);
  for (let step = 1; step < kept.length; step++) {
    kept[step].forEach((weight, index) => assert(weight === 0 || kept[step - 1][index] === weight));
  }
  assertEquals(kept[0], weights.data);
  assertEquals(keptCount(thresholds, Infinity), 20);
});

Deno.test("the authors' variant prunes the diagonal too", () => {
  const weights = gaussian(20, 20);
  const thresholds = pruningThresholds(weights, variance, new RandomStream(3, "mask"), {
    keepsDiagonal: false,
  });
  assertEquals(keptCount(thresholds, Infinity), 0);
});

Deno.test("a weight of zero is kept at d = 0 and pruned above", () => {
  const thresholds = pruningThresholds(matrix(1, 2), 1, new RandomStream(1, "mask"));
  assertEquals([keptCount(thresholds, 0), keptCount(thresholds, 1e-300)], [2, 1]);
});

Deno.test("kept fraction and moments of what is pruned agree with Lemmas 5.1 and C.1 on Gaussian weights", () => {
  const weights = gaussian(1000, 1000);
  const thresholds = pruningThresholds(weights, variance, new RandomStream(4, "mask"), {
    keepsDiagonal: false,
  });
  const count = weights.data.length;
  for (const d of [0.01, 1, 10]) {
    const keptFraction = chi(d);
    const standardError = Math.sqrt(keptFraction * (1 - keptFraction) / count);
    assertAlmostEquals(keptCount(thresholds, d) / count, keptFraction, 5 * standardError);
    const { values } = prunedPart(weights, thresholds, d);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
    // The eighth moment of a Gaussian is 105, so the mean of fourth powers has a relative error near 1 %.
    assertAlmostEquals(moment(2) / deltaSecondMoment(d, variance), 1, 0.02);
    assertAlmostEquals(moment(4) / deltaFourthMoment(d, variance), 1, 0.04);
  }
});

Deno.test("what is kept and what is pruned make up the layer", () => {
  const weights = gaussian(9, 14);
  const thresholds = pruningThresholds(weights, secondMoment(weights), new RandomStream(5, "mask"));
  const rest = Float32Array.from(prune(weights, thresholds, 1).data);
  const { rowStarts, columnIndices, values } = prunedPart(weights, thresholds, 1);
  for (let row = 0; row < 9; row++) {
    for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
      rest[row * 14 + columnIndices[entry]] += values[entry];
    }
  }
  assertEquals(rest, weights.data);
});

Deno.test("an impossible d or variance is refused", () => {
  const weights = gaussian(2, 2);
  const thresholds = new Float64Array(4);
  assertThrows(() => prune(weights, thresholds, -1), RangeError, "d must be >= 0: current value is -1");
  assertThrows(() => prunedPart(weights, thresholds, NaN), RangeError, "current value is NaN");
  assertThrows(() => prune(weights, new Float64Array(3), 1), TypeError, "needs 4 thresholds: 3");
  assertThrows(
    () => pruningThresholds(weights, 0, new RandomStream(1, "mask")),
    RangeError,
    "variance must be > 0",
  );
});
