import { assertEquals, assertThrows } from "@std/assert";
import { marginLoss, marginQuantiles, margins } from "../../src/theory/margin_loss.ts";

Deno.test("a margin is the output of the class less the largest other one, whatever their signs", () => {
  const outputs = Float32Array.of(-3, -1, -2, 5, 4, 4.5, 2, 2, 2);
  assertEquals([...margins(outputs, Uint8Array.of(2, 0, 1))], [-1, 0.5, 0]);
});

Deno.test("outputs and labels that do not fit are refused", () => {
  assertThrows(() => margins(new Float32Array(5), new Uint8Array(2)), TypeError, "5 logits and 2 labels");
  assertThrows(() => margins(new Float32Array(2), new Uint8Array(2)), TypeError, "2 logits and 2 labels");
  assertThrows(() => margins(new Float32Array(6), Uint8Array.of(0, 3)), RangeError, "below 3");
});

Deno.test("ties and margins that are no numbers count as errors", () => {
  assertEquals(marginLoss(Float64Array.of(NaN, 0, -Infinity, Infinity, 1e-300), 0), 3 / 5);
  assertEquals(marginLoss(Float64Array.of(1, 2, 3, 4), 3), 3 / 4);
});

Deno.test("a quantile has the rank that its share names, however the product is rounded", () => {
  const count = 50_000;
  const sorted = Float64Array.from({ length: count }, (_, index) => index + 1);
  const shares = Array.from({ length: 100 }, (_, index) => (index + 1) / 100);
  assertEquals(marginQuantiles(sorted, shares), shares.map((_, index) => (index + 1) * count / 100));
  assertEquals(marginQuantiles(Float64Array.of(3, 1, 2), [1e-9, 1 / 3, 0.34, 1]), [1, 1, 2, 3]);
  assertThrows(() => marginQuantiles(sorted, [0]), RangeError, "q must be in (0, 1]");
  assertThrows(() => marginQuantiles(new Float64Array(0), [0.5]), RangeError, "margins given");
});
