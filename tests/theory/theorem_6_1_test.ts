import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  ticketBound,
  ticketCountPrinted,
  ticketCountSketched,
  ticketMargin,
  ticketMaskBound,
  ticketMaskLn,
  ticketProbability,
  ticketProbabilityPrinted,
} from "../../src/theory/theorem_6_1.ts";
import { sketchSize } from "../../src/theory/theorem_5_1.ts";
import { findTicket, randomTarget } from "../../src/theory/theorem_f_1_construction.ts";
import { pascalRow } from "../math/exact.ts";

const target = { inputs: 784, hiddenWidth: 100, depth: 3 };

Deno.test("the printed bound, written out", () => {
  const logarithm = Math.log(20_000);
  const count = (100 * 784 + 3 * 100 * 100) * logarithm * logarithm;
  assertAlmostEquals(ticketCountPrinted(target, 20_000) / count, 1, 1e-14);
  const bound = ticketBound(count, 0.01, { marginLoss: 0.03, exampleCount: 60_000 }, 2);
  assertAlmostEquals(bound, 0.03 + 2 * Math.sqrt(count * Math.log(100) / 60_000), 1e-12);
});

Deno.test("the corrected count is that of one sketch a layer of the random network", () => {
  for (const hostWidth of [200, 20_000, 100_000]) {
    const layers = [784 * 100, 784 * 100, 100 ** 2, 100 ** 2, 100 ** 2, 100 ** 2];
    const entries = layers.map((active) => {
      const sparsity = Math.max(1, active / hostWidth);
      const square = {
        outputs: hostWidth,
        inputs: hostWidth,
        largestColumnCount: sparsity,
        largestRowCount: sparsity,
      };
      return sketchSize(square) ** 2;
    });
    const total = entries.reduce((sum, next) => sum + next);
    // Sides are rounded up to integers, which adds less than 2 / m.
    const count = ticketCountSketched(target, hostWidth);
    assert(total >= count && total < 1.002 * count);
  }
});

Deno.test("the diagonal of a wide random network outweighs the target's own weights", () => {
  const ratio = (hostWidth: number) =>
    ticketCountSketched(target, hostWidth) / ticketCountPrinted(target, hostWidth);
  assert(ratio(1000) < 2);
  assert(ratio(1_000_000) > 50);
});

Deno.test("the number of masks agrees with exact binomial coefficients", () => {
  const layers = [[3, 4, 5], [2, 20, 40], [10, 10, 0], [7, 9, 31]];
  for (const [outputs, inputs, nonzeroCount] of layers) {
    const entries = outputs * inputs;
    const masks = pascalRow(entries)[nonzeroCount] * BigInt(entries + 1);
    const expected = Math.log(Number(masks));
    assertAlmostEquals(ticketMaskLn([{ outputs, inputs, nonzeroCount }]), expected, 1e-12 * expected);
  }
  const all = layers.map(([outputs, inputs, nonzeroCount]) => ({ outputs, inputs, nonzeroCount }));
  const sum = all.reduce((total, layer) => total + ticketMaskLn([layer]), 0);
  assertAlmostEquals(ticketMaskLn(all), sum, 1e-12);
});

Deno.test("shares by number of active weights make the masks a class: they add up to one", () => {
  const row = pascalRow(12);
  const total = row.reduce((sum, masks, nonzeroCount) => {
    return sum + Number(masks) * Math.exp(-ticketMaskLn([{ outputs: 3, inputs: 4, nonzeroCount }]));
  }, 0);
  assertAlmostEquals(total, 1, 1e-12);
});

Deno.test("for a ticket that was found, the mask costs less than the printed sketch", () => {
  const stream = new RandomStream(0, "theorem 6.1 test");
  const network = randomTarget([8, 8, 8, 4], stream);
  const { pruned } = findTicket(network, { poolSize: 100, search: "number" }, stream);
  const layers = pruned.map(({ rows, columns, data }) => ({
    outputs: rows,
    inputs: columns,
    nonzeroCount: data.filter((weight) => weight !== 0).length,
  }));
  const observation = { marginLoss: 0, exampleCount: 60_000 };
  const printed = ticketCountPrinted({ inputs: 8, hiddenWidth: 8, depth: 3 }, 800);
  const mask = ticketMaskBound(layers, observation, 0.05);
  assert(mask < ticketBound(printed, 0.01, observation));
  assertAlmostEquals(mask, Math.sqrt((ticketMaskLn(layers) + Math.log(20)) / 120_000), 1e-12);
});

Deno.test("the corrected probability takes each sketch twice as often, the margin is doubled", () => {
  assertAlmostEquals(1 - ticketProbabilityPrinted(3, 10, 0.01), 0.01 + 0.03, 1e-15);
  assertAlmostEquals(1 - ticketProbability(3, 10, 0.01), 0.01 + 0.06, 1e-15);
  assertAlmostEquals(1 - ticketProbability(3, 10, 0, 3), 0.006, 1e-15);
  assertEquals(ticketMargin(0.1), 0.2);
});

Deno.test("Theorem 6.1 refuses arguments out of range", () => {
  const observation = { marginLoss: 0.1, exampleCount: 10 };
  const layer = { outputs: 2, inputs: 2, nonzeroCount: 5 };
  assertThrows(() => ticketCountPrinted(target, 0), RangeError, "width of the random network");
  assertThrows(
    () => ticketCountSketched({ ...target, depth: 0 }, NaN),
    RangeError,
    "width of the random network",
  );
  assertThrows(() => ticketBound(1, 1, observation), RangeError, "rounding step must be in (0, 1)");
  assertThrows(() => ticketBound(-1, 0.5, observation), RangeError, "count must be >= 0");
  assertThrows(() => ticketBound(1, 0.5, { ...observation, marginLoss: 2 }), RangeError, "margin loss");
  assertThrows(() => ticketBound(1, 0.5, { ...observation, exampleCount: 0 }), RangeError, "examples");
  assertThrows(() => ticketBound(1, 0.5, observation, NaN), RangeError, "constant must be >= 0");
  assertThrows(() => ticketMargin(-1), RangeError, "epsilon must be >= 0");
  assertThrows(() => ticketProbability(0, 10, 0.1), RangeError, "depth must be an integer >= 1");
  assertThrows(() => ticketProbability(1, 10, -0.1), RangeError, "delta must be in [0, 1]");
  assertThrows(() => ticketMaskLn([]), RangeError, "must not be empty");
  assertThrows(() => ticketMaskLn([layer]), RangeError, "an integer >= 5");
});
