/**
 * Finding a multi-layer perceptron in a file of named tensors, as PyTorch and Keras save it.
 *
 * @module
 */
import { type Matrix, matrix } from "../math/matrix.ts";
import type { NetworkWeights } from "./mlp.ts";
import type { NamedTensor } from "./weights.ts";

/** A network as it was found in a file. */
export interface FoundNetwork {
  /** A^1 .. A^L (rows = outputs, columns = inputs), with a bias a layer or none at all. */
  readonly weights: NetworkWeights;
  /** The tensor that each layer's matrix came from. */
  readonly names: readonly string[];
  /** Whether the file has kernels (inputs, outputs), as Keras writes them, which were transposed. */
  readonly isTransposed: boolean;
  /**
   * Whether the layers fit in other orders too, and neither numbers in their names nor the file's own order tells which
   * is right: this one is alphabetical as far as shapes allow.
   */
  readonly hasOtherOrders: boolean;
}

/** What is known of the network besides its tensors. */
export interface ChainOptions {
  /**
   * The number of inputs that the first layer must take. Without it, names alone tell a chain from its transposed
   * layers in reverse, which is a chain too.
   */
  readonly inputs?: number;
}

type Tensors = Readonly<Record<string, NamedTensor>>;

interface Layer {
  readonly name: string;
  readonly weights: Matrix;
}

type Order = Pick<FoundNetwork, "hasOtherOrders"> & { readonly layers: readonly Layer[] };

type Chain = Order & Pick<FoundNetwork, "isTransposed">;

/**
 * The network whose weights a file holds.
 *
 * Its matrices are put in an order in which each takes the outputs of the one before. Where several fit, the names
 * decide (`fc2` before `fc10`); where no numbers are in them, the order in which the tensors are given does, if it
 * fits and is not merely that of the alphabet, and else the alphabet: `hasOtherOrders` says so. A matrix is read as
 * (outputs, inputs), PyTorch's form, unless only (inputs, outputs), Keras's form, makes a chain or a tensor is named
 * `kernel`. A vector is the bias of the matrix with the same name up to its last part; where only some layers have
 * one, the others have zeros. Pairs `..._orig` and `..._mask`, as PyTorch's pruning leaves them, are multiplied.
 *
 * Activations are not in the file: they are taken to be ReLU between layers and none at the end.
 *
 * @param tensors The tensors by name, as `decodeSafetensors` gives them.
 * @throws {TypeError} If they are no chain of matrices, or a tensor belongs to no layer.
 * @throws {RangeError} If an entry is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
 * const tensors = { "net.10.weight": tensor(10, 64), "net.2.weight": tensor(64, 784), "net.2.bias": tensor(64) };
 * const { names, weights, isTransposed } = networkFromTensors(tensors);
 * assertEquals([names, isTransposed], [["net.2.weight", "net.10.weight"], false]);
 * assertEquals(weights.biases.map(({ length }) => length), [64, 10]);
 * ```
 */
export function networkFromTensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  options: ChainOptions = {},
): FoundNetwork {
  const masked = withMasksApplied(tensors);
  const names = Object.keys(masked).sort(compareNames);
  names.forEach((name) => requireLayerPart(name, masked[name]));
  const isMatrix = (name: string): boolean => masked[name].shape.length === 2;
  const stored = names.filter(isMatrix).map((name) => storedLayer(name, masked));
  const { layers, isTransposed, hasOtherOrders } = chainOf(stored, Object.keys(masked), options);
  const biasNames = names.filter((name) => !isMatrix(name));
  return {
    weights: { layers: layers.map(({ weights }) => weights), biases: biasesOf(layers, biasNames, masked) },
    names: layers.map(({ name }) => name),
    isTransposed,
    hasOtherOrders,
  };
}

/**
 * Compares names part by part, numbers by value: `fc2` comes before `fc10`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["fc10", "fc2", "fc"].sort(compareNames), ["fc", "fc2", "fc10"]);
 * ```
 */
export function compareNames(a: string, b: string): number {
  const [partsOfA, partsOfB] = [a, b].map(partsOf);
  for (let index = 0; index < Math.min(partsOfA.length, partsOfB.length); index++) {
    const [part, other] = [partsOfA[index], partsOfB[index]];
    const difference = Number(part) - Number(other);
    if (difference) return difference;
    if (part !== other) return part < other ? -1 : 1;
  }
  return partsOfA.length - partsOfB.length;
}

function partsOf(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

/** `..._orig` times `..._mask`, under the name without the ending. */
function withMasksApplied(tensors: Tensors): Tensors {
  const masked: Record<string, NamedTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const [, stem, ending] = /^(.*)(_orig|_mask)$/.exec(name) ?? [];
    const isPair = stem !== undefined && `${stem}_orig` in tensors && `${stem}_mask` in tensors;
    if (!isPair) masked[name] = tensor;
    else if (ending === "_orig") masked[stem] = product(name, tensor, tensors[`${stem}_mask`]);
  }
  return masked;
}

function product(name: string, { shape, data }: NamedTensor, mask: NamedTensor): NamedTensor {
  if (mask.shape.join() === shape.join()) {
    return { shape, data: data.map((entry, index) => entry * mask.data[index]) };
  }
  throw new TypeError(
    `Cannot prune ${name} as its mask must have the shape ${sides(shape)}: it has ${sides(mask.shape)}`,
  );
}

function requireLayerPart(name: string, { shape, data }: NamedTensor): void {
  const isMatrixOrVector = shape.length === 1 || shape.length === 2;
  if (!isMatrixOrVector || data.length === 0) {
    throw new TypeError(
      `Cannot use tensor ${name} as a multi-layer perceptron has matrices and vectors only: its shape is ${
        sides(shape)
      }`,
    );
  }
  const index = data.findIndex((entry) => !Number.isFinite(entry));
  if (index < 0) return;
  throw new RangeError(
    `Cannot use tensor ${name} as its entries must be finite: entry ${index} is ${data[index]}`,
  );
}

function storedLayer(name: string, tensors: Tensors): Layer {
  const { shape: [rows, columns], data } = tensors[name];
  return { name, weights: matrix(rows, columns, data) };
}

/** The network in the orientation that its names tell, or else in the one in which its layers have an order at all. */
function chainOf(
  stored: readonly Layer[],
  namesInFile: readonly string[],
  { inputs }: ChainOptions,
): Chain {
  const asStored = { layers: stored, isTransposed: false };
  const transposed = { layers: stored.map(transposedLayer), isTransposed: true };
  const hasKernels = stored.some(({ name }) => /kernel/i.test(name));
  const orientations = hasKernels ? [transposed, asStored] : [asStored, transposed];
  const likeliest = orientations.filter(({ layers }) => isChain(layers, inputs));
  for (const { layers, isTransposed } of [...likeliest, ...orientations]) {
    const order = orderOf(layers, namesInFile, inputs);
    if (order) return { ...order, isTransposed };
  }
  const taken = orientations.flatMap(({ layers }) => orderByName(layers, undefined)?.layers[0] ?? []);
  throw new TypeError(refusal(stored, taken.map(({ weights }) => weights.columns), inputs));
}

function isChain(layers: readonly Layer[], inputs: number | undefined): boolean {
  const before = (index: number) => index === 0 ? inputs : layers[index - 1].weights.rows;
  return layers.every(({ weights }, index) => takes(before(index), weights));
}

function takes(width: number | undefined, { columns }: Matrix): boolean {
  return width === undefined || columns === width;
}

/** The order by name, or that of the file where names do not tell and the file was written in an order that fits. */
function orderOf(
  layers: readonly Layer[],
  namesInFile: readonly string[],
  inputs: number | undefined,
): Order | undefined {
  const byName = orderByName(layers, inputs);
  if (!byName?.hasOtherOrders) return byName;
  const places = new Map(namesInFile.map((name, place) => [name, place]));
  const asInFile = layers.toSorted((a, b) => places.get(a.name)! - places.get(b.name)!);
  // The safetensors of Python sort by name, which tells nothing; a model's own order is that of its definition.
  const isSorted = asInFile.every(({ name }, index) => index === 0 || asInFile[index - 1].name < name);
  return isSorted || !isChain(asInFile, inputs) ? byName : { layers: asInFile, hasOtherOrders: false };
}

/**
 * An order in which each layer takes the outputs of the one before, if there is any: next comes always the first by name
 * of those after which the rest has an order.
 */
function orderByName(layers: readonly Layer[], inputs: number | undefined): Order | undefined {
  const order: Layer[] = [];
  let hasOtherOrders = false;
  let [rest, width] = [layers, inputs];
  while (rest.length > 0) {
    const [next, ...others] = rest.filter((layer) => takes(width, layer.weights) && canComeNext(layer, rest));
    if (!next) return undefined;
    hasOtherOrders ||= others.some(({ name }) => !areNumbered(next.name, name));
    order.push(next);
    rest = rest.filter((layer) => layer !== next);
    width = next.weights.rows;
  }
  return order.length > 0 ? { layers: order, hasOtherOrders } : undefined;
}

/**
 * Whether the others have an order after this layer. Widths are the nodes of a graph and layers its edges, so that this
 * is Euler's condition for a trail along every edge: no width is taken more often than it is given, and all are reached.
 */
function canComeNext(layer: Layer, layers: readonly Layer[]): boolean {
  const others = layers.filter((other) => other !== layer).map(({ weights }) => weights);
  const isGivenEnough = (width: number): boolean =>
    count(others, ({ columns }) => columns === width) <=
      count(others, ({ rows }) => rows === width) + (layer.weights.rows === width ? 1 : 0);
  const reached = new Set([layer.weights.rows]);
  for (const width of reached) {
    others.filter(({ columns }) => columns === width).forEach(({ rows }) => reached.add(rows));
  }
  return others.every(({ columns }) => reached.has(columns)) && [...reached].every(isGivenEnough);
}

function count<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.filter(isCounted).length;
}

/** Whether numbers tell which of two names comes first: `fc2` and `fc10`, `0.in` and `1.out`, `dense` and `dense_1`. */
function areNumbered(a: string, b: string): boolean {
  const [partsOfA, partsOfB] = [a, b].map(partsOf);
  const index = partsOfA.findIndex((part, index) => part !== partsOfB[index]);
  const [words, others] = [a, b].map((name) => name.replace(/[\W_]*\d+/g, ""));
  return words === others || /\d/.test(partsOfA[index] ?? "") && /\d/.test(partsOfB[index] ?? "");
}

function transposedLayer({ name, weights: { rows, columns, data } }: Layer): Layer {
  const entries = Float32Array.from(
    data,
    (_, index) => data[(index % rows) * columns + Math.floor(index / rows)],
  );
  return { name, weights: matrix(columns, rows, entries) };
}

function refusal(
  stored: readonly Layer[],
  taken: readonly number[],
  inputs: number | undefined,
): string {
  if (stored.length === 0) return "Cannot find a network as the tensors must have a matrix: they have none";
  if (taken.length > 0) {
    return `Cannot use the network as its first layer must take the ${inputs} inputs of the data: it takes ${
      [...new Set(taken)].join(" or ")
    }`;
  }
  const shapes = stored.map(({ name, weights }) => `${name} is ${sides([weights.rows, weights.columns])}`);
  return `Cannot find a network as each matrix must take the outputs of another: ${shapes.join(", ")}`;
}

function biasesOf(layers: readonly Layer[], names: readonly string[], tensors: Tensors): Float32Array[] {
  if (names.length === 0) return [];
  const nameByStem = new Map(names.map((name) => [stemOf(name), name]));
  const stems = layers.map(({ name }) => stemOf(name));
  const stray = names.find((name) => {
    return nameByStem.get(stemOf(name)) !== name ||
      stems.filter((stem) => stem === stemOf(name)).length !== 1;
  });
  if (stray !== undefined) {
    throw new TypeError(
      `Cannot use tensor ${stray} as a vector must be the bias of one layer: it is of none`,
    );
  }
  return layers.map(({ weights }, index) => {
    const name = nameByStem.get(stems[index]);
    return name === undefined ? new Float32Array(weights.rows) : biasOf(name, tensors[name], weights);
  });
}

function biasOf(name: string, { data }: NamedTensor, { rows }: Matrix): Float32Array {
  if (data.length === rows) return data;
  throw new TypeError(
    `Cannot use tensor ${name} as a bias must have an entry for each of ${rows} outputs: it has ${data.length}`,
  );
}

/** What a layer's tensors have in common: `fc1` of `fc1.weight`, `dense` of `dense/kernel`, `1` of `w1`. */
function stemOf(name: string): string {
  return (/^(.*)[./]/.exec(name) ?? /(\d*)$/.exec(name) ?? ["", ""])[1];
}

function sides(shape: readonly number[]): string {
  return shape.length === 0 ? "a single number" : shape.join(" x ");
}
