/**
 * The paper's own bound, Theorem 5.2.
 *
 * @module
 */
import { chi } from "../theory/lemma_5_1.ts";
import { type SketchedLayer, sketchedParameterCount, sketchingTerm } from "../theory/theorem_5_2.ts";
import { solveTheoremCondition, type TheoremLayer } from "../theory/theorem_5_2_condition.ts";
import { type Bound, capacityInEqualUnits, failureProbability, type NetworkMeasures } from "./bound.ts";

/**
 * Theorem 5.2.
 *
 * - published: R^ at the needed margin + sqrt( sum_l chi d1 d2 ln^2 max(d1, d2) / n ), with d from the margin condition
 *   with measured perturbations. This form drops the factor 3, lambda_l and ln(1/rho_l).
 * - sameUnits: its second term alone.
 * - theorem: the statement with the constant of O() set to 1, d and rho_l from the condition with Gamma_l (C = 1) and
 *   Markov's factors epsilon_l = lambda_l = 4 L / delta, so that each of the two unions fails with probability
 *   delta / 4. The statement's probability drops terms that can exceed 1 (erratum 21).
 */
export const ours: Bound = {
  id: "ours",
  title: "Ours (Theorem 5.2)",
  citation: "Theorem 5.2",
  omits: "the factor 3, lambda, ln(1/rho), the constant of O()",
  ln: {
    published: (network) => Math.log(network.pruning.marginLoss + Math.exp(sameUnitsLn(network))),
    sameUnits: sameUnitsLn,
    theorem: theoremLn,
  },
};

function sameUnitsLn({ layers, exampleCount, pruning }: NetworkMeasures): number {
  return capacityInEqualUnits(Math.log(sketchedParameterCount(layers, chi(pruning.d))), exampleCount);
}

function theoremLn(network: NetworkMeasures): number {
  if (!(network.margin > 0)) return Infinity;
  const layers = withMarkovFactors(network);
  const { d, roundingStepsLn } = solveTheoremCondition({
    layers,
    margin: network.margin,
    inputNorm: network.maximumInputNorm,
  });
  const sketched: SketchedLayer[] = layers.map((layer, index) => ({
    ...layer,
    roundingStepLn: roundingStepsLn[index],
  }));
  return Math.log(network.marginLoss + sketchingTerm(sketched, chi(d), network.exampleCount));
}

function withMarkovFactors({ layers }: NetworkMeasures): TheoremLayer[] {
  const factor = 4 * layers.length / failureProbability;
  return layers.map((layer) => ({ ...layer, epsilon: factor, lambda: factor }));
}
