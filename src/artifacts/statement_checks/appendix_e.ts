/**
 * Checks of Appendices E and H: counting networks, and convolutional networks.
 *
 * @module
 */
import { binomialUpperTail } from "../../math/binomial.ts";
import { logBinomial } from "../../math/log_gamma.ts";
import { countedClassLn, countedClassLnPrinted, roundedValues } from "../../theory/lemma_e_1.ts";
import {
  candidateDistribution,
  candidateProbability,
  candidateProbabilityPrinted,
} from "../../theory/lemma_e_2.ts";
import {
  chainedNonzeroCount,
  directNonzeroCount,
  prunedCountProbability,
  prunedCountProbabilityPrinted,
} from "../../theory/lemma_e_3.ts";
import { binomialTailBound, hoeffdingBound } from "../../theory/theorem_e_1.ts";
import {
  convolutionalCountOfProof,
  convolutionalCountPrinted,
  convolutionalMargin,
  remainingWeights,
} from "../../theory/theorem_h_1.ts";
import {
  boundFinding,
  correctedBoundFinding,
  correctedEqualityFinding,
  positivityFinding,
  type StatementCheck,
} from "./statement_check.ts";

const candidates = { entries: 100, candidates: 60, kappa: 0.7, d: 2 };
const pruned = { candidates: 60, kappa: 0.7, prunedCount: 42 };
const convolution = { filters: 128, channels: 64, kernel: 3 };

/** The checks of Appendices E and H. */
export const appendixEChecks: readonly StatementCheck[] = [
  {
    id: "lemma-e.1",
    place: "Lemma E.1",
    errata: [12],
    claim: "There are C(d1 d2, alpha) (1/rho)^alpha pruned and rounded layers",
    check: () => {
      const layer = { outputs: 2, inputs: 2, nonzeroCount: 2, roundingStep: 0.5, largestWeight: 1 };
      return correctedBoundFinding({
        measured: Math.log(roundedLayerCount(4, 2, roundedValues(layer))),
        printed: countedClassLnPrinted([layer]),
        corrected: countedClassLn([layer]),
        meaning:
          "ln of the number of 2 x 2 layers with at most 2 multiples of 1/2 in [-1, 1], counted / printed",
      });
    },
  },
  {
    id: "theorem-e.1",
    place: "Theorem E.1",
    errata: [],
    claim: "R_0 <= R^ + sqrt(ln(sqrt(J / delta)) / n)",
    check: () => {
      const finiteClass = { loss: 0.02, classSizeLn: 5000, exampleCount: 60_000, delta: 0.05 };
      return boundFinding({
        measured: binomialTailBound(finiteClass) - finiteClass.loss,
        bound: hoeffdingBound(finiteClass) - finiteClass.loss,
        meaning:
          "excess of the exact binomial tail / excess of the theorem, ln J = 5000, n = 60,000, R^ = 0.02",
      });
    },
  },
  {
    id: "theorem-e.1-tail",
    place: "Theorem E.1, proof",
    errata: [13],
    claim: "P(R^ <= R - tau) <= exp(-2 tau n)",
    check: () => {
      const [n, tau] = [100, 0.1];
      return correctedBoundFinding({
        measured: binomialUpperTail({ trials: n, probability: 0.5 }, Math.round(n * (0.5 + tau))),
        printed: Math.exp(-2 * tau * n),
        corrected: Math.exp(-2 * tau ** 2 * n),
        meaning: "exact tail / exp(-2 tau n), n = 100, R = 0.5, tau = 0.1; exp(-2 tau^2 n) holds",
      });
    },
  },
  {
    id: "lemma-e.2",
    place: "Lemma E.2",
    errata: [14],
    claim: "At least tau weights are likely to be pruned with probability 1 - I_{1-p1}(N - tau, 1 + tau)",
    check: () =>
      correctedEqualityFinding({
        printed: candidateProbabilityPrinted(candidates),
        corrected: candidateProbability(candidates),
        truth: summedTail(
          candidates.entries,
          candidateDistribution(candidates).probability,
          candidates.candidates,
        ),
        tolerance: 1e-9,
        meaning: "printed / exact sum of P(X >= tau), N = 100, tau = 60; as a lower bound it is true",
      }),
  },
  {
    id: "lemma-e.3",
    place: "Lemma E.3",
    errata: [14],
    claim: "At least alpha of them are pruned with probability 1 - I_{1-kappa}(tau - alpha, alpha + 1)",
    check: () =>
      correctedEqualityFinding({
        printed: prunedCountProbabilityPrinted(pruned),
        corrected: prunedCountProbability(pruned),
        truth: summedTail(pruned.candidates, pruned.kappa, pruned.prunedCount),
        tolerance: 1e-9,
        meaning: "printed / exact sum of P(X >= alpha), tau = 60, alpha = 42; as a lower bound it is true",
      }),
  },
  {
    id: "lemma-e.2-e.3",
    place: "Lemmas E.2 and E.3 together",
    errata: [],
    claim: "They certify how many weights are left",
    check: () => {
      const layer = { entries: 784 * 784, d: 58.504 };
      const chained = Array.from(
        { length: 19 },
        (_, index) => chainedNonzeroCount({ ...layer, kappa: (index + 1) / 20 }, 0.01),
      );
      return boundFinding({
        measured: directNonzeroCount(layer, 0.01),
        bound: Math.min(...chained),
        meaning: "99 % quantile of the number left / certified at the best kappa, 784 x 784, chi = 1/60",
      });
    },
  },
  {
    id: "theorem-h.1",
    place: "Theorem H.1",
    errata: [23],
    claim: "The count of the statement is the one that the proof arrives at",
    check: () =>
      boundFinding({
        measured: convolutionalCountOfProof([convolution], 0.5),
        bound: convolutionalCountPrinted([convolution], 0.5),
        meaning:
          "count of the proof / count of the statement, 3 x 3 kernels, 64 to 128 channels, alpha = 1/2",
      }),
  },
  {
    id: "theorem-h.1-count",
    place: "Theorem H.1",
    errata: [23],
    claim: "Sketching counts fewer parameters than the filters that are left have",
    check: () =>
      boundFinding({
        measured: convolutionalCountOfProof([convolution], 0.5),
        bound: remainingWeights([convolution], 0.5),
        meaning: "count of the proof / weights that are left, the same layer",
      }),
  },
  {
    id: "theorem-h.1-margin",
    place: "Theorem H.1",
    errata: [23],
    claim: "Pruning filters of a network of two layers needs a margin",
    check: () =>
      positivityFinding(
        convolutionalMargin({
          layerCount: 2,
          kernel: 3,
          filters: 128,
          inputSide: 28,
          lipschitz: 1,
          alpha: 0.5,
        }),
        "margin that the theorem asks for at K = 2",
      ),
  },
];

/** The number of layers with at most `nonzeroCount` nonzero entries, each one of `values` - 1 numbers. */
function roundedLayerCount(entries: number, nonzeroCount: number, values: number): number {
  let count = 0;
  for (let nonzero = 0; nonzero <= nonzeroCount; nonzero++) {
    count += Math.exp(logBinomial(entries, nonzero)) * (values - 1) ** nonzero;
  }
  return count;
}

/** P(X >= least) term by term. */
function summedTail(trials: number, probability: number, least: number): number {
  let total = 0;
  for (let count = least; count <= trials; count++) {
    total += Math.exp(
      logBinomial(trials, count) + count * Math.log(probability) +
        (trials - count) * Math.log1p(-probability),
    );
  }
  return total;
}
