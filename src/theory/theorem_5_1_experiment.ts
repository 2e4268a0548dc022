/**
 * Theorem 5.1 measured: how often Equation 1 gives X back, over the size of the sketch and the sparsity of X.
 *
 * @module
 */
import { l1Norm, type L1Recovery } from "../math/l1_recovery.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { difference, frobeniusNorm } from "../math/norms.ts";
import { RandomStream } from "../math/random_stream.ts";
import { requireEntries, requireInteger } from "../math/requirements.ts";
import { columnEnsemble, rowEnsemble } from "./definition_f_1.ts";
import { decode, sketch } from "./equation_1.ts";
import { sketchDegree, sketchSize } from "./theorem_5_1.ts";

/** Definition F.1 as printed ("row") or with erratum 15 ("column"). */
export type EnsembleName = "row" | "column";

/** One point of the phase diagram. */
export interface RecoveryCell {
  /** Where A and B are drawn from. */
  readonly ensemble: EnsembleName;
  /** p: X is p x p. */
  readonly size: number;
  /** j, the number of nonzero entries in each row and each column of X. */
  readonly lineSparsity: number;
  /** m, the side of the sketch. */
  readonly sketchSize: number;
  /** delta, the number of ones in each row or column of A and B; at most m counts for the column ensemble. */
  readonly degree: number;
}

/**
 * "recovered": the minimiser is X to a thousandth. "lost": it is another matrix. "undecided": the iteration ended
 * before its gap was small enough to tell.
 */
export type RecoveryOutcome = "recovered" | "lost" | "undecided";

/** What came of sketching one X and decoding the sketch. */
export interface RecoveryTrial {
  /** Whether Equation 1 gave X back. */
  readonly outcome: RecoveryOutcome;
  /** ||X~ - X||_F / ||X||_F. */
  readonly relativeError: number;
  /** The relative duality gap at which the iteration ended. */
  readonly relativeGap: number;
  /** How many iterations decoding took. */
  readonly iterations: number;
}

/** A row of the phase diagram: a cell and its count of recoveries. */
export interface PhaseRow extends RecoveryCell {
  /** Number of X tried, each with its own A and B. */
  readonly trials: number;
  /** Number of X that came back. */
  readonly recovered: number;
  /** Number of X for which the decoder ran out of iterations. */
  readonly undecided: number;
  /** recovered / trials, a fraction. */
  readonly successFraction: number;
  /** Theorem 5.1's m with the constant 1. */
  readonly theoremSketchSize: number;
}

/** The grid of {@linkcode phaseDiagram}. */
export interface PhaseDiagramOptions {
  /** p: X is p x p. */
  readonly size: number;
  /** The values of j. */
  readonly lineSparsities: readonly number[];
  /** The values of m. */
  readonly sketchSizes: readonly number[];
  /** The number of X tried in each cell. */
  readonly trials: number;
  /** The root seed: each trial has a stream of its own. */
  readonly seed: number;
  /** Which ensembles. Default both, the printed one first. */
  readonly ensembles?: readonly EnsembleName[];
  /** delta. Default ceil(2 ln p). */
  readonly degree?: number;
}

/** A recovered X differs by the decoder's tolerance, another vertex of the polytope by some 10 %. */
const RECOVERED_ERROR = 1e-3;

/** The relative gap at which decoding ends, well below the error that still counts as recovered. */
const DECODER_TOLERANCE = 1e-4;

/** A matrix with the same sketch and a norm that is smaller by this share shows that X is no minimiser. */
const NORM_ROUNDING = 1e-6;

/** Near the boundary the iteration converges slowly; hardly a trial is still open then. */
const DECODER_ITERATIONS = 4000;

/**
 * A random matrix with j standard normal entries in each row and in each column, the diagonal among them: it is
 * (j, j)-distributed sparse.
 *
 * The support is that of j random cyclic shifts, the identity first, in a random order of the indices.
 *
 * @param size p.
 * @param lineSparsity j, from 1 to p.
 * @throws {RangeError} If p or j is out of range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * import { isDistributedSparse } from "./definition_5_1.ts";
 * const x = distributedSparseMatrix(9, 2, new RandomStream(0, "sketch"));
 * assert(isDistributedSparse(x, { largestColumnCount: 2, largestRowCount: 2 }));
 * ```
 */
export function distributedSparseMatrix(size: number, lineSparsity: number, stream: RandomStream): Matrix {
  requireInteger("draw a sparse matrix", "p", size, 1);
  requireInteger("draw a sparse matrix", "j", lineSparsity, 1);
  if (lineSparsity > size) {
    throw new RangeError(
      `Cannot draw a sparse matrix as j must be <= ${size}: current value is ${lineSparsity}`,
    );
  }
  const order = stream.permutation(size);
  const shifts = [0, ...stream.permutation(size - 1).subarray(0, lineSparsity - 1).map((shift) => shift + 1)];
  const x = matrix(size, size);
  for (const shift of shifts) {
    order.forEach((row, index) => {
      x.data[row * size + order[(index + shift) % size]] = stream.normal();
    });
  }
  return x;
}

/**
 * Draws X, A and B, sketches X and decodes the sketch.
 *
 * A matrix with the same sketch and a smaller norm ends a trial at once, so that failures are cheap.
 *
 * @throws {RangeError} If a field of the cell is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RandomStream } from "../math/random_stream.ts";
 * const cell = { ensemble: "column" as const, size: 12, lineSparsity: 1, sketchSize: 10, degree: 3 };
 * assertEquals(recoveryTrial(cell, new RandomStream(0, "sketch")).outcome, "recovered");
 * ```
 */
export function recoveryTrial(cell: RecoveryCell, stream: RandomStream): RecoveryTrial {
  const x = distributedSparseMatrix(cell.size, cell.lineSparsity, stream);
  const map = { left: sketchingMatrix(cell, stream), right: sketchingMatrix(cell, stream) };
  const norm = l1Norm(x.data);
  const decoded = decode(sketch(x, map), map, {
    tolerance: DECODER_TOLERANCE,
    maximumIterations: DECODER_ITERATIONS,
    sufficientNorm: (1 - NORM_ROUNDING) * norm,
  });
  const relativeError = frobeniusNorm(difference(decoded.solution, x)) / frobeniusNorm(x);
  const { relativeGap, iterations } = decoded;
  return { outcome: outcomeOf(decoded, norm, relativeError), relativeError, relativeGap, iterations };
}

function outcomeOf(
  { norm, relativeGap }: L1Recovery,
  normOfX: number,
  relativeError: number,
): RecoveryOutcome {
  if (norm < (1 - NORM_ROUNDING) * normOfX) return "lost";
  if (relativeGap > DECODER_TOLERANCE) return "undecided";
  return relativeError <= RECOVERED_ERROR ? "recovered" : "lost";
}

/**
 * One row of the phase diagram. Trial t uses the stream named after the cell and t, so that rows can be computed in any
 * order and a longer row begins with the trials of a shorter one.
 *
 * @param trials The number of X to try.
 * @param seed The root seed.
 * @throws {RangeError} If a field of the cell or the number of trials is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const cell = { ensemble: "column" as const, size: 12, lineSparsity: 1, sketchSize: 2, degree: 2 };
 * assertEquals(phaseRow(cell, 3, 0).recovered, 0);
 * ```
 */
export function phaseRow(cell: RecoveryCell, trials: number, seed: number): PhaseRow {
  requireInteger("measure recovery", "the number of trials", trials, 1);
  const outcomes = Array.from(
    { length: trials },
    (_, trial) => recoveryTrial(cell, new RandomStream(seed, trialName(cell, trial))).outcome,
  );
  const recovered = outcomes.filter((outcome) => outcome === "recovered").length;
  return {
    ...cell,
    trials,
    recovered,
    undecided: outcomes.filter((outcome) => outcome === "undecided").length,
    successFraction: recovered / trials,
    theoremSketchSize: theoremSketchSize(cell),
  };
}

/**
 * The phase diagram over sparsity and size of the sketch, for the printed and the corrected ensemble.
 *
 * @returns One row a cell, ordered by ensemble, then j, then m.
 * @throws {RangeError} If a list is empty or a value is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = phaseDiagram({ size: 12, lineSparsities: [1], sketchSizes: [3, 11], trials: 2, seed: 0 });
 * assertEquals(rows.map(({ ensemble }) => ensemble), ["row", "row", "column", "column"]);
 * assertEquals(rows[3].theoremSketchSize, 9);
 * ```
 */
export function phaseDiagram(options: PhaseDiagramOptions): PhaseRow[] {
  return phaseCells(options).map((cell) => phaseRow(cell, options.trials, options.seed));
}

/**
 * The cells of a phase diagram in the order of its rows, for callers that spread them over workers.
 *
 * @throws {RangeError} If a list is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const options = { size: 12, lineSparsities: [1, 2], sketchSizes: [3, 6, 9] };
 * assertEquals(phaseCells(options).length, 12);
 * ```
 */
export function phaseCells(options: Omit<PhaseDiagramOptions, "trials" | "seed">): RecoveryCell[] {
  const { size, lineSparsities, sketchSizes, ensembles = ["row", "column"] } = options;
  const { degree = sketchDegree(size) } = options;
  requireEntries("draw the phase diagram", "the list of sparsities", lineSparsities);
  requireEntries("draw the phase diagram", "the list of sketch sizes", sketchSizes);
  return ensembles.flatMap((ensemble) =>
    lineSparsities.flatMap((lineSparsity) =>
      sketchSizes.map((sketchSize) => ({ ensemble, size, lineSparsity, sketchSize, degree }))
    )
  );
}

/**
 * Where recovery sets in: the smallest m from which on all rows of one ensemble, p and j reach a share of success.
 *
 * @param rows Rows that differ in m only, in any order.
 * @param successFraction The share of success that counts, in [0, 1].
 * @returns That m, or undefined if the row with the largest m does not reach it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = phaseDiagram({
 *   size: 12, lineSparsities: [1], sketchSizes: [4, 8, 11], trials: 2, seed: 0, ensembles: ["column"],
 * });
 * assertEquals(recoveryOnset(rows, 0), 4);
 * ```
 */
export function recoveryOnset(rows: readonly PhaseRow[], successFraction: number): number | undefined {
  const falling = rows.toSorted((a, b) => b.sketchSize - a.sketchSize);
  const firstMiss = falling.findIndex((row) => row.successFraction < successFraction);
  return falling.slice(0, firstMiss === -1 ? falling.length : firstMiss).at(-1)?.sketchSize;
}

function sketchingMatrix({ ensemble, size, sketchSize, degree }: RecoveryCell, stream: RandomStream): Matrix {
  if (ensemble === "row") return rowEnsemble({ sketchSize, size, degree }, stream);
  return columnEnsemble({ sketchSize, size, degree: Math.min(degree, sketchSize) }, stream);
}

function theoremSketchSize({ size, lineSparsity }: RecoveryCell): number {
  return sketchSize({
    outputs: size,
    inputs: size,
    largestColumnCount: lineSparsity,
    largestRowCount: lineSparsity,
  });
}

function trialName(
  { ensemble, size, lineSparsity, sketchSize, degree }: RecoveryCell,
  trial: number,
): string {
  return `sketching/${ensemble}/p ${size}/j ${lineSparsity}/m ${sketchSize}/delta ${degree}/trial ${trial}`;
}
