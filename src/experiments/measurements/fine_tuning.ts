/**
 * Fine-tuning of a network with few weights: only the inputs that it reads are held, and only what is left is trained.
 *
 * @module
 */
import type { Matrix } from "../../math/matrix.ts";
import { RandomStream } from "../../math/random_stream.ts";
import { selectEngine } from "../../network/engines/mod.ts";
import { startingState, Trainer } from "../../network/train.ts";
import type { ExampleSet } from "../example_set.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import { examplesWithSteps } from "../step_cost.ts";
import { trainingInEvaluations } from "./heavy_pruning.ts";

/** Examples of which a network reads some inputs only. */
export type ReadInputs = Omit<ExampleSet, "norms">;

/** What is trained, on what, and for how long. */
export interface FineTuning {
  /** The weights (rows = outputs, columns = inputs). */
  readonly layers: readonly Matrix[];
  /** One matrix of zeros and ones a layer: a weight under a zero stays as it is. */
  readonly masks: readonly Matrix[];
  /** S, with the inputs of the first layer. */
  readonly trainingSet: ReadInputs;
  /** How many examples are visited, in random passes over S. */
  readonly examples: number;
  /** The name of the random stream that orders them; the seed is the run's. */
  readonly stream: string;
  /** Called with the number of examples of each step, in evaluations of the network. */
  readonly onEvaluated: (examples: number) => void;
}

/**
 * The learning rate at the first step. The paper has no such training: the rate is ours, for every network and
 * protocol, whatever rate trained the dense network, for what few weights are left bear more than all did.
 */
export const fineTuningRate = 0.004;

/** The last step's share of that rate. Between them the rate falls along a half-wave of the cosine. */
const LAST_SHARE = 0.02;

/**
 * The learning rate of a step.
 *
 * @param step From 0 to `steps` - 1.
 * @param steps How many steps there are.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(learningRateAt(0, 100), fineTuningRate);
 * assertAlmostEquals(learningRateAt(50, 100), 0.51 * fineTuningRate);
 * ```
 */
export function learningRateAt(step: number, steps: number): number {
  const wave = (1 + Math.cos(Math.PI * step / steps)) / 2;
  return fineTuningRate * (LAST_SHARE + (1 - LAST_SHARE) * wave);
}

/**
 * The examples with the named inputs alone, all held in memory.
 *
 * @param set The examples with all their inputs.
 * @param inputs The inputs to be read, in the order in which they come out.
 */
export function readInputs(set: ExampleSet, inputs: Uint32Array): ReadInputs {
  const { count, labels } = set;
  const width = inputs.length;
  const held = heldInputs(set, inputs);
  return {
    count,
    labels,
    batch: (indices) => {
      const batch = new Float32Array(indices.length * width);
      indices.forEach((example, row) =>
        batch.set(held.subarray(example * width, (example + 1) * width), row * width)
      );
      return { inputs: batch, labels: Uint8Array.from(indices, (example) => labels[example]) };
    },
    inputs: (from, to) => held.subarray(from * width, to * width),
  };
}

/** The layers after further training with the run's optimiser, from moments of zero, at {@linkcode learningRateAt}. */
export async function fineTuned(
  { seed, engine, optimiser, batchSize }: Hyperparameters,
  { layers, masks, trainingSet, examples, stream, onEvaluated }: FineTuning,
): Promise<Matrix[]> {
  const start = startingState({ layers, biases: [] });
  const trainer = new Trainer(await selectEngine(engine), start, optimiser, { masks });
  const batches = [...batchesOf(trainingSet.count, { examples, batchSize, seed, stream })];
  try {
    batches.forEach((batch, step) => {
      trainer.train(trainingSet.batch(batch), learningRateAt(step, batches.length));
      onEvaluated(trainingInEvaluations * examplesWithSteps({ batchSize, engine }, batch.length));
    });
    return [...(await trainer.weights()).layers];
  } finally {
    trainer.dispose();
  }
}

interface Visit {
  readonly examples: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly stream: string;
}

/** Pass after pass over all examples, each in an order of its own, until enough are visited. */
function* batchesOf(count: number, { examples, batchSize, seed, stream }: Visit): Generator<Uint32Array> {
  for (let visited = 0, pass = 0; visited < examples; visited += count, pass++) {
    const order = new RandomStream(seed, `${stream}/${pass}`).permutation(count);
    const wanted = order.subarray(0, examples - visited);
    for (let from = 0; from < wanted.length; from += batchSize) yield wanted.subarray(from, from + batchSize);
  }
}

const READ_AT_ONCE = 1000;

function heldInputs(set: ExampleSet, inputs: Uint32Array): Float32Array {
  const held = new Float32Array(set.count * inputs.length);
  for (let from = 0; from < set.count; from += READ_AT_ONCE) {
    const to = Math.min(from + READ_AT_ONCE, set.count);
    held.set(chosenColumns(set.inputs(from, to), to - from, inputs), from * inputs.length);
  }
  return held;
}

function chosenColumns(data: Float32Array, rows: number, columns: Uint32Array): Float32Array {
  const width = data.length / rows;
  const chosen = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, place) => chosen[row * columns.length + place] = data[row * width + column]);
  }
  return chosen;
}
