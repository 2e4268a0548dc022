/** A network, its gradient and Adam in double precision, straight from the formulas: the oracle of every engine. */
import type { Matrix } from "../../src/math/matrix.ts";
import type { NetworkWeights } from "../../src/network/mlp.ts";
import type { AdamOptions, Batch } from "../../src/network/train.ts";

export interface ReferenceNetwork {
  readonly shapes: readonly { readonly rows: number; readonly columns: number }[];
  readonly weights: number[][];
  readonly biases: number[][];
}

export function referenceOf({ layers, biases }: NetworkWeights): ReferenceNetwork {
  return { shapes: layers, weights: layers.map(entries), biases: biases.map((bias) => [...bias]) };
}

function entries({ data }: Matrix): number[] {
  return [...data];
}

/** All pre-activations of one example, the last of which are the outputs. */
export function preActivations(
  { shapes, weights, biases }: ReferenceNetwork,
  input: readonly number[],
): number[][] {
  let activation = [...input];
  return shapes.map(({ rows, columns }, layer) => {
    const output = Array.from({ length: rows }, (_, row) => {
      const products = activation.map((value, column) => value * weights[layer][row * columns + column]);
      return products.reduce((sum, value) => sum + value, biases[layer]?.[row] ?? 0);
    });
    activation = output.map((value) => Math.max(0, value));
    return output;
  });
}

export function loss(network: ReferenceNetwork, { inputs, labels }: Batch): number {
  const size = inputs.length / labels.length;
  const losses = [...labels].map((label, example) => {
    const outputs = preActivations(network, [...inputs.subarray(example * size, (example + 1) * size)]).at(
      -1,
    )!;
    const largest = Math.max(...outputs);
    return largest + Math.log(outputs.reduce((sum, z) => sum + Math.exp(z - largest), 0)) - outputs[label];
  });
  return losses.reduce((sum, value) => sum + value, 0) / labels.length;
}

/** The gradient of the mean loss by central differences: no formula of back-propagation in it. */
export function gradient(
  network: ReferenceNetwork,
  batch: Batch,
): { weights: number[][]; biases: number[][] } {
  const step = 1e-5;
  const derivative = (values: number[], index: number): number => {
    const before = values[index];
    values[index] = before + step;
    const above = loss(network, batch);
    values[index] = before - step;
    const below = loss(network, batch);
    values[index] = before;
    return (above - below) / (2 * step);
  };
  const all = (parameters: number[][]) =>
    parameters.map((values) => values.map((_, index) => derivative(values, index)));
  return { weights: all(network.weights), biases: all(network.biases) };
}

/** Adam as Kingma and Ba print it, on the network itself. */
export class ReferenceAdam {
  readonly #first = new Map<number[], number[]>();
  readonly #second = new Map<number[], number[]>();
  #step = 0;

  constructor(readonly network: ReferenceNetwork, readonly options: AdamOptions) {}

  train(batch: Batch): void {
    const { weights, biases } = gradient(this.network, batch);
    this.#step++;
    this.network.weights.forEach((values, layer) => this.#update(values, weights[layer]));
    this.network.biases.forEach((values, layer) => this.#update(values, biases[layer]));
  }

  #update(values: number[], derivatives: number[]): void {
    const { learningRate, beta1, beta2, epsilon } = this.options;
    const first = this.#first.get(values) ?? values.map(() => 0);
    const second = this.#second.get(values) ?? values.map(() => 0);
    derivatives.forEach((g, index) => {
      first[index] = beta1 * first[index] + (1 - beta1) * g;
      second[index] = beta2 * second[index] + (1 - beta2) * g * g;
      const mean = first[index] / (1 - beta1 ** this.#step);
      const meanSquare = second[index] / (1 - beta2 ** this.#step);
      values[index] -= learningRate * mean / (Math.sqrt(meanSquare) + epsilon);
    });
    this.#first.set(values, first);
    this.#second.set(values, second);
  }
}
