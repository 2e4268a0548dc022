/**
 * A few steps of training, as the subject of tests: what they leave is the same bits wherever they run.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../../src/math/random_stream.ts";
import type { Engine } from "../../../src/network/engines/engine.ts";

/** The weights (96 x 128) after so many steps of regression by one ReLU layer on 64 examples. */
export async function shortTraining(engine: Engine, steps: number): Promise<Float32Array> {
  await engine.select();
  const input = tf.tensor2d(normals(64 * 128, "input"), [64, 128]);
  const target = tf.tensor2d(normals(64 * 96, "target"), [64, 96]);
  const initial = tf.tensor2d(normals(96 * 128, "initial"), [96, 128]);
  const zeros = tf.zeros([96, 128]);
  const [weights, first, second] = [initial, zeros, zeros].map((values) => engine.variable(values));
  for (let step = 1; step <= steps; step++) {
    const present = weights.value();
    const gradient = tf.tidy(() => gradientOf(present, input, target));
    present.dispose();
    const state = { parameter: weights.handle, firstMoment: first.handle, secondMoment: second.handle };
    const attributes = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
    tf.engine().runKernel("ApplyAdam", { ...state, gradient }, attributes);
    gradient.dispose();
  }
  const present = weights.value();
  const trained = await present.data() as Float32Array;
  [input, target, initial, zeros, present, weights, first, second].forEach((each) => each.dispose());
  return trained;
}

function gradientOf(weights: tf.Tensor, input: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const features = tf.relu(tf.matMul(input, weights, false, true));
  const inputs = { dy: tf.sub(features, target), features };
  return tf.matMul(tf.engine().runKernel("ReluGrad", inputs) as tf.Tensor, input, true, false);
}

function normals(length: number, name: string): Float32Array {
  const stream = new RandomStream(11, name);
  return Float32Array.from({ length }, () => stream.normal());
}
