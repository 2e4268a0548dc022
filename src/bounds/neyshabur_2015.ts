/**
 * Neyshabur, Tomioka and Srebro 2015, "Norm-based capacity control in neural networks": the product of Frobenius norms.
 *
 * @module
 */
import { logSumExp } from "../math/log_domain.ts";
import {
  type Bound,
  capacityInEqualUnits,
  failureProbability,
  inverseSquaredMarginLn,
  type NetworkMeasures,
} from "./bound.ts";

/**
 * The bound with p = q = 2.
 *
 * - published: gamma^-2 prod_l ||A^l||_F^2.
 * - theorem: R^_gamma + 2 K R_n / gamma + 3 sqrt(ln(2/delta) / (2n)) with the Rademacher complexity of Corollary 2,
 *   R_n = 2^(L-1) prod_l ||A^l||_F sqrt(2) max ||x|| / sqrt(n), and the factor 2 K of the multiclass margin loss. The
 *   norms are those of the network; a union over a grid of norms, as they are read from S, is left out.
 */
export const neyshabur2015: Bound = {
  id: "neyshabur_2015",
  title: "Neyshabur et al. 2015",
  citation: "Neyshabur, Tomioka and Srebro 2015, Corollary 2 (p = q = 2)",
  omits:
    "the root, 1/n, the input norm, the factor 2^(L-1), the number of classes, the margin loss and the confidence term",
  ln: {
    published: capacityLn,
    sameUnits: (network) => capacityInEqualUnits(capacityLn(network), network.exampleCount),
    theorem: theoremLn,
  },
};

function capacityLn({ layers, margin }: NetworkMeasures): number {
  if (!(margin > 0)) return Infinity;
  const product = layers.reduce((sum, { frobeniusNorm }) => sum + 2 * Math.log(frobeniusNorm), 0);
  return inverseSquaredMarginLn(margin) + product;
}

function theoremLn(network: NetworkMeasures): number {
  const { layers, exampleCount, classes, maximumInputNorm, marginLoss } = network;
  const depthFactorLn = (layers.length - 1) * Math.LN2;
  const complexityLn = capacityInEqualUnits(capacityLn(network), exampleCount) + depthFactorLn +
    Math.log(Math.SQRT2 * maximumInputNorm);
  const confidence = 3 * Math.sqrt(Math.log(2 / failureProbability) / (2 * exampleCount));
  return logSumExp([Math.log(2 * classes) + complexityLn, Math.log(marginLoss + confidence)]);
}
