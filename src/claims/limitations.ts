/**
 * The conclusion: what the paper says its bounds do not do.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decidedByWorst,
  type Decision,
  everyWidth,
  type Row,
} from "./claim.ts";
import {
  asPrinted,
  asPublished,
  asTheorems,
  type BoundId,
  type BoundReading,
  type BoundSentence,
  readInEach,
} from "./readings.ts";

const everyBoundInfinite: Decision = {
  verdict: "holds",
  numbers: [{ name: "smallest bound", value: Infinity }],
  margin: null,
  note: "Every bound is infinite: the smallest margin on S is not positive.",
};

/** An infinite bound is vacuous as well. */
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
    where: bothDatasets,
    covers: { ...bothDatasets, ...everyWidth },
    readings: [asPublished, asTheorems, asPrinted],
    decide: (rows, reading) => {
      const finite = rows.filter((row) => smallest(row, reading) !== Infinity);
      if (finite.length === 0) return everyBoundInfinite;
      return decidedByWorst(finite, (row) => smallest(row, reading), (row) => ({
        "smallest bound (ln)": smallest(row, reading),
      }));
    },
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
