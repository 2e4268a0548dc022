/**
 * The certified bound: the error of a pruned and quantised network, with every constant explicit and every bit counted.
 *
 * The network is written down in a prefix code that is fixed before the training set is seen. A code of length K nats
 * is a prior mass exp(-K), and with probability 1 - delta over the training set every network of the code satisfies
 * Theorem E.1 with ln J = K. The training error is that of the very network that is coded. No margin, no Lipschitz
 * product and no assumption on the weights is needed, and any pruning and fine-tuning is allowed.
 *
 * The architecture and the code's options must be fixed before the data are seen; what was chosen by looking at them is
 * paid for in {@linkcode CodeOptions.choices}.
 *
 * @module
 */
import type { Codebook } from "../math/codebook.ts";
import { logBinomial, logMultinomial } from "../math/log_gamma.ts";
import type { Matrix } from "../math/matrix.ts";
import { requireInteger } from "../math/requirements.ts";
import { binomialTailBound, divergenceBound, hoeffdingBound } from "../theory/theorem_e_1.ts";
import { livingPart, requireChain } from "./dead_paths.ts";

/** A pruned layer whose nonzero weights all come from a codebook. */
export interface QuantisedLayer {
  /** The weights (rows = outputs, columns = inputs): zero, or a value of the codebook. */
  readonly weights: Matrix;
  /** The values in use, and what writing them down costs. */
  readonly codebook: Codebook;
}

/** How the network is written down. Every option must be fixed before the training set is seen, or be a choice. */
export interface CodeOptions {
  /**
   * Whether it is said first which inputs and hidden units have any weight, so that only places between those are coded:
   * much shorter where pruning has left few inputs. Default false.
   */
  readonly namesLivingUnits?: boolean;
  /**
   * Where the nonzero weights are: one set for the layer (`whole`, the default), or a set for each input (`columns`),
   * which is shorter where inputs differ much in how many weights they keep.
   */
  readonly supportCode?: "whole" | "columns";
  /**
   * Which value each has: b bits each (`fixed`, the default), or the number of uses of each value and then the
   * arrangement (`enumerated`), which is shorter where some values are frequent.
   */
  readonly levelCode?: "fixed" | "enumerated";
  /** For each decision that was made with the training set (kept share, bits, epoch), out of how many. Default none. */
  readonly choices?: readonly number[];
  /** Whether networks that differ only in the order of hidden units count as one. Default true. */
  readonly countsPermutationsOnce?: boolean;
}

/** One term of the code's length. */
export interface CodeTerm {
  /** What is written down. */
  readonly part: "units" | "count" | "support" | "levels" | "codebook" | "choices" | "permutations";
  /** The layer, from 1, or 0 for the network as a whole. */
  readonly layer: number;
  /** The length in nats; negative for what permutations save. */
  readonly nats: number;
}

/** What was observed of the coded network on its training set. */
export interface TrainingObservation {
  /** The number of training examples that the coded network classifies wrongly, ties counted as wrong. */
  readonly errors: number;
  /** n = |S|. */
  readonly exampleCount: number;
  /** delta, the probability with which the bound may fail. */
  readonly delta: number;
}

/** The certificate: upper bounds on the network's true error, each with probability 1 - delta, and their parts. */
export interface Certificate {
  /** The training error, a fraction. */
  readonly trainError: number;
  /** The code's length ln J, in nats. */
  readonly codeNats: number;
  /** The terms of which `codeNats` is the sum. */
  readonly terms: readonly CodeTerm[];
  /** R^ + sqrt( (ln J + ln(1/delta)) / (2n) ). Vacuous from 1 on. */
  readonly hoeffding: number;
  /** sup{p : kl(R^ || p) <= (ln J + ln(1/delta)) / n}. */
  readonly divergence: number;
  /** The exact inversion of the binomial tail at delta / J: the smallest of the three. */
  readonly binomialTail: number;
}

/**
 * Certifies a pruned and quantised network.
 *
 * The three bounds may be reported side by side: each is at least `binomialTail`, and all hold on one event.
 *
 * @param layers The coded network, in order.
 * @param observation What it did on the training set.
 * @param options How it is written down.
 * @throws {RangeError} If there is no layer, a weight is not in its codebook, or a number is out of range.
 * @throws {TypeError} If the layers do not fit together.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { kMeansCodebook, quantise } from "../math/codebook.ts";
 * import { matrix } from "../math/matrix.ts";
 * const weights = matrix(2, 4, Float64Array.of(1, 0, 0, 0, 0, 0, -1, 0));
 * const codebook = kMeansCodebook(weights.data, { bits: 1 });
 * const layers = [{ weights: quantise(weights, codebook), codebook }];
 * const { binomialTail } = certifiedBound(layers, { errors: 20, exampleCount: 1000, delta: 0.05 });
 * assert(binomialTail > 0.02 && binomialTail < 0.12);
 * ```
 */
export function certifiedBound(
  layers: readonly QuantisedLayer[],
  { errors, exampleCount, delta }: TrainingObservation,
  options: CodeOptions = {},
): Certificate {
  requireInteger("certify the network", "the number of examples", exampleCount, 1);
  requireInteger("certify the network", "the number of errors", errors, 0);
  const terms = networkCode(layers, options);
  const codeNats = terms.reduce((total, { nats }) => total + nats, 0);
  const finiteClass = { loss: errors / exampleCount, classSizeLn: codeNats, exampleCount, delta };
  return {
    trainError: finiteClass.loss,
    codeNats,
    terms,
    hoeffding: hoeffdingBound(finiteClass),
    divergence: divergenceBound(finiteClass),
    binomialTail: binomialTailBound(finiteClass),
  };
}

/**
 * The length of the network's code, term by term, in nats.
 *
 * A layer of N weights with alpha nonzero ones and b bits costs ln(N + 1) for alpha, ln C(N, alpha) for where they are,
 * alpha b ln 2 for their values, and the codebook's stored numbers. The bits b and the numbers' precision belong to the
 * options that are fixed in advance. With `namesLivingUnits`, N is the number of places between living units, and which
 * a of a layer's h inputs those are costs ln(h + 1) + ln C(h, a).
 *
 * @throws {RangeError} If there is no layer, or a weight is not in its codebook.
 * @throws {TypeError} If the layers do not fit together.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const codebook = { values: Float64Array.of(-1, 1), indexBits: 1, storedNumbers: 2, numberBits: 16 as const };
 * const layers = [{ weights: matrix(1, 4, Float64Array.of(1, 0, 0, -1)), codebook }];
 * const nats = networkCode(layers).reduce((total, term) => total + term.nats, 0);
 * assertAlmostEquals(nats, Math.log(5) + Math.log(6) + 2 * Math.LN2 + 32 * Math.LN2);
 * ```
 */
export function networkCode(layers: readonly QuantisedLayer[], options: CodeOptions = {}): CodeTerm[] {
  const { choices = [], countsPermutationsOnce = true } = options;
  requireChain(layers.map(({ weights }) => weights));
  layers.forEach(requireCodebookValues);
  const terms = options.namesLivingUnits ? livingCode(layers, options) : wholeCode(layers, options);
  if (choices.length > 0) terms.push({ part: "choices", layer: 0, nats: choicesNats(choices) });
  if (countsPermutationsOnce && layers.length > 1) {
    const saving = permutationSaving(layers.map(({ weights }) => weights));
    terms.push({ part: "permutations", layer: 0, nats: -saving });
  }
  return terms;
}

/**
 * What is saved by counting networks once that differ only in the order of their hidden units, in nats: a lower bound
 * on ln of the number of different networks among all reorderings, sum_l [ ln h_l! - sum_groups ln g! ].
 *
 * A reordering that changes nothing can only exchange units with the same row of incoming weights: given the order of
 * the layer before, the orders of a layer that change nothing are at most the product of g! over its groups of g equal
 * rows. Dead units, whose rows are zero, form one such group. Every reordering has a code of the same length, so that
 * their prior masses add up.
 *
 * @param weights The weight matrices in order (rows = outputs, columns = inputs).
 * @throws {RangeError} If there is no layer.
 * @throws {TypeError} If the layers do not fit together.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrix } from "../math/matrix.ts";
 * const first = matrix(3, 1, Float64Array.of(1, 2, 2));
 * assertAlmostEquals(permutationSaving([first, matrix(1, 3)]), Math.log(3));
 * ```
 */
export function permutationSaving(weights: readonly Matrix[]): number {
  requireChain(weights);
  return weights.slice(0, -1).reduce((total, layer) => total + logMultinomial(equalRowCounts(layer)), 0);
}

function wholeCode(layers: readonly QuantisedLayer[], options: CodeOptions): CodeTerm[] {
  return layers.flatMap((layer, index) => layerCode(layer, index + 1, options));
}

function livingCode(layers: readonly QuantisedLayer[], options: CodeOptions): CodeTerm[] {
  const part = livingPart(layers.map(({ weights }) => weights));
  const terms = layers.map(({ weights: { columns } }, index): CodeTerm => ({
    part: "units",
    layer: index + 1,
    nats: Math.log1p(columns) + logBinomial(columns, part.units[index].length),
  }));
  const living = layers.map((layer, index) => ({ ...layer, weights: part.layers[index] }));
  return [...terms, ...wholeCode(living, options)];
}

function layerCode(layer: QuantisedLayer, number: number, options: CodeOptions): CodeTerm[] {
  const { supportCode = "whole", levelCode = "fixed" } = options;
  const { codebook } = layer;
  const support = supportCode === "whole" ? wholeSupport(layer.weights) : columnSupport(layer.weights);
  const levels = levelCode === "fixed" ? fixedLevels(layer) : enumeratedLevels(layer);
  return [
    { part: "count", layer: number, nats: support.count },
    { part: "support", layer: number, nats: support.positions },
    { part: "levels", layer: number, nats: levels },
    { part: "codebook", layer: number, nats: codebook.storedNumbers * codebook.numberBits * Math.LN2 },
  ];
}

function wholeSupport({ data }: Matrix): { count: number; positions: number } {
  return { count: Math.log1p(data.length), positions: logBinomial(data.length, nonzeroCount(data)) };
}

function columnSupport({ rows, columns, data }: Matrix): { count: number; positions: number } {
  const counts = new Uint32Array(columns);
  data.forEach((weight, index) => {
    if (weight !== 0) counts[index % columns]++;
  });
  const positions = counts.reduce((total, count) => total + logBinomial(rows, count), 0);
  return { count: columns * Math.log1p(rows), positions };
}

function fixedLevels({ weights, codebook }: QuantisedLayer): number {
  return nonzeroCount(weights.data) * codebook.indexBits * Math.LN2;
}

// The uses of each of K = 2^b values are a composition of alpha into K parts; then their arrangement.
function enumeratedLevels({ weights, codebook }: QuantisedLayer): number {
  const uses = new Map<number, number>();
  for (const weight of weights.data) if (weight !== 0) uses.set(weight, (uses.get(weight) ?? 0) + 1);
  const valueCount = 2 ** codebook.indexBits;
  const composition = logBinomial(nonzeroCount(weights.data) + valueCount - 1, valueCount - 1);
  return composition + logMultinomial([...uses.values()]);
}

function choicesNats(choices: readonly number[]): number {
  return choices.reduce((total, alternatives) => {
    requireInteger("count choices", "the number of alternatives", alternatives, 1);
    return total + Math.log(alternatives);
  }, 0);
}

function nonzeroCount(data: Matrix["data"]): number {
  let count = 0;
  for (const weight of data) if (weight !== 0) count++;
  return count;
}

function equalRowCounts({ rows, columns, data }: Matrix): number[] {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const key = rowKey(data.subarray(row * columns, (row + 1) * columns));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()];
}

function rowKey(row: Matrix["data"]): string {
  const parts: string[] = [];
  row.forEach((weight, column) => {
    if (weight !== 0) parts.push(`${column}:${weight}`);
  });
  return parts.join();
}

function requireCodebookValues({ weights, codebook }: QuantisedLayer, index: number): void {
  if (codebook.values.length > 2 ** codebook.indexBits) {
    throw new RangeError(
      `Cannot code layer ${
        index + 1
      } as its codebook must have at most 2^${codebook.indexBits} values: there are ${codebook.values.length}`,
    );
  }
  const values = new Set(codebook.values);
  const stray = weights.data.find((weight) => weight !== 0 && !values.has(weight));
  if (stray === undefined) return;
  throw new RangeError(
    `Cannot code layer ${
      index + 1
    } as its weights must be zero or in its codebook: current value is ${stray}`,
  );
}
