/**
 * Checks of Sections 5 and 6 and Appendix F: sketching, the main bound, lottery tickets.
 *
 * @module
 */
import { l1Norm } from "../../math/l1_recovery.ts";
import type { Matrix } from "../../math/matrix.ts";
import { difference } from "../../math/norms.ts";
import type { RandomStream } from "../../math/random_stream.ts";
import { distributedSparsity } from "../../theory/definition_5_1.ts";
import { columnEnsemble, equalColumnsProbability } from "../../theory/definition_f_1.ts";
import { decode, sketch } from "../../theory/equation_1.ts";
import {
  chi,
  distributedSparsityBound,
  distributedSparsityQuantile,
  pruningParameter,
} from "../../theory/lemma_5_1.ts";
import { countedClassLn, roundedValues } from "../../theory/lemma_e_1.ts";
import {
  hasLoadForTriple,
  smallestLoadForTriple,
  tripleLoadFailure,
  tripleLoadFailurePrinted,
} from "../../theory/lemma_f_1.ts";
import { recoveryProbability, sketchDegree, sketchSizePrinted } from "../../theory/theorem_5_1.ts";
import { distributedSparseMatrix, type EnsembleName, phaseRow } from "../../theory/theorem_5_1_experiment.ts";
import { correctedProbability, sketchingTerm, statedProbability } from "../../theory/theorem_5_2.ts";
import { ticketCountPrinted, ticketCountSketched } from "../../theory/theorem_6_1.ts";
import { activeWeightsPrinted, explicitHostWidth } from "../../theory/theorem_f_1.ts";
import {
  activeWeightCount,
  findTicket,
  randomTarget,
  type Ticket,
  ticketErrorBound,
} from "../../theory/theorem_f_1_construction.ts";
import { gaussianLayer, largestOf, prunedLayer } from "./samples.ts";
import {
  boundFinding,
  correctedBoundFinding,
  type Finding,
  limitFinding,
  positivityFinding,
  type StatementCheck,
} from "./statement_check.ts";

const side = 100;

/** p and m of the checks of recovery, at j = 1. */
const recovery = {
  size: 32,
  sketchSize: sketchSizePrinted({ outputs: 32, inputs: 32, largestColumnCount: 1, largestRowCount: 1 }),
};

const recoveryText = `p = ${recovery.size}, j = 1, m = ${recovery.sketchSize}`;

/** 784-784-784-784-784-10, whose numbers the paper's tables contain. */
const paperLayers = [
  ...Array.from({ length: 4 }, () => ({ outputs: 784, inputs: 784 })),
  { outputs: 10, inputs: 784 },
];

/** 1/lambda_l + 1/epsilon_l adds up to one half over five layers. */
const halfProbability = paperLayers.map((shape) => ({ ...shape, lambda: 20, epsilon: 20 }));

const ticketGoal = { widths: [4, 4, 2], epsilon: 0.5, delta: 0.05 };

/** The checks of Sections 5 and 6 and Appendix F. */
export const section5Checks: readonly StatementCheck[] = [
  {
    id: "equation-1",
    place: "Equation 1",
    errata: [],
    claim: "l1 minimisation gives a sparse matrix back from its sketch",
    check: ({ stream }) => {
      const [size, sketchSize] = [24, 20];
      const x = distributedSparseMatrix(size, 1, stream);
      const draw = () => columnEnsemble({ sketchSize, size, degree: sketchDegree(size) }, stream);
      const map = { left: draw(), right: draw() };
      const { solution } = decode(sketch(x, map), map);
      const error = l1Norm(difference(solution, x).data) / l1Norm(x.data);
      return limitFinding(error, 1e-3, "relative l1 error, 24 x 24 from 20 x 20, of which 0.001 is allowed");
    },
  },
  {
    id: "definition-5.1",
    place: "Definition 5.1, Remark 4.1",
    errata: [],
    claim: "Algorithm 1 leaves the diagonal, so that its output can be distributed sparse",
    check: ({ stream }) =>
      positivityFinding(
        distributedSparsity(prunedGaussian(1e4, stream)).hasFullDiagonal ? 1 : 0,
        "1 if all diagonal weights are left at d = 10,000, 100 x 100",
      ),
  },
  {
    id: "definition-f.1",
    place: "Definition F.1",
    errata: [15],
    claim: "Sketching matrices with delta ones a row recover as the cited theorem says",
    check: (effort) => ensembleFinding(Math.min(effort.draws, 100), effort.stream),
  },
  {
    id: "theorem-5.1",
    place: "Theorem 5.1",
    errata: [],
    claim: "m = sqrt(j p) ln p (the constant set to 1) recovers with probability 1 - p^-2",
    check: () => recoveryFinding(),
  },
  {
    id: "theorem-5.1-last-layer",
    place: "Theorem 5.1",
    errata: [16],
    claim: "Every layer has a sketch that is smaller than the layer, the rectangular last one too",
    check: () => {
      const layer = { outputs: 10, inputs: 784, largestColumnCount: 1, largestRowCount: 14 };
      const size = sketchSizePrinted(layer);
      return limitFinding(
        size / layer.outputs,
        1,
        "m / d1 of a 10 x 784 layer at 1/60 kept; at most 1 would save",
      );
    },
  },
  {
    id: "lemma-5.1",
    place: "Lemma 5.1",
    errata: [],
    claim: "max(j_r, j_c) <= 3 lambda max(d1, d2) chi, at the d of the paper's Figure 4",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => largestLine(10, stream)),
        bound: distributedSparsityBound({ outputs: side, inputs: side }, 10, 2),
        meaning: "largest count / bound, 100 x 100, d = 10, lambda = 2",
      }),
  },
  {
    id: "lemma-5.1-sparse",
    place: "Lemma 5.1",
    errata: [19],
    claim: "The same at every d, however sparse the layer",
    check: ({ draws, stream }) =>
      correctedBoundFinding({
        measured: largestOf(draws, () => largestLine(1000, stream)),
        printed: distributedSparsityBound({ outputs: side, inputs: side }, 1000, 2),
        corrected: distributedSparsityQuantile({ outputs: side, inputs: side }, 1000, 0.01 / draws),
        meaning:
          "largest count / printed bound, 100 x 100, d = 1000, lambda = 2; the binomial quantile holds",
      }),
  },
  {
    id: "lemma-f.1",
    place: "Lemma F.1",
    errata: [18],
    claim: "No bin holds more than 3N/n balls except with probability n^(-1/3), for every N",
    check: () => {
      const bins = 100;
      const loaded = { balls: Math.ceil(smallestLoadForTriple(bins) * bins), bins };
      return correctedBoundFinding({
        measured: tripleLoadFailure({ balls: bins, bins }),
        printed: tripleLoadFailurePrinted({ balls: bins, bins }),
        measuredCorrected: hasLoadForTriple(loaded) ? tripleLoadFailure(loaded) : Infinity,
        corrected: tripleLoadFailurePrinted(loaded),
        meaning: "exact failure probability / n^(-1/3) at N = n = 100; it holds from N = 1.03 n ln n on",
      });
    },
  },
  {
    id: "theorem-5.2-probability",
    place: "Theorem 5.2",
    errata: [21],
    claim: "The stated probability of one half for 784x4-10 (lambda_l = epsilon_l = 20) has all its terms",
    check: () =>
      positivityFinding(
        correctedProbability(halfProbability),
        `probability with the terms of Lemma 5.1 that are dropped; stated: ${
          statedProbability(halfProbability).toFixed(2)
        }`,
      ),
  },
  {
    id: "theorem-5.2-shape",
    place: "Theorem 5.2, proof",
    errata: [20],
    claim: "j_l p_l <= 3 lambda_l chi d1 d2 for every layer",
    check: () => {
      const layer = { outputs: 10, inputs: 784 };
      const share = chi(10);
      return correctedBoundFinding({
        measured: distributedSparsityBound(layer, 10, 1) * Math.max(layer.outputs, layer.inputs),
        printed: 3 * share * layer.outputs * layer.inputs,
        measuredCorrected: Math.max(
          3 * layer.inputs * share * layer.outputs,
          3 * layer.outputs * share * layer.inputs,
        ),
        corrected: 3 * share * layer.outputs * layer.inputs,
        meaning: "j p / (3 chi d1 d2) of a 10 x 784 layer; with rows and columns apart it holds",
      });
    },
  },
  {
    id: "theorem-5.2-count",
    place: "Theorem 5.2",
    errata: [],
    claim: "Sketching counts the pruned networks well",
    check: () => {
      const d = pruningParameter(1 / 60);
      const [roundingStep, exampleCount] = [1 / 8, 60_000];
      const layers = paperLayers.map((shape) => ({
        ...shape,
        lambda: 1,
        roundingStepLn: Math.log(roundingStep),
      }));
      const counted = paperLayers.map((shape) => ({
        ...shape,
        nonzeroCount: Math.round(shape.outputs * shape.inputs / 60),
        roundingStep,
        largestWeight: 1,
      }));
      return boundFinding({
        measured: countedClassLn(counted),
        bound: sketchingTerm(layers, chi(d), exampleCount) ** 2 * exampleCount,
        meaning: `ln J by counting / exponent of the theorem, 784x4-10 at 1/60 kept, ${
          roundedValues({ roundingStep, largestWeight: 1 })
        } values a weight`,
      });
    },
  },
  {
    id: "theorem-f.1",
    place: "Theorem F.1",
    errata: [],
    claim: "A wide enough random network contains a subnetwork within epsilon of a target",
    check: ({ stream }) => {
      const { target, ticket } = foundTicket(stream);
      return boundFinding({
        measured: ticketErrorBound(target, ticket, 1),
        bound: ticketGoal.epsilon,
        meaning: "proven error on the unit ball / epsilon, target 4-4-2, epsilon = 0.5",
      });
    },
  },
  {
    id: "theorem-f.1-weights",
    place: "Theorem F.1",
    errata: [22],
    claim: "Its active weights number d_{0,1} D_G + D_G^2 L",
    check: ({ stream }) => {
      const { ticket } = foundTicket(stream);
      return boundFinding({
        measured: activeWeightCount(ticket.pruned),
        bound: activeWeightsPrinted({ inputs: 4, hiddenWidth: 4, depth: 2 }, ticket.host[0].rows),
        meaning:
          "active weights of that subnetwork / printed count, which is that of the whole random network",
      });
    },
  },
  {
    id: "theorem-6.1",
    place: "Theorem 6.1",
    errata: [22],
    claim: "Sketching a ticket costs (n_M d_{0,1} + L n_M^2) ln^2(D_G) parameters",
    check: () => {
      const target = { inputs: 4, hiddenWidth: 4, depth: 2 };
      const hostWidth = explicitHostWidth(ticketGoal);
      return boundFinding({
        measured: ticketCountSketched(target, hostWidth),
        bound: ticketCountPrinted(target, hostWidth),
        meaning:
          "count with 2L layers and nonzero diagonals, as Theorem 5.1 asks / printed count, target 4-4-2",
      });
    },
  },
];

function prunedGaussian(d: number, stream: RandomStream): Matrix {
  return prunedLayer(gaussianLayer(side, side, 1, stream), 1, d, stream);
}

function largestLine(d: number, stream: RandomStream): number {
  const { largestColumnCount, largestRowCount } = distributedSparsity(prunedGaussian(d, stream));
  return Math.max(largestColumnCount, largestRowCount);
}

function foundTicket(stream: RandomStream): { target: Matrix[]; ticket: Ticket } {
  const target = randomTarget(ticketGoal.widths, stream);
  const poolSize = Math.ceil(explicitHostWidth(ticketGoal) / ticketGoal.widths[0]);
  return { target, ticket: findTicket(target, { poolSize, search: "number" }, stream) };
}

/** The share of matrices with one entry a line that come back from a sketch of the size that Theorem 5.1 says. */
function recoveredShare(ensemble: EnsembleName, trials: number, stream: RandomStream): number {
  const cell = { ...recovery, ensemble, lineSparsity: 1, degree: sketchDegree(recovery.size) };
  return phaseRow(cell, trials, stream.integer(2 ** 31)).successFraction;
}

function ensembleFinding(trials: number, stream: RandomStream): Finding {
  const [printed, corrected] = (["row", "column"] as const).map((ensemble) =>
    recoveredShare(ensemble, trials, stream)
  );
  const wanted = 0.9;
  return {
    verdict: printed >= wanted ? "holds" : corrected >= wanted ? "misprinted" : "fails here",
    figure: printed,
    meaning: `share recovered as printed, ${recoveryText}; ${corrected.toFixed(2)} with delta ones a column`,
  };
}

/**
 * X is lost where A or B has two equal columns. The theorem leaves delta open: at half of m there are the most columns to
 * draw from, so that no other delta fails more rarely.
 */
function recoveryFinding(): Finding {
  const equal = equalColumnsProbability({ ...recovery, degree: Math.floor(recovery.sketchSize / 2) });
  return boundFinding({
    measured: 1 - (1 - equal) ** 2,
    bound: 1 - recoveryProbability(recovery.size),
    meaning: `probability of equal columns in A or B, at the best delta / p^-2, ${recoveryText}`,
  });
}
