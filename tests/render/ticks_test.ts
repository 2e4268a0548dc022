import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { linearTicks, logarithmicTicks, tickLabel } from "../../src/render/ticks.ts";

Deno.test("linear ticks are evenly spaced round numbers inside the interval, about as many as asked for", () => {
  const interval = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6 }),
  )
    .filter(([, length]) => length > 0);
  fc.assert(
    fc.property(interval, fc.integer({ min: 2, max: 12 }), ([low, length], count) => {
      const high = low + length;
      const ticks = linearTicks(low, high, count);
      assert(ticks.length <= count + 1 && ticks.length >= Math.floor(count / 2.5));
      const slack = length * 1e-6;
      assert(ticks.every((tick) => tick >= low - slack && tick <= high + slack));
      const step = ticks[1] - ticks[0];
      ticks.slice(1).forEach((tick, index) => assert(Math.abs(tick - ticks[index] - step) < step * 1e-3));
    }),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("linear ticks are written without digits that no one meant", () => {
  assertEquals(linearTicks(0, 0.4, 4), [0, 0.1, 0.2, 0.3, 0.4]);
  assertEquals(linearTicks(-0.2, 0.2, 4).map(tickLabel), ["−0.2", "−0.1", "0", "0.1", "0.2"]);
  assertEquals(linearTicks(0, 3000, 3), [0, 1000, 2000, 3000]);
});

Deno.test("logarithmic ticks thin out over many decades and fill up within one", () => {
  assertEquals(logarithmicTicks(1e-9, 1e12, 5), [1e-5, 1, 1e5, 1e10]);
  assertEquals(logarithmicTicks(17, 2400, 5), [20, 50, 100, 200, 500, 1000, 2000]);
  assertEquals(logarithmicTicks(0.5, 2000, 4), [1, 10, 100, 1000]);
});

Deno.test("an interval without length, or without logarithm, is refused", () => {
  assertThrows(() => linearTicks(1, 1, 4), RangeError, "current value is [1, 1]");
  assertThrows(() => linearTicks(0, Infinity, 4), RangeError, "finite");
  assertThrows(() => logarithmicTicks(0, 1, 4), RangeError, "must be positive");
});
