/**
 * Lemma F.1: the largest load when N balls are thrown into n bins.
 *
 * @module
 */
import { logFactorial } from "../math/log_gamma.ts";
import { requireInteger } from "../math/requirements.ts";

/** The experiment: balls thrown independently and uniformly into bins. */
export interface BallsInBins {
  /** N, the number of balls. */
  readonly balls: number;
  /** n, the number of bins. */
  readonly bins: number;
}

/** 3 ln 3 - 2: Chernoff's exponent for a bin that holds three times its mean, per ball of the mean. */
const TRIPLE_MEAN_EXPONENT = 3 * Math.log(3) - 2;

/**
 * P(max_j X_j <= load), exactly.
 *
 * With Y_j independent Poisson(N / n) the loads are the Y_j given that they add up to N, so that the probability is
 * P(Y <= load)^n P(sum of truncated Y_j = N) / P(Poisson(N) = N): a power of a polynomial with positive coefficients.
 *
 * @param load The load that no bin may exceed; a fraction counts as the integer below it.
 * @throws {RangeError} If a number of balls or bins is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(maximumLoadProbability({ balls: 2, bins: 4 }, 1), 3 / 4);
 * ```
 */
export function maximumLoadProbability({ balls, bins }: BallsInBins, load: number): number {
  requireBallsInBins({ balls, bins });
  const most = Math.min(Math.floor(load), balls);
  if (most * bins < balls) return 0;
  if (most === balls) return 1;
  const oneBin = poissonWeights(balls / bins, most);
  const half = Math.floor(bins / 2);
  const ofHalf = polynomialPower(oneBin, half, balls);
  const ofRest = bins % 2 === 0 ? ofHalf : multiply(ofHalf, oneBin, balls);
  return Math.min(1, coefficientOfProduct(ofHalf, ofRest, balls) / poissonWeight(balls, balls));
}

/**
 * The exact probability that the lemma's claim max_j X_j <= 3 N / n fails.
 *
 * @throws {RangeError} If a number of balls or bins is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const experiment = { balls: 100, bins: 100 };
 * assert(tripleLoadFailure(experiment) > tripleLoadFailurePrinted(experiment));
 * ```
 */
export function tripleLoadFailure(experiment: BallsInBins): number {
  return 1 - maximumLoadProbability(experiment, 3 * experiment.balls / experiment.bins);
}

/**
 * The failure probability that the lemma claims, n^(-1/3), as printed: for every N. It is false unless N is of the
 * order of n ln n (erratum 18); see {@linkcode hasLoadForTriple}.
 *
 * @throws {RangeError} If a number of balls or bins is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(tripleLoadFailurePrinted({ balls: 1, bins: 1000 }), 0.1);
 * ```
 */
export function tripleLoadFailurePrinted(experiment: BallsInBins): number {
  requireBallsInBins(experiment);
  return experiment.bins ** (-1 / 3);
}

/**
 * Chernoff's bound on the failure, n (e^2 / 27)^(N / n), for every N.
 *
 * @throws {RangeError} If a number of balls or bins is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(tripleLoadFailureBound({ balls: 20, bins: 10 }), 10 * (Math.E ** 2 / 27) ** 2);
 * ```
 */
export function tripleLoadFailureBound(experiment: BallsInBins): number {
  requireBallsInBins(experiment);
  return experiment.bins * Math.exp(-TRIPLE_MEAN_EXPONENT * experiment.balls / experiment.bins);
}

/**
 * The condition that the lemma lacks (erratum 18): N >= 4/3 n ln n / (3 ln 3 - 2), about 1.03 n ln n, at which
 * Chernoff's bound is n^(-1/3).
 *
 * @throws {RangeError} If a number of balls or bins is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(hasLoadForTriple({ balls: 7 * 784, bins: 784 }));
 * assert(!hasLoadForTriple({ balls: 6 * 784, bins: 784 }));
 * ```
 */
export function hasLoadForTriple(experiment: BallsInBins): boolean {
  return experiment.balls >= smallestLoadForTriple(experiment.bins) * experiment.bins;
}

/**
 * The load N / n from which the lemma is proved, 4/3 ln n / (3 ln 3 - 2).
 *
 * @param bins n.
 * @throws {RangeError} If the number of bins is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(smallestLoadForTriple(784) / Math.log(784), 1.029, 1e-3);
 * ```
 */
export function smallestLoadForTriple(bins: number): number {
  requireInteger("find the load", "the number of bins", bins, 1);
  return 4 / 3 * Math.log(bins) / TRIPLE_MEAN_EXPONENT;
}

function requireBallsInBins({ balls, bins }: BallsInBins): void {
  requireInteger("throw balls into bins", "the number of balls", balls, 0);
  requireInteger("throw balls into bins", "the number of bins", bins, 1);
}

function poissonWeight(mean: number, count: number): number {
  return Math.exp(count * Math.log(mean) - mean - logFactorial(count));
}

function poissonWeights(mean: number, most: number): Float64Array {
  return Float64Array.from({ length: most + 1 }, (_, count) => poissonWeight(mean, count));
}

// Binary powering, with coefficients above z^degree dropped: all terms are positive, so that nothing cancels.
function polynomialPower(base: Float64Array, exponent: number, degree: number): Float64Array {
  if (exponent === 0) return Float64Array.of(1);
  const root = polynomialPower(base, Math.floor(exponent / 2), degree);
  const square = multiply(root, root, degree);
  return exponent % 2 === 0 ? square : multiply(square, base, degree);
}

function multiply(a: Float64Array, b: Float64Array, degree: number): Float64Array {
  const product = new Float64Array(Math.min(a.length + b.length - 1, degree + 1));
  for (let i = 0; i < a.length; i++) {
    const last = Math.min(b.length, product.length - i);
    for (let j = 0; j < last; j++) product[i + j] += a[i] * b[j];
  }
  return product;
}

function coefficientOfProduct(a: Float64Array, b: Float64Array, degree: number): number {
  let total = 0;
  for (let i = Math.max(0, degree - b.length + 1); i < Math.min(a.length, degree + 1); i++) {
    total += a[i] * b[degree - i];
  }
  return total;
}
