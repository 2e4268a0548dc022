import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  convolutionalBound,
  convolutionalCountOfProof,
  convolutionalCountPrinted,
  convolutionalMargin,
  remainingWeights,
} from "../../src/theory/theorem_h_1.ts";

const layer = { filters: 128, channels: 64, kernel: 3 };

Deno.test("shows that statement, proof and plain count disagree", () => {
  const side = Math.log(9 * 128) ** 2;
  assertAlmostEquals(convolutionalCountPrinted([layer], 0.5), 9 * 64 * Math.sqrt(128) * side, 1e-7);
  assertAlmostEquals(convolutionalCountOfProof([layer], 0.5), 81 * 64 * (128 - Math.sqrt(128)) * side, 1e-6);
  assertAlmostEquals(remainingWeights([layer], 0.5), 9 * 64 * (128 - Math.sqrt(128)), 1e-9);
  assert(convolutionalCountOfProof([layer], 0.5) > 90 * convolutionalCountPrinted([layer], 0.5));
  assert(remainingWeights([layer], 0.5) < convolutionalCountPrinted([layer], 0.5) / 4);
});

Deno.test("adds up layers, and prunes all at alpha = 1", () => {
  const two = convolutionalCountPrinted([layer, layer], 0.3);
  assertAlmostEquals(two / convolutionalCountPrinted([layer], 0.3), 2, 1e-14);
  assertEquals([convolutionalCountOfProof([layer], 1), remainingWeights([layer], 1)], [0, 0]);
});

Deno.test("bounds the risk by the count", () => {
  const pruning = { roundingStep: 0.01, marginLoss: 0.3, exampleCount: 50000 };
  assertAlmostEquals(
    convolutionalBound(3e5, pruning, 2),
    0.3 + 2 * Math.sqrt(3e5 * Math.log(100) / 50000),
    1e-13,
  );
});

Deno.test("asks for no margin at all with two layers", () => {
  const network = { layerCount: 2, kernel: 3, filters: 64, inputSide: 32, lipschitz: 1, alpha: 0.5 };
  assertEquals(convolutionalMargin(network), 0);
  const [p, D, K, beta] = [3, 64, 6, 0.125];
  const bracket = p ** -1 * (p ** -1 + D ** -beta) ** (K - 2) - p ** -(K - 1);
  const expected = p ** -1 * 2 ** (K - 1) * 32 * Math.sqrt(K) * bracket;
  assertAlmostEquals(convolutionalMargin({ ...network, layerCount: 6, lipschitz: 2 }), expected, 1e-9);
});

Deno.test("refuses fields out of range", () => {
  assertThrows(() => convolutionalCountPrinted([layer], 1.5), RangeError, "alpha must be in [0, 1]");
  assertThrows(() => convolutionalCountOfProof([], 0.5), RangeError, "list of layers");
  assertThrows(() => remainingWeights([{ ...layer, kernel: 0 }], 0.5), RangeError, "kernel's side");
  const pruning = { roundingStep: 1.5, marginLoss: 0.3, exampleCount: 50000 };
  assertThrows(() => convolutionalBound(1, pruning), RangeError, "rounding step");
  const network = { layerCount: 1, kernel: 3, filters: 64, inputSide: 32, lipschitz: 1, alpha: 0.5 };
  assertThrows(() => convolutionalMargin(network), RangeError, "number of layers");
});
