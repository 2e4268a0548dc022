import { assertThrows } from "@std/assert";
import {
  requireEntries,
  requireInteger,
  requireNonNegative,
  requireOpenProbability,
  requirePositive,
  requireProbability,
} from "../../src/math/requirements.ts";

Deno.test("lets through what is in range", () => {
  for (const value of [0, 0.5, 1]) requireProbability("test", "p", value);
  requireOpenProbability("test", "p", 0.5);
  requirePositive("test", "x", Infinity);
  requireNonNegative("test", "x", 0);
  requireInteger("test", "k", -3, -3);
  requireEntries("test", "list", [1]);
});

Deno.test("refuses NaN and what is out of range, naming the value", () => {
  for (const value of [-0.1, 1.1, NaN]) {
    assertThrows(() => requireProbability("test", "p", value), RangeError, `current value is ${value}`);
  }
  for (const value of [0, 1, NaN]) assertThrows(() => requireOpenProbability("test", "p", value), RangeError);
  for (const value of [0, -1, NaN]) assertThrows(() => requirePositive("test", "x", value), RangeError);
  for (const value of [-1, NaN]) assertThrows(() => requireNonNegative("test", "x", value), RangeError);
  for (const value of [1, 2.5, NaN, Infinity]) {
    assertThrows(() => requireInteger("test", "k", value, 2), RangeError);
  }
  assertThrows(
    () => requireEntries("do it", "the list", []),
    RangeError,
    "Cannot do it as the list must not be empty",
  );
});
