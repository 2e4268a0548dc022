import { assert, assertEquals } from "@std/assert";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { keptCount, prune, prunedPart, pruningThresholds } from "../../src/theory/algorithm_1.ts";
import {
  distributedSparsity,
  distributedSparsityWithout,
  isDistributedSparse,
} from "../../src/theory/definition_5_1.ts";

Deno.test("j_r is counted down columns and j_c along rows", () => {
  const tall = matrix(4, 2, Float64Array.of(1, 0, 2, 3, 4, 0, 5, 0));
  assertEquals(distributedSparsity(tall), {
    largestColumnCount: 4,
    largestRowCount: 2,
    hasFullDiagonal: true,
  });
  const wide = matrix(2, 4, Float64Array.of(1, 2, 4, 5, 0, 3, 0, 0));
  assertEquals(distributedSparsity(wide), {
    largestColumnCount: 2,
    largestRowCount: 4,
    hasFullDiagonal: true,
  });
});

Deno.test("a zero on the diagonal is noticed, one beside it is not", () => {
  assert(!distributedSparsity(matrix(2, 2, Float64Array.of(1, 1, 1, 0))).hasFullDiagonal);
  assert(distributedSparsity(matrix(2, 2, Float64Array.of(1, 0, 0, -1))).hasFullDiagonal);
  assertEquals(distributedSparsity(matrix(3, 3)), {
    largestColumnCount: 0,
    largestRowCount: 0,
    hasFullDiagonal: false,
  });
});

Deno.test("Algorithm 1 keeps the diagonal, and its mask and its matrix agree", () => {
  const stream = new RandomStream(0, "definition 5.1 test");
  const weights = matrix(30, 50, Float64Array.from({ length: 1500 }, () => stream.normal()));
  const thresholds = pruningThresholds(weights, 1, stream);
  const found = distributedSparsity(prune(weights, thresholds, 20));
  assert(found.hasFullDiagonal);
  assertEquals(found, distributedSparsityWithout(prunedPart(weights, thresholds, 20)));
  const kept = keptCount(thresholds, 20);
  assert(found.largestRowCount >= kept / 30 && found.largestColumnCount >= kept / 50);
  assert(found.largestRowCount < 50 && found.largestColumnCount < 30);
});

Deno.test("a matrix is distributed sparse exactly from its own j_r and j_c on", () => {
  const a = matrix(3, 3, Float64Array.of(1, 1, 0, 0, 1, 0, 0, 1, 1));
  const isSparse = (largestColumnCount: number, largestRowCount: number) =>
    isDistributedSparse(a, { largestColumnCount, largestRowCount });
  assert(isSparse(3, 2) && isSparse(4, 9));
  assert(!isSparse(2, 2) && !isSparse(3, 1));
  const holed = matrix(2, 2, Float64Array.of(0, 1, 1, 1));
  assert(!isDistributedSparse(holed, { largestColumnCount: 2, largestRowCount: 2 }));
});
