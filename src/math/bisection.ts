/**
 * Bisection down to neighbouring numbers, so that no tolerance has to be chosen.
 *
 * @module
 */

/** Two neighbours between which a condition changes. */
export interface Bracket {
  /** The last point at which the condition holds. */
  readonly holds: number;
  /** The first point at which it does not. */
  readonly fails: number;
}

/**
 * The neighbouring doubles between which `condition` changes from true to false.
 *
 * @param holds A point at which the condition is known to hold: it is not evaluated there.
 * @param fails A point, below or above `holds`, at which it is known not to hold: it is not evaluated there.
 * @param condition A condition that changes once between the two.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(bisect(0, 2, (x) => x * x < 2).fails, Math.SQRT2, 1e-15);
 * ```
 */
export function bisect(holds: number, fails: number, condition: (x: number) => boolean): Bracket {
  for (;;) {
    const middle = holds + (fails - holds) / 2;
    if (middle === holds || middle === fails) return { holds, fails };
    if (condition(middle)) holds = middle;
    else fails = middle;
  }
}

/**
 * The neighbouring integers between which `condition` changes from true to false.
 *
 * @param holds An integer at which the condition is known to hold: it is not evaluated there.
 * @param fails An integer, below or above `holds`, at which it is known not to hold: it is not evaluated there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(bisectIntegers(0, 100, (k) => k * k < 50), { holds: 7, fails: 8 });
 * ```
 */
export function bisectIntegers(holds: number, fails: number, condition: (k: number) => boolean): Bracket {
  while (Math.abs(fails - holds) > 1) {
    const middle = Math.trunc((holds + fails) / 2);
    if (condition(middle)) holds = middle;
    else fails = middle;
  }
  return { holds, fails };
}
