import type { FinishedRun, WantedRun } from "../../src/artifacts/artifact.ts";
import {
  firstQuantisedRound,
  type IterativePruning,
  keptShares,
  pruningSeries,
  quantisedBits,
} from "../../src/experiments/measurements/iterative_pruning.ts";
import { weightCountOf } from "../../src/experiments/hyperparameters.ts";

/** A frozen record of iterative pruning: plausible numbers that no training made. */
export function frozenPruning(wanted: WantedRun): FinishedRun {
  const { hyperparameters } = wanted;
  const layerCount = hyperparameters.hidden.length + 1;
  const rounds: IterativePruning["rounds"] = pruningSeries.flatMap((series) =>
    keptShares.map((keptShare, index) => {
      const kept = Math.ceil(keptShare * weightCountOf(hyperparameters));
      return {
        series,
        round: index + 1,
        keptShare,
        keptWeights: [kept - 20 * (layerCount - 1), ...Array(layerCount - 1).fill(20)],
        trainErrors: 2400 + 100 * index,
        testErrors: 450,
        untrainedTrainErrors: series === "rewound" ? 50_000 : null,
        quantised: series === "continued" && index + 1 >= firstQuantisedRound
          ? quantisedBits.map((bits) => ({
            bits,
            nonzeroCount: kept - 5,
            trainErrors: 3000 - 100 * bits,
            testErrors: 500,
            code: {
              supportCode: "columns" as const,
              levelCode: "enumerated" as const,
              count: 2000,
              support: 4 * kept,
              levels: bits * kept * 0.6,
              codebook: 100,
              permutations: -300,
            },
          }))
          : [],
      };
    })
  );
  return {
    ...wanted,
    record: {
      identity: "frozen",
      hyperparameters,
      training: { schema: 1, epochs: [] },
      measured: { "iterative-pruning": { schema: 1, exampleCount: 60_000, testCount: 10_000, rounds } },
    },
  };
}
