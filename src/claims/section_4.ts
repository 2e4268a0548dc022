/**
 * Section 4: how far pruning moves the output, and the bounds on it.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decided,
  decidedByWorst,
  numberOf,
  numbersOf,
  type Row,
  smallestPositive,
  undecidable,
} from "./claim.ts";

const beyondZero = (rows: readonly Row[]): Row[] => rows.filter((row) => numberOf(row, "d") > 0);

/** The bound at a column of Figure 2 lies above the true change at every d > 0; a change of zero is below any. */
function boundAboveChange(id: string, column: string, how: string): Claim {
  return claimOnRows({
    id,
    place: "Section 4.1",
    sentence:
      `"Lemma C.5 still holds in practice since the generated error bound is larger than the true error induced by pruning" (Figure 2), ${how}, at every d on both data sets.`,
    artifact: "figure2",
    columns: ["d", column, "true_change_logits"],
    covers: bothDatasets,
    marginUnit: "ln",
    decide: (rows) => {
      const changed = beyondZero(rows).filter((row) => row.true_change_logits !== 0);
      if (changed.length === 0) return undecidable("Pruning left the output as it was.");
      const ratioLn = (row: Row): number =>
        Math.log(numberOf(row, column) / numberOf(row, "true_change_logits"));
      return decidedByWorst(changed, ratioLn, (row) => ({
        d: numberOf(row, "d"),
        "bound (logits)": numberOf(row, column),
        "true change (logits)": numberOf(row, "true_change_logits"),
      }));
    },
  });
}

/** The claims of Section 4. */
export const section4: readonly Claim[] = [
  boundAboveChange(
    "error-bound-above-error-gamma",
    "gamma_bound_logits",
    "with Gamma_l at C = epsilon_l = 1 as the lemma states it",
  ),
  boundAboveChange(
    "error-bound-above-error-measured",
    "measured_bound_logits",
    "with the measured ||Delta^l|| in place of epsilon_l Gamma_l",
  ),
  claimOnRows({
    id: "lemma-c.2-norm",
    place: "Lemma C.2",
    sentence:
      "||A^^l - A^l||_2 <= epsilon_l Gamma_l, read at C = epsilon_l = 1, which independent Gaussian weights meet: in every layer, at every d of Figure 2.",
    artifact: "figure2",
    columns: ["d", "largest_norm_over_gamma"],
    covers: bothDatasets,
    marginUnit: "1",
    decide: (rows) =>
      decidedByWorst(beyondZero(rows), (row) => 1 - numberOf(row, "largest_norm_over_gamma"), (row) => ({
        d: numberOf(row, "d"),
        "||Delta|| / Gamma": numberOf(row, "largest_norm_over_gamma"),
        "smallest d at which it exceeds 1": smallestViolation(rows),
      })),
  }),
  claimOnRows({
    id: "side-condition-of-figure-2",
    place: "Lemma C.5",
    sentence:
      '"We need the fact that ||A^l||_2 / L >= epsilon_l Gamma_l >= ||A^l - A^^l||_2": the latter is at most the former at every d of Figure 2.',
    artifact: "figure2",
    columns: ["d", "within_side_condition"],
    covers: bothDatasets,
    marginUnit: "d",
    decide: (rows) => {
      const largest = Math.max(...numbersOf(rows, "d"));
      const broken = numbersOf(rows.filter((row) => row.within_side_condition === "no"), "d");
      const from = Math.min(...broken, largest);
      return decided(broken.length === 0 ? 0 : from - largest - smallestPositive, {
        "largest d tried": largest,
        ...(broken.length === 0 ? {} : { "smallest d at which it is broken": from }),
      });
    },
  }),
];

function smallestViolation(rows: readonly Row[]): number {
  return Math.min(...numbersOf(rows.filter((row) => numberOf(row, "largest_norm_over_gamma") > 1), "d"));
}
