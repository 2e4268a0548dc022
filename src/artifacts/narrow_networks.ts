/**
 * The MNIST networks besides the paper's own: narrow ones, which are pruned iteratively or certified.
 *
 * @module
 */
import type { MeasurementName } from "../experiments/measurements/mod.ts";
import { hyperparametersFor, profiles, type Selection } from "../experiments/presets.ts";
import type { WantedRun } from "./artifact.ts";

/** The hidden widths of the networks that are pruned iteratively; the paper has none. The first is LeNet-300-100. */
export const narrowHiddenWidths: readonly (readonly number[])[] = [[300, 100], [100]];

/** The runs of narrow networks: the paper's training with other widths. */
export function narrowRuns(
  selection: Selection,
  hiddenWidths: readonly (readonly number[])[],
  measurement: MeasurementName,
): WantedRun[] {
  const { widthDivisor } = profiles[selection.profile];
  return hiddenWidths.map((widths) => ({
    protocol: selection.protocol,
    paperWidth: widths[0],
    hyperparameters: {
      ...hyperparametersFor("mnist", widths[0], selection),
      hidden: widths.map((width) => Math.round(width / widthDivisor)),
    },
    measurements: [measurement],
  }));
}

/** Inputs, hidden widths and outputs of a run's network. */
export function widthsOf({ hyperparameters }: Pick<WantedRun, "hyperparameters">): number[] {
  return [784, ...hyperparameters.hidden, 10];
}

/** The name of a run's network, `784-300-100-10`. */
export function networkName(run: Pick<WantedRun, "hyperparameters">): string {
  return widthsOf(run).join("-");
}
