/**
 * Jacobians between the layers of a ReLU network without biases, and how far they can be trusted under noise.
 *
 * J^(i, j) is the Jacobian of x^j with respect to x^i, x^l being the output of layer l before its ReLU:
 * J^(i, j) = A^j D_(j-1) ... A^(i+1) D_i with D_l the 0-1 diagonal of the units that are active.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { RandomStream } from "../math/random_stream.ts";
import { requireInteger, requirePositive } from "../math/requirements.ts";
import type { EvaluationOptions, Inspected } from "./evaluate.ts";
import {
  forward,
  inBatches,
  masked,
  requireNoBias,
  rowNorms,
  throughLayer,
  weightTensors,
} from "./layer_passes.ts";
import type { NetworkWeights } from "./mlp.ts";
import { productReluGradient } from "./step_kernels.ts";

/** A list an example for every pair i < j of layers, first by i, then by j: entry [i - 1][j - i - 1]. */
export type LayerPairs = readonly (readonly Float32Array[])[];

/** Options of whatever draws at random. */
export interface RandomisedOptions extends EvaluationOptions {
  /** Where the draws come from. */
  readonly stream: RandomStream;
}

/** Options of {@linkcode jacobianNorms}. */
export interface ProbeOptions extends RandomisedOptions {
  /** Random vectors of signs a layer, the same for every example. */
  readonly probes: number;
}

/** Options of {@linkcode noiseResiduals}, which draws the directions of the noise. */
export interface NoiseOptions extends RandomisedOptions {
  /** ||eta||_2 / ||x^i||_2, of each of several noises in the same directions. */
  readonly relativeNoises: readonly number[];
}

/** What noise of one size leaves. */
export interface NoiseResiduals {
  /** ||eta||_2 / ||x^i||_2. */
  readonly relativeNoise: number;
  /** The residuals' norms. */
  readonly norms: LayerPairs;
}

/**
 * ||J^(i, j)||_F at every example.
 *
 * Exact for j = i + 1, where it is a weighted sum of the squared columns of A^j, and for j = L, by one backward pass a
 * class. For the hidden j between it is the root of the mean of ||J g||^2 over the probes, whose square is unbiased.
 *
 * @throws {RangeError} If the network has biases or there is no probe.
 */
export async function jacobianNorms(
  weights: NetworkWeights,
  inspected: Inspected,
  { probes, stream, ...options }: ProbeOptions,
): Promise<LayerPairs> {
  requireNoBias(weights);
  requireInteger("probe the Jacobians", "the number of probes", probes, 1);
  const layers = weightTensors(weights.layers);
  const signs = weights.layers.slice(0, -1).map(({ rows }) => signTensors(probes, rows, stream));
  const series = await inBatches(inspected, options, (batch) => {
    const { preActivations } = forward(layers, batch);
    const toOutput = normsToOutput(layers, preActivations);
    return signs.flatMap((sign, i) => {
      if (i === layers.length - 2) return [toOutput[i]];
      return [
        normToNext(layers[i + 1], activity(preActivations[i])),
        ...probedNorms(layers, preActivations, sign, i),
        toOutput[i],
      ];
    });
  });
  tf.dispose(layers);
  tf.dispose(signs);
  return byPair(series, layers.length);
}

/**
 * ||M^(i, j)(x^i + eta) - J^(i, j)(x^i + eta)||_2 at every example: how far the network from x^i to x^j is from its
 * own linearisation at x^i when one draw of Gaussian noise of a given relative size is added.
 *
 * @returns The norms for each size.
 * @throws {RangeError} If the network has biases or a noise no size.
 */
export async function noiseResiduals(
  weights: NetworkWeights,
  inspected: Inspected,
  { relativeNoises, stream, ...options }: NoiseOptions,
): Promise<NoiseResiduals[]> {
  requireNoBias(weights);
  for (const size of relativeNoises) requirePositive("add noise", "its relative size", size);
  const layers = weightTensors(weights.layers);
  const series = await inBatches(inspected, options, (batch) => {
    const { preActivations } = forward(layers, batch);
    const hidden = preActivations.slice(0, -1);
    const directions = hidden.map((clean) => directionsFor(clean, stream));
    return relativeNoises.flatMap((size) =>
      hidden.flatMap((clean, i) => {
        const noisy = tf.add<tf.Tensor2D>(clean, noiseOf(size, clean, directions[i]));
        return residuals(layers, preActivations, noisy, i);
      })
    );
  });
  tf.dispose(layers);
  const pairs = series.length / relativeNoises.length;
  return relativeNoises.map((relativeNoise, index) => ({
    relativeNoise,
    norms: byPair(series.slice(index * pairs, (index + 1) * pairs), layers.length),
  }));
}

/** ||A D||_F: each active unit brings the squared norm of its column. */
function normToNext(weights: tf.Tensor2D, active: tf.Tensor2D): tf.Tensor1D {
  const squaredColumns = tf.sum(tf.square(weights), 0).reshape<tf.Tensor2D>([weights.shape[1], 1]);
  return tf.sqrt(tf.matMul<tf.Tensor2D>(active, squaredColumns).reshape([active.shape[0]]));
}

/** ||J^(i, L)||_F for every i < L, from the rows of J, a class each, carried back from the outputs. */
function normsToOutput(
  layers: readonly tf.Tensor2D[],
  preActivations: readonly tf.Tensor2D[],
): tf.Tensor1D[] {
  const lastHidden = layers.length - 2;
  const weights = layers[lastHidden + 1];
  const rows = tf.split(weights, weights.shape[0]) as tf.Tensor2D[];
  const perClass = rows.map((row) => {
    let carried = tf.mul<tf.Tensor2D>(activity(preActivations[lastHidden]), row);
    const squares = [squaredRowNorms(carried)];
    for (let i = lastHidden - 1; i >= 0; i--) {
      carried = productReluGradient(carried, layers[i + 1], preActivations[i]);
      squares.unshift(squaredRowNorms(carried));
    }
    return squares;
  });
  return preActivations.slice(0, -1).map((_, i) => tf.sqrt(sumOf(perClass.map((squares) => squares[i]))));
}

/** The probed ||J^(i, j)||_F for the hidden j > i + 1. */
function probedNorms(
  layers: readonly tf.Tensor2D[],
  preActivations: readonly tf.Tensor2D[],
  signs: readonly tf.Tensor2D[],
  i: number,
): tf.Tensor1D[] {
  if (i + 2 > layers.length - 2) return [];
  const perProbe = signs.map((sign) => {
    const squares: tf.Tensor1D[] = [];
    let passed = tf.mul<tf.Tensor2D>(activity(preActivations[i]), sign);
    for (let j = i + 1; j < layers.length - 1; j++) {
      const image = throughLayer(passed, layers[j]);
      if (j > i + 1) squares.push(squaredRowNorms(image));
      passed = masked(image, preActivations[j]);
    }
    return squares;
  });
  return perProbe[0].map((_, step) =>
    tf.sqrt(tf.div(sumOf(perProbe.map((squares) => squares[step])), signs.length))
  );
}

/** The sum of tensors, two at a time: WebGPU binds no more than eight to a shader, which `tf.addN` exceeds. */
function sumOf(tensors: readonly tf.Tensor1D[]): tf.Tensor1D {
  return tensors.reduce((sum, tensor) => tf.add<tf.Tensor1D>(sum, tensor));
}

/** 1 where a unit is active, else 0. */
function activity(preActivation: tf.Tensor2D): tf.Tensor2D {
  return masked(tf.onesLike(preActivation), preActivation);
}

function squaredRowNorms(values: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.square(values), 1);
}

function residuals(
  layers: readonly tf.Tensor2D[],
  preActivations: readonly tf.Tensor2D[],
  noisy: tf.Tensor2D,
  i: number,
): tf.Tensor1D[] {
  let [actual, linear] = [noisy, noisy];
  return layers.slice(i + 1).map((layer, step) => {
    actual = throughLayer(tf.relu(actual), layer);
    linear = throughLayer(masked(linear, preActivations[i + step]), layer);
    return rowNorms(tf.sub<tf.Tensor2D>(actual, linear));
  });
}

/** A Gaussian direction for each row of `clean`. */
function directionsFor(clean: tf.Tensor2D, stream: RandomStream): tf.Tensor2D {
  const draws = new Float32Array(clean.size);
  for (let index = 0; index < draws.length; index++) draws[index] = stream.normal();
  return tf.tensor2d(draws, clean.shape);
}

/** Noise in given directions, each as long as `relativeNoise` times its row of `clean`. */
function noiseOf(relativeNoise: number, clean: tf.Tensor2D, directions: tf.Tensor2D): tf.Tensor2D {
  const scale = tf.div(tf.mul(rowNorms(clean), relativeNoise), rowNorms(directions));
  return tf.mul(directions, scale.expandDims(1));
}

function signTensors(probes: number, width: number, stream: RandomStream): tf.Tensor2D[] {
  const draws = (): number[] => Array.from({ length: width }, () => (stream.uniform() < 0.5 ? -1 : 1));
  return Array.from({ length: probes }, () => tf.tensor2d(draws(), [1, width]));
}

function byPair(series: readonly Float32Array[], depth: number): Float32Array[][] {
  let from = 0;
  return Array.from({ length: depth - 1 }, (_, i) => {
    const to = from + depth - 1 - i;
    const row = series.slice(from, to);
    from = to;
    return row;
  });
}
