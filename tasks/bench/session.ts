/**
 * What an engine does at its turn. As a program it answers lines of JSON, see `contestant.ts`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../src/math/random_stream.ts";
import type { Engine, EngineName } from "../../src/network/engines/engine.ts";
import { selectEngine } from "../../src/network/engines/mod.ts";
import { type Architecture, initialWeights, layerShapes } from "../../src/network/mlp.ts";
import { type Batch, startingState, Trainer } from "../../src/network/train.ts";
import type { Introduction, NetworkShape, ProductShape, Timing, Turn, Work } from "./contestant.ts";

/** An engine, or tfjs's own kernels and `model.fit` on the backend of the wasm engine. */
export type SessionName = EngineName | "tfjs";

/** Work that is set up and can be done again and again. */
interface Preparation {
  /** Does it so many times, to the end. */
  repeat(count: number): Promise<void>;
  dispose(): void;
}

const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Different batches in turn, so that what the ReLU switches off changes as in training. */
const batchCount = 4;

/** An engine that waits for its turn. */
export class Session {
  readonly introduction: Introduction;
  readonly #prepare: (work: Work) => Preparation;
  #present = "";
  #preparation: Preparation | undefined;

  constructor(introduction: Introduction, prepare: (work: Work) => Preparation) {
    this.introduction = introduction;
    this.#prepare = prepare;
  }

  /** Takes a turn; work that is new is prepared, and done twice, before the clock starts. */
  async take({ count, ...work }: Turn): Promise<Timing> {
    if (this.#present !== JSON.stringify(work)) await this.#turnTo(work);
    const started = performance.now();
    await this.#preparation?.repeat(count);
    return { milliseconds: performance.now() - started };
  }

  async #turnTo(work: Work): Promise<void> {
    this.#preparation?.dispose();
    this.#preparation = this.#prepare(work);
    this.#present = JSON.stringify(work);
    await this.#preparation.repeat(2);
  }
}

/**
 * Selects an engine and makes a session of it.
 *
 * @throws {Error} If the engine cannot be had.
 */
export async function openSession(name: SessionName): Promise<Session> {
  if (name === "tfjs") return await openTfjs();
  const engine = await selectEngine(name);
  const label = name === "tensorflow" ? `tensorflow (${await deviceOfTensorflow()})` : name;
  return new Session(
    { label },
    (work) => work.kind === "step" ? training(engine, work.shape) : product(work.shape),
  );
}

async function deviceOfTensorflow(): Promise<string> {
  const { describeTensorflow } = await import("../../src/network/engines/tensorflow/engine.ts");
  return describeTensorflow().replace(/^.* on (the |an )/, "");
}

/** Selecting the wasm engine starts the backend; disposing of it puts tfjs's own kernels back. */
async function openTfjs(): Promise<Session> {
  await selectEngine("wasm").then((engine) => engine.dispose());
  return new Session(
    { label: "tfjs's own on wasm" },
    (work) => work.kind === "step" ? fitting(work.shape) : product(work.shape),
  );
}

function architectureOf({ inputs, width, bias = false }: NetworkShape): Architecture {
  return { inputs, hidden: [width, width, width, width], outputs: 10, bias };
}

function training(engine: Engine, shape: NetworkShape): Preparation {
  const trainer = new Trainer(engine, startingState(initialWeights(architectureOf(shape), 1)), adam);
  const batches = randomBatches(shape);
  let step = 0;
  return {
    repeat: async (count) => {
      for (let done = 0; done < count; done++) trainer.train(batches[step++ % batchCount]);
      // A GPU has worked through its queue when it can say this.
      await trainer.takeTotals();
    },
    dispose: () => trainer.dispose(),
  };
}

/** The same network, optimiser and kind of data through tfjs's layers. */
function fitting(shape: NetworkShape): Preparation {
  const model = layersModel(architectureOf(shape));
  const [{ inputs, labels }] = randomBatches(shape);
  const images = tf.tensor2d(inputs, [shape.batch, shape.inputs]);
  const classes = tf.tensor1d(Float32Array.from(labels));
  return {
    repeat: async (count) =>
      void await model.fit(images, classes, {
        batchSize: shape.batch,
        epochs: count,
        verbose: 0,
        yieldEvery: "never",
      }),
    dispose: () => {
      model.dispose();
      tf.dispose([images, classes]);
    },
  };
}

function layersModel(architecture: Architecture): tf.Sequential {
  const shapes = layerShapes(architecture);
  const model = tf.sequential({
    layers: shapes.map(({ outputs, inputs }, index) =>
      tf.layers.dense({
        units: outputs,
        inputShape: [inputs],
        useBias: architecture.bias,
        activation: index < shapes.length - 1 ? "relu" : "softmax",
      })
    ),
  });
  model.compile({ optimizer: tf.train.adam(adam.learningRate), loss: "sparseCategoricalCrossentropy" });
  return model;
}

function product({ rows, depth, columns }: ProductShape): Preparation {
  const [a, b] = [tf.randomNormal<tf.Rank.R2>([rows, depth]), tf.randomNormal<tf.Rank.R2>([depth, columns])];
  return {
    repeat: async (count) => {
      for (let done = 1; done < count; done++) tf.matMul(a, b).dispose();
      const last = tf.matMul(a, b);
      await last.data();
      last.dispose();
    },
    dispose: () => tf.dispose([a, b]),
  };
}

function randomBatches({ inputs, batch }: NetworkShape): Batch[] {
  const stream = new RandomStream(1, "bench");
  return Array.from({ length: batchCount }, () => ({
    inputs: Float32Array.from({ length: batch * inputs }, () => 2 * stream.uniform() - 1),
    labels: Uint8Array.from({ length: batch }, () => stream.integer(10)),
  }));
}

async function answerLines(session: Session): Promise<void> {
  console.log(JSON.stringify(session.introduction));
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) console.log(JSON.stringify(await session.take(JSON.parse(line))));
  }
}

if (import.meta.main) await answerLines(await openSession(Deno.args[0] as SessionName));
