import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  sphereConstants,
  sphereTail,
  subGaussianTail,
  subGaussianThreshold,
} from "../../src/theory/condition_d_1.ts";

/** P(<x, v> >= t) on the sphere as a ratio of two integrals of cos^(d-2), by Simpson's rule. */
function capByQuadrature(t: number, dimension: number): number {
  const area = (from: number) => {
    const steps = 4000;
    const width = (Math.PI / 2 - from) / steps;
    let total = 0;
    for (let k = 0; k <= steps; k++) {
      const weight = k === 0 || k === steps ? 1 : k % 2 === 0 ? 2 : 4;
      total += weight * Math.cos(from + k * width) ** (dimension - 2);
    }
    return total * width / 3;
  };
  return area(Math.asin(t)) / (2 * area(0));
}

Deno.test("has the cap of the sphere by quadrature", () => {
  for (const dimension of [2, 3, 7, 40, 784]) {
    for (const t of [0, 0.05, 0.14, 0.5, 0.9]) {
      const exact = capByQuadrature(t, dimension);
      if (exact > 1e-25) assertAlmostEquals(sphereTail(t, dimension) / exact, 1, 2e-6);
    }
  }
  assertAlmostEquals(sphereTail(1, 5), 0);
});

Deno.test("meets the condition on the sphere with a = 1, b = 1/2 and not with b = 1", () => {
  for (const dimension of [2, 3, 10, 100, 784]) {
    for (let t = 0; t <= 1; t += 0.02) {
      assert(
        sphereTail(t, dimension) <= subGaussianTail(t, dimension, sphereConstants),
        `${dimension}, ${t}`,
      );
    }
  }
  assert(sphereTail(0.14, 784) > 100 * subGaussianTail(0.14, 784, { a: 1, b: 1 }));
});

Deno.test("agrees with points drawn on the sphere", () => {
  const stream = new RandomStream(8, "sphere");
  let above = 0;
  for (let trial = 0; trial < 20000; trial++) {
    const point = Array.from({ length: 6 }, () => stream.normal());
    if (point[0] / Math.hypot(...point) >= 0.4) above++;
  }
  const exact = sphereTail(0.4, 6);
  assertAlmostEquals(above / 20000, exact, 4 * Math.sqrt(exact / 20000));
});

Deno.test("finds the threshold at which a union of tails is delta", () => {
  const tail = { a: 2, b: 0.5 };
  const t = subGaussianThreshold({ ...tail, dimension: 784, events: 600000, delta: 0.01 });
  assertAlmostEquals(600000 * subGaussianTail(t, 784, tail), 0.01, 1e-12);
  assertAlmostEquals(subGaussianThreshold({ ...tail, dimension: 784, events: 1, delta: 5 }), 0);
});

Deno.test("refuses arguments out of range", () => {
  assertThrows(() => sphereTail(1.1, 3), RangeError, "t must be in [0, 1]");
  assertThrows(() => sphereTail(0.1, 1), RangeError, "dimension must be an integer >= 2");
  assertThrows(() => subGaussianTail(0.1, 2, { a: 0, b: 1 }), RangeError, "a must be > 0");
  assertThrows(() => subGaussianTail(NaN, 2, { a: 1, b: 1 }), RangeError, "t must be >= 0");
  const tail = { a: 1, b: 1, dimension: 3, events: 1, delta: 0.1 };
  assertThrows(() => subGaussianThreshold({ ...tail, delta: 0 }), RangeError, "delta must be > 0");
  assertThrows(() => subGaussianThreshold({ ...tail, events: 0.5 }), RangeError, "number of events");
});
