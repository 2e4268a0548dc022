/**
 * Tails, quantiles and confidence limits of the binomial distribution, in natural log where they are small.
 *
 * @module
 */
import { bisect, bisectIntegers } from "./bisection.ts";
import { type BetaTails, betaTails } from "./incomplete_beta.ts";
import { requireInteger, requireProbability } from "./requirements.ts";

/** The distribution of the number of successes in independent trials. */
export interface Binomial {
  /** The number of trials, an integer >= 0. */
  readonly trials: number;
  /** The probability p of a success. */
  readonly probability: number;
  /** 1 - p, where it is known to more digits than the subtraction gives. */
  readonly complement?: number;
}

/** What was observed, and how unlikely it may be. */
export interface BinomialObservation {
  /** The number of trials, an integer >= 1. */
  readonly trials: number;
  /** The number of successes, an integer from 0 to `trials`. */
  readonly successes: number;
  /** The natural logarithm of the probability delta with which the limit may be wrong, < 0. */
  readonly deltaLn: number;
}

/**
 * ln P(X >= count).
 *
 * @throws {RangeError} If `trials` or `count` is not an integer, or the probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(binomialUpperTailLn({ trials: 5000, probability: 0.5 }, 5000), 5000 * Math.log(0.5), 1e-9);
 * ```
 */
export function binomialUpperTailLn(distribution: Binomial, count: number): number {
  return tailsAt(distribution, count).lowerLn;
}

/**
 * ln P(X <= count).
 *
 * @throws {RangeError} If `trials` or `count` is not an integer, or the probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(binomialLowerTailLn({ trials: 100, probability: 0.01 }, 0), 100 * Math.log(0.99), 1e-14);
 * ```
 */
export function binomialLowerTailLn(distribution: Binomial, count: number): number {
  return tailsAt(distribution, count + 1).upperLn;
}

/**
 * P(X >= count).
 *
 * @throws {RangeError} If `trials` or `count` is not an integer, or the probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(binomialUpperTail({ trials: 3, probability: 0.5 }, 2), 0.5, 1e-15);
 * ```
 */
export function binomialUpperTail(distribution: Binomial, count: number): number {
  return Math.exp(binomialUpperTailLn(distribution, count));
}

/**
 * P(X <= count).
 *
 * @throws {RangeError} If `trials` or `count` is not an integer, or the probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(binomialLowerTail({ trials: 2, probability: 0.1 }, 1), 0.99, 1e-15);
 * ```
 */
export function binomialLowerTail(distribution: Binomial, count: number): number {
  return Math.exp(binomialLowerTailLn(distribution, count));
}

/**
 * The upper quantile: the smallest count that is exceeded with probability at most `tail`.
 *
 * @throws {RangeError} If `trials` is not an integer, or a probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(binomialUpperQuantile({ trials: 10, probability: 0.5 }, 0.02), 8);
 * ```
 */
export function binomialUpperQuantile(distribution: Binomial, tail: number): number {
  requireProbability("compute the quantile", "the tail probability", tail);
  const tailLn = Math.log(tail);
  const exceeds = (count: number) => binomialUpperTailLn(distribution, count + 1) > tailLn;
  return bisectIntegers(-1, distribution.trials, exceeds).fails;
}

/**
 * The lower quantile: the largest count that is missed from below with probability at most `tail`.
 *
 * @throws {RangeError} If `trials` is not an integer, or a probability is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(binomialLowerQuantile({ trials: 10, probability: 0.5 }, 0.02), 2);
 * ```
 */
export function binomialLowerQuantile(distribution: Binomial, tail: number): number {
  requireProbability("compute the quantile", "the tail probability", tail);
  const tailLn = Math.log(tail);
  const isSafe = (count: number) => binomialLowerTailLn(distribution, count - 1) <= tailLn;
  return bisectIntegers(0, distribution.trials + 1, isSafe).holds;
}

/**
 * The upper limit of Clopper and Pearson: the largest p under which `successes` or fewer have probability >= delta.
 *
 * A true success probability lies above it with probability at most delta. Rounded up.
 *
 * @throws {RangeError} If a count is out of range or `deltaLn` is not < 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const limit = binomialUpperLimit({ trials: 100, successes: 0, deltaLn: Math.log(0.05) });
 * assertAlmostEquals(limit, 1 - 0.05 ** (1 / 100), 1e-15);
 * ```
 */
export function binomialUpperLimit(observation: BinomialObservation): number {
  requireObservation(observation);
  const { trials, successes, deltaLn } = observation;
  if (successes === trials) return 1;
  const isLikely = (p: number) => binomialLowerTailLn({ trials, probability: p }, successes) >= deltaLn;
  return bisect(0, 1, isLikely).fails;
}

/**
 * The lower limit of Clopper and Pearson: the smallest p under which `successes` or more have probability >= delta.
 *
 * A true success probability lies below it with probability at most delta. Rounded down.
 *
 * @throws {RangeError} If a count is out of range or `deltaLn` is not < 0.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const limit = binomialLowerLimit({ trials: 100, successes: 100, deltaLn: Math.log(0.05) });
 * assertAlmostEquals(limit, 0.05 ** (1 / 100), 1e-15);
 * ```
 */
export function binomialLowerLimit(observation: BinomialObservation): number {
  requireObservation(observation);
  const { trials, successes, deltaLn } = observation;
  if (successes === 0) return 0;
  const isLikely = (p: number) => binomialUpperTailLn({ trials, probability: p }, successes) >= deltaLn;
  return bisect(1, 0, isLikely).fails;
}

// P(X >= count) = I_p(count, trials - count + 1); the other tail is P(X <= count - 1).
function tailsAt(distribution: Binomial, count: number): BetaTails {
  const { trials, probability, complement } = distribution;
  requireInteger("compute a binomial tail", "the number of trials", trials, 0);
  requireInteger("compute a binomial tail", "the count", count, -Infinity);
  requireProbability("compute a binomial tail", "the success probability", probability);
  if (count <= 0) return { lowerLn: 0, upperLn: -Infinity };
  if (count > trials) return { lowerLn: -Infinity, upperLn: 0 };
  return betaTails(probability, count, trials - count + 1, complement);
}

function requireObservation({ trials, successes, deltaLn }: BinomialObservation): void {
  requireInteger("compute a confidence limit", "the number of successes", successes, 0);
  requireInteger("compute a confidence limit", "the number of trials", trials, Math.max(1, successes));
  if (!(deltaLn < 0)) {
    throw new RangeError(
      `Cannot compute a confidence limit as ln delta must be < 0: current value is ${deltaLn}`,
    );
  }
}
