import type { FinishedRun, WantedRun } from "../../src/artifacts/artifact.ts";
import {
  type CertifiedPruning,
  codedBits,
  codedCounts,
  keptCounts,
} from "../../src/experiments/measurements/certified_pruning.ts";
import {
  type IterativePruning,
  keptShares,
  pruningSeries,
} from "../../src/experiments/measurements/iterative_pruning.ts";
import { type Hyperparameters, weightCountOf } from "../../src/experiments/hyperparameters.ts";

/** A frozen record of a network that is not the paper's: plausible numbers that no training made. */
export function frozenPruning(wanted: WantedRun): FinishedRun {
  const { hyperparameters } = wanted;
  return {
    ...wanted,
    record: {
      identity: "frozen",
      hyperparameters,
      training: { schema: 1, epochs: [] },
      measured: {
        "iterative-pruning": iterativePruning(hyperparameters),
        "certified-pruning": certifiedPruning(hyperparameters),
      },
    },
  };
}

function iterativePruning(hyperparameters: Hyperparameters): IterativePruning {
  const laterLayers = hyperparameters.hidden.length;
  const rounds: IterativePruning["rounds"] = pruningSeries.flatMap((series) =>
    keptShares.map((keptShare, index) => {
      const kept = Math.ceil(keptShare * weightCountOf(hyperparameters));
      return {
        series,
        round: index + 1,
        keptShare,
        keptWeights: [kept - 20 * laterLayers, ...Array(laterLayers).fill(20)],
        trainErrors: 2400 + 100 * index,
        testErrors: 450,
        untrainedTrainErrors: series === "rewound" ? 50_000 : null,
      };
    })
  );
  return { schema: 1, exampleCount: 60_000, testCount: 10_000, rounds };
}

function certifiedPruning({ hidden }: Hyperparameters): CertifiedPruning {
  const rounds: CertifiedPruning["rounds"] = keptCounts.map((keptCount, index) => ({
    round: index + 1,
    keptCount,
    keptWeights: [keptCount - 20 * hidden.length, ...Array(hidden.length).fill(20)],
    livingUnits: [80, ...hidden.map(() => 20)],
    trainErrors: 2400 + 100 * index,
    testErrors: 450,
    quantised: !codedCounts.includes(keptCount) ? [] : codedBits.map((bits) => ({
      bits,
      nonzeroCount: keptCount - 5,
      trainErrors: 3000 - 100 * bits,
      testErrors: 500,
      code: {
        units: 300,
        count: 20,
        support: 3 * keptCount,
        levels: bits * keptCount * 0.6,
        codebook: 100,
        permutations: -70,
      },
    })),
  }));
  return { schema: 1, exampleCount: 60_000, testCount: 10_000, rounds };
}
