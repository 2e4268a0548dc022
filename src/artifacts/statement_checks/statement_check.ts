/**
 * What a check of a statement is, and how a figure decides its verdict. A verdict is always computed, never typed.
 *
 * @module
 */
import type { RandomStream } from "../../math/random_stream.ts";

/**
 * - `holds`: what is claimed is true of what was tried.
 * - `holds, loose`: true, and by more than a factor 2 larger than what was measured.
 * - `misprinted`: false as printed, true in the form that an erratum gives.
 * - `fails here`: false of what was tried.
 */
export type Verdict = "holds" | "holds, loose" | "misprinted" | "fails here";

/** What a check found. */
export interface Finding {
  /** What follows from the figure. */
  readonly verdict: Verdict;
  /** How many times larger a bound is than what was measured; undefined where that is no question. */
  readonly looseness?: number;
  /** The number that decided. */
  readonly figure: number;
  /** What that number is. */
  readonly meaning: string;
}

/** How much is drawn, and from where. */
export interface CheckEffort {
  /** The number of draws of a check that averages over some. */
  readonly draws: number;
  /** A stream of the check's own. */
  readonly stream: RandomStream;
}

/** The check of one statement, in one of its aspects. */
export interface StatementCheck {
  /** `lemma-c.2`, or `erratum-3` for an erratum that belongs to no numbered statement. */
  readonly id: string;
  /** `Lemma C.2`, `Section 7`. */
  readonly place: string;
  /** The numbers of the errata that it decides. */
  readonly errata: readonly number[];
  /** What is claimed, in one line. */
  readonly claim: string;
  /** Finds out. */
  check(effort: CheckEffort): Finding;
}

/** A bound that is this many times what was measured is loose. */
const LOOSE_FACTOR = 2;

/** Sums of some thousand rounded terms agree to this share of a bound. */
const ROUNDING = 1e-9;

/**
 * A bound compared with what it bounds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(boundFinding({ measured: 2, bound: 8, meaning: "ratio" }).looseness, 4);
 * assertEquals(boundFinding({ measured: 9, bound: 8, meaning: "ratio" }).verdict, "fails here");
 * ```
 */
export function boundFinding(
  { measured, bound, meaning }: { measured: number; bound: number; meaning: string },
): Finding {
  const figure = measured / bound;
  // Written so that a ratio that is no number decides against the statement.
  if (!(figure <= 1 + ROUNDING)) return { verdict: "fails here", figure, meaning };
  if (figure * LOOSE_FACTOR >= 1) return { verdict: "holds", figure, meaning };
  return { verdict: "holds, loose", looseness: 1 / figure, figure, meaning };
}

/**
 * A bound as printed and as corrected, both compared with what they bound: the figure is the ratio to the printed one.
 *
 * @param finding `measuredCorrected` is what the corrected bound is about, where that is another quantity.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const finding = correctedBoundFinding({ measured: 3, printed: 2, corrected: 4, meaning: "ratio" });
 * assertEquals([finding.verdict, finding.figure], ["misprinted", 1.5]);
 * ```
 */
export function correctedBoundFinding(
  { measured, printed, corrected, measuredCorrected = measured, meaning }: {
    measured: number;
    printed: number;
    corrected: number;
    measuredCorrected?: number;
    meaning: string;
  },
): Finding {
  const asPrinted = boundFinding({ measured, bound: printed, meaning });
  const isMisprint = asPrinted.verdict === "fails here" && measuredCorrected <= corrected * (1 + ROUNDING);
  return isMisprint ? { ...asPrinted, verdict: "misprinted" } : asPrinted;
}

/**
 * A formula compared with the truth: the figure is the relative difference.
 *
 * @param tolerance The relative difference that rounding or drawing explains.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { verdict } = equalityFinding({ value: 1.01, truth: 1, tolerance: 0.1, meaning: "difference" });
 * assertEquals(verdict, "holds");
 * ```
 */
export function equalityFinding(
  { value, truth, tolerance, meaning }: {
    value: number;
    truth: number;
    tolerance: number;
    meaning: string;
  },
): Finding {
  const figure = Math.abs(value - truth) / Math.abs(truth);
  return { verdict: figure <= tolerance ? "holds" : "fails here", figure, meaning };
}

/**
 * A formula as printed and as corrected, both compared with the truth: the figure is printed / truth.
 *
 * @param tolerance The relative difference that rounding or drawing explains.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = { printed: 8, corrected: 4, truth: 4, tolerance: 0, meaning: "printed / true" };
 * assertEquals(correctedEqualityFinding(values).verdict, "misprinted");
 * ```
 */
export function correctedEqualityFinding(
  { printed, corrected, truth, tolerance, meaning }: {
    printed: number;
    corrected: number;
    truth: number;
    tolerance: number;
    meaning: string;
  },
): Finding {
  const agrees = (value: number): boolean => Math.abs(value - truth) <= tolerance * Math.abs(truth);
  const figure = printed / truth;
  if (agrees(printed)) return { verdict: "holds", figure, meaning };
  return { verdict: agrees(corrected) ? "misprinted" : "fails here", figure, meaning };
}

/**
 * A probability with which something is claimed: a value that is not positive claims nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(positivityFinding(-0.5, "probability").verdict, "fails here");
 * ```
 */
export function positivityFinding(figure: number, meaning: string): Finding {
  return { verdict: figure > 0 ? "holds" : "fails here", figure, meaning };
}

/**
 * A figure that must not exceed a limit which is no bound of the paper: an error of rounding or of drawing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(limitFinding(6, 5, "standard errors").verdict, "fails here");
 * ```
 */
export function limitFinding(figure: number, limit: number, meaning: string): Finding {
  return { verdict: figure <= limit ? "holds" : "fails here", figure, meaning };
}
