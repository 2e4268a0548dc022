/**
 * Running a network on S and on the test set, with progress.
 *
 * @module
 */
import { outputsOf } from "../../network/evaluate.ts";
import type { NetworkWeights } from "../../network/mlp.ts";
import { margins } from "../../theory/margin_loss.ts";
import type { ExampleSet } from "../example_set.ts";
import type { Subject } from "./measurement.ts";

/** The margin of every example of a set, whose outputs it reports as evaluated. */
export async function marginsOn(
  { onEvaluated }: Pick<Subject, "onEvaluated">,
  weights: NetworkWeights,
  set: Omit<ExampleSet, "norms">,
): Promise<Float64Array> {
  const onProgress = increments(onEvaluated);
  const outputs = await outputsOf(weights, (from, to) => set.inputs(from, to), set.count, { onProgress });
  return margins(outputs, set.labels);
}

/**
 * How many margins are not positive: wrong predictions and ties. An output that is no number counts as an error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(errorCount(Float64Array.of(1, 0, -2, NaN)), 3);
 * ```
 */
export function errorCount(margins: Float64Array): number {
  return margins.reduce((count, margin) => (margin > 0 ? count : count + 1), 0);
}

/** From a listener for increments, one for totals. */
export function increments(listener: (examples: number) => void): (done: number) => void {
  let before = 0;
  return (done) => {
    listener(done - before);
    before = done;
  };
}
