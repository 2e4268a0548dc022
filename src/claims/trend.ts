/**
 * Trends: how one quantity changes with another.
 *
 * @module
 */

/**
 * The slope of the least-squares line through points.
 *
 * @param x Abscissas.
 * @param y Ordinates, one an abscissa.
 * @returns The slope; NaN where all abscissas are equal or a coordinate is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(slope([0, 1, 2], [1, 3, 5]), 2);
 * ```
 */
export function slope(x: readonly number[], y: readonly number[]): number {
  return covariance(x, y) / covariance(x, x);
}

/**
 * Spearman's rank correlation: 1 where both always rise together, -1 where one rises as the other falls. Ties share the
 * mean of their ranks.
 *
 * @param x One quantity.
 * @param y The other, as long as `x`.
 * @returns The correlation; NaN where one of them never changes or is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(rankCorrelation([1, 2, 3], [10, 20, 1000]), 1);
 * ```
 */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  if (![...x, ...y].every(Number.isFinite)) return NaN;
  const [a, b] = [ranks(x), ranks(y)];
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function covariance(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  return mean(x.map((value, index) => (value - meanX) * (y[index] - meanY)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
