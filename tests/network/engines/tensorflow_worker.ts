/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/** Trains a small network on TensorFlow and posts the bits of its first layer. */
import { initialWeights } from "../../../src/network/mlp.ts";
import { startingState, Trainer } from "../../../src/network/train.ts";
import { tensorflowEngine } from "../../../src/network/engines/tensorflow/engine.ts";

await tensorflowEngine.select();
const weights = initialWeights({ inputs: 64, hidden: [96, 96], outputs: 10, bias: false }, 1);
const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const trainer = new Trainer(tensorflowEngine, startingState(weights), adam);
const inputs = Float32Array.from({ length: 32 * 64 }, (_, entry) => (entry * 7919 % 1000) / 1000);
const labels = Uint8Array.from({ length: 32 }, (_, example) => example % 10);
for (let step = 0; step < 30; step++) trainer.train({ inputs, labels });
const { data } = (await trainer.state()).weights.layers[0];
self.postMessage(Array.from(new Uint32Array(Float32Array.from(data).buffer)));
