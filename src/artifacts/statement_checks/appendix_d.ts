/**
 * Checks of Appendix D: sub-Gaussian inputs.
 *
 * @module
 */
import { type Matrix, matrix } from "../../math/matrix.ts";
import { difference } from "../../math/norms.ts";
import type { RandomStream } from "../../math/random_stream.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import {
  sphereConstants,
  sphereTail,
  subGaussianTail,
  subGaussianThreshold,
} from "../../theory/condition_d_1.ts";
import { roundToMultiples } from "../../theory/lemma_4_2.ts";
import { gammaOfLayer } from "../../theory/lemma_c_2.ts";
import { kappa, kappaPrinted, type StretchedLayer } from "../../theory/lemma_d_1.ts";
import { subGaussianPerturbationBoundLn } from "../../theory/lemma_d_2.ts";
import { subGaussianProbability, subGaussianPruningErrorLn } from "../../theory/lemma_d_3.ts";
import { subGaussianProbabilityOfProofPrinted, subGaussianRoundingErrorLn } from "../../theory/lemma_d_4.ts";
import { gaussianLayer, largestOf, product, prunedLayer, unitVector } from "./samples.ts";
import {
  boundFinding,
  correctedBoundFinding,
  positivityFinding,
  type StatementCheck,
} from "./statement_check.ts";

const narrow = { outputs: 4, inputs: 400 };
const d = 0.1;

/** The threshold at which all of `events` inputs are typical with probability 0.99. */
function thresholdFor(dimension: number, events: number): number {
  return subGaussianThreshold({ ...sphereConstants, a: 2, dimension, events, delta: 0.01 });
}

/** The checks of Appendix D. */
export const appendixDChecks: readonly StatementCheck[] = [
  {
    id: "condition-d.1",
    place: "Condition D.1",
    errata: [],
    claim: "The uniform distribution on the unit sphere satisfies it (a = 1, b = 1/2)",
    check: () =>
      boundFinding({
        measured: sphereTail(0.14, 784),
        bound: subGaussianTail(0.14, 784, sphereConstants),
        meaning: "P(<x, v> >= 0.14) / a exp(-b t^2 d), exactly, d = 784",
      }),
  },
  {
    id: "condition-d.1-rate",
    place: "Condition D.1",
    errata: [],
    claim: "The same with a = b = 1, the constants behind the paper's numbers",
    check: () =>
      boundFinding({
        measured: sphereTail(0.14, 784),
        bound: subGaussianTail(0.14, 784, { a: 1, b: 1 }),
        meaning: "P(<x, v> >= 0.14) / exp(-t^2 d), exactly, d = 784",
      }),
  },
  {
    id: "lemma-d.1",
    place: "Lemma D.1",
    errata: [10],
    claim: "A tall matrix stretches sub-Gaussian inputs by at most sqrt(d2) t ||B||",
    check: ({ stream }) => {
      const layer: StretchedLayer = { outputs: 400, inputs: 4, threshold: thresholdFor(400, 100) };
      const stretch = Math.hypot(...unitVector(layer.inputs, stream));
      return correctedBoundFinding({
        measured: stretch,
        printed: kappaPrinted(layer),
        corrected: kappa(layer),
        meaning: "||B x|| / printed bound, B with 4 orthonormal columns of length 400",
      });
    },
  },
  {
    id: "lemma-d.1-wide",
    place: "Lemma D.1, corrected",
    errata: [],
    claim: "A wide matrix stretches isotropic inputs by at most min(1, sqrt(d1) t) ||B||",
    check: ({ draws, stream }) => {
      const layer = gaussianLayer(narrow.outputs, narrow.inputs, 1, stream);
      const norm = spectralNorm(layer);
      return boundFinding({
        measured: largestOf(
          draws,
          () => Math.hypot(...product(layer, unitVector(narrow.inputs, stream))) / norm,
        ),
        bound: kappa({ ...narrow, threshold: thresholdFor(narrow.inputs, draws * narrow.outputs) }),
        meaning: "largest ||B x|| / (kappa ||B|| ||x||), 4 x 400, inputs uniform on the sphere",
      });
    },
  },
  {
    id: "lemma-d.2",
    place: "Lemma D.2",
    errata: [],
    claim: "The perturbation bound holds with the factors kappa_l behind ReLU activations",
    check: ({ stream }) => {
      const layer = {
        outputs: 10,
        inputs: 784,
        threshold: thresholdFor(784, 60_000 * 10),
        spectralNorm: 1,
        perturbationNorm: 1,
      };
      return boundFinding({
        measured: positiveStretch(784, stream),
        bound: Math.exp(subGaussianPerturbationBoundLn([layer], 1)) / Math.E,
        meaning: "||U x|| / (kappa ||U|| ||x||), x = |normal| as behind a ReLU, U along its mean",
      });
    },
  },
  {
    id: "lemma-d.3",
    place: "Lemma D.3",
    errata: [],
    claim:
      "Pruning moves the output of one layer by at most e kappa epsilon Gamma ||x|| for isotropic inputs",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => layerChange((layer) => layer, stream)),
        bound: Math.exp(subGaussianPruningErrorLn([prunedNarrowLayer(draws)], 1)),
        meaning: "largest change / bound, Gaussian 4 x 400, d = 0.1, epsilon = 1.25",
      }),
  },
  {
    id: "lemma-d.3-probability",
    place: "Lemma D.3",
    errata: [],
    claim:
      "The corrected probability is positive for the last layer of the paper's MNIST network, epsilon = 10",
    check: () => {
      const layer = { outputs: 10, inputs: 784, threshold: thresholdFor(784, 60_000 * 10), epsilon: 10 };
      return positivityFinding(
        subGaussianProbability([layer], 60_000, sphereConstants),
        "1 - 1/epsilon - 2 a |S| d1 exp(-b t^2 d2), at the t with which the last term is 0.01",
      );
    },
  },
  {
    id: "lemma-d.4",
    place: "Lemma D.4",
    errata: [],
    claim: "The same with rounding to multiples of rho",
    check: ({ draws, stream }) =>
      boundFinding({
        measured: largestOf(draws, () => layerChange((layer) => roundToMultiples(layer, 0.01), stream)),
        bound: Math.exp(
          subGaussianRoundingErrorLn([{
            ...prunedNarrowLayer(draws),
            roundingStep: 0.01,
            nonzeroCount: 1600,
          }], 1),
        ),
        meaning: "largest change / bound, the same layers, rho = 0.01",
      }),
  },
  {
    id: "lemma-d.4-probability",
    place: "Lemma D.4, proof",
    errata: [11],
    claim: "The probability is 1 - [sum 1/epsilon_l - |S| a exp(-b t_l^2 d1)]",
    check: () => {
      const layer = { outputs: 100, inputs: 784, threshold: 0.1, epsilon: 10 };
      return correctedBoundFinding({
        measured: subGaussianProbabilityOfProofPrinted([layer], 60_000, { a: 1, b: 1 }),
        printed: 1,
        measuredCorrected: subGaussianProbability([layer], 60_000, { a: 1, b: 1 }),
        corrected: 1,
        meaning: "printed probability / 1, t = 0.1; with the sign corrected it is below 1",
      });
    },
  },
];

function prunedNarrowLayer(draws: number) {
  const gamma = gammaOfLayer({ ...narrow, variance: 1 }, d);
  // The lemma's side condition epsilon Gamma <= s / L is met by the mean norm of such layers.
  const norm = Math.sqrt(narrow.inputs);
  const threshold = thresholdFor(narrow.inputs, draws * narrow.outputs);
  return { ...narrow, threshold, spectralNorm: norm, gamma, epsilon: 1.25 };
}

/** ||(A - A^) x||_2 for a random Gaussian layer and a random input of norm 1. */
function layerChange(afterPruning: (pruned: Matrix) => Matrix, stream: RandomStream): number {
  const layer = gaussianLayer(narrow.outputs, narrow.inputs, 1, stream);
  const changed = afterPruning(prunedLayer(layer, 1, d, stream));
  return Math.hypot(...product(difference(layer, changed), unitVector(narrow.inputs, stream)));
}

/** ||U x|| for U of one row along (1, ..., 1), of norm 1, and x with entries |normal|, scaled to norm 1. */
function positiveStretch(dimension: number, stream: RandomStream): number {
  const x = unitVector(dimension, stream).map(Math.abs);
  const row = matrix(1, dimension, new Float64Array(dimension).fill(1 / Math.sqrt(dimension)));
  return product(row, x)[0];
}
