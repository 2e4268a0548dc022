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

/** Examples to evaluate a network on. */
export type Evaluated = Pick<ExampleSet, "count" | "labels" | "inputs">;

/** What {@linkcode trainedOutputs} found, by the network and the examples. */
const known = new WeakMap<NetworkWeights, WeakMap<Evaluated, Float32Array>>();

/**
 * The outputs of the trained network itself, row-major (examples, classes): computed for the first measurement that asks,
 * and kept for the others. They are not to be written to.
 */
export async function trainedOutputs(
  { weights, onEvaluated }: Pick<Subject, "weights" | "onEvaluated">,
  set: Evaluated,
): Promise<Float32Array> {
  const ofNetwork = known.get(weights) ?? new WeakMap<Evaluated, Float32Array>();
  known.set(weights, ofNetwork);
  const earlier = ofNetwork.get(set);
  if (earlier) {
    onEvaluated(set.count);
    return earlier;
  }
  const outputs = await evaluated({ onEvaluated }, weights, set);
  ofNetwork.set(set, outputs);
  return outputs;
}

/** The margin of every example of a set, whose outputs it reports as evaluated. */
export async function marginsOn(
  subject: Pick<Subject, "onEvaluated">,
  weights: NetworkWeights,
  set: Evaluated,
): Promise<Float64Array> {
  return margins(await evaluated(subject, weights, set), set.labels);
}

function evaluated(
  { onEvaluated }: Pick<Subject, "onEvaluated">,
  weights: NetworkWeights,
  set: Evaluated,
): Promise<Float32Array> {
  const onProgress = increments(onEvaluated);
  return outputsOf(weights, (...range) => set.inputs(...range), set.count, { onProgress });
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
