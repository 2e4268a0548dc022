// The way back through a layer for few examples: four outputs at a time, so that their weights are read once.
import { applyAdam } from "./adam";
import { reluGradient } from "./relu";
import { addSomeTerms, combineRows } from "./row_combinations";

/** Outputs whose gradient is in memory at a time. */
const TOGETHER: i32 = 4;

/**
 * One step of Adam for the weights W (outputs x inputs), whose gradient is A^T B with A (examples x outputs), the gradient
 * at the outputs, and B (examples x inputs); before it, where there is a place for it, C = A W where B > 0, else 0.
 *
 * @param c C (examples x inputs), or 0.
 * @param scratch Memory for four rows of W.
 */
export function layerBackward(
  examples: i32, outputs: i32, inputs: i32, a: usize, b: usize, c: usize, scratch: usize,
  parameter: usize, first: usize, second: usize,
  firstRate: f32, secondRate: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): void {
  const aStride: usize = 4 * outputs, bStride: usize = 4 * inputs;
  if (c != 0 && outputs < TOGETHER) memory.fill(c, 0, <usize>examples * bStride);
  for (let p = 0; p < outputs; p += TOGETHER, a += 4 * TOGETHER) {
    const some = min(TOGETHER, outputs - p), at: usize = p * bStride;
    if (c != 0) addSomeTerms(examples, inputs, some, a, aStride, 4, parameter + at, bStride, c, p == 0);
    combineRows(some, inputs, examples, a, 4, aStride, b, bStride, scratch);
    applyAdam(
      some * inputs, parameter + at, scratch, first + at, second + at,
      firstRate, secondRate, stepSize, rootScale, epsilon,
    );
  }
  if (c != 0) reluGradient(examples * inputs, c, b, c);
}
