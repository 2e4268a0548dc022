/**
 * Section 5 and Appendix B: distributed sparsity, sketching, and the probability of Theorem 5.2.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decided,
  decidedByWorst,
  type Decision,
  everyWidth,
  numberOf,
  type Row,
  smallestPositive,
} from "./claim.ts";

const shape = ["outputs", "inputs", "layer", "dataset"] as const;

function withinLemma51(rows: readonly Row[]): Decision {
  return decidedByWorst(rows, (row) => 1 - numberOf(row, "share_of_bound"), (row) => ({
    layer: numberOf(row, "layer"),
    d: numberOf(row, "d"),
    "max(j_r, j_c)": numberOf(row, "largest_count"),
    "3 p chi": numberOf(row, "bound_count"),
  }));
}

const sparsity = {
  artifact: "figure4",
  columns: ["layer", "d", "largest_count", "bound_count", "share_of_bound"],
  covers: bothDatasets,
  marginUnit: "share of the bound",
} as const;

/** "Roughly evenly": the fullest line has at most twice the weights of a mean one. The paper gives no number. */
const evenFactor = 2;

function fullestOverMean(row: Row): number {
  const kept = numberOf(row, "kept_fraction");
  const rows = numberOf(row, "largest_row_count") / (kept * numberOf(row, "inputs"));
  const columns = numberOf(row, "largest_column_count") / (kept * numberOf(row, "outputs"));
  return Math.max(rows, columns);
}

const distributedSparsity: readonly Claim[] = [
  claimOnRows({
    ...sparsity,
    id: "distributed-sparsity-first-layer",
    place: "Appendix B",
    sentence:
      '"Our error bound [...] indeed serves as an upper bound in practice": max(j_r, j_c) <= 3 lambda p chi at lambda = 1 in the first layer, which Figure 4 shows, at every d on both data sets.',
    where: { layer: 1 },
    decide: withinLemma51,
  }),
  claimOnRows({
    ...sparsity,
    id: "distributed-sparsity-every-layer",
    place: "Lemma 5.1",
    sentence: "max(j_r, j_c) <= 3 lambda p chi at lambda = 1 in every layer, as Theorem 5.2 needs it.",
    decide: withinLemma51,
  }),
  claimOnRows({
    id: "sparsity-even",
    place: "Section 1",
    sentence:
      '"The sparsity induced by pruning is distributed roughly evenly across all rows and columns": the fullest row or column of every layer keeps at most twice as many weights as the mean one, at every d.',
    artifact: "figure4",
    columns: [
      "layer",
      "d",
      "kept_fraction",
      "inputs",
      "outputs",
      "largest_row_count",
      "largest_column_count",
    ],
    covers: bothDatasets,
    marginUnit: "times the mean",
    decide: (rows) =>
      decidedByWorst(rows, (row) => evenFactor - fullestOverMean(row), (row) => ({
        layer: numberOf(row, "layer"),
        d: numberOf(row, "d"),
        "fullest / mean": fullestOverMean(row),
      })),
  }),
];

/** The layers of one network on MNIST, each once. */
function layerShapes(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.layer, row])).values()];
}

/** sum_l d1^(-1/3) + d2^(-1/3): the terms of Lemma 5.1's probability. */
function loadTerms(layers: readonly Row[]): number {
  return layers.flatMap(({ outputs, inputs }) => [outputs, inputs])
    .reduce<number>((sum, size) => sum + Number(size) ** (-1 / 3), 0);
}

/** sum_l p_l^(-c) at c = 2, the value of Remark 5.1. */
function sketchTerms(layers: readonly Row[]): number {
  return layers.reduce(
    (sum, row) => sum + Math.max(numberOf(row, "outputs"), numberOf(row, "inputs")) ** -2,
    0,
  );
}

const probabilityColumns = {
  artifact: "figure4",
  columns: shape,
  where: { dataset: "mnist" },
  isTrained: false,
  marginUnit: "probability",
} as const;

const probabilities: readonly Claim[] = [
  claimOnRows({
    ...probabilityColumns,
    id: "lemma-5.1-probability",
    place: "Lemma 5.1",
    sentence:
      "1 - 1/lambda_l - d1^(-1/3) - d2^(-1/3) is positive at lambda_l = 1, the value at which Figure 4 is drawn.",
    decide: (rows) => {
      const probability = (row: Row): number => -loadTerms([row]);
      return decidedByWorst(layerShapes(rows), (row) => probability(row) - smallestPositive, (row) => ({
        layer: numberOf(row, "layer"),
        "probability at lambda = 1": probability(row),
      }));
    },
  }),
  claimOnRows({
    ...probabilityColumns,
    id: "theorem-5.2-probability-printed",
    place: "Theorem 5.2",
    sentence:
      '"This claim holds with probability at least 1 - sum_l (1/lambda_l + 1/epsilon_l + p_l^(-c))": positive at lambda_l = epsilon_l = 1 and c = 2. The tables contain neither factor.',
    decide: (rows) => {
      const layers = layerShapes(rows);
      const probability = 1 - 2 * layers.length - sketchTerms(layers);
      return decided(probability - smallestPositive, { layers: layers.length, probability });
    },
  }),
  claimOnRows({
    ...probabilityColumns,
    id: "theorem-5.2-probability-restored",
    place: "Theorem 5.2",
    sentence:
      "The same with the terms d1^(-1/3) + d2^(-1/3) of Lemma 5.1 that the theorem drops (erratum 21): positive for lambda_l and epsilon_l as large as one likes.",
    decide: (rows) => {
      const layers = layerShapes(rows);
      const probability = 1 - loadTerms(layers) - sketchTerms(layers);
      return decided(probability - smallestPositive, {
        "sum of the dropped terms": loadTerms(layers),
        probability,
      });
    },
  }),
];

/** Recovery where the sketch has the theorem's size, the constant of O() set to 1. */
function recovery(id: string, ensemble: string, how: string): Claim {
  return claimOnRows({
    id,
    place: "Remark 5.1",
    sentence:
      `"The probability that Theorem 5.1 holds is at least 1 - p^(-2)": every sketch of m >= sqrt(j p) ln p rows is decoded, ${how}. The constant of O() is set to 1.`,
    artifact: "sketching",
    columns: ["size", "line_sparsity", "sketch_size", "theorem_sketch_size", "success_fraction", "trials"],
    where: { ensemble },
    isTrained: false,
    marginUnit: "probability",
    decide: (rows) => {
      const large = rows.filter((row) =>
        numberOf(row, "sketch_size") >= numberOf(row, "theorem_sketch_size")
      );
      const promised = (row: Row): number => 1 - numberOf(row, "size") ** -2;
      return decidedByWorst(large, (row) => numberOf(row, "success_fraction") - promised(row), (row) => ({
        p: numberOf(row, "size"),
        j: numberOf(row, "line_sparsity"),
        m: numberOf(row, "sketch_size"),
        "share decoded": numberOf(row, "success_fraction"),
        trials: numberOf(row, "trials"),
      }));
    },
  });
}

/** p j weights with their places, ln r + ln(e p / j) each, against m^2 entries of ln r; r = 2^8. */
function codeRatioLn(row: Row): number {
  const [p, j, m] = ["size", "line_sparsity", "theorem_sketch_size"].map((column) => numberOf(row, column));
  const levelLn = 8 * Math.LN2;
  return Math.log(p * j * (levelLn + 1 + Math.log(p / j))) - Math.log(m * m * levelLn);
}

const sketches: readonly Claim[] = [
  recovery("sketch-decodes-printed", "row", "Definition F.1 as printed"),
  recovery("sketch-decodes-corrected", "column", "Definition F.1 corrected (erratum 15)"),
  claimOnRows({
    id: "sketch-below-sparse-count",
    place: "Section 5.1",
    sentence:
      '"Counting the number of parameters in small dense matrices is more efficient in terms of parameters than counting the number of large sparse matrices": m^2 values of 8 bits cost less than p j such values with their places.',
    artifact: "sketching",
    columns: ["size", "line_sparsity", "theorem_sketch_size"],
    isTrained: false,
    marginUnit: "ln",
    decide: (rows) =>
      decidedByWorst(rows, codeRatioLn, (row) => ({
        p: numberOf(row, "size"),
        j: numberOf(row, "line_sparsity"),
        m: numberOf(row, "theorem_sketch_size"),
        "sparse / sketch": Math.exp(codeRatioLn(row)),
      })),
  }),
  claimOnRows({
    id: "sketch-below-weight-count",
    place: "Section 7",
    sentence:
      '"Sparse Matrix Sketching, which significantly reduces the dimension of the pruned model": the sketches of Table 2 have fewer entries than the unpruned network has weights.',
    artifact: "table2",
    columns: ["paper_width", "ours_same_units_ln", "parameter_count_same_units_ln"],
    where: { margin_rule: "minimum" },
    covers: everyWidth,
    marginUnit: "ln",
    decide: (rows) => {
      // Both are roots of a count over n.
      const ratioLn = (row: Row): number =>
        2 * (numberOf(row, "parameter_count_same_units_ln") - numberOf(row, "ours_same_units_ln"));
      return decidedByWorst(rows, ratioLn, (row) => ({
        width: numberOf(row, "paper_width"),
        "weights / entries of the sketches": Math.exp(ratioLn(row)),
      }));
    },
  }),
];

/** The share of the range of d in which something is so, from each d that was tried to the next: grids are not even. */
function shareOfRange(rows: readonly Row[], isSo: (row: Row) => boolean): number {
  const byD = [...new Map(rows.map((row) => [numberOf(row, "d"), row]))].sort(([a], [b]) => a - b);
  const lengths = byD.slice(0, -1).map(([d, row], index) => isSo(row) ? byD[index + 1][0] - d : 0);
  return lengths.reduce((sum, length) => sum + length, 0) / (byD[byD.length - 1][0] - byD[0][0]);
}

/** "Pruned MLPs": at least a tenth of the weights are gone. The paper gives no number. */
const prunedShare = 0.1;

const pruning: readonly Claim[] = [
  claimOnRows({
    id: "table2-is-pruned",
    place: "Theorem 5.2",
    sentence:
      '"This holds when d is chosen such that gamma >= ...": the d that the smallest margin on S allows prunes a tenth of the weights or more, at every width of Table 2.',
    artifact: "table2",
    columns: ["paper_width", "d", "kept_fraction", "margin_logits"],
    where: { margin_rule: "minimum" },
    covers: everyWidth,
    marginUnit: "fraction of the weights",
    decide: (rows) =>
      decidedByWorst(rows, (row) => 1 - numberOf(row, "kept_fraction") - prunedShare, (row) => ({
        width: numberOf(row, "paper_width"),
        "smallest margin (logits)": numberOf(row, "margin_logits"),
        d: numberOf(row, "d"),
        "pruned fraction": 1 - numberOf(row, "kept_fraction"),
      })),
  }),
  claimOnRows({
    id: "figure-4-bound-informative",
    place: "Lemma 5.1",
    sentence:
      '"One row or column is unlikely to contain many nonzero elements": 3 p chi is below p itself on half of the range of d in Figure 4 or more.',
    artifact: "figure4",
    columns: ["chi", "d", "layer"],
    where: { layer: 1 },
    isTrained: false,
    marginUnit: "share of the range",
    decide: (rows) => {
      const share = shareOfRange(rows, (row) => 3 * numberOf(row, "chi") < 1);
      return decided(share - 0.5, { "share of the range of d with 3 chi < 1": share });
    },
  }),
];

/** The claims of Section 5. */
export const section5: readonly Claim[] = [...distributedSparsity, ...probabilities, ...sketches, ...pruning];
