/**
 * The kappa_l of the paper's numbers.
 *
 * @module
 */
import { subGaussianThreshold } from "../../theory/condition_d_1.ts";
import { kappa } from "../../theory/lemma_d_1.ts";

/**
 * kappa_l of Appendix D with the constants behind the published numbers: a = b = 1, and the probability 0.01 for all
 * examples together. It helps the last layer only; a sphere's points do not meet it.
 *
 * @param layer d1 as `outputs` and d2 as `inputs`.
 * @param exampleCount n = |S|.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * assertEquals(publishedKappa({ outputs: 784, inputs: 784 }, 60_000), 1);
 * assertAlmostEquals(publishedKappa({ outputs: 10, inputs: 784 }, 60_000), Math.sqrt(10 * Math.log(6e6) / 784));
 * ```
 */
export function publishedKappa(
  { outputs, inputs }: { readonly outputs: number; readonly inputs: number },
  exampleCount: number,
): number {
  const tail = { a: 1, b: 1, dimension: inputs, events: exampleCount, delta: 0.01 };
  return kappa({ outputs, inputs, threshold: subGaussianThreshold(tail) });
}
