/**
 * The claims of the paper, in its order. To add one, add its file and its line here.
 *
 * @module
 */
import { appendixG } from "./appendix_g.ts";
import type { Claim } from "./claim.ts";
import { gaussianWeights } from "./gaussian_weights.ts";
import { limitations } from "./limitations.ts";
import { section1 } from "./section_1.ts";
import { section4 } from "./section_4.ts";
import { section5 } from "./section_5.ts";
import { section6 } from "./section_6.ts";
import { section7 } from "./section_7.ts";
import { decidedForEachSeed } from "./seeds.ts";
import { table1 } from "./table_1.ts";
import { tables2And3 } from "./tables_2_and_3.ts";

/** Every claim, each decided over all seeds. */
export const claims: readonly Claim[] = [
  ...section1,
  ...gaussianWeights,
  ...section4,
  ...section5,
  ...section6,
  ...section7,
  ...table1,
  ...limitations,
  ...tables2And3,
  ...appendixG,
].map(decidedForEachSeed);

/**
 * The claim of this id.
 *
 * @throws {RangeError} If there is none.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => claimById("bartlett-1e9"), RangeError, "Cannot find the claim bartlett-1e9");
 * ```
 */
export function claimById(id: string): Claim {
  const claim = claims.find((candidate) => candidate.id === id);
  if (claim) return claim;
  throw new RangeError(
    `Cannot find the claim ${id}: known ones are ${claims.map((each) => each.id).join(", ")}`,
  );
}
