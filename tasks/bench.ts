/**
 * How fast training is: the time of a step by engine, width and batch, beside tfjs's own `model.fit` on the same
 * backend in the same run.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../src/math/random_stream.ts";
import { selectEngine } from "../src/network/engines/mod.ts";
import { type Architecture, initialWeights, layerShapes } from "../src/network/mlp.ts";
import { type Batch, startingState, Trainer } from "../src/network/train.ts";
import { fromCsv, toCsv } from "../src/render/csv.ts";
import type { Column, Row } from "../src/render/table.ts";
import { toText } from "../src/render/text.ts";
import { writeWhole } from "./files.ts";

const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

const column = (name: string, title: string, digits: number, kind: "number" | "text" = "number"): Column => {
  return { name, title, unit: "", digits, kind, tolerance: { absolute: 0, relative: Infinity } };
};

const shown: readonly Column[] = [
  column("who", "who", 0, "text"),
  column("width", "width", 0),
  column("batch", "batch", 0),
  column("steps", "steps", 0),
  column("median_ms_per_step", "ms a step (median)", 1),
  column("fastest_ms_per_step", "fastest", 1),
  column("gflops", "GFLOPS", 1),
];

const columns: readonly Column[] = [...shown, column("machine", "machine", 0, "text")];

interface Case {
  readonly architecture: Architecture;
  readonly batch: number;
  readonly steps: number;
}

function mlp(width: number, batch: number, steps: number): Case {
  return {
    architecture: { inputs: 784, hidden: [width, width, width, width], outputs: 10, bias: false },
    batch,
    steps,
  };
}

/** Times `model.fit` as shipped, then our step on the same backend. */
export async function bench(): Promise<Row[]> {
  const reference = mlp(784, 256, 3);
  await selectEngine("wasm").then((engine) => engine.dispose());
  const fit = await timeFit(reference);
  await selectEngine("wasm");
  const cases = [mlp(784, 256, 15), mlp(784, 4, 30), mlp(2500, 256, 4)];
  const ours: Row[] = [];
  for (const each of cases) ours.push(rowOf("wasm", each, await timeTrainer(each)));
  return [rowOf("model.fit on wasm", reference, fit), ...ours];
}

async function timeTrainer({ architecture, batch, steps }: Case): Promise<number[]> {
  const engine = await selectEngine("wasm");
  const trainer = new Trainer(engine, startingState(initialWeights(architecture, 1)), adam);
  const times = await timed(steps, batches(batch), async (inputs) => {
    trainer.train(inputs);
    await trainer.takeTotals();
  });
  trainer.dispose();
  return times;
}

/** The same network, data and optimiser through tfjs's layers. */
async function timeFit({ architecture, batch, steps }: Case): Promise<number[]> {
  const shapes = layerShapes(architecture);
  const model = tf.sequential({
    layers: shapes.map(({ outputs, inputs }, index) =>
      tf.layers.dense({
        units: outputs,
        inputShape: [inputs],
        useBias: false,
        activation: index < shapes.length - 1 ? "relu" : "softmax",
      })
    ),
  });
  model.compile({ optimizer: tf.train.adam(adam.learningRate), loss: "sparseCategoricalCrossentropy" });
  const times = await timed(steps, batches(batch), async ({ inputs, labels }) => {
    const x = tf.tensor2d(inputs, [batch, architecture.inputs]);
    const y = tf.tensor1d(Float32Array.from(labels));
    await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0, yieldEvery: "never" });
    tf.dispose([x, y]);
  });
  model.dispose();
  return times;
}

/** Milliseconds of each step, the first two apart: they allocate. */
async function timed(
  steps: number,
  next: () => Batch,
  step: (batch: Batch) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = -2; index < steps; index++) {
    const batch = next();
    const started = performance.now();
    await step(batch);
    if (index >= 0) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}

/** Fresh random images, so that about half of all activations are zero, as in training. */
function batches(size: number): () => Batch {
  const stream = new RandomStream(1, "bench");
  return () => ({
    inputs: Float32Array.from({ length: size * 784 }, () => 2 * stream.uniform() - 1),
    labels: Uint8Array.from({ length: size }, () => stream.integer(10)),
  });
}

function rowOf(who: string, { architecture, batch, steps }: Case, times: readonly number[]): Row {
  const weights = layerShapes(architecture).reduce((sum, { outputs, inputs }) => sum + outputs * inputs, 0);
  const median = times[Math.floor(times.length / 2)];
  return {
    who,
    width: architecture.hidden[0],
    batch,
    steps,
    median_ms_per_step: median,
    fastest_ms_per_step: times[0],
    gflops: 6 * weights * batch / median / 1e6,
    machine:
      `${Deno.build.os} ${Deno.build.arch}, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}`,
  };
}

/** The table that a person reads, from the CSV that a bench wrote. */
export function benchTable(csv: string): string {
  const rows = fromCsv(csv, columns);
  const [fit, ours] = rows.map((row) => Number(row.median_ms_per_step));
  const note = `At width 784 and batch 256, ${
    (fit / ours).toFixed(1)
  } times as fast as model.fit on the same backend.`;
  return toText({
    caption: `Training, one step of Adam: ${rows[0].machine}`,
    columns: shown,
    rows: shownCells(rows),
    notes: [note],
  });
}

function shownCells(rows: readonly Row[]): Row[] {
  return rows.map((row) => Object.fromEntries(shown.map(({ name }) => [name, row[name]])));
}

if (import.meta.main) {
  const csv = toCsv(columns, await bench());
  await writeWhole("paper/data/bench.csv", csv);
  console.log(benchTable(csv));
}
