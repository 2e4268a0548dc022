/** What the sums of the wasm engine's kernels are, entry by entry: the oracle of their tests. */

/** Sums that single precision had to choose two numbers for, so far: the choice is the exact sum's. */
export const halfWay = { count: 0 };

/** One more term with one rounding. */
function multiplyAdd(sum: number, a: number, b: number): number {
  const product = a * b, near = sum + product, part = near - product;
  const error = (product - (near - part)) + (sum - part);
  const rounded = Math.fround(near), mirrored = 2 * near - rounded;
  const isHalfWay = mirrored !== rounded && Math.fround(mirrored) === mirrored;
  if (!isHalfWay || error === 0 || !Number.isFinite(rounded)) return rounded;
  halfWay.count++;
  return error > 0 ? Math.max(rounded, mirrored) : Math.min(rounded, mirrored);
}

/** A B summed in single precision, in the order of the terms, with all of them; A and B row-major. */
export function orderedProduct(
  a: Float32Array,
  b: Float32Array,
  columns: number,
  depth: number,
): Float32Array {
  return Float32Array.from({ length: a.length / depth * columns }, (_, at) => {
    const start = depth * Math.floor(at / columns), column = at % columns;
    let sum = 0;
    for (let p = 0; p < depth; p++) sum = multiplyAdd(sum, a[start + p], b[p * columns + column]);
    return sum + 0;
  });
}

/** The bits of numbers, which tell 0 from -0. */
export function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.slice().buffer);
}
