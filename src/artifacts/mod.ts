/**
 * The artifacts of the paper, in its order. To add one, add its file and its line here.
 *
 * @module
 */
import type { Artifact } from "./artifact.ts";
import { figure3 } from "./figure3.ts";
import { figure5 } from "./figure5.ts";
import { table2 } from "./table2.ts";
import { table3 } from "./table3.ts";

/** Every artifact. */
export const artifacts: readonly Artifact[] = [
  figure3,
  figure5,
  table2,
  table3,
];

/**
 * The artifact of this id.
 *
 * @throws {RangeError} If there is none.
 */
export function artifactById(id: string): Artifact {
  const artifact = artifacts.find((candidate) => candidate.id === id);
  if (artifact) return artifact;
  const known = artifacts.map((candidate) => candidate.id).join(", ");
  throw new RangeError(`Cannot find the artifact ${id}: known ones are ${known}`);
}
