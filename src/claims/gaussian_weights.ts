/**
 * Section 3.3 and Appendix I: whether trained weights are Gaussian, as Assumption 3.1 has it and Figures 1 and 6 show.
 *
 * @module
 */
import {
  bothDatasets,
  type Claim,
  claimOnRows,
  decidedByWorst,
  type Decision,
  numberOf,
  numbersOf,
  type Row,
  type RowClaim,
} from "./claim.ts";

/**
 * "Roughly Gaussian": no more than a twentieth of the weights would have to move. The paper shows pictures and gives no
 * number; a uniform distribution of the same variance is at 0.06.
 */
const roughDistance = 0.05;

/** "Centered at 0": the mean is below a tenth of the standard deviation. The paper gives no number. */
const centredShare = 0.1;

/** The critical value of Lilliefors' statistic at level 0.05. */
const lillieforsCritical = 0.886;

/** "Slightly skewed": the skewness is below 1/2, as is usual to say. The paper gives no number. */
const slightSkewness = 0.5;

const name = ["dataset", "layer"] as const;

/** Layers are named by their numbers where a claim is about several. */
function onLayers(claim: Pick<RowClaim, "id" | "place" | "sentence" | "artifact" | "marginUnit">) {
  return (columns: readonly string[], decide: RowClaim["decide"]): Claim =>
    claimOnRows({
      ...claim,
      columns: [...name, ...columns],
      where: { content: "layer" },
      covers: bothDatasets,
      decide,
    });
}

/** The hidden layers of each network, or its last. */
function layersOf(rows: readonly Row[], which: "hidden" | "last"): Row[] {
  const networks = [...Map.groupBy(rows, ({ dataset }) => dataset).values()];
  return networks.flatMap((network) => {
    const last = Math.max(...numbersOf(network, "layer"));
    return network.filter(({ layer }) => (layer === last) === (which === "last"));
  });
}

function roughlyGaussian(rows: readonly Row[]): Decision {
  const distance = (row: Row): number => numberOf(row, "kolmogorov_smirnov_distance");
  return decidedByWorst(rows, (row) => roughDistance - distance(row), (row) => ({
    layer: numberOf(row, "layer"),
    "distance of Kolmogorov and Smirnov": distance(row),
    "excess kurtosis": numberOf(row, "excess_kurtosis"),
  }));
}

const shapeColumns = ["kolmogorov_smirnov_distance", "excess_kurtosis"] as const;

const firstLayer = { place: "Section 3.3", artifact: "figure1" } as const;

const section33: readonly Claim[] = [
  onLayers({
    ...firstLayer,
    id: "gaussian-first-layer",
    sentence:
      '"Each atom within a matrix of the learned model obeys roughly a Gaussian distribution" (Figure 1): the first layer, within 0.05 in the distance of Kolmogorov and Smirnov, on both data sets.',
    marginUnit: "probability",
  })(shapeColumns, roughlyGaussian),
  onLayers({
    ...firstLayer,
    id: "centred-first-layer",
    sentence: 'The distribution is "centered at 0": its mean is within a tenth of its standard deviation.',
    marginUnit: "standard deviations",
  })(["mean", "standard_deviation"], (rows) => {
    const share = (row: Row): number => Math.abs(numberOf(row, "mean")) / numberOf(row, "standard_deviation");
    return decidedByWorst(rows, (row) => centredShare - share(row), (row) => ({
      "|mean| / standard deviation": share(row),
    }));
  }),
  onLayers({
    ...firstLayer,
    id: "gaussian-formally",
    sentence:
      "Assumption 3.1 taken literally: the weights of the first layer pass the test of Lilliefors at level 0.05.",
    marginUnit: "1",
  })(
    ["lilliefors"],
    (rows) =>
      decidedByWorst(rows, (row) => lillieforsCritical - numberOf(row, "lilliefors"), (row) => ({
        "statistic of Lilliefors": numberOf(row, "lilliefors"),
        "critical value": lillieforsCritical,
      })),
  ),
  onLayers({
    ...firstLayer,
    id: "independent-first-layer",
    sentence:
      'The weights "are independent of each other": the spectral norm of the first layer is one that independent Gaussian weights exceed with probability 0.05 or more.',
    marginUnit: "ln probability",
  })(["spike_probability_ln", "spectral_ratio"], probableNorm),
];

function probableNorm(rows: readonly Row[]): Decision {
  const probabilityLn = (row: Row): number => numberOf(row, "spike_probability_ln");
  return decidedByWorst(rows, (row) => probabilityLn(row) - Math.log(0.05), (row) => ({
    "ln of the probability": probabilityLn(row),
    "norm / edge of a random matrix": numberOf(row, "spectral_ratio"),
  }));
}

const laterLayers = { place: "Appendix I", artifact: "figure6" } as const;

const appendixI: readonly Claim[] = [
  onLayers({
    ...laterLayers,
    id: "gaussian-intermediate-layers",
    sentence:
      '"The weights are approximately Gaussian, even on the intermediate [...] layers" (Figure 6): within 0.05 in the distance of Kolmogorov and Smirnov.',
    marginUnit: "probability",
  })(shapeColumns, (rows) => roughlyGaussian(layersOf(rows, "hidden"))),
  onLayers({
    ...laterLayers,
    id: "gaussian-final-layer",
    sentence:
      '"The weights are approximately Gaussian, even on the [...] final layers" (Figure 6): within 0.05 in the distance of Kolmogorov and Smirnov.',
    marginUnit: "probability",
  })(shapeColumns, (rows) => roughlyGaussian(layersOf(rows, "last"))),
  onLayers({
    ...laterLayers,
    id: "independent-later-layers",
    sentence:
      "The same weights are independent: the spectral norm of every later layer is one that independent Gaussian weights exceed with probability 0.05 or more.",
    marginUnit: "ln probability",
  })(["spike_probability_ln", "spectral_ratio"], probableNorm),
  onLayers({
    ...laterLayers,
    id: "final-layer-skewed-right",
    sentence: '"The final layer is a slightly skewed to the right for both": its skewness is in [0, 0.5].',
    marginUnit: "skewness",
  })(["skewness"], (rows) => {
    const skewness = (row: Row): number => numberOf(row, "skewness");
    return decidedByWorst(
      layersOf(rows, "last"),
      (row) => Math.min(skewness(row), slightSkewness - skewness(row)),
      (row) => ({ skewness: skewness(row) }),
    );
  }),
];

/** What is said of the distribution of weights. */
export const gaussianWeights: readonly Claim[] = [...section33, ...appendixI];
