/**
 * The artifacts of the paper, in its order. To add one, add its file and its line here.
 *
 * @module
 */
import type { Artifact } from "./artifact.ts";
import { certified } from "./certified.ts";
import { figure1 } from "./figure1.ts";
import { figure2 } from "./figure2.ts";
import { figure3 } from "./figure3.ts";
import { figure4 } from "./figure4.ts";
import { figure5 } from "./figure5.ts";
import { figure6 } from "./figure6.ts";
import { sketching } from "./sketching.ts";
import { table1 } from "./table1.ts";
import { statements } from "./statements.ts";
import { table2 } from "./table2.ts";
import { table3 } from "./table3.ts";
import { tickets } from "./tickets.ts";

/** Every artifact. */
export const artifacts: readonly Artifact[] = [
  figure1,
  figure2,
  figure3,
  figure4,
  figure5,
  figure6,
  table1,
  table2,
  table3,
  certified,
  sketching,
  statements,
  tickets,
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
