import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  activeWeights,
  activeWeightsPrinted,
  explicitHostWidth,
  isTicketTarget,
  matchProbability,
  searchPoolSize,
  weightTolerance,
} from "../../src/theory/theorem_f_1.ts";
import { findTicket, randomTarget } from "../../src/theory/theorem_f_1_construction.ts";

/** P(|w u - alpha| <= tolerance, w > 0) by the midpoint rule over w: given w, u has an interval of known length. */
function matchByQuadrature(weight: number, tolerance: number): number {
  const cells = 200_000;
  let total = 0;
  for (let cell = 0; cell < cells; cell++) {
    const w = (cell + 0.5) / cells;
    const [low, high] = [(weight - tolerance) / w, (weight + tolerance) / w];
    total += Math.max(0, Math.min(1, high) - Math.max(-1, low)) / 2;
  }
  return total / cells / 2;
}

Deno.test("the probability of a match agrees with quadrature", () => {
  for (const weight of [0, 0.3, -0.577, 0.95, 1]) {
    for (const tolerance of [0.01, 0.2, 0.8, 3]) {
      const expected = matchByQuadrature(weight, tolerance);
      assertAlmostEquals(matchProbability({ weight, tolerance }), expected, 1e-5);
    }
  }
});

Deno.test("the pool is the smallest whose probability of failure is small enough", () => {
  for (const [weight, tolerance, failure] of [[0.5, 0.05, 0.01], [0, 0.3, 0.2], [1, 0.1, 1e-6]]) {
    const size = searchPoolSize({ weight, tolerance }, failure);
    const miss = 1 - matchProbability({ weight, tolerance });
    assert(miss ** size <= failure * (1 + 1e-9) && miss ** (size - 1) > failure);
  }
});

Deno.test("layers of norm 1 that are off by the tolerance give epsilon", () => {
  for (const [widths, epsilon] of [[[3, 3, 2], 0.5], [[8, 4, 4, 10, 2], 0.01], [[5, 7], 0.9]] as const) {
    const tolerance = weightTolerance({ widths, epsilon });
    const largest = Math.sqrt(Math.max(...widths.slice(1).map((width, layer) => width * widths[layer])));
    assertAlmostEquals((1 + tolerance * largest) ** (widths.length - 1) - 1, epsilon, 1e-12);
  }
});

Deno.test("networks of the explicit width hold the subnetwork as often as promised, narrow ones do not", () => {
  const goal = { widths: [3, 3, 2], epsilon: 0.6, delta: 0.2 };
  const tolerance = weightTolerance(goal);
  const fullPool = explicitHostWidth(goal) / 3;
  const failureShare = (poolSize: number) => {
    const trials = Array.from({ length: 40 }, (_, trial) => {
      const stream = new RandomStream(trial, "theorem F.1 test");
      const target = randomTarget(goal.widths, stream);
      return findTicket(target, { poolSize, search: "number" }, stream).largestWeightError > tolerance;
    });
    return trials.filter((isFailure) => isFailure).length / trials.length;
  };
  assert(failureShare(fullPool) <= goal.delta);
  assert(failureShare(Math.ceil(fullPool / 4)) > goal.delta);
});

Deno.test("the explicit width grows a little faster than 1 / epsilon", () => {
  const width = (epsilon: number) => explicitHostWidth({ widths: [4, 4, 4], epsilon, delta: 0.05 });
  assertAlmostEquals(width(0.001) / width(0.01), 10, 0.2);
});

Deno.test("the explicit width covers the layer that needs most", () => {
  const goal = { widths: [2, 9, 1], epsilon: 0.5, delta: 0.1 };
  const tolerance = weightTolerance(goal);
  const searches = 2 * 2 * 9 + 9;
  const widths = [2, 9].map((inputs) => {
    const match = { weight: 1 / Math.sqrt(inputs), tolerance };
    return inputs * searchPoolSize(match, goal.delta / searches);
  });
  assertEquals(explicitHostWidth(goal), Math.max(...widths));
});

Deno.test("the printed count is the host's, the corrected one the target's", () => {
  const target = { inputs: 784, hiddenWidth: 100, depth: 3 };
  assertEquals(activeWeights(target), 784 * 100 + 3 * 100 ** 2);
  assertEquals(activeWeightsPrinted(target, 10_000), 784 * 10_000 + 3 * 10_000 ** 2);
});

Deno.test("a target needs both a small norm and small entries", () => {
  assert(isTicketTarget([matrix(2, 2, Float64Array.of(0.7, 0, 0, 0.7)), matrix(1, 1, Float64Array.of(1))]));
  assert(!isTicketTarget([matrix(2, 2, Float64Array.of(0.7, 0.7, 0.7, 0.7))]));
  assert(!isTicketTarget([matrix(2, 2, Float64Array.of(0.8, 0, 0, 0.8))]));
  assert(!isTicketTarget([matrix(1, 1, Float64Array.of(1)), matrix(1, 1, Float64Array.of(-1.01))]));
});

Deno.test("Theorem F.1 refuses arguments out of range", () => {
  const match = { weight: 0.5, tolerance: 0.1 };
  const goal = { widths: [2, 2], epsilon: 0.5, delta: 0.1 };
  assertThrows(() => matchProbability({ ...match, weight: NaN }), RangeError, "must be in [-1, 1]");
  assertThrows(() => matchProbability({ ...match, tolerance: 0 }), RangeError, "tolerance must be > 0");
  assertThrows(() => searchPoolSize(match, 1), RangeError, "failure must be in (0, 1)");
  assertThrows(() => weightTolerance({ ...goal, epsilon: 1 }), RangeError, "epsilon must be in (0, 1)");
  assertThrows(() => weightTolerance({ ...goal, widths: [2] }), RangeError, "at least two widths");
  assertThrows(() => explicitHostWidth({ ...goal, widths: [2, 0] }), RangeError, "each width");
  assertThrows(() => explicitHostWidth({ ...goal, delta: 0 }), RangeError, "delta must be in (0, 1)");
  const target = { inputs: 2, hiddenWidth: 3, depth: 2 };
  assertThrows(() => activeWeights({ ...target, depth: 0 }), RangeError, "depth must be an integer >= 1");
  assertThrows(() => activeWeightsPrinted(target, 0.5), RangeError, "width of the random network");
});
