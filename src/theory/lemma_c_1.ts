/**
 * Lemma C.1: moments of one entry of Delta = A - A^ off the diagonal, under Assumption 3.1.
 *
 * With u = d / (d + 2) the entry is zero with probability 1 - sqrt(u) and N(0, u Psi) otherwise.
 *
 * @module
 */
import { prunedShareSquared } from "./lemma_5_1.ts";

/**
 * E Delta_ij^2 = Psi u^(3/2), in squared weight units.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(deltaSecondMoment(Infinity, 2), 2);
 * ```
 */
export function deltaSecondMoment(d: number, variance: number): number {
  return variance * prunedShareSquared(d) ** 1.5;
}

/**
 * E Delta_ij^4 = 3 Psi^2 u^(5/2), in fourth powers of the weight unit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(deltaFourthMoment(Infinity, 1), 3);
 * ```
 */
export function deltaFourthMoment(d: number, variance: number): number {
  return 3 * variance ** 2 * prunedShareSquared(d) ** 2.5;
}
