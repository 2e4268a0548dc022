/**
 * Section 6: lottery tickets.
 *
 * @module
 */
import { type Claim, claimOnRows, decided, decidedByWorst, numberOf, numbersOf, type Row } from "./claim.ts";

/** "Approximately the same number": at most twice as many. The paper gives no number. */
const sameSizeFactor = 2;

/** "Small error": within a percentage point of the network that was pruned least. The paper gives no number. */
const smallErrorFraction = 0.01;

/** "Few nonzero parameters": a tenth of the weights. The paper gives no number. */
const fewShare = 0.1;

const search = { artifact: "tickets", where: { kind: "search" }, isTrained: false } as const;

const searched: readonly Claim[] = [
  claimOnRows({
    ...search,
    id: "ticket-within-epsilon",
    place: "Section 6",
    sentence:
      '"There exists with high probability a pruning such that [it] and the target function M differ by at most epsilon": every ticket found by search, over inputs of norm 1.',
    columns: ["epsilon_logits", "output_error_logits"],
    marginUnit: "epsilon",
    decide: (rows) => {
      const share = (row: Row): number =>
        numberOf(row, "output_error_logits") / numberOf(row, "epsilon_logits");
      return decidedByWorst(rows, (row) => 1 - share(row), (row) => ({
        "epsilon (logits)": numberOf(row, "epsilon_logits"),
        "largest error (logits)": numberOf(row, "output_error_logits"),
      }));
    },
  }),
  claimOnRows({
    ...search,
    id: "ticket-as-small-as-target",
    place: "Section 6",
    sentence:
      'The ticket "will have approximately the same number of nonzero parameters as the original target network": at most twice as many.',
    columns: ["active_weights", "target_weights"],
    marginUnit: "times the target",
    decide: (rows) => {
      const ratio = (row: Row): number => numberOf(row, "active_weights") / numberOf(row, "target_weights");
      return decidedByWorst(rows, (row) => sameSizeFactor - ratio(row), (row) => ({
        "weights of the target": numberOf(row, "target_weights"),
        "active weights of the ticket": numberOf(row, "active_weights"),
        ratio: ratio(row),
      }));
    },
  }),
  claimOnRows({
    ...search,
    id: "ticket-bound-log-factor",
    place: "Section 6",
    sentence:
      '"This bound is only a small factor of log(D_G) worse than if we had applied a compression bound to a model of the size of the target": the second term of Theorem 6.1 with its sketch corrected (erratum 22) too.',
    columns: ["theorem_6_1_term", "sketched_term", "host_width"],
    marginUnit: "ln",
    decide: (rows) => {
      const excessLn = (row: Row): number =>
        Math.log(numberOf(row, "sketched_term") / numberOf(row, "theorem_6_1_term"));
      return decidedByWorst(rows, (row) => -excessLn(row), (row) => ({
        "ln D_G": Math.log(numberOf(row, "host_width")),
        "corrected / printed": Math.exp(excessLn(row)),
      }));
    },
  }),
];

const pruning = {
  artifact: "tickets",
  where: { kind: "pruning", method: "rewound" },
} as const;

const pruned: readonly Claim[] = [
  claimOnRows({
    ...pruning,
    id: "iterative-pruning-small-error",
    place: "Section 1",
    sentence:
      '"IMP produces results with small error and few nonzero parameters": with a tenth of the weights or fewer, the test error is within a percentage point of that of the first round, for every network.',
    columns: ["network", "round", "kept_fraction", "test_error_fraction"],
    marginUnit: "fraction",
    decide: (rows) => {
      const networks = [...Map.groupBy(rows, ({ network }) => network).values()];
      const rises = networks.map(smallestRise);
      return decided(smallErrorFraction - Math.max(...rises), {
        "rise of the test error": Math.max(...rises),
      });
    },
  }),
  claimOnRows({
    ...pruning,
    id: "iterative-pruning-strong-bound",
    place: "Section 1",
    sentence:
      '"This results in a strong generalization bound" for tickets: the second term of Theorem 6.1 and the training error come to less than 1 in some round.',
    columns: ["round", "theorem_6_1_term", "train_error_fraction"],
    marginUnit: "1",
    decide: (rows) => {
      const bounds = rows.map((row) =>
        numberOf(row, "theorem_6_1_term") + numberOf(row, "train_error_fraction")
      );
      return decided(1 - Math.min(...bounds), { "smallest bound": Math.min(...bounds) });
    },
  }),
];

/** By how much the test error rises from the first round to the best of those that keep a tenth or less. */
function smallestRise(rounds: readonly Row[]): number {
  const first = rounds.toSorted((a, b) => numberOf(a, "round") - numberOf(b, "round"))[0];
  const few = rounds.filter((row) => numberOf(row, "kept_fraction") <= fewShare);
  return Math.min(...numbersOf(few, "test_error_fraction")) - numberOf(first, "test_error_fraction");
}

/** The claims of Section 6, and of Section 1 where it foretells them. */
export const section6: readonly Claim[] = [...searched, ...pruned];
