/**
 * Neyshabur, Bhojanapalli, McAllester and Srebro 2017 (ICLR 2018), "A PAC-Bayesian approach to spectrally-normalized
 * margin bounds for neural networks".
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
 * The PAC-Bayesian spectral bound.
 *
 * - published: gamma^-2 prod_l ||A^l||_2^2 sum_l d2 ||A^l||_F^2 / ||A^l||_2^2, d2 the layer's inputs.
 * - theorem: Theorem 1 with the constants of its proof,
 *   R^_gamma + 4 sqrt( (882 B^2 L^2 h ln(4 L h) prod ||A||_2^2 sum ||A||_F^2/||A||_2^2 / gamma^2
 *   + ln(6 L n^(1 + 1/(2L)) / delta)) / (n - 1) ), B = max ||x||, h the most output units of a layer. 882 = 42^2 / 2 comes
 *   from sigma = gamma / (42 L B beta^(L-1) sqrt(h ln(4 L h))); the grid over beta has L n^(1/(2L)) points. The proof
 *   bounds the norm of Gaussian matrices of at most h x h: a first layer with many more inputs than h, which the
 *   statement allows, exceeds that.
 */
export const neyshabur2017: Bound = {
  id: "neyshabur_2017",
  title: "Neyshabur et al. 2017",
  citation: "Neyshabur, Bhojanapalli, McAllester and Srebro 2017, Theorem 1",
  omits: "the root, 1/n, the input norm, L^2 ln(L h), the constants, the margin loss and the confidence term",
  ln: {
    published: capacityLn,
    sameUnits: (network) => capacityInEqualUnits(capacityLn(network), network.exampleCount),
    theorem: theoremLn,
  },
};

function capacityLn({ layers, margin }: NetworkMeasures): number {
  if (!(margin > 0)) return Infinity;
  const weighted = layers.reduce((sum, layer) => sum + layer.inputs * stableRank(layer), 0);
  return inverseSquaredMarginLn(margin) + squaredSpectralProductLn(layers) + Math.log(weighted);
}

function theoremLn({ layers, exampleCount, maximumInputNorm, margin, marginLoss }: NetworkMeasures): number {
  if (!(margin > 0)) return Infinity;
  const depth = layers.length;
  const width = Math.max(...layers.map(({ outputs }) => outputs));
  const stableRanks = layers.reduce((sum, layer) => sum + stableRank(layer), 0);
  const divergenceLn =
    Math.log(882 * maximumInputNorm ** 2 * depth ** 2 * width * Math.log(4 * depth * width)) +
    squaredSpectralProductLn(layers) + Math.log(stableRanks) + inverseSquaredMarginLn(margin);
  const gridLn = (1 + 1 / (2 * depth)) * Math.log(exampleCount);
  const confidence = Math.log(6 * depth / failureProbability) + gridLn;
  const insideRootLn = logSumExp([divergenceLn, Math.log(confidence)]) - Math.log(exampleCount - 1);
  return logSumExp([Math.log(4) + insideRootLn / 2, Math.log(marginLoss)]);
}
