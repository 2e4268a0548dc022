import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { certified } from "../../src/artifacts/certified.ts";
import { proseNumbers } from "../../src/artifacts/prose_numbers.ts";
import { table2 } from "../../src/artifacts/table2.ts";
import { table3 } from "../../src/artifacts/table3.ts";
import type { Row } from "../../src/render/table.ts";
import { frozenPruning } from "./narrow_records.ts";
import { frozenRun } from "./records.ts";

const selection = { profile: "quick", protocol: "stated", seed: 1, engine: "wasm" } as const;
const rows = new Map<string, readonly Row[]>([
  ["table2", table2.rows(table2.runs(selection).map(frozenRun), selection)],
  ["table3", table3.rows(table3.runs(selection).map(frozenRun), selection)],
  ["certified", certified.rows(certified.runs(selection).map(frozenPruning), selection)],
]);
const numbers = new Map(proseNumbers(rows, "stated").map(({ name, value }) => [name, value]));

Deno.test("every number of the prose is a macro's name and a number", () => {
  for (const [name, value] of numbers) assert(/^[A-Za-z]+$/.test(name) && Number.isFinite(value), name);
});

Deno.test("every macro that the paper's source uses and does not define is a number of the prose", async () => {
  const source = await Deno.readTextFile(new URL("../../paper/main.tex", import.meta.url));
  const own = [
    "profileName",
    "engineName",
    "protocolName",
    "claimCount",
    "claimsHold",
    "claimsFail",
    "claimsUndecidable",
  ];
  const known = new Set([...own, ...numbers.keys()]);
  const camelCase = [...source.matchAll(/\\([a-z]+[A-Z][A-Za-z]*)/g)].map(([, name]) => name);
  assertEquals(camelCase.filter((name) => !known.has(name)), []);
  assertEquals([...numbers.keys()].filter((name) => !camelCase.includes(name)), []);
});

Deno.test("networks are counted, and those without a positive margin among them", () => {
  assertEquals([numbers.get("seedCount"), numbers.get("networkCount")], [1, 7]);
  // Every frozen network has a smallest margin of -0.5.
  assertEquals(numbers.get("networksWithoutMargin"), 7);
});

Deno.test("the smallest certified error is that of the best row, and over seeds of the best mean", () => {
  const all = rows.get("certified")!;
  const least = Math.min(...all.map((row) => Number(row.binomial_tail_bound)));
  assertEquals([numbers.get("certifiedError"), numbers.get("certifiedErrorDeviation")], [least, 0]);
  const second = all.map((row) => ({
    ...row,
    seed: 2,
    binomial_tail_bound: Number(row.binomial_tail_bound) + 0.25,
  }));
  const both = new Map(
    proseNumbers(new Map([...rows, ["certified", [...all, ...second]]]), "stated")
      .map(({ name, value }) => [name, value]),
  );
  assertAlmostEquals(both.get("certifiedError")!, least + 0.125, 1e-12);
  assertAlmostEquals(both.get("certifiedErrorDeviation")!, 0.25 / Math.SQRT2, 1e-12);
});

Deno.test("a protocol without rows is refused", () => {
  assertThrows(
    () => proseNumbers(rows, "gentle"),
    RangeError,
    "table2 must have rows of the gentle protocol",
  );
});
