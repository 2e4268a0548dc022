/**
 * Checks of Section 4 and Appendix C: what pruning and rounding do to a layer and to the output.
 *
 * @module
 */
import { type Matrix, matrix } from "../../math/matrix.ts";
import { difference } from "../../math/norms.ts";
import type { RandomStream } from "../../math/random_stream.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import { secondMoment } from "../../theory/algorithm_1.ts";
import { pruningParameter } from "../../theory/lemma_5_1.ts";
import { telescopedPruningErrorBoundLn } from "../../theory/lemma_c_5.ts";
import {
  type PrunedLayer,
  pruningErrorBoundPrintedLn,
  pruningErrorProbability,
} from "../../theory/lemma_4_1.ts";
import {
  roundingErrorBoundPrintedLn,
  roundingNormBoundOf,
  roundingNormBoundPrinted,
  roundToMultiples,
} from "../../theory/lemma_4_2.ts";
import { deltaFourthMoment, deltaSecondMoment } from "../../theory/lemma_c_1.ts";
import { gammaOfLayer } from "../../theory/lemma_c_2.ts";
import { latalaBoundOfIdentical } from "../../theory/lemma_c_3.ts";
import { perturbationBoundLn, type PerturbedLayer } from "../../theory/lemma_c_4.ts";
import { reluOutputs } from "../../theory/theorem_f_1_construction.ts";
import {
  deltaOf,
  gaussianLayer,
  gaussianMean,
  largestOf,
  meanOf,
  prunedLayer,
  spikedLayer,
  unitVector,
} from "./samples.ts";
import {
  boundFinding,
  correctedBoundFinding,
  correctedEqualityFinding,
  equalityFinding,
  limitFinding,
  positivityFinding,
  type StatementCheck,
} from "./statement_check.ts";

const side = 64;
const variance = 1 / side;

/** The checks of Section 4 and Appendix C. */
export const section4Checks: readonly StatementCheck[] = [
  {
    id: "lemma-c.1",
    place: "Lemma C.1",
    errata: [],
    claim: "E Delta^2 = Psi u^(3/2) and E Delta^4 = 3 Psi^2 u^(5/2) with u = d / (d + 2)",
    check: () =>
      equalityFinding({
        value: deltaSecondMoment(10, 2) * deltaFourthMoment(10, 2),
        truth: deltaMoment(2, 10, 2) * deltaMoment(4, 10, 2),
        tolerance: 1e-9,
        meaning: "relative difference of the product of both moments from quadrature, d = 10, Psi = 2",
      }),
  },
  {
    id: "lemma-c.1-mean",
    place: "Section 4.1, Lemma C.1",
    errata: [28],
    claim: "E Delta = 0, by the symmetry of the weights",
    check: ({ draws, stream }) => {
      const standardError = Math.sqrt(deltaSecondMoment(1, 1) / draws) / side;
      const mean = meanOf(
        draws,
        () => entryMean(deltaOf(gaussianLayer(side, side, 1, stream), 1, 1, stream)),
      );
      return limitFinding(
        Math.abs(mean) / standardError,
        5,
        "|mean of Delta| in standard errors, of which 5 are allowed, d = 1",
      );
    },
  },
  {
    id: "lemma-c.2",
    place: "Lemma C.2",
    errata: [],
    claim: "The mean of ||Delta||_2 is at most Gamma with C = 1, for independent Gaussian weights",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: meanOf(draws, () => deltaNorm(stream)),
        bound: gammaOfLayer({ outputs: side, inputs: side, variance }, 1),
        meaning: "mean ||Delta||_2 / Gamma, 64 x 64, d = 1",
      }),
  },
  {
    id: "lemma-c.2-dependent",
    place: "Lemma C.2, Figure 2",
    errata: [],
    claim: "The same for weights that only look independent: Gaussian with one direction of norm 5 added",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: meanOf(draws, () => dependentRatio(10, stream)),
        bound: 1,
        meaning: "mean ||Delta||_2 / Gamma with Psi the second moment, 64 x 64, d = 10",
      }),
  },
  {
    id: "lemma-c.2-markov",
    place: "Lemma C.2",
    errata: [],
    claim: "||Delta||_2 <= epsilon Gamma with probability 0.95 needs epsilon = 20",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => deltaNorm(stream)),
        bound: 20 * gammaOfLayer({ outputs: side, inputs: side, variance }, 1),
        meaning: "largest ||Delta||_2 of all draws / (20 Gamma), 64 x 64, d = 1",
      }),
  },
  {
    id: "lemma-c.3",
    place: "Lemma C.3",
    errata: [5],
    claim: "E ||A||_2 is bounded with the sum of fourth moments over one index only (C = 1)",
    check: () => {
      // Entries are n with probability 1/n^2: the norm is at least n unless all are zero.
      const n = 1000;
      const terms = { outputs: n, inputs: n, second: 1 };
      return correctedBoundFinding({
        measured: -n * Math.expm1(n * n * Math.log1p(-1 / (n * n))),
        printed: latalaBoundOfIdentical({ ...terms, fourth: n }),
        corrected: latalaBoundOfIdentical({ ...terms, fourth: n * n }),
        meaning: "lower bound on the mean norm / printed bound, entries that are rarely large",
      });
    },
  },
  {
    id: "lemma-c.4",
    place: "Lemma C.4",
    errata: [],
    claim: "||x^L - xbar^L|| <= e ||x|| (prod s_l) sum u_l / s_l where each u_l <= s_l / L",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => perturbationRatio(4, stream)),
        bound: 1,
        meaning: "largest change / bound, random networks of 4 layers at the side condition",
      }),
  },
  {
    id: "lemma-c.4-side-condition",
    place: "Lemma C.4",
    errata: [6],
    claim: "The condition u_l <= s_l / l is enough",
    check: () =>
      correctedBoundFinding({
        measured: chainChange(20, (layer) => 1 / layer),
        printed: chainBound(20, (layer) => 1 / layer),
        measuredCorrected: chainChange(20, () => 1 / 20),
        corrected: chainBound(20, () => 1 / 20),
        meaning: "change / bound of a chain of 20 unit weights with u_l = 1/l",
      }),
  },
  {
    id: "lemma-4.1",
    place: "Lemma 4.1, Lemma C.5",
    errata: [],
    claim: "Pruning moves the output by at most e ||x|| (prod s_l) sum epsilon_l Gamma_l / s_l",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => prunedNetworkRatio(pruningErrorBoundPrintedLn, stream)),
        bound: 1,
        meaning: "largest change / bound, Gaussian 4-layer networks, d = 0.01, epsilon = 1.25, C = 1",
      }),
  },
  {
    id: "lemma-c.5-telescoped",
    place: "Lemma C.5, before it is rounded up",
    errata: [],
    claim: "The same with prod (s_l + epsilon_l Gamma_l) - prod s_l, and no side condition",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => prunedNetworkRatio(telescopedPruningErrorBoundLn, stream)),
        bound: 1,
        meaning: "largest change / bound, the same networks",
      }),
  },
  {
    id: "lemma-c.5-probability",
    place: "Lemma C.5, proof",
    errata: [7],
    claim: "The lemma has a positive probability for sufficiently small epsilon_l",
    check: () =>
      positivityFinding(
        pruningErrorProbability(Array(5).fill({ epsilon: 1.25 })),
        "stated probability of 5 layers at epsilon = 1.25; it is positive from epsilon > L on",
      ),
  },
  {
    id: "lemma-4.2-norm",
    place: "Lemma 4.2",
    errata: [],
    claim: "Rounding to multiples of rho moves a layer by at most rho J",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => {
          const { pruned, norm } = roundedLayer(0.01, stream);
          return norm / roundingNormBoundPrinted(0.01, nonzeroCount(pruned));
        }),
        bound: 1,
        meaning: "||A~ - A^||_2 / (rho J), 64 x 64, a tenth kept, rho = 0.01",
      }),
  },
  {
    id: "lemma-4.2-sharp",
    place: "Lemma 4.2, sharpened",
    errata: [],
    claim: "Rounding moves a layer by at most (rho / 2) sqrt(largest row count x largest column count)",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => {
          const { pruned, norm } = roundedLayer(0.01, stream);
          return norm / roundingNormBoundOf(pruned, 0.01);
        }),
        bound: 1,
        meaning: "||A~ - A^||_2 / bound, the same layers",
      }),
  },
  {
    id: "lemma-4.2-step",
    place: "Lemma 4.2, proof",
    errata: [9],
    claim: "A step of at most (s_l / L - epsilon_l Gamma_l) / L keeps the side condition",
    check: ({ stream }) => {
      const layer = gaussianLayer(side, side, variance, stream);
      const allowed = spectralNorm(layer) / 2;
      const moved = (step: number) => spectralNorm(difference(layer, roundToMultiples(layer, step)));
      return correctedBoundFinding({
        measured: moved(allowed / 2),
        printed: allowed,
        measuredCorrected: moved(allowed / nonzeroCount(layer)),
        corrected: allowed,
        meaning:
          "||A - A~||_2 / (s / L) at that step, 64 x 64, L = 2, nothing pruned; J in place of L keeps it",
      });
    },
  },
  {
    id: "lemma-4.2-error",
    place: "Lemma 4.2",
    errata: [],
    claim:
      "Pruning and rounding move the output by at most e ||x|| (prod s_l) sum (epsilon Gamma + rho J) / s",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => roundedNetworkRatio(stream)),
        bound: 1,
        meaning: "largest change / bound, Gaussian 4-layer networks, d = 0.01, rho = 1e-5",
      }),
  },
  {
    id: "erratum-8",
    place: "Theorem 5.2, Lemmas 4.2, C.5 and Appendices D to F",
    errata: [8],
    claim: "The product of norms runs from l = 1 to d",
    check: () =>
      correctedEqualityFinding({
        printed: 2 ** 10,
        corrected: 2 ** 5,
        truth: 1 + chainChange(5, () => 1),
        tolerance: 0,
        meaning: "product to d = 10 / gain of a chain of L = 5 weights of 2",
      }),
  },
];

/** E |Delta|^power by quadrature: a weight a is pruned with probability exp(-a^2 / (d Psi)). */
function deltaMoment(power: number, d: number, psi: number): number {
  return gaussianMean((z) => (Math.sqrt(psi) * z) ** power * Math.exp(-z * z / d));
}

function deltaNorm(stream: RandomStream): number {
  return spectralNorm(deltaOf(gaussianLayer(side, side, variance, stream), variance, 1, stream));
}

function entryMean({ data }: Matrix): number {
  let total = 0;
  for (const entry of data) total += entry;
  return total / data.length;
}

function nonzeroCount({ data }: Matrix): number {
  let count = 0;
  for (const entry of data) if (entry !== 0) count++;
  return count;
}

function dependentRatio(d: number, stream: RandomStream): number {
  const layer = spikedLayer(side, variance, 5, stream);
  const psi = secondMoment(layer);
  const gamma = gammaOfLayer({ outputs: side, inputs: side, variance: psi }, d);
  return spectralNorm(deltaOf(layer, psi, d, stream)) / gamma;
}

/** A chain of scalar layers of weight 1 with perturbations u_l: prod (1 + u_l) - 1. */
function chainChange(layerCount: number, perturbation: (layer: number) => number): number {
  let output = 1;
  for (let layer = 1; layer <= layerCount; layer++) output *= 1 + perturbation(layer);
  return output - 1;
}

function chainBound(layerCount: number, perturbation: (layer: number) => number): number {
  const layers = Array.from({ length: layerCount }, (_, index) => ({
    spectralNorm: 1,
    perturbationNorm: perturbation(index + 1),
  }));
  return Math.exp(perturbationBoundLn(layers, 1));
}

/** The output's change by random perturbations of norm s_l / L, over the bound of Lemma C.4. */
function perturbationRatio(layerCount: number, stream: RandomStream): number {
  const layers = gaussianNetwork(layerCount, stream);
  const perturbed = layers.map((layer) => {
    const noise = gaussianLayer(layer.rows, layer.columns, 1, stream);
    const scale = spectralNorm(layer) / layerCount / spectralNorm(noise);
    return { ...layer, data: layer.data.map((weight, index) => weight + scale * noise.data[index]) };
  });
  const bounded: PerturbedLayer[] = layers.map((layer) => {
    const norm = spectralNorm(layer);
    return { spectralNorm: norm, perturbationNorm: norm / layerCount };
  });
  return outputChange(layers, perturbed, stream) / Math.exp(perturbationBoundLn(bounded, 1));
}

type PruningBoundLn = (layers: readonly PrunedLayer[], inputNorm: number) => number;

function prunedNetworkRatio(boundLn: PruningBoundLn, stream: RandomStream): number {
  const layers = gaussianNetwork(4, stream);
  const pruned = layers.map((layer) => prunedLayer(layer, variance, 0.01, stream));
  return outputChange(layers, pruned, stream) / Math.exp(boundLn(layers.map(describedLayer), 1));
}

function roundedNetworkRatio(stream: RandomStream): number {
  const layers = gaussianNetwork(4, stream);
  const roundingStep = 1e-5;
  const pruned = layers.map((layer) => prunedLayer(layer, variance, 0.01, stream));
  const rounded = pruned.map((layer) => roundToMultiples(layer, roundingStep));
  const described = layers.map((layer, index) => ({
    ...describedLayer(layer),
    roundingStep,
    nonzeroCount: nonzeroCount(pruned[index]),
  }));
  return outputChange(layers, rounded, stream) / Math.exp(roundingErrorBoundPrintedLn(described, 1));
}

function describedLayer(layer: Matrix): PrunedLayer {
  const gamma = gammaOfLayer({ outputs: layer.rows, inputs: layer.columns, variance }, 0.01);
  return { spectralNorm: spectralNorm(layer), gamma, epsilon: 1.25 };
}

function gaussianNetwork(layerCount: number, stream: RandomStream): Matrix[] {
  return Array.from({ length: layerCount }, () => gaussianLayer(32, 32, variance, stream));
}

/** ||x^L - xbar^L||_2 at a random input of norm 1. */
function outputChange(layers: readonly Matrix[], others: readonly Matrix[], stream: RandomStream): number {
  const x = matrix(1, layers[0].columns, unitVector(layers[0].columns, stream));
  return Math.hypot(...difference(reluOutputs(layers, x), reluOutputs(others, x)).data);
}

function roundedLayer(step: number, stream: RandomStream): { pruned: Matrix; norm: number } {
  const layer = gaussianLayer(side, side, variance, stream);
  const pruned = prunedLayer(layer, variance, pruningParameter(0.1), stream);
  return { pruned, norm: spectralNorm(difference(pruned, roundToMultiples(pruned, step))) };
}
