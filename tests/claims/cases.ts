/**
 * Hand-made rows for every claim: on which it holds, fails and cannot be decided.
 *
 * @module
 */
import type { Row } from "../../src/claims/claim.ts";

/** Rows by the artifact's id. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

/** Rows with the margin that the claim has on them, worked out by hand. */
export interface Decided {
  readonly rows: Rows;
  readonly margin: number;
}

/** What a claim is tested on. */
export interface Case {
  /** Null where arithmetic alone refutes the claim. */
  readonly holds: Decided | null;
  readonly fails: Decided;
  readonly undecidable: Rows;
}

/** The bounds of a network, natural logarithms in whatever reading a claim has. */
interface Network {
  readonly dataset?: string;
  readonly paper_width?: number;
  readonly neyshabur_2015: number;
  readonly neyshabur_2017: number;
  readonly bartlett_2017: number;
  readonly ours: number;
  readonly error?: number;
}

const stems: Readonly<Record<string, string>> = {
  published: "published",
  "margin-1": "published",
  "equal-units": "same_units",
  theorem: "theorem",
};

/** A row that says the bounds of a network in the reading that a claim's id ends in. */
function boundRow(suffix: string, network: Network): Row {
  const { dataset = "mnist", paper_width = 784, error = -3 } = network;
  const isPrinted = suffix.startsWith("printed");
  const cells = (["neyshabur_2015", "neyshabur_2017", "bartlett_2017", "ours"] as const).map((id) => [
    `${id}_${isPrinted ? "paper" : stems[suffix]}_ln`,
    suffix === "printed-equal" && id !== "ours"
      ? 2 * network[id] + Math.log(dataset === "mnist" ? 60000 : 50000)
      : network[id],
  ]);
  return {
    protocol: "stated",
    seed: 1,
    dataset,
    paper_width,
    margin_rule: ["margin-1", "equal-units", "theorem"].includes(suffix) ? "unit" : "minimum",
    test_error_fraction: 0.05,
    [isPrinted ? "true_error_paper_ln" : "true_error_ln"]: error,
    ...Object.fromEntries(cells),
  };
}

type Networks = readonly Network[];

/** A case about bounds, the same in every reading. */
function ofBounds(
  artifact: string,
  holds: readonly [Networks, number],
  fails: readonly [Networks, number],
  undecidable: Networks,
): (suffix: string) => Case {
  return (suffix) => {
    const rows = (networks: Networks): Rows => ({
      [artifact]: networks.map((network) => boundRow(suffix, network)),
    });
    return {
      holds: { rows: rows(atEveryWidth(holds[0])), margin: holds[1] },
      fails: { rows: rows(fails[0]), margin: fails[1] },
      undecidable: rows(undecidable),
    };
  };
}

const paperWidths = [500, 784, 1000, 1500, 2000, 2500];

/** The networks, and the first of them at every width that none has: what is said of all is not confirmed by some. */
function atEveryWidth<Wide extends { readonly paper_width?: unknown }>(networks: readonly Wide[]): Wide[] {
  const widths = networks.map(({ paper_width = 784 }) => paper_width);
  const missing = paperWidths.filter((width) => !widths.includes(width));
  return [
    ...networks,
    ...missing.map((paper_width) => ({ ...networks[0], paper_width, width: paper_width })),
  ];
}

const network: Network = { neyshabur_2015: 30, neyshabur_2017: 25, bartlett_2017: 20, ours: 1 };
const infinite = { neyshabur_2015: Infinity, neyshabur_2017: Infinity, bartlett_2017: Infinity };
const cifar10 = (of: Network): Network => ({ ...of, dataset: "cifar10" });

/** Bounds that grow as h^b with the given exponents. */
function growing(b15: number, b17: number, b: number, ours: number): Network[] {
  return paperWidths.map((paper_width) => ({
    paper_width,
    neyshabur_2015: b15 * Math.log(paper_width),
    neyshabur_2017: b17 * Math.log(paper_width),
    bartlett_2017: b * Math.log(paper_width),
    ours: ours * Math.log(paper_width),
  }));
}

/** MNIST as `network`, CIFAR10 so many decades above it. */
function decadesApart(b15: number, b17: number, b: number, ours: number, error = 0): Network[] {
  const decade = Math.LN10;
  return [network, {
    dataset: "cifar10",
    neyshabur_2015: network.neyshabur_2015 + b15 * decade,
    neyshabur_2017: network.neyshabur_2017 + b17 * decade,
    bartlett_2017: network.bartlett_2017 + b * decade,
    ours: network.ours + ours * decade,
    error: -3 + error * decade,
  }];
}

const infiniteOnCifar10 = [network, cifar10({ ...network, ...infinite })];

/** Cases of sentences that are read in several ways, by the claim's id less its reading. */
export const boundCases: Readonly<Record<string, (suffix: string) => Case>> = {
  "baselines-1e7-cifar10": ofBounds(
    "figure3",
    [[cifar10(network)], 19 - 7 * Math.LN10],
    [[cifar10({ ...network, ours: 5 })], 15 - 7 * Math.LN10],
    [cifar10({ ...network, ...infinite })],
  ),
  "tighter-on-both": ofBounds(
    "figure3",
    [[network, cifar10({ ...network, ours: 4 })], 16],
    [[network, cifar10({ ...network, neyshabur_2017: 0 })], -1],
    infiniteOnCifar10,
  ),
  "bartlett-closest-mnist": ofBounds(
    "table2",
    [[network], 5],
    [[{ ...network, neyshabur_2017: 12 }], -8],
    [{ ...network, ...infinite }],
  ),
  "bartlett-closest-cifar10": ofBounds(
    "table3",
    [[cifar10(network)], 5],
    [[cifar10({ ...network, neyshabur_2015: 12 })], -8],
    [cifar10({ ...network, bartlett_2017: Infinity })],
  ),
  "bartlett-1e3": ofBounds(
    "table2",
    [[network], 19 - 3 * Math.LN10],
    [[{ ...network, bartlett_2017: 7 }], 6 - 3 * Math.LN10],
    [{ ...network, ...infinite }],
  ),
  "bartlett-1e7": ofBounds(
    "table3",
    [[cifar10(network)], 19 - 7 * Math.LN10],
    [[cifar10({ ...network, bartlett_2017: 17 })], 16 - 7 * Math.LN10],
    [cifar10({ ...network, ...infinite })],
  ),
  "bartlett-every-width": ofBounds(
    "figure3",
    [[network, { ...network, paper_width: 2500, bartlett_2017: 3 }], 2],
    [[network, { ...network, ...infinite }, { ...network, paper_width: 500, ours: 21 }], -1],
    [network, { ...network, ...infinite, paper_width: 2500 }],
  ),
  "ours-vacuous": ofBounds(
    "figure3",
    [[network, cifar10({ ...network, ours: 3 })], 1],
    [[network, cifar10({ ...network, ours: -0.5 })], -0.5],
    [cifar10({ ...network, ours: NaN })],
  ),
  "baselines-vacuous": ofBounds(
    "figure3",
    [[network, cifar10({ ...network, ...infinite })], 20],
    [[network, cifar10({ ...network, neyshabur_2015: -2 })], -2],
    [{ ...network, bartlett_2017: NaN }],
  ),
  "tightest-at-every-width": ofBounds(
    "table2",
    [[network, { ...network, paper_width: 500, bartlett_2017: 2 }], 1],
    [[network, { ...network, paper_width: 500, neyshabur_2015: 0.5 }], -0.5],
    [network, { ...network, ...infinite, paper_width: 500 }],
  ),
  "growth-similar": ofBounds(
    "table2",
    [growing(3, 2, 1, 0.75), 0.25],
    [growing(3, 2, 1, 7), -1],
    growing(3, 2, 1, 1).map((each) => ({ ...each, ...infinite })),
  ),
  "growth-slower": ofBounds(
    "table2",
    [growing(3, 2, 1.5, 1), 0.5],
    [growing(3, 2, 1, 1.25), -0.25],
    growing(3, 2, 1, 1).map((each) => ({ ...each, ...infinite })),
  ),
  "baselines-seven-orders": ofBounds(
    "figure3",
    [decadesApart(9, 8, 7.5, 1), 0.5],
    [decadesApart(9, 8, 4, 1), -3],
    infiniteOnCifar10,
  ),
  "ours-one-order": ofBounds(
    "figure3",
    [decadesApart(9, 8, 7.5, 1.25), 0.25],
    [decadesApart(9, 8, 7.5, 0.25), -0.25],
    [network, cifar10({ ...network, ours: Infinity })],
  ),
  "cifar10-far-worse": ofBounds(
    "figure3",
    [decadesApart(3, 2, 1, 1), Math.LN10 - Math.LN2],
    [decadesApart(3, 2, 1, 0), -Math.LN2],
    [{ ...network, ...infinite }, cifar10({ ...network, ...infinite })],
  ),
  "jump-most-accurate": ofBounds(
    "figure3",
    [decadesApart(4, 3, 2, 0.5, 0.5), 1.5 * Math.LN10],
    [decadesApart(4, 3, 2, 3.5, 2), -1.5 * Math.LN10],
    infiniteOnCifar10,
  ),
  "true-error-one-order": ofBounds(
    "figure3",
    [decadesApart(1, 1, 1, 1, 1.25), 0.25],
    [decadesApart(1, 1, 1, 1, 2), -0.5],
    decadesApart(1, 1, 1, 1, -Infinity),
  ),
  "true-error-stable": ofBounds(
    "table2",
    [[{ ...network, error: -3 }, { ...network, paper_width: 500, ours: 2, error: -3.25 }], 0.75],
    [[{ ...network, error: -3 }, { ...network, paper_width: 500, ours: 2, error: -5 }], -1],
    [{ ...network, error: -3 }, { ...network, paper_width: 500, error: -Infinity }],
  ),
};

/** Cells that every row of trained networks has. */
const named = { protocol: "stated", seed: 1, dataset: "mnist" } as const;

function one(artifact: string, cells: readonly Row[]): Rows {
  return { [artifact]: cells.map((row) => ({ ...named, ...row })) };
}

/** The artifacts that show both data sets, and those of the paper's widths on MNIST. */
const ofBothDatasets = ["figure1", "figure2", "figure4", "figure6", "table1"], ofWidths = ["table2"];

/** Rows of all networks that the artifact has, each as given. */
function ofEveryNetwork(artifact: string, rows: readonly Row[]): readonly Row[] {
  if (ofWidths.includes(artifact)) return atEveryWidth(rows);
  if (!ofBothDatasets.includes(artifact)) return rows;
  return ["mnist", "cifar10"].flatMap((dataset) => rows.map((row) => ({ dataset, ...row })));
}

/** A case whose three networks are made from one artifact's rows. */
function simple(
  artifact: string,
  holds: readonly [readonly Row[], number],
  fails: readonly [readonly Row[], number],
  undecidable: readonly Row[],
): Case {
  return {
    holds: { rows: one(artifact, ofEveryNetwork(artifact, holds[0])), margin: holds[1] },
    fails: { rows: one(artifact, fails[0]), margin: fails[1] },
    undecidable: one(artifact, undecidable),
  };
}

function sweep(errors: readonly number[]): Row[] {
  return errors.map((test_error_fraction, d) => ({ d, kept_fraction: 1 / (1 + d), test_error_fraction }));
}

function layer(layerNumber: number, cells: Row): Row {
  return {
    layer: layerNumber,
    content: "layer",
    kolmogorov_smirnov_distance: 0.01,
    excess_kurtosis: 0,
    ...cells,
  };
}

function shapes(outputs: number, inputs: number): Row {
  return { dataset: "mnist", layer: inputs, outputs, inputs };
}

function printedRow(artifact: string, id: string, marginRule: string, toleranceLn: number): Case {
  const row = (difference: number | null, width = 784): Row => ({
    paper_width: 784,
    width,
    margin_rule: marginRule,
    [`${id}_paper_ln`]: 10,
    [`${id}_difference_ln`]: difference,
  });
  return simple(
    artifact,
    [[row(0), row(-toleranceLn / 2)], toleranceLn / 2],
    [[row(0), row(2 * toleranceLn)], -toleranceLn],
    [row(null)],
  );
}

const printedRows = [
  ["neyshabur_2015", 2],
  ["neyshabur_2017", 2],
  ["bartlett_2017", 2],
  ["ours", 1.1],
  ["true_error", 1.1],
] as const;

const reproductionCases = Object.fromEntries(
  ["table2", "table3"].flatMap((artifact) =>
    printedRows.flatMap(([id, factor]) =>
      [["published", "minimum"], ["margin-1", "unit"]].slice(0, factor === 2 ? 2 : 1).map((
        [suffix, rule],
      ) => [
        `${artifact}-${id.replaceAll("_", "-")}-${suffix}`,
        printedRow(artifact, id, rule, Math.log(factor)),
      ])
    )
  ),
);

function heavy(cells: Row, marginRule = "minimum"): Row {
  return {
    variant: "algorithm_1",
    margin_rule: marginRule,
    margin_loss_fraction: 0.5,
    test_error_fraction: 0.05,
    ...cells,
  };
}

function againstTable1(ours: string, theirs: string, marginRule: string): Case {
  const row = (a: number | null, b: number | null): Row => heavy({ [ours]: a, [theirs]: b }, marginRule);
  return simple("table1", [[row(1, 3), row(2, 2.5)], 0.5], [[row(1, 3), row(3, 2.5)], -0.5], [
    row(1, Infinity),
  ]);
}

function printedInTable1(theirs: string): Case {
  const row = (a: number, b: number | null): Row => heavy({ ours_published_paper: a, [theirs]: b });
  return simple("table1", [[row(1, 3)], Math.log(3)], [[row(4, 2)], -Math.LN2], [row(1, null)]);
}

function countInTable1(column: string): Case {
  const row = (sketches: number, count: number | null): Row =>
    heavy({ ours_same_units_ln: sketches, [column]: count });
  return simple("table1", [[row(1, 1.5)], 1], [[row(2, 1)], -2], [row(1, null)]);
}

function rowOfTable1(column: string, factor: number): Case {
  const row = (ln: number | null): Row =>
    heavy({ width: 784, [`${column}_ln`]: ln, [`${column}_paper`]: Math.E });
  const tolerance = Math.log(factor);
  return simple(
    "table1",
    [[row(1 + tolerance / 2)], tolerance / 2],
    [[row(1 - 3 * tolerance)], -2 * tolerance],
    [row(Infinity)],
  );
}

function compressionError(variant: string): Case {
  const rows = (pruned: number | null): Rows => ({
    table1: ["mnist", "cifar10"].map((dataset) => ({
      ...named,
      dataset,
      variant,
      margin_rule: "minimum",
      test_error_fraction: dataset === "mnist" ? 0.125 : pruned,
    })),
    figure2: ["mnist", "cifar10"].map((dataset) => ({ ...named, dataset, d: 0, test_error_fraction: 0.125 })),
  });
  return {
    holds: { rows: rows(0.13), margin: 0.005 },
    fails: { rows: rows(0.25), margin: -0.115 },
    undecidable: rows(null),
  };
}

function figure2Bound(column: string): Case {
  const row = (d: number, bound: number, change: number): Row => ({
    d,
    [column]: bound,
    true_change_logits: change,
  });
  return simple(
    "figure2",
    [[row(0, 0, 0), row(1, 10, 0), row(2, 10, 5)], Math.LN2],
    [[row(0, 0, 0), row(1, 10, 1), row(2, 10, 20)], -Math.LN2],
    [row(0, 0, 0), row(1, 0, 0)],
  );
}

function lines(layerNumber: number, share: number): Row {
  return { layer: layerNumber, d: 1, largest_count: 10, bound_count: 20, share_of_bound: share };
}

function sketched(success: number, size: number): Row {
  return {
    size: 10,
    line_sparsity: 2,
    sketch_size: size,
    theorem_sketch_size: 8,
    success_fraction: success,
    trials: 4,
  };
}

function decoding(ensemble: string): Case {
  const of = (rows: readonly Row[]): Row[] => rows.map((row) => ({ ensemble, ...row }));
  return simple(
    "sketching",
    [of([sketched(0, 7), sketched(1, 8)]), 0.01],
    [of([sketched(1, 8), sketched(0.5, 9)]), -0.49],
    of([sketched(1, 7)]),
  );
}

function search(cells: Row): Row {
  return { kind: "search", ...cells };
}

function round(number: number, cells: Row): Row {
  return { kind: "pruning", method: "rewound", network: "a", round: number, ...cells };
}

function epoch(number: number, ours: number, error: number, margin: number): Row {
  return {
    epoch: number,
    margin_rule: "minimum",
    ours_published: ours,
    pruned_test_error_fraction: error,
    margin_logits: margin,
  };
}

/** The cases of all other claims, by id. */
export const cases: Readonly<Record<string, Case>> = {
  ...reproductionCases,
  "pruning-induces-little-error": simple(
    "figure2",
    [sweep([0.1, 0.1, 0.2, 0.105]), 0.25],
    [sweep([0.1, 0.2, 0.2]), -0.5],
    sweep([NaN, 0.1]).slice(0, 0),
  ),
  "pruning-often-reduces-error": simple(
    "figure2",
    [sweep([0.1, 0.05, 0.05, 0.05, 0.2]), 0.25],
    [sweep([0.1, 0.05, 0.2, 0.2, 0.2]), -0.25],
    sweep([0.1]),
  ),
  "gaussian-first-layer": simple(
    "figure1",
    [[layer(1, {}), layer(1, { kolmogorov_smirnov_distance: 0.03 })], 0.02],
    [[layer(1, { kolmogorov_smirnov_distance: 0.2 })], -0.15],
    [layer(1, { kolmogorov_smirnov_distance: null })],
  ),
  "centred-first-layer": simple(
    "figure1",
    [[layer(1, { mean: -0.1, standard_deviation: 2 })], 0.05],
    [[layer(1, { mean: -0.5, standard_deviation: 2 })], -0.15],
    [layer(1, { mean: null, standard_deviation: 2 })],
  ),
  "gaussian-formally": simple(
    "figure1",
    [[layer(1, { lilliefors: 0.5 })], 0.386],
    [[layer(1, { lilliefors: 2 })], -1.114],
    [layer(1, { lilliefors: null })],
  ),
  "independent-first-layer": simple(
    "figure1",
    [[layer(1, { spike_probability_ln: 0, spectral_ratio: 1 })], -Math.log(0.05)],
    [[layer(1, { spike_probability_ln: -10, spectral_ratio: 2 })], -10 - Math.log(0.05)],
    [layer(1, { spike_probability_ln: null, spectral_ratio: null })],
  ),
  "gaussian-intermediate-layers": simple(
    "figure6",
    [[layer(2, {}), layer(3, { kolmogorov_smirnov_distance: 0.2 })], 0.04],
    [[layer(2, { kolmogorov_smirnov_distance: 0.1 }), layer(3, {})], -0.05],
    [layer(2, { kolmogorov_smirnov_distance: null }), layer(3, {})],
  ),
  "gaussian-final-layer": simple(
    "figure6",
    [[layer(2, { kolmogorov_smirnov_distance: 0.2 }), layer(3, {})], 0.04],
    [[layer(2, {}), layer(3, { kolmogorov_smirnov_distance: 0.1 })], -0.05],
    [layer(2, {}), layer(3, { kolmogorov_smirnov_distance: null })],
  ),
  "independent-later-layers": simple(
    "figure6",
    [[layer(2, { spike_probability_ln: -1, spectral_ratio: 1 })], -1 - Math.log(0.05)],
    [
      [
        layer(2, { spike_probability_ln: -1, spectral_ratio: 1 }),
        layer(3, { spike_probability_ln: -9, spectral_ratio: 2 }),
      ],
      -9 - Math.log(0.05),
    ],
    [layer(2, { spike_probability_ln: null, spectral_ratio: null })],
  ),
  "final-layer-skewed-right": simple(
    "figure6",
    [[layer(4, { skewness: -1 }), layer(5, { skewness: 0.125 })], 0.125],
    [[layer(4, { skewness: 0.1 }), layer(5, { skewness: 0.75 })], -0.25],
    [layer(5, { skewness: null })],
  ),
  "error-bound-above-error-gamma": figure2Bound("gamma_bound_logits"),
  "error-bound-above-error-measured": figure2Bound("measured_bound_logits"),
  "lemma-c.2-norm": simple(
    "figure2",
    [[{ d: 0, largest_norm_over_gamma: null }, { d: 1, largest_norm_over_gamma: 0.75 }], 0.25],
    [[{ d: 1, largest_norm_over_gamma: 0.75 }, { d: 2, largest_norm_over_gamma: 3 }], -2],
    [{ d: 1, largest_norm_over_gamma: null }],
  ),
  "side-condition-of-figure-2": simple(
    "figure2",
    [[{ d: 1, within_side_condition: "yes" }, { d: 10, within_side_condition: "yes" }], 0],
    [[{ d: 1, within_side_condition: "no" }, { d: 10, within_side_condition: "no" }], -9],
    [],
  ),
  "distributed-sparsity-first-layer": simple(
    "figure4",
    [[lines(1, 0.5), lines(2, 3)], 0.5],
    [[lines(1, 0.5), lines(1, 1.5)], -0.5],
    [lines(2, 0.5)],
  ),
  "distributed-sparsity-every-layer": simple(
    "figure4",
    [[lines(1, 0.5), lines(2, 0.75)], 0.25],
    [[lines(1, 0.5), lines(2, 3)], -2],
    [lines(1, NaN)],
  ),
  "sparsity-even": simple(
    "figure4",
    [[evenness(0.5, 60, 30)], 0.5],
    [[evenness(0.5, 60, 30), evenness(0.125, 50, 10)], -2],
    [evenness(0, 0, 0)],
  ),
  "lemma-5.1-probability": {
    holds: null,
    fails: { rows: one("figure4", [shapes(8, 27), shapes(1e6, 1e6)]), margin: -5 / 6 },
    undecidable: one("figure4", [shapes(NaN, 8)]),
  },
  "theorem-5.2-probability-printed": {
    holds: null,
    fails: { rows: one("figure4", [shapes(10, 5), shapes(4, 20)]), margin: -3 - 0.01 - 0.0025 },
    undecidable: one("figure4", [shapes(NaN, 8)]),
  },
  "theorem-5.2-probability-restored": simple(
    "figure4",
    [[shapes(1000, 1000)], 0.8 - 1e-6],
    [[shapes(8, 1)], -0.5 - 1 / 64],
    [shapes(NaN, 8)],
  ),
  "sketch-decodes-printed": decoding("row"),
  "sketch-decodes-corrected": decoding("column"),
  "sketch-below-sparse-count": simple(
    "sketching",
    [
      [{ size: 100, line_sparsity: 1, theorem_sketch_size: 10 }],
      Math.log((8 * Math.LN2 + 1 + Math.log(100)) / (8 * Math.LN2)),
    ],
    [
      // 100 lines of 4 weights with their places against 100 x 100 entries.
      [{ size: 100, line_sparsity: 4, theorem_sketch_size: 100 }],
      Math.log(4 * (8 * Math.LN2 + 1 + Math.log(25)) / (8 * Math.LN2)) - Math.log(100),
    ],
    [{ size: 100, line_sparsity: 1, theorem_sketch_size: null }],
  ),
  "sketch-below-weight-count": simple(
    "table2",
    [[weightCount(1, 1.5)], 1],
    [[weightCount(1, 1.5), weightCount(2, 1)], -2],
    [weightCount(Infinity, 1)],
  ),
  "table2-is-pruned": simple(
    "table2",
    [[prunedTo(0.5)], 0.4],
    [[prunedTo(0.5), prunedTo(1)], -0.1],
    [prunedTo(NaN)],
  ),
  "figure-4-bound-informative": simple(
    "figure4",
    [keptAt([0, 0.5], [1, 0.3], [2, 0.2], [4, 0.1]), 0.25],
    [keptAt([4, 0.1], [3, 0.3], [0, 0.5]), -0.25],
    [],
  ),
  "ticket-within-epsilon": simple(
    "tickets",
    [[search({ epsilon_logits: 0.5, output_error_logits: 0.25 })], 0.5],
    [[search({ epsilon_logits: 0.5, output_error_logits: 1 })], -1],
    [search({ epsilon_logits: 0.5, output_error_logits: null })],
  ),
  "ticket-as-small-as-target": simple(
    "tickets",
    [[search({ active_weights: 12, target_weights: 8 })], 0.5],
    [[search({ active_weights: 40, target_weights: 8 })], -3],
    [search({ active_weights: 40, target_weights: null })],
  ),
  "ticket-bound-log-factor": simple(
    "tickets",
    [[search({ theorem_6_1_term: 2, sketched_term: 1, host_width: 9 })], Math.LN2],
    [[search({ theorem_6_1_term: 1, sketched_term: 4, host_width: 9 })], -Math.log(4)],
    [search({ theorem_6_1_term: 1, sketched_term: null, host_width: 9 })],
  ),
  "iterative-pruning-small-error": simple(
    "tickets",
    [
      [
        round(2, { kept_fraction: 0.05, test_error_fraction: 0.125 }),
        round(1, { kept_fraction: 0.7, test_error_fraction: 0.12 }),
      ],
      0.005,
    ],
    [
      [
        round(1, { kept_fraction: 0.7, test_error_fraction: 0.1 }),
        round(2, { kept_fraction: 0.5, test_error_fraction: 0.1 }),
        round(3, { kept_fraction: 0.1, test_error_fraction: 0.2 }),
      ],
      -0.09,
    ],
    [round(1, { kept_fraction: 0.7, test_error_fraction: 0.1 })],
  ),
  "iterative-pruning-strong-bound": simple(
    "tickets",
    [
      [
        round(1, { theorem_6_1_term: 5, train_error_fraction: 0.1 }),
        round(2, { theorem_6_1_term: 0.25, train_error_fraction: 0.25 }),
      ],
      0.5,
    ],
    [[round(1, { theorem_6_1_term: 2, train_error_fraction: 0 })], -1],
    [round(1, { theorem_6_1_term: null, train_error_fraction: 0 })],
  ),
  "table1-below-arora-published": againstTable1(
    "ours_published_ln",
    "arora_2018_worst_published_ln",
    "minimum",
  ),
  "table1-below-arora-margin-1": againstTable1(
    "ours_published_ln",
    "arora_2018_worst_published_ln",
    "unit",
  ),
  "table1-below-arora-percentile": againstTable1(
    "ours_published_ln",
    "arora_2018_percentile_published_ln",
    "unit",
  ),
  "table1-below-arora-theorem": againstTable1("ours_theorem_ln", "arora_2018_worst_theorem_ln", "unit"),
  "table1-below-arora-printed": printedInTable1("arora_2018_worst_published_paper"),
  "table1-below-ju-published": againstTable1(
    "ours_published_ln",
    "ju_2022_initial_worst_published_ln",
    "minimum",
  ),
  "table1-below-ju-masked": againstTable1(
    "ours_published_ln",
    "ju_2022_masked_initial_worst_published_ln",
    "minimum",
  ),
  "table1-below-ju-theorem": againstTable1("ours_theorem_ln", "ju_2022_initial_worst_theorem_ln", "unit"),
  "table1-below-ju-printed": printedInTable1("ju_2022_initial_worst_published_paper"),
  "sketch-below-counting-at-1-60": countInTable1("naive_count_same_units_ln"),
  "sketch-below-weight-count-at-1-60": countInTable1("parameter_count_same_units_ln"),
  "table1-ours": rowOfTable1("ours_published", 1.1),
  "table1-arora": rowOfTable1("arora_2018_worst_published", 2),
  "table1-ju": rowOfTable1("ju_2022_initial_worst_published", 2),
  "compression-error-low-algorithm-1": compressionError("algorithm_1"),
  "compression-error-low-algorithm-1-tuned": compressionError("algorithm_1_tuned"),
  "compression-error-low-threshold": compressionError("threshold"),
  "compression-error-low-threshold-tuned": compressionError("threshold_tuned"),
  "figure-5-follows-error": simple(
    "figure5",
    [[epoch(1, 3, 0.9, -1), epoch(2, 2, 0.5, -1), epoch(3, 1, 0.1, 1)], 0.5],
    [[epoch(1, 1, 0.9, -1), epoch(2, 2, 0.5, -1), epoch(3, 3, 0.1, 1)], -1.5],
    [epoch(1, 1, 0.9, -1), epoch(2, 1, 0.5, -1)],
  ),
  "figure-5-decreases": simple(
    "figure5",
    [[epoch(3, 3, 0.1, 1), epoch(1, 4, 0.9, -1)], 0.25],
    [[epoch(1, 4, 0.9, -1), epoch(2, 6, 0.5, -1)], -0.5],
    [epoch(1, NaN, 0.9, -1)],
  ),
  "figure-5-margin-turns-positive": simple(
    "figure5",
    [[epoch(1, 4, 0.9, -2), epoch(2, 3, 0.5, 1)], 1],
    [[epoch(1, 4, 0.9, -2), epoch(2, 3, 0.5, -4)], -4],
    [epoch(1, 4, 0.9, NaN)],
  ),
};

/** chi at values of d. */
function keptAt(...points: readonly (readonly [number, number])[]): Row[] {
  return points.map(([d, chi]) => ({ layer: 1, d, chi }));
}

function evenness(kept: number, fullestRow: number, fullestColumn: number): Row {
  return {
    layer: 1,
    d: 1,
    kept_fraction: kept,
    inputs: 100,
    outputs: 40,
    largest_row_count: fullestRow,
    largest_column_count: fullestColumn,
  };
}

function weightCount(sketches: number, weights: number): Row {
  return {
    paper_width: 784,
    margin_rule: "minimum",
    ours_same_units_ln: sketches,
    parameter_count_same_units_ln: weights,
  };
}

function prunedTo(kept: number): Row {
  return { paper_width: 784, margin_rule: "minimum", d: 1, kept_fraction: kept, margin_logits: 1 };
}
