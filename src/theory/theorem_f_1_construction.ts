/**
 * Theorem F.1 carried out: the subnetwork of a random network that imitates a target, found weight by weight.
 *
 * A target layer x -> A x becomes two layers of the random network, x -> U relu(W x). Since
 * alpha x = alpha relu(x) - alpha relu(-x), the hidden neurons of input j that keep their weight w from j only, and
 * some of their weights u to output i, imitate A_ij if the products |w| u with w > 0 add up to A_ij and those with
 * w < 0 to -A_ij. Behind a ReLU the inputs are not negative, and w > 0 is all that is needed.
 *
 * @module
 */
import { type Matrix, matrix } from "../math/matrix.ts";
import type { RandomStream } from "../math/random_stream.ts";
import { requireEntries, requireInteger } from "../math/requirements.ts";
import { spectralNorm } from "../math/spectral_norm.ts";
import { type ChosenSubset, closestNumber, closestSubset } from "../math/subset_sum.ts";
import { compressionDistance } from "./definition_3_1.ts";
import { telescopedPerturbationBoundLn } from "./lemma_c_4.ts";

/** Options of {@linkcode findTicket}. */
export interface TicketSearchOptions {
  /** The number of hidden neurons that each input has for itself. The random network is that many times as wide. */
  readonly poolSize: number;
  /**
   * "number": the one neuron that comes closest (Malach et al. 2020). "subset": the subset whose sum does, which needs
   * a pool of the order of ln(1/epsilon) only (Pensia et al. 2020). The first 24 neurons of each sign are searched.
   */
  readonly search: "number" | "subset";
}

/** A subnetwork of a random network. */
export interface Ticket {
  /** G: 2L random matrices with entries uniform on [-1, 1] (rows = outputs, columns = inputs). */
  readonly host: readonly Matrix[];
  /** G~: the same matrices with the pruned weights zero. No weight was changed otherwise. */
  readonly pruned: readonly Matrix[];
  /** The largest |imitated weight - A_ij| over all weights and signs of the input. */
  readonly largestWeightError: number;
}

/** What a ticket costs and how well it imitates. */
export interface TicketMeasurement {
  /** D_G, the largest hidden dimension of the random network. */
  readonly hostWidth: number;
  /** The number of weights of the random network. */
  readonly hostWeightCount: number;
  /** The number of weights that were not pruned. */
  readonly activeWeightCount: number;
  /** The number of weights of the target. */
  readonly targetWeightCount: number;
  /** The largest error of an imitated weight. */
  readonly largestWeightError: number;
  /** The largest difference of an output over the examples, in logit units: compare with epsilon. */
  readonly outputError: number;
  /** The proven bound on it over the ball that holds all examples, in logit units. */
  readonly outputErrorBound: number;
}

/** The two layers that imitate one of the target's. */
interface LayerPair {
  /** W, (poolSize inputs) x inputs. */
  readonly hidden: Matrix;
  /** U, outputs x (poolSize inputs). */
  readonly output: Matrix;
  readonly keptHidden: Matrix;
  readonly keptOutput: Matrix;
}

/** The hidden neurons that see one input with one sign. */
interface Pool {
  readonly input: number;
  readonly sign: 1 | -1;
  readonly neurons: readonly number[];
}

type Search = (numbers: readonly number[], target: number) => ChosenSubset;

/** A subset of 24 products comes within some 1e-6 of a weight, and takes a tenth of a millisecond to find. */
const SUBSET_LIMIT = 24;

const searches: Record<TicketSearchOptions["search"], Search> = {
  number: closestNumber,
  subset: (numbers, target) => closestSubset(numbers.slice(0, SUBSET_LIMIT), target),
};

/**
 * A random target with the norms that Theorem F.1 asks for: entries uniform on [-1, 1] / sqrt(fan-in), each layer
 * divided by its spectral norm if that exceeds 1.
 *
 * @param widths Inputs, each hidden layer, outputs.
 * @returns A^1 to A^L.
 * @throws {RangeError} If a width is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * import { isTicketTarget } from "./theorem_f_1.ts";
 * assert(isTicketTarget(randomTarget([4, 3, 2], new RandomStream(0, "target"))));
 * ```
 */
export function randomTarget(widths: readonly number[], stream: RandomStream): Matrix[] {
  return widths.slice(1).map((outputs, layer) => {
    const weights = uniformMatrix(outputs, widths[layer], stream);
    const scale = Math.max(Math.sqrt(weights.columns), spectralNorm(weights));
    return { ...weights, data: weights.data.map((weight) => weight / scale) };
  });
}

/**
 * Draws a random network of depth 2L and finds in it the subnetwork that imitates a target of depth L.
 *
 * The target is known to the search: this is no training, and no iterative pruning (erratum 22).
 *
 * @param target A^1 to A^L (rows = outputs, columns = inputs), with a ReLU between them.
 * @throws {RangeError} If there is no layer or the pool size is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * const stream = new RandomStream(0, "ticket");
 * const target = randomTarget([2, 2], stream);
 * const { largestWeightError } = findTicket(target, { poolSize: 28, search: "subset" }, stream);
 * assert(largestWeightError < 0.01);
 * ```
 */
export function findTicket(
  target: readonly Matrix[],
  { poolSize, search }: TicketSearchOptions,
  stream: RandomStream,
): Ticket {
  requireEntries("find the subnetwork", "the target", target);
  requireInteger("find the subnetwork", "the pool size", poolSize, 1);
  const pairs = target.map(({ rows, columns }) => randomPair(rows, columns, poolSize, stream));
  const errors = target.map((weights, layer) => {
    const pools = poolsOf(pairs[layer], layer === 0 ? [1, -1] : [1]);
    return Math.max(...pools.map((pool) => imitateInput(weights, pairs[layer], pool, searches[search])));
  });
  return {
    host: pairs.flatMap(({ hidden, output }) => [hidden, output]),
    pruned: pairs.flatMap(({ keptHidden, keptOutput }) => [keptHidden, keptOutput]),
    largestWeightError: Math.max(...errors),
  };
}

/**
 * The number of weights of a network that are not zero.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * assertEquals(activeWeightCount([matrix(1, 2, Float64Array.of(0, 3)), matrix(1, 1)]), 1);
 * ```
 */
export function activeWeightCount(weights: readonly Matrix[]): number {
  let count = 0;
  for (const { data } of weights) for (const weight of data) if (weight !== 0) count++;
  return count;
}

/**
 * The outputs of a network without biases and with a ReLU between its layers.
 *
 * @param weights The matrices in order (rows = outputs, columns = inputs).
 * @param examples One input a row.
 * @returns One output a row.
 * @throws {TypeError} If the widths do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const weights = [matrix(2, 1, Float64Array.of(1, -1)), matrix(1, 2, Float64Array.of(2, 3))];
 * assertEquals([...reluOutputs(weights, matrix(2, 1, Float64Array.of(4, -5))).data], [8, 15]);
 * ```
 */
export function reluOutputs(weights: readonly Matrix[], examples: Matrix): Matrix {
  return weights.reduce(
    (inputs, layer, index) => layerOutputs(layer, index === 0 ? inputs : relu(inputs)),
    examples,
  );
}

/**
 * max over the examples and outputs of |G~(x) - M(x)|, which Theorem F.1 bounds by epsilon.
 *
 * @param target A^1 to A^L.
 * @param examples One input a row.
 * @throws {TypeError} If the widths do not fit.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * import { RandomStream } from "../math/random_stream.ts";
 * const stream = new RandomStream(0, "ticket");
 * const target = randomTarget([1, 1], stream);
 * const ticket = findTicket(target, { poolSize: 20, search: "subset" }, stream);
 * const examples = matrix(2, 1, Float64Array.of(0.9, -0.9));
 * assert(ticketError(target, ticket, examples) < ticketErrorBound(target, ticket, 1));
 * ```
 */
export function ticketError(target: readonly Matrix[], ticket: Ticket, examples: Matrix): number {
  return compressionDistance(reluOutputs(target, examples), reluOutputs(ticket.pruned, examples));
}

/**
 * A bound on {@linkcode ticketError} over the ball of radius ||x||, ||x|| ( prod_l (s_l + u_l) - prod_l s_l ) with
 * u_l = eta sqrt(d1 d2), eta being the largest error of a weight.
 *
 * @param inputNorm ||x||_2.
 * @throws {RangeError} If there is no layer or the norm is negative.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const ticket = { host: [], pruned: [], largestWeightError: 0.1 };
 * assertAlmostEquals(ticketErrorBound([matrix(1, 4)], ticket, 1), 0.2);
 * ```
 */
export function ticketErrorBound(
  target: readonly Matrix[],
  { largestWeightError }: Ticket,
  inputNorm: number,
): number {
  const layers = target.map((weights) => ({
    spectralNorm: spectralNorm(weights),
    perturbationNorm: largestWeightError * Math.sqrt(weights.data.length),
  }));
  return Math.exp(telescopedPerturbationBoundLn(layers, inputNorm));
}

/**
 * The figures of a ticket on some examples.
 *
 * @param target A^1 to A^L.
 * @param examples One input a row.
 * @throws {TypeError} If the widths do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * import { RandomStream } from "../math/random_stream.ts";
 * const stream = new RandomStream(0, "ticket");
 * const target = randomTarget([2, 2, 1], stream);
 * const ticket = findTicket(target, { poolSize: 10, search: "number" }, stream);
 * const { hostWidth, hostWeightCount, targetWeightCount } = measureTicket(target, ticket, matrix(1, 2));
 * assertEquals([hostWidth, hostWeightCount, targetWeightCount], [20, 140, 6]);
 * ```
 */
export function measureTicket(
  target: readonly Matrix[],
  ticket: Ticket,
  examples: Matrix,
): TicketMeasurement {
  return {
    hostWidth: Math.max(...ticket.host.slice(1).map((layer) => layer.columns)),
    hostWeightCount: entryCount(ticket.host),
    activeWeightCount: activeWeightCount(ticket.pruned),
    targetWeightCount: entryCount(target),
    largestWeightError: ticket.largestWeightError,
    outputError: ticketError(target, ticket, examples),
    outputErrorBound: ticketErrorBound(target, ticket, largestRowNorm(examples)),
  };
}

function entryCount(weights: readonly Matrix[]): number {
  return weights.reduce((count, layer) => count + layer.data.length, 0);
}

function largestRowNorm({ rows, columns, data }: Matrix): number {
  const norms = Array.from(
    { length: rows },
    (_, row) => Math.hypot(...data.subarray(row * columns, (row + 1) * columns)),
  );
  return norms.reduce((largest, norm) => Math.max(largest, norm), 0);
}

function uniformMatrix(rows: number, columns: number, stream: RandomStream): Matrix {
  const weights = matrix(rows, columns);
  for (let index = 0; index < weights.data.length; index++) weights.data[index] = 2 * stream.uniform() - 1;
  return weights;
}

function randomPair(outputs: number, inputs: number, poolSize: number, stream: RandomStream): LayerPair {
  const neurons = poolSize * inputs;
  return {
    hidden: uniformMatrix(neurons, inputs, stream),
    output: uniformMatrix(outputs, neurons, stream),
    keptHidden: matrix(neurons, inputs),
    keptOutput: matrix(outputs, neurons),
  };
}

/** Neuron k belongs to the pool of input k mod inputs. */
function poolsOf({ hidden }: LayerPair, signs: readonly (1 | -1)[]): Pool[] {
  const neurons = Array.from({ length: hidden.rows }, (_, neuron) => neuron);
  return Array.from({ length: hidden.columns }, (_, input) => input).flatMap((input) =>
    signs.map((sign) => ({
      input,
      sign,
      neurons: neurons.filter((neuron) =>
        neuron % hidden.columns === input && sign * hidden.data[neuron * hidden.columns + input] > 0
      ),
    }))
  );
}

/** Keeps the weights that imitate one column of A on inputs of one sign; returns the largest error. */
function imitateInput(
  weights: Matrix,
  pair: LayerPair,
  pool: Pool,
  search: Search,
): number {
  let largestError = 0;
  for (let row = 0; row < weights.rows; row++) {
    const wanted = pool.sign * weights.data[row * weights.columns + pool.input];
    const { indices, sum } = search(productsOf(pair, pool, row), wanted);
    for (const index of indices) keepPath(pair, pool.input, pool.neurons[index], row);
    largestError = Math.max(largestError, Math.abs(sum - wanted));
  }
  return largestError;
}

function productsOf({ hidden, output }: LayerPair, { input, sign, neurons }: Pool, row: number): number[] {
  return neurons.map((neuron) =>
    sign * hidden.data[neuron * hidden.columns + input] * output.data[row * output.columns + neuron]
  );
}

function keepPath(pair: LayerPair, input: number, neuron: number, row: number): void {
  const intoNeuron = neuron * pair.hidden.columns + input;
  const outOfNeuron = row * pair.output.columns + neuron;
  pair.keptHidden.data[intoNeuron] = pair.hidden.data[intoNeuron];
  pair.keptOutput.data[outOfNeuron] = pair.output.data[outOfNeuron];
}

function layerOutputs(weights: Matrix, inputs: Matrix): Matrix {
  if (inputs.columns !== weights.columns) {
    throw new TypeError(
      `Cannot apply the layer as it must have ${weights.columns} inputs: there are ${inputs.columns}`,
    );
  }
  const outputs = matrix(inputs.rows, weights.rows);
  for (let example = 0, index = 0; example < inputs.rows; example++) {
    for (let row = 0; row < weights.rows; row++, index++) {
      for (let column = 0; column < weights.columns; column++) {
        outputs.data[index] += weights.data[row * weights.columns + column] *
          inputs.data[example * inputs.columns + column];
      }
    }
  }
  return outputs;
}

function relu(values: Matrix): Matrix {
  return { ...values, data: values.data.map((value) => Math.max(0, value)) };
}
