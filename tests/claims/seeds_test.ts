import { assert, assertEquals } from "@std/assert";
import { claimOnRows, decided, numbersOf } from "../../src/claims/claim.ts";
import { decidedForEachSeed } from "../../src/claims/seeds.ts";
import { claims } from "../../src/claims/mod.ts";

const positive = claimOnRows({
  id: "positive",
  place: "Section 7",
  sentence: "The smallest x is positive.",
  marginUnit: "1",
  artifact: "table2",
  columns: ["x"],
  decide: (rows) => {
    const smallest = Math.min(...numbersOf(rows, "x"));
    return decided(smallest, { smallest });
  },
});
const overSeeds = decidedForEachSeed(positive);

/** Two rows a seed, of which the second is larger. */
function decisionOn(smallest: readonly number[], protocol: "stated" | "gentle" = "stated") {
  const rows = smallest.flatMap((x, index) => [
    { protocol: "stated", seed: index + 1, x },
    { protocol: "stated", seed: index + 1, x: x + 1 },
  ]);
  return overSeeds.verdict(new Map([["table2", rows]]), protocol);
}

Deno.test("a claim holds over seeds where it holds for each, by the worst margin", () => {
  const decision = decisionOn([3, 1, 2]);
  assertEquals([decision.verdict, decision.margin], ["holds", 1]);
  assertEquals(decision.numbers, [{ name: "smallest", value: 1 }]);
  assertEquals(decision.note, "Holds for 3 of 3 seeds; margins by seed: 1: 3, 2: 1, 3: 2.");
});

Deno.test("one seed that fails refutes it, one that decides nothing only keeps it from holding", () => {
  const failing = decisionOn([3, -1, NaN, -2]);
  assertEquals([failing.verdict, failing.margin], ["fails", -2]);
  assertEquals(failing.note, "Holds for 1 of 4 seeds; margins by seed: 1: 3, 2: -1, 3: none, 4: -2.");
  for (const order of [[0, NaN], [NaN, 0]]) {
    const silent = decisionOn(order);
    assertEquals([silent.verdict, silent.margin], ["undecidable", null]);
    assert(silent.note.startsWith("A number that it needs is infinite or missing. Holds for 1 of 2 seeds"));
  }
});

Deno.test("with one seed, or none, the decision is the claim's own", () => {
  const rows = [{ protocol: "stated", seed: 1, x: 2 }];
  const evidence = new Map([["table2", rows]]);
  assertEquals(overSeeds.verdict(evidence, "stated"), positive.verdict(evidence, "stated"));
  assertEquals(decisionOn([1, 2], "gentle").verdict, "undecidable");
});

Deno.test("a claim that no training decides is left as it is, every other names the column of seeds", () => {
  const once = { ...positive, isTrained: false };
  assertEquals(decidedForEachSeed(once), once);
  for (const claim of claims.filter(({ isTrained }) => isTrained)) {
    assert(Object.values(claim.needs).every((columns) => columns.includes("seed")), claim.id);
  }
});
