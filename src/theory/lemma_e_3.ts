/**
 * Lemma E.3: how many of the likely weights of Lemma E.2 are pruned, and what both lemmas certify together.
 *
 * @module
 */
import { binomialLowerQuantile, binomialUpperQuantile, binomialUpperTail } from "../math/binomial.ts";
import { requireInteger, requireOpenProbability, requireProbability } from "../math/requirements.ts";
import { chi } from "./lemma_5_1.ts";
import { candidateDistribution, type CandidateEvent } from "./lemma_e_2.ts";

/** The event of Lemma E.3: at least alpha of tau weights are pruned. */
export interface PrunedEvent {
  /** tau, the number of weights that are pruned with probability at least kappa each. */
  readonly candidates: number;
  /** kappa, in [0, 1]. */
  readonly kappa: number;
  /** alpha, the number of pruned weights asked for. (In Lemma E.1 alpha is the number kept, erratum 12.) */
  readonly prunedCount: number;
}

/**
 * The lemma's probability as printed, 1 - I_{1 - kappa}(tau - alpha, alpha + 1), which is P(more than alpha)
 * (erratum 14).
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(prunedCountProbabilityPrinted({ candidates: 2, kappa: 0.5, prunedCount: 1 }), 0.25);
 * ```
 */
export function prunedCountProbabilityPrinted(event: PrunedEvent): number {
  return prunedTail(event, event.prunedCount + 1);
}

/**
 * The probability of at least alpha pruned weights, 1 - I_{1 - kappa}(tau - alpha + 1, alpha) (erratum 14).
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(prunedCountProbability({ candidates: 2, kappa: 0.5, prunedCount: 1 }), 0.75);
 * ```
 */
export function prunedCountProbability(event: PrunedEvent): number {
  return prunedTail(event, event.prunedCount);
}

/**
 * The number of nonzero weights that Lemmas E.2 and E.3 certify: at most this many are left with probability
 * 1 - delta, half of delta for each lemma.
 *
 * @param layer N, d and the kappa through which the lemmas are chained.
 * @param delta The probability of failure.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const layer = { entries: 10000, kappa: 0.5, d: 10 };
 * assert(chainedNonzeroCount(layer, 0.01) > directNonzeroCount(layer, 0.01));
 * ```
 */
export function chainedNonzeroCount(layer: Omit<CandidateEvent, "candidates">, delta: number): number {
  requireOpenProbability("certify the count", "delta", delta);
  const candidates = binomialLowerQuantile(candidateDistribution(layer), delta / 2);
  const pruned = binomialLowerQuantile({ trials: candidates, probability: layer.kappa }, delta / 2);
  return layer.entries - pruned;
}

/**
 * The same certificate straight from the distribution of the kept weights, Binomial(N, chi(d)): far below what the two
 * lemmas give, and true for the same weights.
 *
 * @param layer N and d.
 * @param delta The probability of failure.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(directNonzeroCount({ entries: 100, d: 0 }, 0.01), 100);
 * ```
 */
export function directNonzeroCount(layer: Pick<CandidateEvent, "entries" | "d">, delta: number): number {
  requireOpenProbability("certify the count", "delta", delta);
  return binomialUpperQuantile({ trials: layer.entries, probability: chi(layer.d) }, delta);
}

function prunedTail({ candidates, kappa, prunedCount }: PrunedEvent, count: number): number {
  requireInteger("count pruned weights", "tau", candidates, 0);
  requireInteger("count pruned weights", "alpha", prunedCount, 0);
  requireProbability("count pruned weights", "kappa", kappa);
  return binomialUpperTail({ trials: candidates, probability: kappa }, count);
}
