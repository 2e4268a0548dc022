/**
 * The plain parameter count, sqrt(N / n): what any bound that counts has to beat.
 *
 * @module
 */
import { type Bound, capacityInEqualUnits, failureProbability, type NetworkMeasures } from "./bound.ts";

/**
 * Counting with no idea at all.
 *
 * - published: N, the number of weights (no table of the paper has this row).
 * - sameUnits: sqrt(N / n).
 * - theorem: R^_0 <= the finite-class bound of Theorem E.1 over all networks of 32-bit weights,
 *   R^ + sqrt( (32 N ln 2 + ln(1/delta)) / (2n) ).
 */
export const parameterCount: Bound = {
  id: "parameter_count",
  title: "Parameter count",
  citation: "Theorem E.1 over all networks of 32-bit weights",
  omits: "the bits of a weight, the constant 1/2, the training error and the confidence term",
  ln: {
    published: (network) => Math.log(weightCount(network)),
    sameUnits: (network) => capacityInEqualUnits(Math.log(weightCount(network)), network.exampleCount),
    theorem: theoremLn,
  },
};

function weightCount({ layers }: NetworkMeasures): number {
  return layers.reduce((sum, { outputs, inputs }) => sum + outputs * inputs, 0);
}

function theoremLn(network: NetworkMeasures): number {
  const classLn = 32 * weightCount(network) * Math.LN2;
  return Math.log(
    network.trainError + Math.sqrt((classLn - Math.log(failureProbability)) / (2 * network.exampleCount)),
  );
}
