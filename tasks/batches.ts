/**
 * Many small reads, a few at a time.
 *
 * @module
 */

/** Enough to keep a disk busy on the far side of a network, and little memory for what is read. */
const atOnce = 64;

/**
 * Maps items in order, so many at once that waiting for the disk overlaps and 100,000 items need no more memory than a
 * few.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(await mapInBatches([1, 2, 3], (number) => Promise.resolve(number * 2)), [2, 4, 6]);
 * ```
 */
export async function mapInBatches<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    results.push(...await Promise.all(items.slice(from, from + atOnce).map(map)));
  }
  return results;
}
