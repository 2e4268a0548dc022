/**
 * The margin condition of Theorem 5.2, solved for the pruning parameter d:
 *
 * gamma >= e ||x|| ( prod_l kappa_l L_l ||A^l|| ) sum_l (epsilon_l Gamma_l + rho_l J_l) / ||A^l||.
 *
 * Everything is kept in logarithms, as the product of norms overflows for wide networks, and the unknown is ln u with
 * u = d / (d + 2), as d spans thirty orders of magnitude.
 *
 * @module
 */
import { logSumExp } from "../math/log_domain.ts";
import { chi as keptFractionAt } from "./lemma_5_1.ts";
import { gammaOfLayer, type GaussianLayer } from "./lemma_c_2.ts";

/** What the condition knows of a layer besides its perturbation. */
export interface ConditionLayer {
  /** s_l = ||A^l||_2. */
  readonly spectralNorm: number;
  /** kappa_l of Appendix D. Default 1. */
  readonly kappa?: number;
}

/** The data of the condition, for 1-Lipschitz activations such as the ReLU. */
export interface MarginCondition<Layer extends ConditionLayer = ConditionLayer> {
  /** The layers, first to last. */
  readonly layers: readonly Layer[];
  /** gamma, in logit units. */
  readonly margin: number;
  /** The norm ||x||_2 for which the condition must hold: the largest of the training set. */
  readonly inputNorm: number;
}

/** The largest d for which the condition holds. */
export interface ConditionSolution {
  /** The pruning parameter of Algorithm 1; 0 where nothing may be pruned, or no more than at d = 7e-44. */
  readonly d: number;
  /** The condition's right-hand side at d, in logit units: at most gamma, and 0 where gamma is not positive. */
  readonly neededMargin: number;
  /** What stops d from growing. */
  readonly limitedBy: "margin" | "side condition" | "no positive margin" | "degenerate norms" | "nothing";
}

/** The solution for {@linkcode solveTheoremCondition}, with the rounding that it leaves room for. */
export interface TheoremSolution extends ConditionSolution {
  /** ln rho_l of each layer, rho_l in weight units; -Infinity where gamma is not positive. */
  readonly roundingStepsLn: readonly number[];
}

/** A layer with the factors of the theorem's probability. */
export interface TheoremLayer extends ConditionLayer, GaussianLayer {
  /** Markov's factor epsilon_l of Lemma C.2. */
  readonly epsilon: number;
  /** Markov's factor lambda_l of Lemma 5.1. */
  readonly lambda: number;
}

/** Options of {@linkcode solveTheoremCondition}. */
export interface TheoremConditionOptions {
  /** The share phi of the margin that rounding gets. Default 0.5. */
  readonly roundingShare?: number;
  /** The constant C in Gamma_l. Default 1. */
  readonly latalaConstant?: number;
}

/**
 * ln G, the logarithm of the largest relative perturbation sum_l (epsilon_l Gamma_l + rho_l J_l) / s_l that the margin
 * allows: G = gamma / (e ||x|| prod_l kappa_l s_l). Minus infinity where gamma is not positive.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const condition = { layers: [{ spectralNorm: 2 }], margin: 4 * Math.E, inputNorm: 1 };
 * assertAlmostEquals(perturbationBudgetLn(condition), Math.log(2));
 * ```
 */
export function perturbationBudgetLn({ layers, margin, inputNorm }: MarginCondition): number {
  if (!(margin > 0)) return -Infinity;
  const product = layers.reduce(
    (sum, { spectralNorm, kappa = 1 }) => sum + Math.log(kappa * spectralNorm),
    0,
  );
  return Math.log(margin) - 1 - Math.log(inputNorm) - product;
}

/**
 * The largest d for which the condition holds with the measured ||Delta^l||_2 in place of epsilon_l Gamma_l and no
 * rounding: what the numbers in the paper's tables rest on.
 *
 * @param condition The margin, the input norm and each layer's spectral norm and kappa.
 * @param relativePerturbation sum_l ||Delta^l||_2 / ||A^l||_2 after Algorithm 1 at d, with the same draws for every d.
 * @returns The largest d that was verified; the sum is only nearly monotone in d.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const condition = { layers: [{ spectralNorm: 1 }], margin: Math.E / 2, inputNorm: 1 };
 * const { d } = solveMeasuredCondition(condition, (d) => Math.sqrt(d / (d + 2)));
 * assertAlmostEquals(d, 2 / 3, 1e-4);
 * ```
 */
export function solveMeasuredCondition(
  condition: MarginCondition,
  relativePerturbation: (d: number) => number,
): ConditionSolution {
  const budgetLn = perturbationBudgetLn(condition);
  const impossible = reasonToKeepAll(budgetLn);
  if (impossible) return { d: 0, neededMargin: 0, limitedBy: impossible };
  const excessLn = (lnU: number): number => Math.log(relativePerturbation(parameterAt(lnU))) - budgetLn;
  const { lnU, excess } = largestFeasible(excessLn, 1e-4);
  return {
    d: parameterAt(lnU),
    neededMargin: condition.margin * Math.exp(excess),
    limitedBy: lnU === 0 ? "nothing" : "margin",
  };
}

/**
 * The largest d for which the condition holds as Theorem 5.2 states it, and the rounding steps rho_l.
 *
 * A step is at most 1/2, as ln(1/rho_l) counts the values of a weight. The margin is split: rounding gets the share phi, as with a fixed rho the right-hand side is not monotone in d and
 * may have no solution. The side condition epsilon_l Gamma_l + rho_l J_l <= ||A^l|| / L, which the statement omits and
 * its proof needs (erratum 7), is enforced with the same split.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const layer = { outputs: 10, inputs: 10, variance: 0.1, spectralNorm: 2, epsilon: 1, lambda: 1 };
 * const { limitedBy } = solveTheoremCondition({ layers: [layer], margin: 1e9, inputNorm: 1 });
 * assertEquals(limitedBy, "side condition");
 * ```
 */
export function solveTheoremCondition(
  condition: MarginCondition<TheoremLayer>,
  options: TheoremConditionOptions = {},
): TheoremSolution {
  const { roundingShare = 0.5, latalaConstant = 1 } = options;
  const { layers, margin } = condition;
  const budgetLn = perturbationBudgetLn(condition);
  const impossible = reasonToKeepAll(budgetLn);
  if (impossible) {
    return { d: 0, neededMargin: 0, limitedBy: impossible, roundingStepsLn: layers.map(() => -Infinity) };
  }
  const relative = (d: number): number[] =>
    layers.map((layer) => layer.epsilon * gammaOfLayer(layer, d, latalaConstant) / layer.spectralNorm);
  const marginExcess = (lnU: number): number =>
    Math.log(sum(relative(parameterAt(lnU)))) - Math.log1p(-roundingShare) - budgetLn;
  const sideExcess = (lnU: number): number =>
    Math.log(layers.length * Math.max(...relative(parameterAt(lnU)))) - Math.log1p(-roundingShare);
  const byMargin = largestFeasible(marginExcess, 1e-12).lnU;
  const bySide = largestFeasible(sideExcess, 1e-12).lnU;
  const d = parameterAt(Math.min(byMargin, bySide));
  const roundingRelativeLn = Math.log(roundingShare / layers.length) + Math.min(0, budgetLn);
  return {
    d,
    neededMargin: margin *
      Math.exp(
        logSumExp([Math.log(sum(relative(d))), Math.log(layers.length) + roundingRelativeLn]) - budgetLn,
      ),
    limitedBy: bySide < byMargin ? "side condition" : byMargin === 0 ? "nothing" : "margin",
    roundingStepsLn: layers.map((layer) =>
      Math.min(
        -Math.LN2,
        roundingRelativeLn + Math.log(layer.spectralNorm / expectedKeptCount(layer, d)),
      )
    ),
  };
}

/**
 * J_l, the number of nonzero weights that Lemma 5.1 allows: lambda_l chi on the N - min(d1, d2) entries off the
 * diagonal, and the diagonal, which is always kept (erratum 21).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(expectedKeptCount({ outputs: 10, inputs: 20, lambda: 1 }, Infinity), 10);
 * ```
 */
export function expectedKeptCount(
  { outputs, inputs, lambda }: { readonly outputs: number; readonly inputs: number; readonly lambda: number },
  d: number,
): number {
  const diagonal = Math.min(outputs, inputs);
  return lambda * keptFractionAt(d) * (outputs * inputs - diagonal) + diagonal;
}

/** Why nothing may be pruned whatever the perturbation: no margin to spend, or norms that are zero or not finite. */
function reasonToKeepAll(budgetLn: number): "no positive margin" | "degenerate norms" | undefined {
  if (budgetLn === -Infinity) return "no positive margin";
  return Number.isFinite(budgetLn) ? undefined : "degenerate norms";
}

/** d = 2 u / (1 - u) at u = exp(lnU); expm1 keeps the digits of 1 - u near u = 1. */
function parameterAt(lnU: number): number {
  return lnU === 0 ? Infinity : -2 * Math.exp(lnU) / Math.expm1(lnU);
}

/** From here on, d = 7e-44, more is looked for. */
const smallestLnU = -100;

/**
 * The largest lnU <= 0 with excess(lnU) <= 0, for an excess that grows with lnU, to within `tolerance` in lnU; minus
 * infinity, at which nothing is pruned, where it is positive at `smallestLnU` already.
 *
 * Regula falsi with the Illinois modification: both sides are nearly linear in lnU, so a handful of evaluations is
 * enough; an infinite excess (nothing pruned yet) is bisected. The answer was itself evaluated, so it is feasible.
 */
function largestFeasible(
  excess: (lnU: number) => number,
  tolerance: number,
): { lnU: number; excess: number } {
  let high = { lnU: 0, excess: excess(0) };
  if (high.excess <= 0) return high;
  let low = { lnU: smallestLnU, excess: excess(smallestLnU) };
  if (!(low.excess <= 0)) return { lnU: -Infinity, excess: -Infinity };
  let weights = { low: -Infinity, high: high.excess };
  let moved: "low" | "high" | undefined;
  while (high.lnU - low.lnU > tolerance) {
    const width = high.lnU - low.lnU;
    const step = clampTo(
      width * interpolationShare(weights.low, weights.high),
      tolerance / 2,
      width - tolerance / 2,
    );
    const middle = { lnU: low.lnU + step, excess: excess(low.lnU + step) };
    // An end that stays put twice in a row counts half, so that the bracket shrinks from both sides.
    if (middle.excess <= 0) {
      weights = { low: middle.excess, high: moved === "low" ? weights.high / 2 : weights.high };
      [low, moved] = [middle, "low"];
    } else {
      weights = { low: moved === "high" ? weights.low / 2 : weights.low, high: middle.excess };
      [high, moved] = [middle, "high"];
    }
  }
  return low;
}

/** Where the chord through both ends crosses zero, as a share of the bracket; the middle where an end is infinite. */
function interpolationShare(lowWeight: number, highWeight: number): number {
  return Number.isFinite(lowWeight) && Number.isFinite(highWeight)
    ? lowWeight / (lowWeight - highWeight)
    : 0.5;
}

function clampTo(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
