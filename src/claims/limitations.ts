/**
 * The conclusion: what the paper says its bounds do not do.
 *
 * @module
 */
import { type Claim, claimOnRows, decidedByWorst, type Row } from "./claim.ts";
import {
  asPrinted,
  asPublished,
  asTheorems,
  type BoundId,
  type BoundReading,
  type BoundSentence,
  readInEach,
} from "./readings.ts";

function vacuous(id: string, sentence: string, compares: readonly BoundId[]): BoundSentence {
  const smallest = (row: Row, reading: BoundReading): number =>
    Math.min(...compares.map((bound) => reading.ln(row, bound)));
  return {
    id,
    place: "Conclusion",
    sentence,
    artifact: "figure3",
    marginUnit: "ln",
    compares,
    where: { dataset: ["mnist", "cifar10"] },
    readings: [asPublished, asTheorems, asPrinted],
    decide: (rows, reading) =>
      decidedByWorst(rows, (row) => smallest(row, reading), (row) => ({
        "smallest bound (ln)": smallest(row, reading),
      }), { undecidable: "The bounds are infinite: the smallest margin on S is not positive." }),
  };
}

/** The claims of the limitations. */
export const limitations: readonly Claim[] = [
  vacuous(
    "ours-vacuous",
    '"Our generalization bounds are still vacuous": 1 or more for every network of Figure 3.',
    ["ours"],
  ),
  vacuous(
    "baselines-vacuous",
    '"Similar to the standard bounds", which are vacuous too: 1 or more for every network of Figure 3.',
    ["neyshabur_2015", "neyshabur_2017", "bartlett_2017"],
  ),
].flatMap(readInEach).map(claimOnRows);
