import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";

Deno.test("a stream is determined by its seed and name", () => {
  const draws = (seed: number, name: string) =>
    Array.from({ length: 4 }, drawer(new RandomStream(seed, name)));
  assertEquals(draws(1, "mask/0"), draws(1, "mask/0"));
  assertNotEquals(draws(1, "mask/0"), draws(1, "mask/1"));
  assertNotEquals(draws(1, "mask/0"), draws(2, "mask/0"));
});

Deno.test("the first draws of a stream never change", () => {
  const stream = new RandomStream(1, "pinned");
  assertEquals([stream.uniform(), stream.uniform()], [0.25722854059942357, 0.3771116513659184]);
});

Deno.test("uniform draws pass the Kolmogorov-Smirnov test and lie inside (0, 1)", () => {
  const stream = new RandomStream(3, "uniform");
  const sorted = Float64Array.from({ length: 20_000 }, () => stream.uniform()).sort();
  assert(sorted[0] > 0 && sorted[sorted.length - 1] < 1);
  const distance = sorted.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - index / sorted.length)),
    0,
  );
  // P(distance > 1.95 / sqrt(n)) is 0.001.
  assert(distance < 1.95 / Math.sqrt(sorted.length), `KS distance ${distance}`);
});

Deno.test("normal draws have mean 0, variance 1 and fourth moment 3", () => {
  const stream = new RandomStream(4, "normal");
  const draws = Array.from({ length: 100_000 }, () => stream.normal());
  const moment = (power: number) => draws.reduce((sum, draw) => sum + draw ** power, 0) / draws.length;
  // Five standard errors: 1, sqrt 2 and sqrt 96 over sqrt n.
  assertAlmostEquals(moment(1), 0, 5 / Math.sqrt(draws.length));
  assertAlmostEquals(moment(2), 1, 5 * Math.SQRT2 / Math.sqrt(draws.length));
  assertAlmostEquals(moment(4), 3, 5 * Math.sqrt(96) / Math.sqrt(draws.length));
});

Deno.test("permutations hold each index once and every order is as likely", () => {
  const stream = new RandomStream(5, "orders");
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6000; draw++) {
    const order = [...stream.permutation(3)];
    assertEquals(order.toSorted(), [0, 1, 2]);
    counts.set(order.join(""), (counts.get(order.join("")) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // Binomial(6000, 1/6): standard deviation 28.9.
  for (const count of counts.values()) assertAlmostEquals(count, 1000, 5 * 28.9);
});

function drawer(stream: RandomStream): () => number {
  return () => stream.uniform();
}
