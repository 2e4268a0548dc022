/**
 * The subset of given numbers whose sum is closest to a target, exactly.
 *
 * @module
 */

/** Some of the given numbers and their sum. */
export interface ChosenSubset {
  /** The indices of the chosen numbers, ascending. */
  readonly indices: readonly number[];
  /** Their sum; 0 for none. */
  readonly sum: number;
}

/** All subsets of up to 15 numbers, by ascending sum: bit i of a mask says whether number i is in. */
interface SortedSubsets {
  readonly masks: Uint32Array;
  readonly sums: Float64Array;
}

/** More numbers than this would need lists of more than 32,768 subsets. */
const MOST_NUMBERS = 30;

/**
 * The subset whose sum is closest to `target`, by meeting in the middle: the subsets of either half are sorted by their
 * sums, and one walk through both lists, up the first and down the second, passes the best pair.
 *
 * The time is of the order of 2^(n/2) n instead of 2^n.
 *
 * @param numbers At most 30 numbers.
 * @returns The first best subset that the walk meets; the empty one is among them.
 * @throws {RangeError} If there are more than 30 numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(closestSubset([5, -1, 3, 9], 7.2), { indices: [0, 1, 2], sum: 7 });
 * ```
 */
export function closestSubset(numbers: readonly number[], target: number): ChosenSubset {
  if (numbers.length > MOST_NUMBERS) {
    throw new RangeError(
      `Cannot search all subsets as there must be at most ${MOST_NUMBERS} numbers: there are ${numbers.length}`,
    );
  }
  const half = numbers.length >> 1;
  const [low, high] = [sortedSubsets(numbers.slice(0, half)), sortedSubsets(numbers.slice(half))];
  let best = { distance: Infinity, mask: 0, sum: 0 };
  let [up, down] = [0, high.sums.length - 1];
  while (up < low.sums.length && down >= 0) {
    const sum = low.sums[up] + high.sums[down];
    const distance = Math.abs(sum - target);
    if (distance < best.distance) best = { distance, mask: low.masks[up] | high.masks[down] << half, sum };
    if (sum < target) up++;
    else down--;
  }
  return { indices: membersOf(best.mask, numbers.length), sum: best.sum };
}

/**
 * The single number that is closest to `target`, or none of them if 0 is closer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(closestNumber([5, -1, 3, 9], 7.2), { indices: [3], sum: 9 });
 * ```
 */
export function closestNumber(numbers: readonly number[], target: number): ChosenSubset {
  return numbers.reduce<ChosenSubset>(
    (best, sum, index) =>
      Math.abs(sum - target) < Math.abs(best.sum - target) ? { indices: [index], sum } : best,
    { indices: [], sum: 0 },
  );
}

/** Each number doubles the list: the subsets without it and those with it are sorted already, and merged. */
function sortedSubsets(numbers: readonly number[]): SortedSubsets {
  return numbers.reduce<SortedSubsets>(
    (without, number, index) =>
      merge(without, {
        masks: without.masks.map((mask) => mask | 1 << index),
        sums: without.sums.map((sum) => sum + number),
      }),
    { masks: Uint32Array.of(0), sums: Float64Array.of(0) },
  );
}

function merge(a: SortedSubsets, b: SortedSubsets): SortedSubsets {
  const length = a.sums.length + b.sums.length;
  const merged = { masks: new Uint32Array(length), sums: new Float64Array(length) };
  for (let i = 0, j = 0; i + j < length;) {
    const isFromA = j === b.sums.length || (i < a.sums.length && a.sums[i] <= b.sums[j]);
    merged.masks[i + j] = isFromA ? a.masks[i] : b.masks[j];
    merged.sums[i + j] = isFromA ? a.sums[i] : b.sums[j];
    if (isFromA) i++;
    else j++;
  }
  return merged;
}

function membersOf(mask: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => (mask >> index & 1) === 1);
}
