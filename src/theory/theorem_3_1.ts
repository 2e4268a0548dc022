/**
 * Theorem 3.1 (Arora et al. 2018): a class of q parameters with r values each generalises like a finite class.
 *
 * @module
 */
import { requireInteger, requireNonNegative, requireProbability } from "../math/requirements.ts";
import { hoeffdingBound } from "./theorem_e_1.ts";

/** What Theorem 3.1 knows of a compressed classifier. */
export interface CompressedClassifier {
  /** R^_gamma(f) on S, a fraction. */
  readonly marginLoss: number;
  /** q, the number of parameters. */
  readonly parameterCount: number;
  /** r, the number of values that each may take. */
  readonly levelCount: number;
  /** n = |S|. */
  readonly exampleCount: number;
}

/**
 * R^_gamma(f) + C sqrt(q ln r / n), the theorem with its O() written as a constant C.
 *
 * @param constant C; the paper leaves it open.
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const classifier = { marginLoss: 0.1, parameterCount: 4, levelCount: Math.E, exampleCount: 100 };
 * assertEquals(compressionBoundPrinted(classifier), 0.1 + 0.2);
 * ```
 */
export function compressionBoundPrinted(classifier: CompressedClassifier, constant = 1): number {
  requireClassifier(classifier);
  requireNonNegative("bound the risk", "the constant", constant);
  const { marginLoss, exampleCount } = classifier;
  return marginLoss + constant * Math.sqrt(classSizeLn(classifier) / exampleCount);
}

/**
 * The theorem with its constants: R^_gamma(f) + sqrt((q ln r + ln(1/delta)) / (2n)) with probability 1 - delta, by
 * Theorem E.1 with J = r^q. It needs the class fixed before S, and Definition 3.1 with erratum 1.
 *
 * @param delta The probability of failure.
 * @throws {RangeError} If a field or delta is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const classifier = { marginLoss: 0, parameterCount: 10, levelCount: 2, exampleCount: 100 };
 * assertAlmostEquals(compressionBound(classifier, 0.5), Math.sqrt(11 * Math.LN2 / 200));
 * ```
 */
export function compressionBound(classifier: CompressedClassifier, delta: number): number {
  requireClassifier(classifier);
  const { marginLoss, exampleCount } = classifier;
  return hoeffdingBound({ loss: marginLoss, classSizeLn: classSizeLn(classifier), exampleCount, delta });
}

function classSizeLn({ parameterCount, levelCount }: CompressedClassifier): number {
  return parameterCount * Math.log(levelCount);
}

function requireClassifier(
  { marginLoss, parameterCount, levelCount, exampleCount }: CompressedClassifier,
): void {
  requireProbability("bound the risk", "the margin loss", marginLoss);
  requireNonNegative("bound the risk", "the number of parameters", parameterCount);
  requireNonNegative("bound the risk", "ln of the number of values", Math.log(levelCount));
  requireInteger("bound the risk", "the number of examples", exampleCount, 1);
}
