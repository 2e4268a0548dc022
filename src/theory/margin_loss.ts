/**
 * Section 3.1: margins and the empirical margin loss.
 *
 * @module
 */

/**
 * The margin M(x)[y] - max_{j != y} M(x)[j] of each example.
 *
 * @param logits The outputs M(x), row-major (examples, classes).
 * @param labels The class y of each example.
 * @throws {TypeError} If the logits do not divide into one row a label of at least two classes.
 * @throws {RangeError} If a label is not below the number of classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...margins(Float32Array.of(1, 3, 2), Uint8Array.of(1))], [1]);
 * ```
 */
export function margins(logits: Float32Array, labels: Uint8Array): Float64Array {
  const classes = logits.length / labels.length;
  if (!Number.isInteger(classes) || classes < 2) {
    throw new TypeError(
      `Cannot compute margins as there must be one row of two or more logits a label: there are ${logits.length} logits and ${labels.length} labels`,
    );
  }
  return Float64Array.from(labels, (label, example) => marginOf(logits, example * classes, classes, label));
}

function marginOf(logits: Float32Array, from: number, classes: number, label: number): number {
  if (label >= classes) {
    throw new RangeError(
      `Cannot compute margins as labels must be below ${classes}, the number of classes: current value is ${label}`,
    );
  }
  let rival = -Infinity;
  for (let index = 0; index < classes; index++) {
    if (index !== label) rival = Math.max(rival, logits[from + index]);
  }
  return logits[from + label] - rival;
}

/**
 * The empirical margin loss R^_gamma: the fraction of examples with a margin of at most gamma (erratum 2). At
 * gamma = 0 it is the classification error, ties counted as errors.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(marginLoss(Float64Array.of(-1, 0, 2, 5), 0), 0.5);
 * ```
 */
export function marginLoss(margins: Float64Array, gamma: number): number {
  let count = 0;
  // Written so that a margin that is no number (a network that overflowed) counts as an error.
  for (const margin of margins) if (!(margin > gamma)) count++;
  return count / margins.length;
}

/**
 * The q-quantiles of the margins, by the nearest rank: the smallest margin with at least a share q at or below it.
 *
 * @throws {RangeError} If a q is outside (0, 1] or there are no margins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(marginQuantiles(Float64Array.of(3, 1, 2, 4), [0.5, 1]), [2, 4]);
 * ```
 */
export function marginQuantiles(margins: Float64Array, shares: readonly number[]): number[] {
  const sorted = margins.toSorted();
  // 0.55 * 50,000 is rounded to the number above 27,500.
  const rank = (q: number) => Math.ceil(q * sorted.length * (1 - 2 * Number.EPSILON));
  return shares.map((q) => {
    if (q > 0 && q <= 1 && sorted.length > 0) return sorted[rank(q) - 1];
    throw new RangeError(
      `Cannot take a margin quantile as q must be in (0, 1] and margins given: q is ${q} of ${sorted.length}`,
    );
  });
}
