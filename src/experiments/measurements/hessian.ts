/**
 * The Hessian measure of Ju, Li and Zhang 2022 in closed form.
 *
 * With the other layers fixed, the outputs of a ReLU network are piecewise linear in A^l. Almost everywhere the block
 * of the cross-entropy's Hessian that belongs to A^l is then J^T (diag p - p p^T) J with p = softmax(f(x)) and J the
 * Jacobian of the outputs: it is positive semi-definite and does not depend on the label, and
 *
 * v^T H v = Var_(k ~ p)(u_k), u = J v the derivative of the outputs along v.
 *
 * @module
 */
import { z } from "zod";
import { highSpread, type Spread, spreadSchema } from "./cushions.ts";

/** The schema of {@linkcode HessianMeasurement}. */
export const hessianSchema: z.ZodType<HessianMeasurement> = z.strictObject({
  fromInitial: z.array(spreadSchema),
  fromMaskedInitial: z.array(spreadSchema),
});

/** v^T H v of each layer over all of S, where v is the distance of the layer from a reference. */
export interface HessianMeasurement {
  /** The reference is A_0, the weights before training: what was pruned counts as a move to zero. */
  readonly fromInitial: readonly Spread[];
  /** The reference is A_0 with the mask applied. The mask was found on S, so that no theorem covers this one. */
  readonly fromMaskedInitial: readonly Spread[];
}

/** A reference that v is measured from. */
export type HessianReference = keyof HessianMeasurement;

/**
 * The spread over examples of Var_(k ~ p)(u_k), one layer after the other.
 *
 * @param outputs f(x), row-major (examples, classes).
 * @param derivatives u of each layer, row-major (examples, classes).
 * @param classes K.
 * @throws {TypeError} If a list is not as long as the outputs, or no multiple of K.
 */
export function hessianSpreads(
  outputs: Float32Array,
  derivatives: readonly Float32Array[],
  classes: number,
): Spread[] {
  const probabilities = softmaxes(outputs, classes);
  return derivatives.map((derivative) => highSpread(variancesUnder(probabilities, derivative, classes)));
}

/**
 * The cross-entropy -ln p_y of each example, in nats.
 *
 * @param outputs f(x), row-major (examples, classes).
 * @param labels The class y of each example.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(crossEntropies(Float32Array.of(7, 7), Uint8Array.of(1))[0], Math.LN2);
 * ```
 */
export function crossEntropies(outputs: Float32Array, labels: Uint8Array): Float64Array {
  const classes = outputs.length / labels.length;
  return Float64Array.from(labels, (label, example) => {
    const row = outputs.subarray(example * classes, (example + 1) * classes);
    const largest = maximum(row);
    return Math.log(row.reduce((sum, output) => sum + Math.exp(output - largest), 0)) + largest - row[label];
  });
}

/** softmax(f(x)) of each example, row by row. */
function softmaxes(outputs: Float32Array, classes: number): Float64Array {
  const probabilities = new Float64Array(outputs.length);
  for (let from = 0; from < outputs.length; from += classes) {
    const largest = maximum(outputs.subarray(from, from + classes));
    let total = 0;
    for (let k = from; k < from + classes; k++) {
      probabilities[k] = Math.exp(outputs[k] - largest);
      total += probabilities[k];
    }
    for (let k = from; k < from + classes; k++) probabilities[k] /= total;
  }
  return probabilities;
}

/** Var_(k ~ p)(u_k) = sum_k p_k (u_k - sum_j p_j u_j)^2, an entry an example. */
function variancesUnder(probabilities: Float64Array, values: Float32Array, classes: number): Float64Array {
  if (probabilities.length !== values.length || values.length % classes !== 0) {
    throw new TypeError(
      `Cannot compute variances as outputs and derivatives must be rows of ${classes}: they have ${probabilities.length} and ${values.length} entries`,
    );
  }
  const variances = new Float64Array(values.length / classes);
  return variances.map((_, example) => {
    const [from, to] = [example * classes, (example + 1) * classes];
    let [mean, variance] = [0, 0];
    for (let k = from; k < to; k++) mean += probabilities[k] * values[k];
    for (let k = from; k < to; k++) variance += probabilities[k] * (values[k] - mean) ** 2;
    return variance;
  });
}

function maximum(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
