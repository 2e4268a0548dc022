import { assert, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import { closestNumber, closestSubset } from "../../src/math/subset_sum.ts";

function smallestDistance(numbers: readonly number[], target: number): number {
  let smallest = Infinity;
  for (let mask = 0; mask < 2 ** numbers.length; mask++) {
    const sum = numbers.reduce((total, number, index) => total + ((mask >> index) & 1 ? number : 0), 0);
    smallest = Math.min(smallest, Math.abs(sum - target));
  }
  return smallest;
}

Deno.test("closestSubset agrees with the search of all subsets", () => {
  const stream = new RandomStream(0, "subset sum test");
  for (let count = 0; count <= 12; count++) {
    for (let trial = 0; trial < 5; trial++) {
      const numbers = Array.from({ length: count }, () => stream.normal());
      const target = 2 * stream.normal();
      const { indices, sum } = closestSubset(numbers, target);
      assert(Math.abs(sum - target) <= smallestDistance(numbers, target) + 1e-12);
      const resummed = indices.reduce((total, index) => total + numbers[index], 0);
      assert(Math.abs(sum - resummed) < 1e-12);
      assertEquals(indices, [...new Set(indices)].toSorted((a, b) => a - b));
    }
  }
});

Deno.test("closestSubset finds a planted subset of 30 numbers", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => 3 ** (index / 2) * (index % 3 === 0 ? -1 : 1));
  const planted = numbers.filter((_, index) => index % 4 === 1).reduce((total, number) => total + number);
  assert(Math.abs(closestSubset(numbers, planted).sum - planted) < 1e-8);
});

Deno.test("closestSubset may choose nothing or everything", () => {
  assertEquals(closestSubset([], 5), { indices: [], sum: 0 });
  assertEquals(closestSubset([1, 2], -9), { indices: [], sum: 0 });
  assertEquals(closestSubset([1, 2, 4], 99), { indices: [0, 1, 2], sum: 7 });
});

Deno.test("closestSubset refuses more than 30 numbers", () => {
  assertThrows(() => closestSubset(new Array(31).fill(1), 1), RangeError, "there are 31");
});

Deno.test("closestNumber prefers none to a worse one", () => {
  assertEquals(closestNumber([3, -2], 1), { indices: [], sum: 0 });
  assertEquals(closestNumber([3, 2.5, -2], 2.4), { indices: [1], sum: 2.5 });
  assertEquals(closestNumber([], 1), { indices: [], sum: 0 });
});
