/**
 * Theorem F.1 (Malach et al. 2020): a wide random network contains a subnetwork close to a given target network.
 *
 * The subnetwork itself is built in `theorem_f_1_construction.ts`.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { requireInteger, requireOpenProbability, requirePositive } from "../math/requirements.ts";
import { spectralNorm } from "../math/spectral_norm.ts";

/** The target network M, as far as the theorem counts. */
export interface TicketTarget {
  /** d_{0,1}, the number of inputs. */
  readonly inputs: number;
  /** n_M, the largest hidden dimension. */
  readonly hiddenWidth: number;
  /** L, the number of weight matrices. */
  readonly depth: number;
}

/** What the random network must reach. */
export interface TicketGoal {
  /** The widths of the target: inputs, each hidden layer, outputs. */
  readonly widths: readonly number[];
  /** epsilon in (0, 1), the largest difference of an output over inputs of norm at most 1. */
  readonly epsilon: number;
  /** delta in (0, 1), the probability that there is no such subnetwork. */
  readonly delta: number;
}

/** One weight of the target and how closely a pair of random weights must imitate it. */
export interface WeightMatch {
  /** alpha, the weight, in [-1, 1]. */
  readonly weight: number;
  /** The allowed |w u - alpha|, > 0. */
  readonly tolerance: number;
}

/** Norms that were scaled to 1 may exceed it by rounding. */
const NORM_SLACK = 1e-9;

/**
 * The number of active weights as printed, d_{0,1} D_G + D_G^2 L, with the constant of O() set to 1. It is that of the
 * whole random network, so that nothing would be pruned (erratum 22).
 *
 * @param hostWidth D_G, the largest hidden dimension of the random network.
 * @throws {RangeError} If a field or the width is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(activeWeightsPrinted({ inputs: 2, hiddenWidth: 3, depth: 4 }, 10), 420);
 * ```
 */
export function activeWeightsPrinted(target: TicketTarget, hostWidth: number): number {
  requireTarget(target);
  requireInteger("count active weights", "the width of the random network", hostWidth, 1);
  return target.inputs * hostWidth + hostWidth ** 2 * target.depth;
}

/**
 * The number of active weights with erratum 22, d_{0,1} n_M + n_M^2 L, with the constant of O() set to 1: the order of
 * the target's own weights.
 *
 * @throws {RangeError} If a field is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(activeWeights({ inputs: 2, hiddenWidth: 3, depth: 4 }), 42);
 * ```
 */
export function activeWeights(target: TicketTarget): number {
  requireTarget(target);
  const { inputs, hiddenWidth, depth } = target;
  return inputs * hiddenWidth + hiddenWidth ** 2 * depth;
}

/**
 * Whether a network is a target of the theorem: ||A^i||_2 <= 1 and no entry above 1 / sqrt(fan-in), the fan-in being
 * what the statement calls d_{1,i}.
 *
 * @param weights A^i in order (rows = outputs, columns = inputs).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * assert(isTicketTarget([matrix(1, 4, Float64Array.of(0.5, -0.5, 0.5, 0.5))]));
 * assert(!isTicketTarget([matrix(1, 4, Float64Array.of(0.6, 0, 0, 0))]));
 * ```
 */
export function isTicketTarget(weights: readonly Matrix[]): boolean {
  return weights.every((layer) => {
    const entryLimit = (1 + NORM_SLACK) / Math.sqrt(layer.columns);
    return layer.data.every((weight) => Math.abs(weight) <= entryLimit) &&
      spectralNorm(layer) <= 1 + NORM_SLACK;
  });
}

/**
 * How closely each weight must be imitated for the outputs to differ by at most epsilon on the unit ball:
 * ((1 + epsilon)^(1/L) - 1) / max_l sqrt(d1 d2).
 *
 * Layers of norm at most 1 whose weights are off by at most eta are perturbed by a norm of at most eta sqrt(d1 d2), so
 * that the telescoped form of Lemma C.4 gives (1 + eta max_l sqrt(d1 d2))^L - 1.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(weightTolerance({ widths: [4, 4, 4], epsilon: 0.44 }), 0.05);
 * ```
 */
export function weightTolerance({ widths, epsilon }: Omit<TicketGoal, "delta">): number {
  requireWidths(widths);
  requireOpenProbability("imitate the target", "epsilon", epsilon);
  const depth = widths.length - 1;
  const largest = Math.max(...widths.slice(1).map((outputs, layer) => Math.sqrt(outputs * widths[layer])));
  return Math.expm1(Math.log1p(epsilon) / depth) / largest;
}

/**
 * P(w > 0, |w u - alpha| <= tolerance) for independent w and u uniform on [-1, 1]: how likely one hidden neuron of the
 * random network imitates one weight on inputs of one sign.
 *
 * The product w u has the distribution function 1/2 + t (1 - ln|t|) / 2, and w > 0 halves the probability.
 *
 * @throws {RangeError} If the weight is outside [-1, 1] or the tolerance is not > 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(matchProbability({ weight: 0, tolerance: 1 }), 0.5);
 * ```
 */
export function matchProbability({ weight, tolerance }: WeightMatch): number {
  if (!(Math.abs(weight) <= 1)) {
    throw new RangeError(`Cannot imitate the weight as it must be in [-1, 1]: current value is ${weight}`);
  }
  requirePositive("imitate the weight", "the tolerance", tolerance);
  return (productDistribution(weight + tolerance) - productDistribution(weight - tolerance)) / 2;
}

/**
 * How many neurons a pool needs for one of them to imitate a weight except with probability `failure`:
 * ln(failure) / ln(1 - {@linkcode matchProbability}), rounded up.
 *
 * @param failure In (0, 1).
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(searchPoolSize({ weight: 0, tolerance: 1 }, 1 / 8), 3);
 * ```
 */
export function searchPoolSize(match: WeightMatch, failure: number): number {
  requireOpenProbability("size the pool", "the probability of failure", failure);
  return Math.ceil(Math.log(failure) / Math.log1p(-matchProbability(match)));
}

/**
 * D_G made explicit for the search of single neurons: hidden dimensions of this size hold the subnetwork with
 * probability 1 - delta, for every target of Theorem F.1 with these widths.
 *
 * Each input has a pool of neurons of its own, which all outputs share. The largest weight, 1 / sqrt(d2), is the
 * hardest to imitate. Inputs of the first layer have two signs, and each is a search of its own; behind a ReLU there is
 * one.
 *
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const goal = { widths: [3, 3, 2], epsilon: 0.5, delta: 0.1 };
 * assertEquals(explicitHostWidth(goal) % 3, 0);
 * ```
 */
export function explicitHostWidth(goal: TicketGoal): number {
  const { widths, delta } = goal;
  const tolerance = weightTolerance(goal);
  requireOpenProbability("imitate the target", "delta", delta);
  const searches = widths.slice(1).reduce((sum, outputs, layer) => sum + outputs * widths[layer], 0) +
    widths[0] * widths[1];
  const poolSizes = widths.slice(0, -1).map((inputs) => {
    return inputs * searchPoolSize({ weight: 1 / Math.sqrt(inputs), tolerance }, delta / searches);
  });
  return Math.max(...poolSizes);
}

function productDistribution(t: number): number {
  if (Math.abs(t) >= 1) return t > 0 ? 1 : 0;
  return t === 0 ? 0.5 : 0.5 + t * (1 - Math.log(Math.abs(t))) / 2;
}

function requireTarget({ inputs, hiddenWidth, depth }: TicketTarget): void {
  requireInteger("count active weights", "the number of inputs", inputs, 1);
  requireInteger("count active weights", "the hidden width", hiddenWidth, 1);
  requireInteger("count active weights", "the depth", depth, 1);
}

function requireWidths(widths: readonly number[]): void {
  if (widths.length < 2) {
    throw new RangeError(
      `Cannot imitate the target as it must have at least two widths: there are ${widths.length}`,
    );
  }
  for (const width of widths) requireInteger("imitate the target", "each width", width, 1);
}
