/**
 * Section 7: how the paper's bound compares with its baselines on MNIST and CIFAR10.
 *
 * @module
 */
import { type Claim, claimOnRows, decidedByWorst, everyWidth, numberOf, type Row } from "./claim.ts";
import {
  asPrinted,
  asPublished,
  asTheorems,
  atMarginOne,
  type BoundReading,
  boundReadings,
  type BoundSentence,
  infiniteBaseline,
  readInEach,
} from "./readings.ts";

/** The width at which the paper compares bounds. */
const comparedWidth = 784;

const notes = { undecidable: infiniteBaseline };

function closest(dataset: string, artifact: string): BoundSentence {
  return {
    id: `bartlett-closest-${dataset}`,
    place: "Section 7",
    sentence:
      `"In both experiments, the closest bound to ours is that of Bartlett et al. (2017)": ${dataset}.`,
    artifact,
    marginUnit: "ln",
    where: { dataset, paper_width: comparedWidth },
    compares: ["neyshabur_2015", "neyshabur_2017", "bartlett_2017"],
    // Equal units keep the order of the published forms.
    readings: [asPublished, atMarginOne, asTheorems, asPrinted],
    decide: (rows, reading) =>
      decidedByWorst(rows, (row) => closestOther(row, reading) - reading.ln(row, "bartlett_2017"), (row) => ({
        "Bartlett (ln)": reading.ln(row, "bartlett_2017"),
        "smallest other baseline (ln)": closestOther(row, reading),
      }), notes),
  };
}

function closestOther(row: Row, reading: BoundReading): number {
  return Math.min(reading.ln(row, "neyshabur_2015"), reading.ln(row, "neyshabur_2017"));
}

/** ln Bartlett - ln ours - ln factor, and the figures that it comes from. */
function bartlettOverOurs(factor: number): BoundSentence["decide"] {
  return (rows, reading) => {
    const ratioLn = (row: Row): number => reading.ln(row, "bartlett_2017") - reading.ln(row, "ours");
    return decidedByWorst(rows, (row) => ratioLn(row) - Math.log(factor), (row) => ({
      width: numberOf(row, "paper_width"),
      "Bartlett (ln)": reading.ln(row, "bartlett_2017"),
      "ours (ln)": reading.ln(row, "ours"),
      "Bartlett / ours (decades)": ratioLn(row) / Math.LN10,
    }), notes);
  };
}

const bartlettShared = {
  place: "Section 7",
  marginUnit: "ln",
  compares: ["bartlett_2017", "ours"],
  columns: ["paper_width"],
  readings: boundReadings,
} as const;

const againstBartlett: readonly BoundSentence[] = [
  {
    ...bartlettShared,
    id: "bartlett-1e3",
    sentence:
      `Bartlett et al. (2017) is "still at least 10^3 [...] times greater than our bounds on the MNIST".`,
    artifact: "table2",
    where: { dataset: "mnist", paper_width: comparedWidth },
    decide: bartlettOverOurs(1e3),
  },
  {
    ...bartlettShared,
    id: "bartlett-1e7",
    sentence:
      `Bartlett et al. (2017) is "at least [...] 10^7 times greater than our bounds on [...] the CIFAR10".`,
    artifact: "table3",
    where: { dataset: "cifar10" },
    decide: bartlettOverOurs(1e7),
  },
  {
    ...bartlettShared,
    id: "bartlett-every-width",
    sentence:
      `"Our generalization bound is consistently better than Bartlett et al. (2017) as the hidden dimension of the models grows": at every width on MNIST.`,
    artifact: "figure3",
    where: { dataset: "mnist" },
    covers: everyWidth,
    decide: bartlettOverOurs(1),
  },
];

/** The bounds of Figure 3 and what is said of them. */
export const section7: readonly Claim[] = [
  closest("mnist", "table2"),
  closest("cifar10", "table3"),
  ...againstBartlett,
].flatMap(readInEach).map(claimOnRows);
