/**
 * Theorem E.1: the generalisation error of one of J classifiers, and sharper forms of the same union bound.
 *
 * The class, or the prefix code that gives each classifier its share of delta, must be fixed before S is seen.
 *
 * @module
 */
import { upperDivergenceInverse } from "../math/bernoulli_divergence.ts";
import { binomialUpperLimit } from "../math/binomial.ts";
import {
  requireInteger,
  requireNonNegative,
  requireOpenProbability,
  requireProbability,
} from "../math/requirements.ts";

/** A finite class and what was observed of the classifier chosen from it. */
export interface FiniteClass {
  /** The empirical loss, a fraction: R^_gamma(f) in the paper, or the training error of g_A itself. */
  readonly loss: number;
  /** ln J, the logarithm of the number of parameterisations, in nats. */
  readonly classSizeLn: number;
  /** n = |S|. */
  readonly exampleCount: number;
  /** delta, the probability with which the bound may fail. */
  readonly delta: number;
}

/**
 * R^ + sqrt( ln( sqrt(J / delta) ) / n ), which is R^ + sqrt( (ln J + ln(1/delta)) / (2n) ): Theorem E.1 as printed.
 * (The exponent of its proof lacks a square, erratum 13; the result is right.)
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const bound = hoeffdingBound({ loss: 0.1, classSizeLn: 0, exampleCount: 50, delta: Math.exp(-1) });
 * assertAlmostEquals(bound, 0.2);
 * ```
 */
export function hoeffdingBound(finiteClass: FiniteClass): number {
  requireFiniteClass(finiteClass);
  return finiteClass.loss + Math.sqrt(budget(finiteClass) / (2 * finiteClass.exampleCount));
}

/**
 * sup{p : kl(R^ || p) <= (ln J + ln(1/delta)) / n}: the Chernoff form of the same union, never above Hoeffding's.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const bound = divergenceBound({ loss: 0, classSizeLn: 9, exampleCount: 100, delta: Math.exp(-1) });
 * assertAlmostEquals(bound, 1 - Math.exp(-0.1));
 * ```
 */
export function divergenceBound(finiteClass: FiniteClass): number {
  requireFiniteClass(finiteClass);
  return upperDivergenceInverse(finiteClass.loss, budget(finiteClass) / finiteClass.exampleCount);
}

/**
 * The largest p under which as few errors as were seen have probability delta / J: the exact inversion of the binomial
 * tail, never above the Chernoff form.
 *
 * @throws {RangeError} If a field is out of range or the loss is not a whole number of errors.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const bound = binomialTailBound({ loss: 0, classSizeLn: 9, exampleCount: 100, delta: Math.exp(-1) });
 * assertAlmostEquals(bound, 1 - Math.exp(-0.1));
 * ```
 */
export function binomialTailBound(finiteClass: FiniteClass): number {
  requireFiniteClass(finiteClass);
  const { loss, exampleCount } = finiteClass;
  const errors = Math.round(loss * exampleCount);
  if (Math.abs(errors - loss * exampleCount) > 1e-6) {
    throw new RangeError(
      `Cannot invert the binomial tail as the loss must be a whole number of errors: current value is ${
        loss * exampleCount
      }`,
    );
  }
  return binomialUpperLimit({ trials: exampleCount, successes: errors, deltaLn: -budget(finiteClass) });
}

// ln(J / delta), in nats.
function budget({ classSizeLn, delta }: FiniteClass): number {
  return classSizeLn - Math.log(delta);
}

function requireFiniteClass({ loss, classSizeLn, exampleCount, delta }: FiniteClass): void {
  requireProbability("bound the risk", "the loss", loss);
  requireNonNegative("bound the risk", "ln J", classSizeLn);
  requireInteger("bound the risk", "the number of examples", exampleCount, 1);
  requireOpenProbability("bound the risk", "delta", delta);
}
