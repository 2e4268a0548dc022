/**
 * Lemma E.2: how many weights of a layer are likely to be pruned, under Assumption 3.1.
 *
 * @module
 */
import { type Binomial, binomialUpperTail } from "../math/binomial.ts";
import { complementaryErrorFunction, errorFunction } from "../math/error_function.ts";
import { requireInteger, requireNonNegative, requireProbability } from "../math/requirements.ts";

/** The event of Lemma E.2: at least tau of N weights are pruned with probability at least kappa each. */
export interface CandidateEvent {
  /** N = d1 d2, the number of weights that Algorithm 1 may prune. */
  readonly entries: number;
  /** tau, the number of such weights asked for. */
  readonly candidates: number;
  /** kappa, in [0, 1]: how likely each is to be pruned. */
  readonly kappa: number;
  /** The pruning parameter d. */
  readonly d: number;
}

/**
 * The distribution of the number of weights with a pruning probability of at least kappa: binomial, with
 * p_1 = P(exp(-A^2 / (d Psi)) >= kappa) = erf( sqrt(-d ln(kappa) / 2) ).
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { probability } = candidateDistribution({ entries: 1, kappa: Math.exp(-1), d: 2 });
 * assertAlmostEquals(probability, 0.8427007929497149);
 * ```
 */
export function candidateDistribution({ entries, kappa, d }: Omit<CandidateEvent, "candidates">): Binomial {
  requireInteger("count candidates", "the number of entries", entries, 1);
  requireProbability("count candidates", "kappa", kappa);
  requireNonNegative("count candidates", "d", d);
  // At kappa = 1 only a weight of exactly zero qualifies, however large d is; at d = 0 no other does either.
  const root = kappa === 1 || d === 0 ? 0 : Math.sqrt(-d * Math.log(kappa) / 2);
  return { trials: entries, probability: errorFunction(root), complement: complementaryErrorFunction(root) };
}

/**
 * The lemma's probability as printed, 1 - I_{1 - p_1}(N - tau, 1 + tau). This is P(more than tau), not
 * P(at least tau): true as a lower bound, one off as the equality that the proof claims (erratum 14).
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(candidateProbabilityPrinted({ entries: 5, candidates: 5, kappa: 0.1, d: 10 }), 0);
 * ```
 */
export function candidateProbabilityPrinted(event: CandidateEvent): number {
  requireInteger("count candidates", "tau", event.candidates, 0);
  return binomialUpperTail(candidateDistribution(event), event.candidates + 1);
}

/**
 * The probability of at least tau such weights, 1 - I_{1 - p_1}(N - tau + 1, tau) (erratum 14).
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const p1 = 0.8427007929497149;
 * const event = { entries: 5, candidates: 5, kappa: Math.exp(-1), d: 2 };
 * assertAlmostEquals(candidateProbability(event), p1 ** 5);
 * ```
 */
export function candidateProbability(event: CandidateEvent): number {
  requireInteger("count candidates", "tau", event.candidates, 0);
  return binomialUpperTail(candidateDistribution(event), event.candidates);
}
