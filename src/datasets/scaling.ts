/**
 * From bytes to network inputs: an affine map of each input dimension.
 *
 * @module
 */
import type { DatasetName, Examples } from "./dataset.ts";

/**
 * The range that pixels are brought into: `signed` is [-1, 1], `unit` is [0, 1], `standardised` has mean 0 and standard
 * deviation 1 in each channel over the training set.
 */
export type ScalingName = "signed" | "unit" | "standardised";

/** The map x_j = scale_j * pixel_j + offset_j. */
export interface InputScaling {
  /** Factor of each dimension, per grey level. */
  readonly scale: Float64Array;
  /** What is added to each dimension. */
  readonly offset: Float64Array;
}

interface Channels {
  readonly dimension: number;
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** Means and standard deviations of the channels over the training set, where 255 is 1, as they are usually printed. */
const channelsOf: Readonly<Record<DatasetName, Channels>> = {
  mnist: { dimension: 784, means: [0.1307], deviations: [0.3081] },
  cifar10: { dimension: 3072, means: [0.4914, 0.4822, 0.4465], deviations: [0.2470, 0.2435, 0.2616] },
};

/**
 * The scaling that the authors' code uses: [-1, 1] for MNIST (mean 0.5, standard deviation 0.5), standardised channels
 * for CIFAR10. The paper itself does not say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(defaultScaling("mnist"), "signed");
 * ```
 */
export function defaultScaling(dataset: DatasetName): ScalingName {
  return dataset === "mnist" ? "signed" : "standardised";
}

/**
 * The affine map of each input dimension of a data set.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { scale, offset } = inputScaling("mnist", "signed");
 * assertAlmostEquals(scale[0] * 255 + offset[0], 1, 1e-15);
 * ```
 */
export function inputScaling(
  dataset: DatasetName,
  name: ScalingName = defaultScaling(dataset),
): InputScaling {
  const { dimension, means, deviations } = channelsOf[dataset];
  const channelLength = dimension / means.length;
  const scale = new Float64Array(dimension);
  const offset = new Float64Array(dimension);
  for (let j = 0; j < dimension; j++) {
    const channel = Math.floor(j / channelLength);
    const [mean, deviation] = centreAndWidth(name, means[channel], deviations[channel]);
    scale[j] = 1 / (255 * deviation);
    offset[j] = -mean / deviation;
  }
  return { scale, offset };
}

function centreAndWidth(name: ScalingName, mean: number, deviation: number): [number, number] {
  if (name === "signed") return [0.5, 0.5];
  if (name === "unit") return [0, 1];
  return [mean, deviation];
}

/**
 * The inputs x of chosen examples, for a batch.
 *
 * @param examples Where they are taken from.
 * @param scaling The map from pixels to inputs.
 * @param rows Which examples, in the order of the result.
 * @param used An earlier result that is no longer needed: where it has the length of this one, it is written to and
 * returned, as memory that is new costs more than the scaling.
 * @returns Inputs (rows = examples, columns = dimensions), row-major.
 * @throws {TypeError} If the scaling is for another number of dimensions.
 * @throws {RangeError} If there is no such example.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blankExamples } from "./dataset.ts";
 * const examples = blankExamples(3, 784);
 * assertEquals(normalise(examples, inputScaling("mnist"), [2, 0]), new Float32Array(1568).fill(-1));
 * ```
 */
export function normalise(
  examples: Examples,
  scaling: InputScaling,
  rows: ArrayLike<number>,
  used?: Float32Array,
): Float32Array {
  checkDimension(examples, scaling);
  const inputs = inputsOf(rows.length, examples, used);
  for (let position = 0; position < rows.length; position++) {
    checkRow(examples, rows[position]);
    writeInputs(examples, scaling, rows[position], inputs, position);
  }
  return inputs;
}

/**
 * The inputs x of the examples from `from` up to, not including, `to`, in their order.
 *
 * @param used As for {@linkcode normalise}.
 * @returns Inputs (rows = examples, columns = dimensions), row-major.
 * @throws {TypeError} If the scaling is for another number of dimensions.
 * @throws {RangeError} Unless 0 <= from <= to <= the number of examples.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blankExamples } from "./dataset.ts";
 * assertEquals(normaliseRange(blankExamples(3, 784), inputScaling("mnist", "unit"), 1, 3).length, 2 * 784);
 * ```
 */
export function normaliseRange(
  examples: Examples,
  scaling: InputScaling,
  from: number,
  to: number,
  used?: Float32Array,
): Float32Array {
  checkDimension(examples, scaling);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > examples.count) {
    throw new RangeError(
      `Cannot normalise examples as they must lie in 0 to ${examples.count}: the range is ${from} to ${to}`,
    );
  }
  const inputs = inputsOf(to - from, examples, used);
  for (let row = from; row < to; row++) writeInputs(examples, scaling, row, inputs, row - from);
  return inputs;
}

/**
 * The l2 norm |x|_2 of each example's inputs, as the network sees them (float32).
 *
 * @returns One norm an example, in input units.
 * @throws {TypeError} If the scaling is for another number of dimensions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blankExamples } from "./dataset.ts";
 * assertEquals([...normalisedNorms(blankExamples(2, 784), inputScaling("mnist"))], [28, 28]);
 * ```
 */
export function normalisedNorms(examples: Examples, scaling: InputScaling): Float64Array {
  checkDimension(examples, scaling);
  const inputs = new Float32Array(examples.dimension);
  return Float64Array.from({ length: examples.count }, (_, row) => {
    writeInputs(examples, scaling, row, inputs, 0);
    let squares = 0;
    for (let j = 0; j < inputs.length; j++) squares += inputs[j] * inputs[j];
    return Math.sqrt(squares);
  });
}

function inputsOf(count: number, { dimension }: Examples, used: Float32Array | undefined): Float32Array {
  return used?.length === count * dimension ? used : new Float32Array(count * dimension);
}

function writeInputs(
  { pixels, dimension }: Examples,
  { scale, offset }: InputScaling,
  row: number,
  inputs: Float32Array,
  position: number,
): void {
  const source = pixels.subarray(row * dimension, (row + 1) * dimension);
  const target = inputs.subarray(position * dimension, (position + 1) * dimension);
  for (let j = 0; j < source.length; j++) target[j] = scale[j] * source[j] + offset[j];
}

function checkDimension(examples: Examples, scaling: InputScaling): void {
  if (scaling.scale.length === examples.dimension && scaling.offset.length === examples.dimension) return;
  throw new TypeError(
    `Cannot normalise examples as the scaling must have ${examples.dimension} dimensions: ` +
      `it has ${scaling.scale.length}`,
  );
}

function checkRow(examples: Examples, row: number): void {
  if (Number.isInteger(row) && row >= 0 && row < examples.count) return;
  throw new RangeError(
    `Cannot normalise an example as its index must be 0 to ${examples.count - 1}: current value is ${row}`,
  );
}
