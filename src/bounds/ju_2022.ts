/**
 * Ju, Li and Zhang 2022, "Robust fine-tuning of deep neural networks with Hessian-based generalization guarantees".
 *
 * @module
 */
import type { Bound, NetworkMeasures } from "./bound.ts";

/** The Hessian along the distance from a reference, and the loss that it is of. */
export interface HessianMeasures {
  /** H_l = max v^T H_l v of each layer, v being the layer's distance from the reference; nats. */
  readonly layers: readonly number[];
  /** The mean cross-entropy on S, in nats. */
  readonly meanLoss: number;
  /** C, a bound on the cross-entropy, in nats. */
  readonly largestLoss: number;
}

/** What the bound needs to know of a network. */
export interface HessianNetwork extends NetworkMeasures {
  /** Its Hessian measure. */
  readonly hessian: HessianMeasures;
}

/**
 * The PAC-Bayes bound with the loss's Hessian.
 *
 * - published: sum_l sqrt(H_l) / sqrt(n), Theorem 2.1 without its loss and with C = 1. The paper does not say which form
 *   its table has, nor C, the reference, or the examples that the maximum is over.
 * - sameUnits: the same, the root of the capacity (sum_l sqrt(H_l))^2 over n.
 * - theorem: (L^ + sqrt(C) sum_l sqrt(H_l) / sqrt(n)) / ln 2. Theorem 2.1 bounds the mean loss by
 *   (1 + epsilon) L^ + (1 + epsilon) sqrt(C) sum_l sqrt(H_l / n) + xi; here epsilon -> 0 and xi = O(n^(-3/4)), whose
 *   constant is not known, is left out. The loss is at least ln 2 where the prediction is wrong, which makes it a bound
 *   on the error. C is the largest loss on S, as the cross-entropy has no bound, and the theorem asks for activations
 *   with a Lipschitz derivative, which the ReLU has not: no reading of this bound is a certificate.
 */
export const ju2022: Bound<HessianNetwork> = {
  id: "ju_2022",
  title: "Ju et al. 2022",
  citation: "Ju, Li and Zhang 2022, Theorem 2.1",
  omits: "the loss on S, sqrt(C), epsilon and the term O(n^(-3/4))",
  ln: {
    published: sameUnitsLn,
    sameUnits: sameUnitsLn,
    theorem: theoremLn,
  },
};

function sameUnitsLn({ hessian, exampleCount }: HessianNetwork): number {
  const roots = hessian.layers.reduce((sum, value) => sum + Math.sqrt(value), 0);
  return Math.log(roots) - Math.log(exampleCount) / 2;
}

function theoremLn(network: HessianNetwork): number {
  const { meanLoss, largestLoss } = network.hessian;
  const complexity = Math.sqrt(largestLoss) * Math.exp(sameUnitsLn(network));
  return Math.log((meanLoss + complexity) / Math.LN2);
}
