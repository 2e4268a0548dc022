/**
 * Bartlett, Foster and Telgarsky 2017, "Spectrally-normalized margin bounds for neural networks".
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
  squaredSpectralProductLn,
  stableRank,
} from "./bound.ts";

/**
 * The spectrally normalised margin bound.
 *
 * - published: gamma^-2 prod_l ||A^l||_2^2 sum_l ||A^l||_F^2 / ||A^l||_2^2. The theorem has the norm ||.||_{2,1} where
 *   this form has the Frobenius norm: exp(Neyshabur 2017 - Bartlett 2017) in the paper's tables is a weighted mean of
 *   layer inputs, which holds for this form only.
 * - theorem: R^_gamma + 2 R + 3 sqrt(ln(1/delta) / (2n)) (their Lemma 3.1), with their covering numbers integrated:
 *   R = 4/n + 12 ln(n) / sqrt(n) sqrt(ln(2 W)) ( sum_l C_l^(2/3) )^(3/2),
 *   C_l = (4 / gamma) (||X||_F / sqrt(n)) (prod_k ||A^k||_2) ||(A^l - A_0^l)^T||_{2,1} / ||A^l||_2 and W the most
 *   parameters in a layer. The reference matrices are the initial weights, which do not depend on S. The norms are
 *   those of the network; a union over a grid of norms, as they are read from S, is left out. A layer of zeros
 *   has no C_l.
 */
export const bartlett2017: Bound = {
  id: "bartlett_2017",
  title: "Bartlett et al. 2017",
  citation: "Bartlett, Foster and Telgarsky 2017, Theorem 1.1 with the constants of Lemma A.8",
  omits:
    "the (2,1) norms and their power 2/3, the reference matrices, the root, 1/n, the input norm, the logarithms, the margin loss and the confidence term",
  ln: {
    published: capacityLn,
    sameUnits: (network) => capacityInEqualUnits(capacityLn(network), network.exampleCount),
    theorem: theoremLn,
  },
};

function capacityLn({ layers, margin }: NetworkMeasures): number {
  if (!(margin > 0)) return Infinity;
  const stableRanks = layers.reduce((sum, layer) => sum + stableRank(layer), 0);
  return inverseSquaredMarginLn(margin) + squaredSpectralProductLn(layers) + Math.log(stableRanks);
}

function theoremLn(
  { layers, exampleCount: n, rootMeanSquareInputNorm, margin, marginLoss }: NetworkMeasures,
): number {
  if (!(margin > 0) || layers.some(({ spectralNorm }) => spectralNorm === 0)) return Infinity;
  const mostParameters = Math.max(...layers.map(({ outputs, inputs }) => outputs * inputs));
  const distances = layers.reduce(
    (sum, layer) => sum + (layer.twoOneDistance / layer.spectralNorm) ** (2 / 3),
    0,
  );
  const scaleLn = Math.log(4 * rootMeanSquareInputNorm) +
    (inverseSquaredMarginLn(margin) + squaredSpectralProductLn(layers)) / 2;
  const entropyLn = Math.log(12 * Math.log(n) / Math.sqrt(n)) + Math.log(Math.log(2 * mostParameters)) / 2;
  const complexityLn = entropyLn + scaleLn + 1.5 * Math.log(distances);
  const rest = marginLoss + 8 / n + 3 * Math.sqrt(Math.log(1 / failureProbability) / (2 * n));
  return logSumExp([Math.LN2 + complexityLn, Math.log(rest)]);
}
