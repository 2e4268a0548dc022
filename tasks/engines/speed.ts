/**
 * How fast an engine trains here, in two seconds. As a program it prints one engine's speed as JSON, so that an engine
 * that fails or hangs takes nothing with it.
 *
 * @module
 */
import { RandomStream } from "../../src/math/random_stream.ts";
import type { EngineName } from "../../src/network/engines/engine.ts";
import { selectEngine } from "../../src/network/engines/mod.ts";
import { initialWeights, layerShapes } from "../../src/network/mlp.ts";
import { type Batch, startingState, Trainer } from "../../src/network/train.ts";

/** The network of the MNIST experiments at width 784. `../engines.ts` says so where it prints a speed. */
const architecture = { inputs: 784, hidden: [784, 784, 784, 784], outputs: 10, bias: false };
const batchSize = 256;
const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Steps between two readings: a GPU is read seldom in training, and waiting for it at every step would be its time. */
const stepsBetweenReadings = 5;

/** How fast an engine trains. */
export interface Speed {
  /** Mean time of a step. */
  readonly millisecondsPerStep: number;
  /** Floating-point operations of the matrix products of a step, by its time. */
  readonly gflops: number;
}

/**
 * Trains for some seconds.
 *
 * @param name The engine.
 * @param seconds When to stop; the steps that are begun are finished.
 * @throws {Error} If the engine cannot be had.
 */
export async function measureSpeed(name: EngineName, seconds: number): Promise<Speed> {
  const engine = await selectEngine(name);
  const trainer = new Trainer(engine, startingState(initialWeights(architecture, 1)), adam);
  const batch = randomBatch();
  await trainFor(trainer, batch, 1);
  const started = performance.now();
  let steps = 0;
  do {
    await trainFor(trainer, batch, stepsBetweenReadings);
    steps += stepsBetweenReadings;
  } while (performance.now() - started < 1000 * seconds);
  const millisecondsPerStep = (performance.now() - started) / steps;
  trainer.dispose();
  return { millisecondsPerStep, gflops: operationsPerStep() / millisecondsPerStep / 1e6 };
}

async function trainFor(trainer: Trainer, batch: Batch, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) trainer.train(batch);
  await trainer.takeTotals();
}

function randomBatch(): Batch {
  const stream = new RandomStream(1, "engines/speed");
  return {
    inputs: Float32Array.from({ length: batchSize * architecture.inputs }, () => 2 * stream.uniform() - 1),
    labels: Uint8Array.from({ length: batchSize }, () => stream.integer(10)),
  };
}

/** Two operations a weight and example, forward and twice backward, but once in the first layer. */
function operationsPerStep(): number {
  const [first, ...others] = layerShapes(architecture).map(({ outputs, inputs }) => outputs * inputs);
  return batchSize * (4 * first + 6 * others.reduce((sum, weights) => sum + weights, 0));
}

if (import.meta.main) {
  const [name, seconds] = Deno.args;
  console.log(JSON.stringify(await measureSpeed(name as EngineName, Number(seconds))));
}
