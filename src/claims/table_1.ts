/**
 * Table 1: networks pruned to a sixtieth of their weights, against Arora et al. 2018 and Ju et al. 2022.
 *
 * The paper does not say how it pruned, whether it trained on, or in which form it took the two bounds. The claims are
 * about Algorithm 1, the paper's own, without further training, where nothing else is said.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decidedByWorst,
  type Decision,
  type Evidence,
  numberOf,
  type Place,
  type ProtocolName,
  type Row,
  undecidable,
  withChanceNote,
} from "./claim.ts";

const itsOwnPruning = "algorithm_1";

/** The width of the paper's networks. */
const paperWidth = 784;

/** How a comparison of Table 1 is read. */
interface Comparison {
  /** What the claim's id ends in. */
  readonly suffix: string;
  readonly title: string;
  /** The column of the paper's bound. */
  readonly ours: string;
  /** The column of the other bound. */
  readonly other: string;
  readonly marginRule: "minimum" | "unit";
  /** Whether the numbers are those of trained networks. True, where left out. */
  readonly isTrained?: boolean;
}

const ours = { ours: "ours_published_ln" } as const;
const theorems = { ours: "ours_theorem_ln", suffix: "theorem" } as const;

function printed(other: string): Comparison {
  return {
    suffix: "printed",
    title: "the paper's own printed numbers",
    ours: "ours_published_paper",
    other,
    marginRule: "minimum",
    isTrained: false,
  };
}

const arora: readonly Comparison[] = [
  {
    ...ours,
    suffix: "published",
    title: "Theorem 4.1 without constants, gamma and cushions of the worst example",
    other: "arora_2018_worst_published_ln",
    marginRule: "minimum",
  },
  {
    ...ours,
    suffix: "margin-1",
    title: "Theorem 4.1 without constants, gamma = 1",
    other: "arora_2018_worst_published_ln",
    marginRule: "unit",
  },
  {
    ...ours,
    suffix: "percentile",
    title: "Theorem 4.1 without constants, gamma = 1 and the worst 5 % of the cushions left out",
    other: "arora_2018_percentile_published_ln",
    marginRule: "unit",
  },
  {
    ...theorems,
    title: "both theorems with every constant",
    other: "arora_2018_worst_theorem_ln",
    marginRule: "unit",
  },
  printed("arora_2018_worst_published_paper"),
];

const ju: readonly Comparison[] = [
  {
    ...ours,
    suffix: "published",
    title: "Theorem 2.1 with C = 1, from the initial weights",
    other: "ju_2022_initial_worst_published_ln",
    marginRule: "minimum",
  },
  {
    ...ours,
    suffix: "masked",
    title: "Theorem 2.1 with C = 1, from the masked initial weights",
    other: "ju_2022_masked_initial_worst_published_ln",
    marginRule: "minimum",
  },
  {
    ...theorems,
    title: "both theorems with every constant",
    other: "ju_2022_initial_worst_theorem_ln",
    marginRule: "unit",
  },
  printed("ju_2022_initial_worst_published_paper"),
];

/** A training that diverged has no number of the paper's beside it; another row has. */
function isPrintedOrTrained({ isTrained = true, other }: Comparison): (row: Row) => boolean {
  return (row) => isTrained || row[other] !== null;
}

/** The printed numbers are on the standard scale. */
function ln(row: Row, column: string): number {
  return column.endsWith("_ln") ? numberOf(row, column) : Math.log(numberOf(row, column));
}

const infinite =
  "One of the bounds is infinite or missing: no positive margin is left on S, or the training diverged.";

const beyondOutputs =
  "gamma = 1 is beyond all outputs of a pruned network: its margin loss is 1, and the forms that leave the loss out mean nothing.";

/** Forms without the margin loss say nothing where it is 1: any gamma that is large enough makes them small. */
function isMeaningful(row: Row, { isTrained = true, other }: Comparison): boolean {
  return !isTrained || other.endsWith("_theorem_ln") || !(numberOf(row, "margin_loss_fraction") >= 1);
}

function tighter(id: string, rival: string, comparisons: readonly Comparison[]): Claim[] {
  return comparisons.map((comparison) => {
    const { isTrained = true } = comparison;
    const ratioLn = (row: Row): number =>
      isMeaningful(row, comparison) ? ln(row, comparison.other) - ln(row, comparison.ours) : NaN;
    return claimOnRows({
      id: `${id}-${comparison.suffix}`,
      place: "Table 1",
      sentence:
        `"When using our generalization bounds on heavily pruned models, [it] also produces far tighter results than more modern bounds": smaller than that of ${rival} on both data sets. Read in ${comparison.title}.`,
      artifact: "table1",
      columns: [
        comparison.ours,
        comparison.other,
        ...(isTrained ? ["margin_loss_fraction", "test_error_fraction"] : []),
      ],
      where: { variant: itsOwnPruning, margin_rule: comparison.marginRule },
      covers: bothDatasets,
      isTrained,
      marginUnit: "ln",
      decide: (rows) => {
        const decision = decidedByWorst(rows.filter(isPrintedOrTrained(comparison)), ratioLn, (row) => ({
          "ours (ln)": ln(row, comparison.ours),
          "theirs (ln)": ln(row, comparison.other),
          "theirs / ours": Math.exp(ln(row, comparison.other) - ln(row, comparison.ours)),
        }), {
          undecidable: rows.every((row) => isMeaningful(row, comparison)) ? infinite : beyondOutputs,
        });
        return isTrained ? withChanceNote(decision, rows) : decision;
      },
    });
  });
}

/** The sketches' entries against another count of the same pruned network; both columns are roots of counts over n. */
function sketchBelow(id: string, column: string, place: Place, sentence: string): Claim {
  return claimOnRows({
    id,
    place,
    sentence,
    artifact: "table1",
    columns: [column, "ours_same_units_ln"],
    where: { variant: itsOwnPruning, margin_rule: "minimum" },
    covers: bothDatasets,
    marginUnit: "ln",
    decide: (rows) => {
      const ratioLn = (row: Row): number => 2 * (numberOf(row, column) - numberOf(row, "ours_same_units_ln"));
      return decidedByWorst(rows, ratioLn, (row) => ({ "other count / sketches": Math.exp(ratioLn(row)) }), {
        undecidable: infinite,
      });
    },
  });
}

const counts: readonly Claim[] = [
  sketchBelow(
    "sketch-below-counting-at-1-60",
    "naive_count_same_units_ln",
    "Section 5.1",
    '"Counting the number of parameters in small dense matrices is more efficient in terms of parameters than counting the number of large sparse matrices": with a sixtieth of the weights left, chi d1 d2 ln^2 p is below ln J of Lemma E.1.',
  ),
  sketchBelow(
    "sketch-below-weight-count-at-1-60",
    "parameter_count_same_units_ln",
    "Section 7",
    '"Sparse Matrix Sketching, which significantly reduces the dimension of the pruned model": with a sixtieth of the weights left, the sketches have fewer entries than the unpruned network has weights.',
  ),
];

/** The printed rows: name, column, and how near a reproduction must come. */
const printedRows = [
  { id: "ours", title: "Ours", column: "ours_published", factor: 1.1 },
  { id: "arora", title: "Arora", column: "arora_2018_worst_published", factor: 2 },
  { id: "ju", title: "Ju", column: "ju_2022_initial_worst_published", factor: 2 },
] as const;

const reproductions: readonly Claim[] = printedRows.map(({ id, title, column, factor }) =>
  claimOnRows({
    id: `table1-${id}`,
    place: "Table 1",
    sentence: `The row ${title} of Table 1, within a factor of ${factor} on both data sets.`,
    artifact: "table1",
    columns: ["width", `${column}_ln`, `${column}_paper`],
    where: { variant: itsOwnPruning, margin_rule: "minimum" },
    covers: bothDatasets,
    marginUnit: "ln",
    decide: (rows) => {
      const narrow = rows.find(({ width }) => width !== paperWidth);
      if (narrow) {
        return undecidable(`The networks are narrower than the paper's: ${narrow.width} for ${paperWidth}.`);
      }
      const differenceLn = (row: Row): number => ln(row, `${column}_ln`) - ln(row, `${column}_paper`);
      return decidedByWorst(rows, (row) => Math.log(factor) - Math.abs(differenceLn(row)), (row) => ({
        printed: numberOf(row, `${column}_paper`),
        "reproduced / printed": Math.exp(differenceLn(row)),
      }), { undecidable: infinite });
    },
  })
);

/** "The error due to compression is low": at most this much of the test set. The paper gives no number. */
const lowErrorFraction = 0.01;

const variants = [
  ["algorithm_1", "by Algorithm 1"],
  ["algorithm_1_tuned", "by Algorithm 1, then trained on"],
  ["threshold", "by magnitude"],
  ["threshold_tuned", "by magnitude, then trained on"],
] as const;

const errors: readonly Claim[] = variants.map(([variant, how]): Claim => ({
  id: `compression-error-low-${variant.replaceAll("_", "-")}`,
  place: "Section 7",
  sentence:
    `"The use of our pruning algorithm [...] ensures the error due to compression is low": with a sixtieth of the weights left, pruned ${how}, the test error rises by at most one percentage point on both data sets.`,
  needs: {
    table1: ["protocol", "dataset", "variant", "margin_rule", "test_error_fraction"],
    figure2: ["protocol", "dataset", "d", "test_error_fraction"],
  },
  isTrained: true,
  marginUnit: "fraction",
  verdict: (evidence, protocol): Decision => {
    const networks = bothDatasets.dataset.map((dataset) =>
      testErrors(evidence, { protocol, dataset, variant })
    );
    const rise = (row: Row): number => numberOf(row, "pruned") - numberOf(row, "test_error_fraction");
    const decision = decidedByWorst(
      networks,
      (row) => lowErrorFraction - rise(row),
      () =>
        Object.fromEntries(networks.map((row) => [`rise of the test error on ${row.dataset}`, rise(row)])),
      {
        undecidable: "Table 1 or Figure 2 has no such rows, or the training diverged.",
      },
    );
    return withChanceNote(decision, networks);
  },
}));

/** The test errors of a network, pruned and not; Figure 2 at d = 0 is the same network unpruned. */
function testErrors(
  evidence: Evidence,
  wanted: { readonly protocol: ProtocolName; readonly dataset: string; readonly variant: string },
): Row {
  const { protocol, dataset, variant } = wanted;
  const isOfNetwork = (row: Row): boolean => row.protocol === protocol && row.dataset === dataset;
  const pruned = evidence.get("table1")?.find((row) =>
    isOfNetwork(row) && row.variant === variant && row.margin_rule === "minimum"
  );
  const whole = evidence.get("figure2")?.find((row) => isOfNetwork(row) && row.d === 0);
  return {
    dataset,
    pruned: pruned?.test_error_fraction ?? null,
    test_error_fraction: whole?.test_error_fraction ?? null,
  };
}

/** The claims about heavily pruned networks. */
export const table1: readonly Claim[] = [
  ...tighter("table1-below-arora", "Arora et al. (2018)", arora),
  ...tighter("table1-below-ju", "Ju et al. (2022)", ju),
  ...counts,
  ...reproductions,
  ...errors,
];
