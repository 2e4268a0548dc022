/**
 * Hidden units that no longer matter: weights into and out of them need not be kept or coded.
 *
 * @module
 */
import type { Matrix } from "../math/matrix.ts";
import { requireEntries } from "../math/requirements.ts";

/**
 * The network without dead paths: a hidden unit with no incoming or no outgoing weight loses all its weights, until no
 * such unit has any left.
 *
 * The function computed is the same for networks without biases whose activations map 0 to 0.
 *
 * @param layers The weight matrices in order (rows = outputs, columns = inputs); they are not changed.
 * @throws {RangeError} If there is no layer.
 * @throws {TypeError} If a layer's inputs are not the previous layer's outputs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const layers = [matrix(2, 1, Float64Array.of(1, 0)), matrix(1, 2, Float64Array.of(2, 3))];
 * assertEquals([...dropDeadPaths(layers)[1].data], [2, 0]);
 * ```
 */
export function dropDeadPaths(layers: readonly Matrix[]): Matrix[] {
  requireChain(layers);
  const pruned = layers.map((layer) => ({ ...layer, data: layer.data.slice() }));
  let unitsDropped = true;
  while (unitsDropped) {
    unitsDropped = false;
    for (let index = 1; index < pruned.length; index++) {
      if (dropDeadUnits(pruned[index - 1], pruned[index])) unitsDropped = true;
    }
  }
  return pruned;
}

/** The part of a network in which there is a weight, and where it lies in the whole. */
export interface LivingPart {
  /** The weights between living units (rows = living outputs, columns = living inputs). */
  readonly layers: readonly Matrix[];
  /** The living units in increasing order: of the inputs, of each hidden layer, and every output. */
  readonly units: readonly Uint32Array[];
}

/**
 * The network without the units that have no weight, neither in nor out. All outputs count as living.
 *
 * @param layers The weight matrices in order (rows = outputs, columns = inputs); they are not changed.
 * @throws {RangeError} If there is no layer.
 * @throws {TypeError} If a layer's inputs are not the previous layer's outputs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const layers = [matrix(2, 3, Float64Array.of(0, 5, 7, 0, 0, 0)), matrix(1, 2, Float64Array.of(2, 0))];
 * const part = livingPart(layers);
 * assertEquals(part.layers, [matrix(1, 2, Float64Array.of(5, 7)), matrix(1, 1, Float64Array.of(2))]);
 * assertEquals(part.units.map((units) => [...units]), [[1, 2], [0], [0]]);
 * ```
 */
export function livingPart(layers: readonly Matrix[]): LivingPart {
  requireChain(layers);
  const units = [...layers.keys(), layers.length].map((boundary) =>
    livingUnits(layers[boundary - 1], layers[boundary])
  );
  return {
    layers: layers.map((layer, index) => submatrix(layer, units[index + 1], units[index])),
    units,
  };
}

/**
 * The whole network of which a part is given: zero wherever a unit is not in the part.
 *
 * @param part Weights between some units, and which units those are.
 * @param widths Inputs, hidden widths and outputs of the whole.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const layers = [matrix(2, 3, Float64Array.of(0, 5, 7, 0, 0, 0)), matrix(1, 2, Float64Array.of(2, 0))];
 * assertEquals(wholeNetwork(livingPart(layers), [3, 2, 1]), layers);
 * ```
 */
export function wholeNetwork({ layers, units }: LivingPart, widths: readonly number[]): Matrix[] {
  return layers.map(({ columns, data }, index) => {
    const [from, to] = [widths[index], widths[index + 1]];
    const whole = zerosLike(data, to * from);
    data.forEach((weight, place) => {
      const row = units[index + 1][Math.floor(place / columns)];
      whole[row * from + units[index][place % columns]] = weight;
    });
    return { rows: to, columns: from, data: whole };
  });
}

/**
 * Refuses a list of matrices that is no network.
 *
 * @throws {RangeError} If there is no layer.
 * @throws {TypeError} If a layer's inputs are not the previous layer's outputs.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * assertThrows(() => requireChain([matrix(2, 1), matrix(1, 3)]), TypeError, "2 outputs");
 * ```
 */
export function requireChain(layers: readonly Matrix[]): void {
  requireEntries("follow the network", "the list of layers", layers);
  layers.slice(1).forEach(({ columns }, index) => {
    if (columns === layers[index].rows) return;
    throw new TypeError(
      `Cannot follow the network as layer ${index + 2} must take the ${
        layers[index].rows
      } outputs of the layer before: it has ${columns} inputs`,
    );
  });
}

// Whether a unit between the two layers lost weights: both matrices are changed in place.
function dropDeadUnits(incoming: Matrix, outgoing: Matrix): boolean {
  let hasDropped = false;
  for (let unit = 0; unit < incoming.rows; unit++) {
    const row = incoming.data.subarray(unit * incoming.columns, (unit + 1) * incoming.columns);
    const hasIncoming = rowHasWeights(incoming, unit);
    const hasOutgoing = columnHasWeights(outgoing, unit);
    if (hasIncoming === hasOutgoing) continue;
    row.fill(0);
    clearColumn(outgoing, unit);
    hasDropped = true;
  }
  return hasDropped;
}

function columnHasWeights({ rows, columns, data }: Matrix, column: number): boolean {
  for (let row = 0; row < rows; row++) if (data[row * columns + column] !== 0) return true;
  return false;
}

function clearColumn({ rows, columns, data }: Matrix, column: number): void {
  for (let row = 0; row < rows; row++) data[row * columns + column] = 0;
}

/** The units between two layers that have a weight; where there is no next layer, all of them. */
function livingUnits(incoming: Matrix | undefined, outgoing: Matrix | undefined): Uint32Array {
  const unitCount = outgoing?.columns ?? incoming?.rows ?? 0;
  const all = Uint32Array.from({ length: unitCount }, (_, unit) => unit);
  if (!outgoing) return all;
  return all.filter((unit) =>
    columnHasWeights(outgoing, unit) || (incoming && rowHasWeights(incoming, unit))
  );
}

function rowHasWeights({ columns, data }: Matrix, row: number): boolean {
  return data.subarray(row * columns, (row + 1) * columns).some((weight) => weight !== 0);
}

function submatrix({ columns, data }: Matrix, rows: Uint32Array, kept: Uint32Array): Matrix {
  const part = zerosLike(data, rows.length * kept.length);
  rows.forEach((row, to) =>
    kept.forEach((column, place) => part[to * kept.length + place] = data[row * columns + column])
  );
  return { rows: rows.length, columns: kept.length, data: part };
}

function zerosLike(data: Matrix["data"], length: number): Matrix["data"] {
  return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
