import type { FinishedRun, WantedRun } from "../../src/artifacts/artifact.ts";
import { marginShares, type NetworkMeasurement } from "../../src/experiments/measurements/network.ts";
import { layerShapes } from "../../src/network/mlp.ts";
import { architectureOf } from "../../src/experiments/hyperparameters.ts";

/** A frozen record for a wanted run: plausible numbers that no training made. */
export function frozenRun(wanted: WantedRun): FinishedRun {
  const layers = layerShapes(architectureOf(wanted.hyperparameters)).map(({ outputs, inputs }, index) => ({
    outputs,
    inputs,
    spectralNorm: 1.5 + index / 10,
    frobeniusNorm: 9 + index,
    twoOneNorm: 200 + index,
    frobeniusDistance: 3 + index,
    twoOneDistance: 70 + index,
    variance: 1 / (3 * inputs),
  }));
  const pruned = (marginRule: "minimum" | "unit", margin: number, d: number) => ({
    marginRule,
    margin,
    marginLoss: 0.25,
    d,
    limitedBy: margin > 0 ? "margin" as const : "no positive margin" as const,
    neededMargin: Math.max(0, margin),
    neededMarginLoss: 0.125,
    keptWeights: layers.map(({ outputs, inputs }) => outputs * inputs),
    perturbationNorms: layers.map(() => 0.01),
    trainErrorFraction: 0.0625,
    testErrorFraction: 0.09375,
  });
  const network: NetworkMeasurement = {
    schema: 1,
    exampleCount: 60_000,
    testCount: 10_000,
    classes: 10,
    maximumInputNorm: 28,
    rootMeanSquareInputNorm: 26,
    layers,
    marginQuantiles: marginShares.map((share) => 10 * share - 1),
    minimumMargin: -0.5,
    trainErrorFraction: 0.0625,
    testErrorFraction: 0.09375,
    pruned: [pruned("minimum", -0.5, 0), pruned("unit", 1, 1e-4)],
  };
  return {
    ...wanted,
    record: {
      identity: "frozen",
      hyperparameters: wanted.hyperparameters,
      training: { schema: 1, epochs: [] },
      measured: { network },
    },
  };
}
