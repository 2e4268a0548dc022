import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import {
  candidateDistribution,
  candidateProbability,
  candidateProbabilityPrinted,
} from "../../src/theory/lemma_e_2.ts";
import { exactBinomial, relativeDifference } from "../math/exact.ts";

Deno.test("finds how likely a weight is to be pruned with probability kappa, by drawing weights", () => {
  const stream = new RandomStream(11, "weights");
  const [d, kappa, draws] = [3, 0.6, 40000];
  let count = 0;
  for (let draw = 0; draw < draws; draw++) if (Math.exp(-(stream.normal() ** 2) / d) >= kappa) count++;
  const { probability } = candidateDistribution({ entries: 1, kappa, d });
  assertAlmostEquals(count / draws, probability, 4 * Math.sqrt(0.25 / draws));
});

Deno.test("is one off as printed, by exact sums", () => {
  const event = { entries: 60, kappa: 0.5, d: 1 };
  const { weights, total } = exactBinomial(60, candidateDistribution(event).probability);
  const tail = (from: number) => weights.slice(from).reduce((sum, weight) => sum + weight, 0n);
  for (const candidates of [1, 25, 45, 59]) {
    const exact = { numerator: tail(candidates), denominator: total };
    assert(relativeDifference(candidateProbability({ ...event, candidates }), exact) < 1e-12);
    const printed = { numerator: tail(candidates + 1), denominator: total };
    assert(relativeDifference(candidateProbabilityPrinted({ ...event, candidates }), printed) < 1e-12);
  }
});

Deno.test("is defined at the ends", () => {
  const event = { entries: 10, candidates: 10, kappa: 0.5, d: 1 };
  assertEquals(candidateProbabilityPrinted(event), 0);
  assert(candidateProbability(event) > 0);
  assertEquals(candidateProbability({ ...event, candidates: 0 }), 1);
  assertEquals(candidateDistribution({ ...event, d: 0, kappa: 0 }).probability, 0);
  assertEquals(candidateDistribution({ ...event, d: Infinity, kappa: 1 }).probability, 0);
  assertEquals(candidateDistribution({ ...event, d: Infinity }).probability, 1);
});

Deno.test("keeps the digits of 1 - p where nearly every weight is a candidate", () => {
  const event = { entries: 1000, candidates: 1000, kappa: 1e-7, d: 4 };
  const { complement } = candidateDistribution(event);
  assert(complement !== undefined && complement < 1e-14);
  assertAlmostEquals((1 - candidateProbability(event)) / (1000 * complement), 1, 1e-3);
});

Deno.test("refuses fields out of range", () => {
  const event = { entries: 10, candidates: 3, kappa: 0.5, d: 1 };
  assertThrows(() => candidateProbability({ ...event, kappa: 1.1 }), RangeError, "kappa must be in [0, 1]");
  assertThrows(() => candidateProbability({ ...event, d: -1 }), RangeError, "d must be >= 0");
  assertThrows(() => candidateProbability({ ...event, entries: 0 }), RangeError, "number of entries");
  assertThrows(() => candidateProbabilityPrinted({ ...event, candidates: 1.5 }), RangeError, "tau");
});
