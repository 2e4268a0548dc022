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
    const hasIncoming = row.some((weight) => weight !== 0);
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
