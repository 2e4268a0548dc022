/**
 * Lemma 5.1: the share of weights that Algorithm 1 keeps, and how evenly they lie.
 *
 * @module
 */
import { binomialUpperQuantile, binomialUpperTail } from "../math/binomial.ts";
import { requireInteger, requireOpenProbability } from "../math/requirements.ts";

/**
 * The kept fraction chi = (sqrt(d + 2) - sqrt(d)) / sqrt(d + 2) of Gaussian weights.
 *
 * Computed as 2 / (d + 2) / (1 + sqrt(d / (d + 2))): the printed form cancels and loses all digits near d = 1e17.
 *
 * @param d The pruning parameter of Algorithm 1, from 0 (keep all) to Infinity (keep none).
 * @throws {RangeError} If d is negative or not a number.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(chi(10), 0.08713, 1e-5);
 * ```
 */
export function chi(d: number): number {
  if (!(d >= 0)) {
    throw new RangeError(`Cannot compute the kept fraction as d must be >= 0: current value is ${d}`);
  }
  return 2 / (d + 2) / (1 + Math.sqrt(prunedShareSquared(d)));
}

/**
 * The pruning parameter d at which Gaussian weights are kept with probability `keptFraction`: the inverse of
 * {@linkcode chi}, d = 2 (1 - chi)^2 / (chi (2 - chi)).
 *
 * @throws {RangeError} If `keptFraction` is outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(pruningParameter(1 / 60), 58.504, 1e-3);
 * ```
 */
export function pruningParameter(keptFraction: number): number {
  if (!(keptFraction >= 0 && keptFraction <= 1)) {
    throw new RangeError(
      `Cannot find d as the kept fraction must be in [0, 1]: current value is ${keptFraction}`,
    );
  }
  return (2 * (1 - keptFraction) ** 2) / (keptFraction * (2 - keptFraction));
}

/** u = d / (d + 2), the square of the pruned fraction: every moment of Lemma C.1 is a power of it. */
export function prunedShareSquared(d: number): number {
  return d === Infinity ? 1 : d / (d + 2);
}

/**
 * Lemma 5.1's bound on max(j_r, j_c), the most nonzero entries in a row or column: 3 lambda max(d1, d2) chi.
 *
 * As printed. It fails at high sparsity, where the kept diagonal alone makes j >= 1 (erratum 19).
 *
 * @param layer The layer's shape: `outputs` = d1, `inputs` = d2.
 * @param d The pruning parameter.
 * @param lambda Markov's factor lambda_l; the lemma's probability is 1 - 1/lambda - d1^(-1/3) - d2^(-1/3).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(distributedSparsityBound({ outputs: 784, inputs: 784 }, 0, 1), 2352);
 * ```
 */
export function distributedSparsityBound(
  layer: { readonly outputs: number; readonly inputs: number },
  d: number,
  lambda: number,
): number {
  return 3 * lambda * Math.max(layer.outputs, layer.inputs) * chi(d);
}

/**
 * Lemma 5.1's probability, 1 - 1/lambda - d1^(-1/3) - d2^(-1/3), which is empty when it is not positive.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(distributedSparsityProbability({ outputs: 1000, inputs: 1000 }, 2), 0.3);
 * ```
 */
export function distributedSparsityProbability(
  layer: { readonly outputs: number; readonly inputs: number },
  lambda: number,
): number {
  return 1 - 1 / lambda - layer.outputs ** (-1 / 3) - layer.inputs ** (-1 / 3);
}

/**
 * What the lemma should say: the smallest j that max(j_r, j_c) exceeds with probability at most delta, by the union
 * bound over the d1 rows and d2 columns.
 *
 * Under Assumption 3.1 a line of n entries keeps its diagonal one and Binomial(n - 1, chi) others. No Markov
 * inequality, no constant 3, and the kept diagonal is counted (erratum 19), so that it holds at every d.
 *
 * @param layer The layer's shape: `outputs` = d1, `inputs` = d2.
 * @param d The pruning parameter.
 * @param delta The probability of failure, in (0, 1).
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(distributedSparsityQuantile({ outputs: 784, inputs: 784 }, Infinity, 0.01), 1);
 * ```
 */
export function distributedSparsityQuantile(
  layer: { readonly outputs: number; readonly inputs: number },
  d: number,
  delta: number,
): number {
  const { outputs, inputs } = layer;
  requireInteger("bound the sparsity of lines", "the number of outputs", outputs, 1);
  requireInteger("bound the sparsity of lines", "the number of inputs", inputs, 1);
  requireOpenProbability("bound the sparsity of lines", "delta", delta);
  const kept = { probability: chi(d), complement: Math.sqrt(prunedShareSquared(d)) };
  const lines = [{ count: outputs, length: inputs }, { count: inputs, length: outputs }]
    .map(({ count, length }) => ({ count, others: { ...kept, trials: length - 1 } }));
  // No kind of lines may fail more often than delta; where each fails at most half as often, both together do not.
  const atTail = (share: number): number =>
    1 + Math.max(...lines.map(({ count, others }) => binomialUpperQuantile(others, share * delta / count)));
  const failure = (j: number): number =>
    lines.reduce((sum, { count, others }) => sum + count * binomialUpperTail(others, j), 0);
  let j = atTail(1);
  for (const most = atTail(0.5); j < most && failure(j) > delta; j++);
  return j;
}
