/**
 * Recovery of a sparse matrix from its sketch: min ||X||_1 subject to A X B^T = Y, by Douglas-Rachford splitting.
 *
 * @module
 */
import { type Matrix, matrix } from "./matrix.ts";
import { requireInteger, requirePositive } from "./requirements.ts";
import { type TwoSidedMap, type TwoSidedProducts, twoSidedProducts } from "./two_sided_map.ts";

/** Options of {@linkcode minimiseL1}. */
export interface L1RecoveryOptions {
  /** Stop when the relative duality gap is at most this. Default 1e-8. */
  readonly tolerance?: number;
  /** Stop after this many iterations, whatever the gap is. Default 20,000. */
  readonly maximumIterations?: number;
  /**
   * Stop when a feasible X with ||X||_1 below this is found: whoever asks whether a known matrix is the minimiser
   * needs no more. Default 0, which is never reached.
   */
  readonly sufficientNorm?: number;
}

/** The outcome of {@linkcode minimiseL1}. */
export interface L1Recovery {
  /** X, p1 x p2, with A X B^T = Y up to rounding. */
  readonly solution: Matrix;
  /** ||X||_1, the sum of absolute entries. */
  readonly norm: number;
  /** A lower bound on ||X||_1 of every X with this sketch, from a feasible point of the dual problem. */
  readonly lowerBound: number;
  /** (norm - lowerBound) / norm: no X with this sketch has a norm that is smaller by a larger share. */
  readonly relativeGap: number;
  /** How many Douglas-Rachford iterations were made. */
  readonly iterations: number;
}

/** Two points of the iteration and the threshold between them. */
interface Iterate {
  /** The state z of the iteration. */
  readonly state: Float64Array;
  /** z moved by `threshold` towards zero. */
  readonly shrunk: Float64Array;
  /** An X with the wanted sketch. */
  readonly feasible: Float64Array;
  readonly threshold: number;
}

/** The gap costs as much as an iteration, so it is computed at every tenth only. */
const GAP_INTERVAL = 10;

/** The threshold, in mean entries of the least-squares solution: from 0.3 to 10 the speed differs by less than two. */
const THRESHOLD_SHARE = 2;

/** How far Y may be from every A X B^T, as a share of its largest entry, before it counts as inconsistent. */
const CONSISTENCY = 1e-8;

/**
 * The matrix X of least ||X||_1 with A X B^T = Y, and how far from least its norm can be.
 *
 * Douglas-Rachford alternates between shrinking all entries and the projection X - A^+ (A X B^T - Y) (B^+)^T onto the
 * matrices with sketch Y. Shrinking leaves a subgradient G of the norm, |G_ij| <= 1. Projected onto the matrices
 * A^T L B and scaled back to |A^T L B| <= 1 it proves ||X||_1 >= <L, Y> for every such X: that is the gap that stops
 * the iteration.
 *
 * @param sketch Y, m1 x m2.
 * @param map A (m1 x p1) and B (m2 x p2).
 * @throws {TypeError} If Y is not m1 x m2.
 * @throws {RangeError} If an option is out of range or no matrix has the sketch Y.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "./matrix.ts";
 * const row = matrix(1, 2, Float64Array.of(1, 2));
 * const { solution } = minimiseL1(matrix(1, 1, Float64Array.of(8)), { left: row, right: row });
 * assertAlmostEquals(solution.data[3], 2, 1e-6);
 * ```
 */
export function minimiseL1(sketch: Matrix, map: TwoSidedMap, options: L1RecoveryOptions = {}): L1Recovery {
  const { tolerance = 1e-8, maximumIterations = 20_000, sufficientNorm = 0 } = options;
  requirePositive("recover the matrix", "the tolerance", tolerance);
  requireInteger("recover the matrix", "the number of iterations", maximumIterations, 1);
  requireShape(sketch, map);
  const products = twoSidedProducts(map);
  const leastSquares = leastSquaresSolution(products, sketch.data);
  const iterate = start(leastSquares);
  for (let iterations = 1;; iterations++) {
    shrink(iterate);
    project(iterate, products, leastSquares);
    const isLast = iterations === maximumIterations;
    if (isLast || iterations % GAP_INTERVAL === 0) {
      const bounds = normBounds(iterate, products, sketch.data);
      if (isLast || bounds.relativeGap <= tolerance || bounds.norm < sufficientNorm) {
        return { solution: solutionOf(iterate, map), ...bounds, iterations };
      }
    }
    advance(iterate);
  }
}

/**
 * ||X||_1, the sum of absolute entries (not the operator norm of that name).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(l1Norm(Float64Array.of(1, -2, 3)), 6);
 * ```
 */
export function l1Norm(values: Matrix["data"]): number {
  let total = 0;
  for (const value of values) total += Math.abs(value);
  return total;
}

function requireShape(sketch: Matrix, { left, right }: TwoSidedMap): void {
  if (sketch.rows === left.rows && sketch.columns === right.rows) return;
  throw new TypeError(
    `Cannot recover the matrix as its sketch must be ${left.rows} x ${right.rows}: it is ${sketch.rows} x ${sketch.columns}`,
  );
}

// The Gram matrices square the condition numbers of A and B; one step of refinement takes most of that back.
function leastSquaresSolution(products: TwoSidedProducts, sketch: Matrix["data"]): Float64Array {
  const first = products.adjoint(products.normalise(Float64Array.from(sketch)));
  const correction = products.adjoint(products.normalise(residual(products, first, sketch)));
  const solution = first.map((entry, index) => entry + correction[index]);
  const distance = largestMagnitude(residual(products, solution, sketch));
  // Written so that a sketch with an entry that is no number is refused.
  if (!(distance <= CONSISTENCY * largestMagnitude(sketch))) {
    throw new RangeError("Cannot recover the matrix as no matrix has this sketch");
  }
  return solution;
}

function residual(products: TwoSidedProducts, x: Float64Array, sketch: Matrix["data"]): Float64Array {
  return products.forward(x).map((entry, index) => sketch[index] - entry);
}

function start(leastSquares: Float64Array): Iterate {
  return {
    state: Float64Array.from(leastSquares),
    shrunk: new Float64Array(leastSquares.length),
    feasible: new Float64Array(leastSquares.length),
    threshold: THRESHOLD_SHARE * l1Norm(leastSquares) / leastSquares.length,
  };
}

function shrink({ state, shrunk, threshold }: Iterate): void {
  for (let index = 0; index < state.length; index++) {
    const entry = state[index];
    shrunk[index] = entry > threshold ? entry - threshold : entry < -threshold ? entry + threshold : 0;
  }
}

// The projection of the reflected point 2 x - z: its part without a sketch, and the least-squares solution.
function project(
  { state, shrunk, feasible }: Iterate,
  products: TwoSidedProducts,
  least: Float64Array,
): void {
  for (let index = 0; index < state.length; index++) feasible[index] = 2 * shrunk[index] - state[index];
  const visible = products.adjoint(products.normalise(products.forward(feasible)));
  for (let index = 0; index < state.length; index++) feasible[index] += least[index] - visible[index];
}

function advance({ state, shrunk, feasible }: Iterate): void {
  for (let index = 0; index < state.length; index++) state[index] += feasible[index] - shrunk[index];
}

function normBounds(
  { state, shrunk, feasible, threshold }: Iterate,
  products: TwoSidedProducts,
  sketch: Matrix["data"],
): Pick<L1Recovery, "norm" | "lowerBound" | "relativeGap"> {
  const norm = l1Norm(feasible);
  if (norm === 0) return { norm, lowerBound: 0, relativeGap: 0 };
  const subgradient = state.map((entry, index) => (entry - shrunk[index]) / threshold);
  const multiplier = products.normalise(products.forward(subgradient));
  const excess = Math.max(1, largestMagnitude(products.adjoint(multiplier)));
  const lowerBound = multiplier.reduce((total, entry, index) => total + entry * sketch[index], 0) / excess;
  return { norm, lowerBound, relativeGap: (norm - lowerBound) / norm };
}

function solutionOf({ feasible }: Iterate, { left, right }: TwoSidedMap): Matrix {
  return matrix(left.columns, right.columns, feasible);
}

function largestMagnitude(values: Matrix["data"]): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
