/**
 * Checks of Section 3 and Algorithm 1: definitions, the assumption, and how much is pruned.
 *
 * @module
 */
import { binomialLowerQuantile } from "../../math/binomial.ts";
import type { RandomStream } from "../../math/random_stream.ts";
import { spectralNorm } from "../../math/spectral_norm.ts";
import { keptCount, pruningThresholds, secondMoment } from "../../theory/algorithm_1.ts";
import { lillieforsCriticalValue, marginalFit, spikeTest } from "../../theory/assumption_3_1.ts";
import { deltaSecondMoment } from "../../theory/lemma_c_1.ts";
import { chi, prunedShareSquared } from "../../theory/lemma_5_1.ts";
import { marginLoss, margins } from "../../theory/margin_loss.ts";
import { compressionBound } from "../../theory/theorem_3_1.ts";
import { deltaOf, gaussianLayer, spikedLayer } from "./samples.ts";
import {
  boundFinding,
  correctedBoundFinding,
  correctedEqualityFinding,
  equalityFinding,
  type Finding,
  type StatementCheck,
} from "./statement_check.ts";

const side = 64;
const d = 1;

/** The checks of Section 3 and Algorithm 1. */
export const section3Checks: readonly StatementCheck[] = [
  {
    id: "definition-3.1",
    place: "Definition 3.1",
    errata: [1],
    claim: "Outputs within gamma of each other give R_0(g_A) <= R_gamma(f), as Theorem 3.1 uses",
    check: ({ stream }) => {
      const f = twoClassOutputs(1000, 3, stream);
      const gap = marginLoss(margins(f, new Uint8Array(1000)), 1);
      return correctedBoundFinding({
        measured: lossOfWorst(f, 1),
        printed: gap,
        measuredCorrected: lossOfWorst(f, 0.5),
        corrected: gap,
        meaning:
          "R_0 of the worst g within gamma / R_gamma(f), 1000 random outputs; at most 1 within gamma/2",
      });
    },
  },
  {
    id: "section-3.1-margin-loss",
    place: "Section 3.1",
    errata: [2],
    claim: "R_gamma is the number of examples with a margin of at least gamma; at gamma = 0 it is the error",
    check: ({ stream }) => {
      const margin = Float64Array.from({ length: 1000 }, () => stream.normal() + 1);
      return correctedEqualityFinding({
        printed: margin.filter((value) => value >= 0).length,
        corrected: marginLoss(margin, 0),
        truth: margin.filter((value) => !(value > 0)).length / margin.length,
        tolerance: 0,
        meaning: "printed count / share of wrong predictions, 1000 margins",
      });
    },
  },
  {
    id: "erratum-3",
    place: "Sections 3.1 and 4.1, Lemma C.1",
    errata: [3],
    claim: "Delta = A^ - A is what the case formula of Lemma C.1 is about",
    check: ({ draws, stream }) => {
      const moment = meanDeltaProduct(draws, stream);
      return correctedEqualityFinding({
        printed: -moment,
        corrected: moment,
        truth: deltaSecondMoment(d, 1),
        tolerance: 0.05,
        meaning: "E[(A^ - A) A] / E[Delta A] of the case formula, d = 1",
      });
    },
  },
  {
    id: "erratum-4",
    place: "Section 3.1, Lemma 4.1",
    errata: [4],
    claim: "The gain of L layers has the factor L_l for each l from 1 to L",
    check: () =>
      correctedEqualityFinding({
        printed: 2 ** 5,
        corrected: 2 ** 4,
        truth: chainGain(5, 2),
        tolerance: 0,
        meaning: "printed factor / gain of a chain of 5 unit weights with 4 activations x -> 2x",
      }),
  },
  {
    id: "theorem-3.1",
    place: "Theorem 3.1",
    errata: [],
    claim: "A class of q parameters with r values generalises within sqrt((q ln r + ln(1/delta)) / (2n))",
    check: () => {
      const [parameterCount, exampleCount, risk, delta] = [7, 200, 0.3, 0.05];
      const classifier = { marginLoss: 0, parameterCount, levelCount: 2, exampleCount };
      const classifierCount = classifier.levelCount ** parameterCount;
      // The least of independent error counts is below a value with probability delta where one is with this:
      const deltaOfOne = -Math.expm1(Math.log1p(-delta) / classifierCount);
      const leastErrors = binomialLowerQuantile({ trials: exampleCount, probability: risk }, deltaOfOne);
      return boundFinding({
        measured: risk - leastErrors / exampleCount,
        bound: compressionBound(classifier, delta),
        meaning:
          `gap that the best of ${classifierCount} independent classifiers with error ${risk} exceeds with probability delta / bound, n = ${exampleCount}, delta = ${delta}`,
      });
    },
  },
  {
    id: "assumption-3.1",
    place: "Assumption 3.1, Figures 1 and 6",
    errata: [],
    claim: "A Gaussian histogram of the weights verifies that they are independent and Gaussian",
    check: ({ stream }) => histogramFinding(stream),
  },
  {
    id: "algorithm-1",
    place: "Algorithm 1",
    errata: [],
    claim: "A Gaussian weight off the diagonal is kept with probability chi",
    check: ({ draws, stream }) => {
      const share = keptShare(draws, stream);
      return equalityFinding({
        value: share,
        truth: chi(d),
        tolerance: 5 * Math.sqrt((1 - chi(d)) / (chi(d) * draws * side * side)),
        meaning: "relative difference of the kept share from chi(1), at most 5 standard errors",
      });
    },
  },
  {
    id: "lemma-5.1-equation-11",
    place: "Lemma 5.1, equations (9) to (11)",
    errata: [17],
    claim: "P(Z = 0), the probability of being pruned, is (sqrt(d+2) - sqrt(d)) / sqrt(d+2)",
    check: ({ draws, stream }) =>
      correctedEqualityFinding({
        printed: chi(d),
        corrected: Math.sqrt(prunedShareSquared(d)),
        truth: 1 - keptShare(draws, stream),
        tolerance: 0.02,
        meaning: "printed / measured share of pruned weights, d = 1",
      }),
  },
];

/** Outputs of a two-class network that is right about class 0, with margins uniform on [0, largest]. */
function twoClassOutputs(count: number, largest: number, stream: RandomStream): Float32Array {
  const outputs = new Float32Array(2 * count);
  for (let example = 0; example < count; example++) outputs[2 * example] = largest * stream.uniform();
  return outputs;
}

/** R_0 of the network whose outputs are each `distance` nearer to a mistake. */
function lossOfWorst(outputs: Float32Array, distance: number): number {
  const worst = outputs.map((output, index) => (index % 2 === 0 ? output - distance : output + distance));
  return marginLoss(margins(worst, new Uint8Array(outputs.length / 2)), 0);
}

function meanDeltaProduct(draws: number, stream: RandomStream): number {
  let [total, count] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const layer = gaussianLayer(side, side, 1, stream);
    deltaOf(layer, 1, d, stream).data.forEach((delta, index) => {
      if (index % (side + 1) === 0) return;
      total += delta * layer.data[index];
      count++;
    });
  }
  return total / count;
}

function chainGain(layerCount: number, slope: number): number {
  let output = 1;
  for (let layer = 1; layer < layerCount; layer++) output *= slope;
  return output;
}

/** A layer with one strong direction: Figure 1's histogram is Gaussian, the largest singular value is not. */
function histogramFinding(stream: RandomStream): Finding {
  const size = 200;
  // The test of the histogram turns away some of any layers, independent ones too.
  let layer = spikedLayer(size, 1 / size, 4, stream);
  while (marginalFit(layer).lilliefors > lillieforsCriticalValue) {
    layer = spikedLayer(size, 1 / size, 4, stream);
  }
  const { ratio, probabilityLn } = spikeTest({
    outputs: size,
    inputs: size,
    variance: secondMoment(layer),
    spectralNorm: spectralNorm(layer),
  });
  return {
    verdict: probabilityLn < Math.log(1e-6) ? "fails here" : "holds",
    figure: ratio,
    meaning:
      "norm / largest norm of independent weights, of a 200 x 200 layer that passes the test of its histogram",
  };
}

function keptShare(draws: number, stream: RandomStream): number {
  let kept = 0;
  for (let draw = 0; draw < draws; draw++) {
    const thresholds = pruningThresholds(gaussianLayer(side, side, 1, stream), 1, stream, {
      keepsDiagonal: false,
    });
    kept += keptCount(thresholds, d);
  }
  return kept / (draws * side * side);
}
