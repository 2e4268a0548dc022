/**
 * Arora, Ge, Neyshabur and Zhang 2018, "Stronger generalization bounds for deep nets via a compression approach".
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

/** The noise stability of a network over S, or over the examples that a percentile leaves. */
export interface CushionMeasures {
  /** mu_i of each layer. */
  readonly layerCushions: readonly number[];
  /** mu_(i->) = min(1 / sqrt(h^i), min_(j > i) mu_(i, j)) of each layer, h^i its units. */
  readonly interlayerCushions: readonly number[];
  /** c, the activation contraction. */
  readonly contraction: number;
  /** max ||f(x)||_2, in logit units. */
  readonly outputNorm: number;
}

/** What the bound needs to know of a network. */
export interface CushionedNetwork extends NetworkMeasures {
  /** Its noise stability. */
  readonly cushions: CushionMeasures;
}

/** Bits of a compressed parameter: its rounding to single precision is far below the error of the compression. */
const parameterBits = 32;

/**
 * The compression bound from noise stability, for the network that their random projections make of the given one.
 *
 * - published: sqrt( c^2 L^2 max ||f||^2 sum_i 1 / (mu_i^2 mu_(i->)^2) / (gamma^2 n) ), Theorem 4.1 with the constants
 *   and logarithms of its O~() left out. The paper does not say which form its table has.
 * - sameUnits: the same, which is a root of a capacity over n already.
 * - theorem: Theorem 2.1 as a union over networks (Theorem E.1), with delta / 2 for the projections and delta / 2 for
 *   the sample: R^_gamma + sqrt( (32 q ln 2 + ln(2/delta)) / (2n) ) at
 *   q = (72 c^2 L^2 ln(n L h / (delta/2)) / epsilon^2) sum_i 1 / (mu_i^2 mu_(i->)^2), epsilon^2 = gamma^2 / (2 max ||f||^2).
 *
 * The theorem also asks for an interlayer smoothness rho_delta of at least 3 L, which is a property of random noise and
 * can only be estimated; the value here is that of the theorem where it holds. With cushions of a percentile instead of
 * the minimum over S the statement is no theorem.
 */
export const arora2018: Bound<CushionedNetwork> = {
  id: "arora_2018",
  title: "Arora et al. 2018",
  citation: "Arora, Ge, Neyshabur and Zhang 2018, Theorem 4.1 with the count of its proof",
  omits: "the factor 144 ln(n L h / delta), the bits of a parameter, the margin loss and the confidence term",
  ln: {
    published: sameUnitsLn,
    sameUnits: sameUnitsLn,
    theorem: theoremLn,
  },
};

function sameUnitsLn(network: CushionedNetwork): number {
  return capacityInEqualUnits(capacityLn(network), network.exampleCount);
}

function theoremLn(network: CushionedNetwork): number {
  const { layers, exampleCount: n, marginLoss } = network;
  const width = Math.max(...layers.map(({ outputs }) => outputs));
  const union = Math.log(n * layers.length * width / (failureProbability / 2));
  const parametersLn = Math.log(144 * union) + capacityLn(network);
  const classLn = Math.log(parameterBits * Math.LN2) + parametersLn;
  const confidenceLn = Math.log(Math.log(2 / failureProbability));
  const complexityLn = (logSumExp([classLn, confidenceLn]) - Math.log(2 * n)) / 2;
  return logSumExp([complexityLn, Math.log(marginLoss)]);
}

/** ln( c^2 L^2 max ||f||^2 / gamma^2 sum_i 1 / (mu_i^2 mu_(i->)^2) ). */
function capacityLn({ layers, margin, cushions }: CushionedNetwork): number {
  const { layerCushions, interlayerCushions, contraction, outputNorm } = cushions;
  // A network whose outputs are all 0 has no margin, and its cushions are 0 and Infinity at once.
  if (outputNorm === 0) return Infinity;
  const perLayer = layerCushions.map((cushion, i) => -2 * Math.log(cushion * interlayerCushions[i]));
  const scaleLn = 2 * Math.log(contraction * layers.length * outputNorm);
  return scaleLn + inverseSquaredMarginLn(margin) + logSumExp(perLayer);
}
