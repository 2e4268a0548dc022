/**
 * Theorem 6.1: the generalisation of a lottery ticket, a subnetwork of a random network that imitates a target.
 *
 * The statement counts the target's parameters in sketched form. The corrected sketch (erratum 22) counts more, and the
 * mask alone counts less: the weights of the random network are drawn before S, so that only their choice is learned.
 *
 * @module
 */
import { logBinomial } from "../math/log_gamma.ts";
import {
  requireEntries,
  requireInteger,
  requireNonNegative,
  requireOpenProbability,
  requireProbability,
} from "../math/requirements.ts";
import { hoeffdingBound } from "./theorem_e_1.ts";
import { activeWeights, type TicketTarget } from "./theorem_f_1.ts";

/** What the bound needs besides the count of parameters. */
export interface TicketObservation {
  /** The empirical loss, a fraction. */
  readonly marginLoss: number;
  /** n = |S|. */
  readonly exampleCount: number;
}

/** A layer of the random network and what the ticket keeps of it. */
export interface TicketLayer {
  /** d1, the number of rows. */
  readonly outputs: number;
  /** d2, the number of columns. */
  readonly inputs: number;
  /** The number of active weights. */
  readonly nonzeroCount: number;
}

/**
 * The number of parameters as printed, (n_M d_{0,1} + L n_M^2) ln^2(D_G).
 *
 * @param hostWidth D_G, the largest hidden dimension of the random network.
 * @throws {RangeError} If a field or the width is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const target = { inputs: 2, hiddenWidth: 3, depth: 4 };
 * assertAlmostEquals(ticketCountPrinted(target, 100), 42 * Math.log(100) ** 2);
 * ```
 */
export function ticketCountPrinted(target: TicketTarget, hostWidth: number): number {
  requireHostWidth(hostWidth);
  return activeWeights(target) * Math.log(hostWidth) ** 2;
}

/**
 * The number of parameters with erratum 22: 2 ( max(n_M d_{0,1}, D_G) + (L - 1) max(n_M^2, D_G) ) ln^2(D_G).
 *
 * There are 2L layers to sketch, not L. Theorem 5.1 needs a diagonal without zeros, so that a sketch of a layer with
 * side D_G has at least D_G ln^2(D_G) entries however few weights are active.
 *
 * @param hostWidth D_G.
 * @throws {RangeError} If a field or the width is not an integer >= 1.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const target = { inputs: 2, hiddenWidth: 3, depth: 4 };
 * assertAlmostEquals(ticketCountSketched(target, 100), 800 * Math.log(100) ** 2);
 * ```
 */
export function ticketCountSketched(target: TicketTarget, hostWidth: number): number {
  requireHostWidth(hostWidth);
  const { inputs, hiddenWidth, depth } = target;
  const first = Math.max(hiddenWidth * inputs, hostWidth);
  const others = (depth - 1) * Math.max(hiddenWidth ** 2, hostWidth);
  return 2 * (first + others) * Math.log(hostWidth) ** 2;
}

/**
 * R^ + C sqrt( count ln(1/rho) / n ), with one of the counts above.
 *
 * As printed R^ is R^_{epsilon + epsilon_rho}(G~). With errata 1 and 22 it is the target's, at twice that margin:
 * {@linkcode ticketMargin}.
 *
 * @param roundingStep rho, in (0, 1).
 * @param constant C of O(); the paper leaves it open.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(ticketBound(4, Math.exp(-1), { marginLoss: 0.1, exampleCount: 100 }), 0.3);
 * ```
 */
export function ticketBound(
  count: number,
  roundingStep: number,
  { marginLoss, exampleCount }: TicketObservation,
  constant = 1,
): number {
  requireNonNegative("bound the risk of the ticket", "the count", count);
  requireOpenProbability("bound the risk of the ticket", "the rounding step", roundingStep);
  requireProbability("bound the risk of the ticket", "the margin loss", marginLoss);
  requireInteger("bound the risk of the ticket", "the number of examples", exampleCount, 1);
  requireNonNegative("bound the risk of the ticket", "the constant", constant);
  return marginLoss + constant * Math.sqrt(count * -Math.log(roundingStep) / exampleCount);
}

/**
 * The margin at which the target's loss bounds the ticket's, with erratum 1: 2 (epsilon + epsilon_rho), as two outputs
 * may move towards each other.
 *
 * @param epsilon The ticket's largest difference from the target, in logit units.
 * @param roundingError epsilon_rho, in logit units. Default 0.
 * @throws {RangeError} If an argument is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ticketMargin(0.25, 0.5), 1.5);
 * ```
 */
export function ticketMargin(epsilon: number, roundingError = 0): number {
  requireNonNegative("choose the margin", "epsilon", epsilon);
  requireNonNegative("choose the margin", "the rounding error", roundingError);
  return 2 * (epsilon + roundingError);
}

/**
 * The probability as printed, 1 - delta - L D_G^-c, with a sketch of each of L layers.
 *
 * @param delta The probability that there is no ticket.
 * @param c The exponent of Theorem 5.1; Remark 5.1 says at least 2.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(ticketProbabilityPrinted(4, 10, 0.05), 0.91);
 * ```
 */
export function ticketProbabilityPrinted(depth: number, hostWidth: number, delta: number, c = 2): number {
  requireInteger("state the probability", "the depth", depth, 1);
  requireHostWidth(hostWidth);
  requireProbability("state the probability", "delta", delta);
  requireNonNegative("state the probability", "c", c);
  return 1 - delta - depth * hostWidth ** -c;
}

/**
 * The probability with erratum 22: the random network has 2L layers, each with a sketch of its own.
 *
 * @param depth L, the target's number of layers.
 * @param delta The probability that there is no ticket, or that the bound of Theorem 3.1 fails.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(ticketProbability(4, 10, 0.05), 0.87);
 * ```
 */
export function ticketProbability(depth: number, hostWidth: number, delta: number, c = 2): number {
  return ticketProbabilityPrinted(2 * depth, hostWidth, delta, c);
}

/**
 * ln of the number of tickets, sum_l [ ln C(d1 d2, active) + ln(d1 d2 + 1) ] over the 2L layers, in nats: the positions
 * of the active weights and their number. Their values are those of the random network, which was there before S.
 *
 * @throws {RangeError} If there is no layer, or more weights are active than there are.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(ticketMaskLn([{ outputs: 2, inputs: 2, nonzeroCount: 2 }]), Math.log(6 * 5));
 * ```
 */
export function ticketMaskLn(layers: readonly TicketLayer[]): number {
  requireEntries("count tickets", "the list of layers", layers);
  return layers.reduce((total, { outputs, inputs, nonzeroCount }) => {
    const entries = outputs * inputs;
    return total + logBinomial(entries, nonzeroCount) + Math.log1p(entries);
  }, 0);
}

/**
 * R^_0(G~) + sqrt( (ln J + ln(1/delta)) / (2n) ) with ln J of {@linkcode ticketMaskLn}: Theorem E.1 for tickets. It
 * needs no margin, no rounding and no sketch.
 *
 * @param observation The ticket's own training error and n.
 * @param delta The probability of failure.
 * @throws {RangeError} If an argument is out of range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const layer = { outputs: 2, inputs: 2, nonzeroCount: 2 };
 * const bound = ticketMaskBound([layer], { marginLoss: 0.1, exampleCount: 50 }, 0.5);
 * assertAlmostEquals(bound, 0.1 + Math.sqrt(Math.log(60) / 100));
 * ```
 */
export function ticketMaskBound(
  layers: readonly TicketLayer[],
  { marginLoss, exampleCount }: TicketObservation,
  delta: number,
): number {
  return hoeffdingBound({ loss: marginLoss, classSizeLn: ticketMaskLn(layers), exampleCount, delta });
}

function requireHostWidth(hostWidth: number): void {
  requireInteger("bound the risk of the ticket", "the width of the random network", hostWidth, 1);
}
