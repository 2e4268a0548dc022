/**
 * The relative entropy of two Bernoulli distributions and its inverses, on which the certified bound rests.
 *
 * @module
 */
import { bisect } from "./bisection.ts";
import { requireNonNegative, requireProbability } from "./requirements.ts";

/**
 * The deviance x ln(x / m) + m - x >= 0 of an observation x from its mean m, without cancellation near x = m.
 *
 * @param difference x - m, for callers that know it better than the subtraction of rounded numbers does.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(poissonDeviance(2, 1), 2 * Math.LN2 - 1);
 * ```
 */
export function poissonDeviance(x: number, mean: number, difference: number = x - mean): number {
  if (x === 0) return mean;
  if (mean === 0) return Infinity;
  const v = difference / (x + mean);
  return Math.abs(v) < 0.1 ? nearDeviance(x, difference, v) : x * Math.log(x / mean) - difference;
}

// With v = (x - m) / (x + m), ln(x / m) = 2 artanh(v): the first-order parts cancel exactly.
function nearDeviance(x: number, difference: number, v: number): number {
  const square = v * v;
  let power = 2 * x * v;
  let total = v * difference;
  for (let order = 3; Math.abs(power) > total * Number.EPSILON / 4; order += 2) {
    power *= square;
    total += power / order;
  }
  return total;
}

/**
 * kl(q || p) = q ln(q / p) + (1 - q) ln((1 - q) / (1 - p)), in nats; Infinity where p rules out what q allows.
 *
 * @throws {RangeError} If q or p is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(bernoulliDivergence(0, 0.5), Math.LN2);
 * ```
 */
export function bernoulliDivergence(q: number, p: number): number {
  requireProbability("compare Bernoulli distributions", "q", q);
  requireProbability("compare Bernoulli distributions", "p", p);
  return poissonDeviance(q, p, q - p) + poissonDeviance(1 - q, 1 - p, p - q);
}

/**
 * The upper inverse sup{p >= q : kl(q || p) <= budget}, rounded up.
 *
 * @param q The observed frequency.
 * @param budget The divergence allowed, in nats.
 * @throws {RangeError} If q is outside [0, 1] or the budget negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(upperDivergenceInverse(0, 0.1), 1 - Math.exp(-0.1), 1e-15);
 * ```
 */
export function upperDivergenceInverse(q: number, budget: number): number {
  requireProbability("invert the divergence", "q", q);
  requireNonNegative("invert the divergence", "the budget", budget);
  if (budget === 0 || q === 1) return q;
  return bisect(q, 1, (p) => bernoulliDivergence(q, p) <= budget).fails;
}

/**
 * The lower inverse inf{p <= q : kl(q || p) <= budget}, rounded down.
 *
 * @throws {RangeError} If q is outside [0, 1] or the budget negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(lowerDivergenceInverse(1, 0.1), Math.exp(-0.1), 1e-15);
 * ```
 */
export function lowerDivergenceInverse(q: number, budget: number): number {
  requireProbability("invert the divergence", "q", q);
  requireNonNegative("invert the divergence", "the budget", budget);
  if (budget === 0 || q === 0) return q;
  return bisect(q, 0, (p) => bernoulliDivergence(q, p) <= budget).fails;
}
