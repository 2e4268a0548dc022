/**
 * The narrow MNIST networks that are pruned iteratively: those on which a certificate can say something.
 *
 * @module
 */
import type { PrunedRound } from "../experiments/measurements/iterative_pruning.ts";
import { hyperparametersFor, profiles, type Selection } from "../experiments/presets.ts";
import { measuredOf } from "../experiments/record.ts";
import type { FinishedRun, WantedRun } from "./artifact.ts";

/** The hidden widths; the paper has no such network. The first is LeNet-300-100. */
export const narrowHiddenWidths: readonly (readonly number[])[] = [[300, 100], [100]];

/** The runs of the narrow networks: the paper's training with other widths. */
export function narrowRuns(selection: Selection): WantedRun[] {
  const { widthDivisor } = profiles[selection.profile];
  return narrowHiddenWidths.map((widths) => ({
    protocol: selection.protocol,
    paperWidth: widths[0],
    hyperparameters: {
      ...hyperparametersFor("mnist", widths[0], selection),
      hidden: widths.map((width) => Math.round(width / widthDivisor)),
    },
    measurements: ["iterative-pruning"],
  }));
}

/** Inputs, hidden widths and outputs of a run's network. */
export function widthsOf({ hyperparameters }: Pick<FinishedRun, "hyperparameters">): number[] {
  return [784, ...hyperparameters.hidden, 10];
}

/** The name of a run's network, `784-300-100-10`. */
export function networkName(run: Pick<FinishedRun, "hyperparameters">): string {
  return widthsOf(run).join("-");
}

/** The rounds of iterative pruning that the run measured, in order. */
export function roundsOf({ record }: FinishedRun): readonly PrunedRound[] {
  return measuredOf(record, "iterative-pruning").rounds;
}
