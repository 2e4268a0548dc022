/** Exact arithmetic for tests, in whole numbers. */

/** A fraction of whole numbers. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A double as the exact fraction that it is. */
export function exactFraction(x: number): Fraction {
  let denominator = 1n;
  for (; !Number.isInteger(x); x *= 2) denominator *= 2n;
  return { numerator: BigInt(x), denominator };
}

/** n choose k for k = 0 .. n. */
export function pascalRow(n: number): bigint[] {
  const row = [1n];
  for (let k = 1; k <= n; k++) row.push((row[k - 1] * BigInt(n - k + 1)) / BigInt(k));
  return row;
}

/** The probabilities of 0 .. n successes as whole numbers over a common denominator, for the p that the double is. */
export function exactBinomial(n: number, p: number): { weights: bigint[]; total: bigint } {
  const { numerator, denominator } = exactFraction(p);
  const failure = denominator - numerator;
  const weights = pascalRow(n).map((ways, k) => ways * numerator ** BigInt(k) * failure ** BigInt(n - k));
  return { weights, total: denominator ** BigInt(n) };
}

/** A positive fraction as the nearest double or nearly so. */
export function toNumber({ numerator, denominator }: Fraction): number {
  const shift = denominator.toString(2).length - numerator.toString(2).length + 64;
  const scaled = shift >= 0
    ? (numerator << BigInt(shift)) / denominator
    : numerator / (denominator << BigInt(-shift));
  return Number(scaled) * 2 ** -shift;
}

/** The relative difference of a double from a positive fraction, computed exactly. */
export function relativeDifference(value: number, { numerator, denominator }: Fraction): number {
  const exact = exactFraction(value);
  const difference = exact.numerator * denominator - numerator * exact.denominator;
  const scale = numerator * exact.denominator;
  return difference === 0n
    ? 0
    : toNumber({ numerator: difference < 0n ? -difference : difference, denominator: scale });
}
