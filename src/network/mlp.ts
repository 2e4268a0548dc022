/**
 * Multi-layer perceptrons with ReLU activations: M(x) = A_L relu(A_{L-1} ... relu(A_1 x)).
 *
 * @module
 */
import { type Matrix, matrix } from "../math/matrix.ts";
import { RandomStream } from "../math/random_stream.ts";

/** The shape of a network. */
export interface Architecture {
  /** Dimension of x. */
  readonly inputs: number;
  /** Units of each hidden layer, in order. */
  readonly hidden: readonly number[];
  /** Number of classes K. */
  readonly outputs: number;
  /** Whether each layer adds a bias. The paper's theory has none. */
  readonly bias: boolean;
}

/** A network's parameters in single precision. */
export interface NetworkWeights {
  /** A^1 .. A^L (rows = outputs, columns = inputs). */
  readonly layers: readonly Matrix[];
  /** One vector of `outputs` entries a layer, or none at all. */
  readonly biases: readonly Float32Array[];
}

/**
 * The shapes (rows = outputs, columns = inputs) of A^1 .. A^L.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const shapes = layerShapes({ inputs: 784, hidden: [500], outputs: 10, bias: false });
 * assertEquals(shapes, [{ outputs: 500, inputs: 784 }, { outputs: 10, inputs: 500 }]);
 * ```
 */
export function layerShapes(
  { inputs, hidden, outputs }: Architecture,
): { outputs: number; inputs: number }[] {
  const widths = [inputs, ...hidden, outputs];
  return widths.slice(1).map((width, index) => ({ outputs: width, inputs: widths[index] }));
}

/**
 * Initial weights as PyTorch's `Linear` draws them: every entry uniform on (-1/sqrt(inputs), 1/sqrt(inputs)), biases
 * too. Each layer has a random stream of its own, so that its draws depend on the seed and its place alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { layers } = initialWeights({ inputs: 4, hidden: [3], outputs: 2, bias: false }, 1);
 * assertEquals(layers.map(({ rows, columns }) => [rows, columns]), [[3, 4], [2, 3]]);
 * ```
 */
export function initialWeights(architecture: Architecture, seed: number): NetworkWeights {
  const shapes = layerShapes(architecture);
  const draws = (name: string, count: number, inputs: number): Float32Array => {
    const stream = new RandomStream(seed, name);
    const limit = 1 / Math.sqrt(inputs);
    const drawn = new Float32Array(count);
    for (let index = 0; index < count; index++) drawn[index] = limit * (2 * stream.uniform() - 1);
    return drawn;
  };
  return {
    layers: shapes.map(({ outputs, inputs }, layer) =>
      matrix(outputs, inputs, draws(`initialisation/weights/${layer}`, outputs * inputs, inputs))
    ),
    biases: architecture.bias
      ? shapes.map(({ outputs, inputs }, layer) => draws(`initialisation/biases/${layer}`, outputs, inputs))
      : [],
  };
}
