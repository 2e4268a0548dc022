/**
 * Generalization bounds for magnitude-based pruning: the statements of the paper, its bounds and their baselines in
 * every reading, and the measurement of networks of your own. The experiments that reproduce its figures and tables are
 * the command line's.
 *
 * Symbols are named for what they mean, files for where they stand in the paper: Lemma 5.1 is
 * `src/theory/lemma_5_1.ts`, Bartlett et al. 2017 is `src/bounds/bartlett_2017.ts`.
 *
 * @example The paper's bound for a network of your own
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ours } from "./mod.ts";
 *
 * const layer = { outputs: 10, inputs: 784, spectralNorm: 2, frobeniusNorm: 6, twoOneDistance: 15, variance: 0.005 };
 * const ln = ours.ln.sameUnits({
 *   layers: [layer],
 *   exampleCount: 60_000,
 *   classes: 10,
 *   maximumInputNorm: 28,
 *   rootMeanSquareInputNorm: 26,
 *   margin: 1,
 *   marginLoss: 0.1,
 *   trainError: 0.05,
 *   pruning: { d: 0.1, marginLoss: 0.1 },
 * });
 * assertEquals(Math.exp(ln) < 3, true);
 * ```
 *
 * @module
 */

// src/math
export * from "./src/math/bernoulli_divergence.ts";
export * from "./src/math/binomial.ts";
export * from "./src/math/bisection.ts";
export * from "./src/math/codebook.ts";
export * from "./src/math/continued_fraction.ts";
export * from "./src/math/error_function.ts";
export * from "./src/math/incomplete_beta.ts";
export * from "./src/math/l1_recovery.ts";
export * from "./src/math/log_domain.ts";
export * from "./src/math/log_gamma.ts";
export * from "./src/math/matrix.ts";
export * from "./src/math/norms.ts";
export * from "./src/math/random_stream.ts";
export * from "./src/math/requirements.ts";
export * from "./src/math/sample_statistics.ts";
export * from "./src/math/sparse_matrix.ts";
export * from "./src/math/spectral_norm.ts";
export * from "./src/math/subset_sum.ts";
export * from "./src/math/two_sided_map.ts";

// src/theory
export * from "./src/theory/algorithm_1.ts";
export * from "./src/theory/assumption_3_1.ts";
export * from "./src/theory/condition_d_1.ts";
export * from "./src/theory/definition_3_1.ts";
export * from "./src/theory/definition_5_1.ts";
export * from "./src/theory/definition_f_1.ts";
export * from "./src/theory/equation_1.ts";
export * from "./src/theory/lemma_5_1.ts";
export * from "./src/theory/lemma_c_1.ts";
export * from "./src/theory/lemma_c_2.ts";
export * from "./src/theory/lemma_c_3.ts";
export * from "./src/theory/lemma_c_4.ts";
export * from "./src/theory/lemma_c_5.ts";
export * from "./src/theory/lemma_d_1.ts";
export * from "./src/theory/lemma_d_2.ts";
export * from "./src/theory/lemma_d_3.ts";
export * from "./src/theory/lemma_d_4.ts";
export * from "./src/theory/lemma_e_1.ts";
export * from "./src/theory/lemma_e_2.ts";
export * from "./src/theory/lemma_e_3.ts";
export * from "./src/theory/lemma_f_1.ts";
export * from "./src/theory/margin_loss.ts";
export * from "./src/theory/theorem_3_1.ts";
export * from "./src/theory/theorem_5_1.ts";
export * from "./src/theory/theorem_5_1_experiment.ts";
export * from "./src/theory/theorem_5_2.ts";
export * from "./src/theory/theorem_5_2_condition.ts";
export * from "./src/theory/theorem_6_1.ts";
export * from "./src/theory/theorem_e_1.ts";
export * from "./src/theory/theorem_f_1.ts";
export * from "./src/theory/theorem_f_1_construction.ts";
export * from "./src/theory/theorem_h_1.ts";
export * from "./src/theory/lemma_4_1.ts";
export * from "./src/theory/lemma_4_2.ts";
export * from "./src/theory/theorem_5_2_at_given_d.ts";

// src/bounds
export * from "./src/bounds/bartlett_2017.ts";
export * from "./src/bounds/bound.ts";
export * from "./src/bounds/certified.ts";
export * from "./src/bounds/dead_paths.ts";
export * from "./src/bounds/mod.ts";
export * from "./src/bounds/neyshabur_2015.ts";
export * from "./src/bounds/neyshabur_2017.ts";
export * from "./src/bounds/ours.ts";
export * from "./src/bounds/parameter_count.ts";
export * from "./src/bounds/arora_2018.ts";
export * from "./src/bounds/ju_2022.ts";

// src/datasets
export * from "./src/datasets/assemble.ts";
export * from "./src/datasets/cifar10.ts";
export * from "./src/datasets/dataset.ts";
export * from "./src/datasets/idx.ts";
export * from "./src/datasets/png_layout.ts";
export * from "./src/datasets/raw_files.ts";
export * from "./src/datasets/scaling.ts";
export * from "./src/datasets/subset.ts";
export * from "./src/datasets/idx_folder.ts";
export * from "./src/datasets/pixel_scaling.ts";

// src/network
export * from "./src/network/mlp.ts";
export * from "./src/network/weights.ts";
export * from "./src/network/weight_chain.ts";

// A network of your own
export * from "./src/artifacts/own_network.ts";
export { networkColumns } from "./src/artifacts/bound_columns.ts";
export type { Presentation } from "./src/artifacts/artifact.ts";
export * from "./src/experiments/certified_codes.ts";
export * from "./src/experiments/layer_checks.ts";
export { type ExampleSet, scaledExamples } from "./src/experiments/example_set.ts";
export { type OwnNetwork, type RecognisedScaling, recogniseScaling } from "./src/experiments/own_network.ts";
export type { EngineName } from "./src/network/engines/engine.ts";
export type { Batch } from "./src/network/train.ts";
export * from "./src/render/table.ts";
export * from "./src/render/text.ts";
