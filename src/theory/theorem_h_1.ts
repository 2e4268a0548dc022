/**
 * Theorem H.1: convolutional networks from which whole filters are pruned at random.
 *
 * The statement and its proof count different things (erratum 23); both are here, with the plain count beside them.
 *
 * @module
 */
import {
  requireEntries,
  requireInteger,
  requireNonNegative,
  requireOpenProbability,
  requirePositive,
  requireProbability,
} from "../math/requirements.ts";

/** A convolutional layer F_k in R^{d_k x d_{k-1} x p_k x p_k}. */
export interface ConvolutionalLayer {
  /** d_k, the number of filters. */
  readonly filters: number;
  /** d_{k-1}, the number of input channels. */
  readonly channels: number;
  /** p_k, the side of a kernel. */
  readonly kernel: number;
}

/** What the bound needs besides the layers. */
export interface ConvolutionalPruning {
  /** alpha in [0, 1]: d_k^alpha filters of each layer are pruned. */
  readonly alpha: number;
  /** rho, the rounding step in (0, 1). */
  readonly roundingStep: number;
  /** R^_gamma(F), a fraction. */
  readonly marginLoss: number;
  /** n = |S|. */
  readonly exampleCount: number;
}

/** The quantities of the theorem's margin condition. */
export interface ConvolutionalMargin {
  /** K, the number of layers, an integer >= 2. */
  readonly layerCount: number;
  /** p = max_k p_k. */
  readonly kernel: number;
  /** D = max_k d_k. */
  readonly filters: number;
  /** p_0, the side of an input. */
  readonly inputSide: number;
  /** The activations' Lipschitz constant. */
  readonly lipschitz: number;
  /** alpha, from which the proof takes beta_2 = alpha / 4; it takes beta_1 = 1, which the statement excludes. */
  readonly alpha: number;
}

/**
 * The count in the statement, sum_k p_k^2 d_{k-1} d_k^alpha ln^2(p_k^2 d_k): it charges for the filters that were
 * pruned.
 *
 * @param alpha In [0, 1].
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { filters: 4, channels: 5, kernel: 1 };
 * assertAlmostEquals(convolutionalCountPrinted([layer], 0.5), 10 * Math.log(4) ** 2);
 * ```
 */
export function convolutionalCountPrinted(layers: readonly ConvolutionalLayer[], alpha: number): number {
  return sumOver(layers, alpha, ({ filters, channels, kernel }) => {
    return kernel ** 2 * channels * filters ** alpha * squaredLogOfSide(filters, kernel);
  });
}

/**
 * The count in the proof, sum_k p_k^4 d_{k-1} (d_k - d_k^alpha) ln^2(p_k^2 d_k): it charges for the filters that
 * remain, p_k^2 times as much each.
 *
 * @param alpha In [0, 1].
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { filters: 4, channels: 5, kernel: 2 };
 * assertAlmostEquals(convolutionalCountOfProof([layer], 0.5), 160 * Math.log(16) ** 2);
 * ```
 */
export function convolutionalCountOfProof(layers: readonly ConvolutionalLayer[], alpha: number): number {
  return sumOver(layers, alpha, ({ filters, channels, kernel }) => {
    return kernel ** 4 * channels * (filters - filters ** alpha) * squaredLogOfSide(filters, kernel);
  });
}

/**
 * The number of weights that remain, sum_k p_k^2 d_{k-1} (d_k - d_k^alpha): far below the proof's count, so that
 * sketching gains nothing here.
 *
 * @param alpha In [0, 1].
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(remainingWeights([{ filters: 4, channels: 5, kernel: 2 }], 0.5), 40);
 * ```
 */
export function remainingWeights(layers: readonly ConvolutionalLayer[], alpha: number): number {
  return sumOver(layers, alpha, ({ filters, channels, kernel }) => {
    return kernel ** 2 * channels * (filters - filters ** alpha);
  });
}

/**
 * R^_gamma(F) + C sqrt( count ln(1/rho) / n ), with the count of the statement or of the proof.
 *
 * @param count The count of one of the functions above.
 * @param constant C of O(); the paper leaves it open.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const pruning = { alpha: 0.5, roundingStep: Math.exp(-1), marginLoss: 0.1, exampleCount: 100 };
 * assertAlmostEquals(convolutionalBound(4, pruning), 0.3);
 * ```
 */
export function convolutionalBound(
  count: number,
  { roundingStep, marginLoss, exampleCount }: Omit<ConvolutionalPruning, "alpha">,
  constant = 1,
): number {
  requireNonNegative("bound the risk", "the count", count);
  requireOpenProbability("bound the risk", "the rounding step", roundingStep);
  requireProbability("bound the risk", "the margin loss", marginLoss);
  requireInteger("bound the risk", "the number of examples", exampleCount, 1);
  requireNonNegative("bound the risk", "the constant", constant);
  return marginLoss + constant * Math.sqrt(-count * Math.log(roundingStep) / exampleCount);
}

/**
 * The margin that the theorem asks for (Qian and Klabjan 2021), p^-b1 L^(K-1) p_0 sqrt(K)
 * [ p^-b1 (p^-b1 + D^-b2)^(K-2) - p^(-(K-1) b1) ] with b1 = 1 and b2 = alpha / 4. It is 0 for K = 2, where pruning
 * would cost nothing.
 *
 * @returns gamma, in logit units.
 * @throws {RangeError} If a field is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const network = { layerCount: 3, kernel: 2, filters: 16, inputSide: 8, lipschitz: 1, alpha: 1 };
 * assertAlmostEquals(convolutionalMargin(network), Math.sqrt(3));
 * ```
 */
export function convolutionalMargin(network: ConvolutionalMargin): number {
  requireMargin(network);
  const { layerCount, kernel, filters, inputSide, lipschitz, alpha } = network;
  const [inverseKernel, width] = [1 / kernel, filters ** (-alpha / 4)];
  const pruned = inverseKernel * (inverseKernel + width) ** (layerCount - 2);
  const scale = inverseKernel * lipschitz ** (layerCount - 1) * inputSide * Math.sqrt(layerCount);
  return scale * (pruned - inverseKernel ** (layerCount - 1));
}

function squaredLogOfSide(filters: number, kernel: number): number {
  return Math.log(kernel ** 2 * filters) ** 2;
}

function sumOver(
  layers: readonly ConvolutionalLayer[],
  alpha: number,
  count: (layer: ConvolutionalLayer) => number,
): number {
  requireEntries("count filters", "the list of layers", layers);
  requireProbability("count filters", "alpha", alpha);
  return layers.reduce((total, layer) => {
    requireInteger("count filters", "the number of filters", layer.filters, 1);
    requireInteger("count filters", "the number of channels", layer.channels, 1);
    requireInteger("count filters", "the kernel's side", layer.kernel, 1);
    return total + count(layer);
  }, 0);
}

function requireMargin(network: ConvolutionalMargin): void {
  requireInteger("compute the margin", "the number of layers", network.layerCount, 2);
  requireInteger("compute the margin", "the kernel's side", network.kernel, 1);
  requireInteger("compute the margin", "the number of filters", network.filters, 1);
  requirePositive("compute the margin", "the input's side", network.inputSide);
  requireNonNegative("compute the margin", "the Lipschitz constant", network.lipschitz);
  requireProbability("compute the margin", "alpha", network.alpha);
}
