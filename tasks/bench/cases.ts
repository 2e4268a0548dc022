/**
 * What the bench times.
 *
 * @module
 */
import type { NetworkShape, Work } from "./contestant.ts";
import type { ContestantName } from "./contestants.ts";

/** The networks of the MNIST experiments at width 784, batch 256: where most comparisons are made. */
export const reference: NetworkShape = { inputs: 784, width: 784, batch: 256 };

/** Dimension of x for CIFAR10. */
export const cifar10Inputs = 3072;

const widths = [500, 784, 1000, 1500, 2000, 2500];

/**
 * A network so small that a step of it is all handing over of operations. With biases it is of the many that it is on a
 * GPU; without, TensorFlow on the CPU has one for all.
 */
export const dispatchShape: NetworkShape = { inputs: 16, width: 16, batch: 4, bias: true };

/** The training steps that are timed: growth over width, batches of 4 on the shapes of both data sets, and next to nothing. */
export const stepShapes: readonly NetworkShape[] = [
  ...widths.map((width) => ({ ...reference, width })),
  { ...reference, batch: 4 },
  { ...reference, inputs: cifar10Inputs, batch: 4 },
  dispatchShape,
];

/** Those of a quick bench. */
export const quickStepShapes: readonly NetworkShape[] = [reference, { ...reference, batch: 4 }];

/**
 * The matrix products that are timed, without transposition, which is the only case that tfjs hands to XNNPACK. The
 * largest shows what the machine can do.
 */
export const products: readonly Work[] = [
  { kind: "product", shape: { rows: 256, depth: 784, columns: 784 } },
  { kind: "product", shape: { rows: 784, depth: 784, columns: 784 } },
  { kind: "product", shape: { rows: 2000, depth: 2000, columns: 2000 } },
];

/** Who does some work: `model.fit` takes seconds a step and trains the reference alone, PyTorch multiplies once. */
export function doesWork(name: ContestantName, work: Work): boolean {
  if (work.kind === "product") return name !== "pytorch-default";
  const { inputs, width, batch } = work.shape;
  const isReference = inputs === reference.inputs && width === reference.width && batch === reference.batch;
  return name !== "tfjs" || isReference;
}
