import { assert, assertEquals } from "@std/assert";
import { claimOnRows, decided, numbersOf } from "../../src/claims/claim.ts";
import { claims } from "../../src/claims/mod.ts";
import { decidedForEachSeed } from "../../src/claims/seeds.ts";
import { table2 } from "../../src/artifacts/table2.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import {
  claimColumns,
  claimsByPlace,
  claimsLatex,
  claimsText,
  evaluateClaims,
  evidenceOf,
  neededArtifacts,
  writeClaims,
} from "../../tasks/claims.ts";

const shared = {
  place: "Section 7",
  sentence: "x >= 1",
  marginUnit: "ln",
  artifact: "table2",
  columns: ["x"],
} as const;
const trained = claimOnRows({
  ...shared,
  id: "trained_100%",
  decide: (rows) => decided(numbersOf(rows, "x")[0] - 1, { x: numbersOf(rows, "x")[0], "n of S": 60000 }),
});
const once = claimOnRows({
  ...shared,
  id: "once",
  isTrained: false,
  decide: () => decided(1, { pi: 3.14159 }),
});
const evidence = evidenceOf(
  new Map([[table2, [{ protocol: "stated", x: 1.5 }, { protocol: "gentle", x: null }]]]),
);
const rows = evaluateClaims(evidence, ["stated", "gentle"], [trained, once]);

Deno.test("a row a claim and protocol, and one where training decides nothing", () => {
  assertEquals(rows.map(({ claim, protocol, verdict, margin }) => [claim, protocol, verdict, margin]), [
    ["trained_100%", "stated", "holds", 0.5],
    ["trained_100%", "gentle", "undecidable", null],
    ["once", "any", "holds", 1],
  ]);
  assertEquals(rows[0].numbers, "x: 1.500; n of S: 60000");
  assertEquals(rows[1].note, "A number that it needs is infinite or missing.");
});

Deno.test("the CSV holds the rows", () => {
  assertEquals(fromCsv(toCsv(claimColumns, rows), claimColumns).map(({ claim, margin }) => [claim, margin]), [
    ["trained_100%", 0.5],
    ["trained_100%", null],
    ["once", 1],
  ]);
});

Deno.test("the terminal shows verdict, margin and grounds, and counts", () => {
  const text = claimsText(rows);
  assert(/once +Section 7 +any +holds +1\.00 +ln +pi: 3\.142/.test(text));
  assert(text.includes("2 hold, 0 fail, 1 are undecidable."));
});

Deno.test("by place, protocol and verdict every claim is counted once", () => {
  const [heading, line] = claimsByPlace(rows).split("\n").filter((each) => /^(place|Section)/.test(each));
  assertEquals(heading.match(/\w+: \w+/g)?.length, 9);
  assertEquals(line.match(/\d+/g), ["7", "1", "0", "0", "0", "0", "1", "1", "0", "0"]);
});

Deno.test("LaTeX has a line a claim with a verdict a protocol, cut into tables that fit a page", () => {
  const latex = claimsLatex(rows);
  assert(/trained\\_100\\% & Section 7 & holds & 0\.50 & undecidable & (--)? ?& ln \\\\/.test(latex));
  assert(latex.includes("once & Section 7 & holds & 1.00 & holds & 1.00 & ln \\\\"));
  const all = claimsLatex(evaluateClaims(new Map(), ["stated", "gentle"]));
  const tables = all.split("\\end{table}").slice(0, -1);
  assertEquals(tables.length, Math.ceil(claims.length / 40));
  assert(tables.every((table) => table.split("\\\\\n").length <= 43));
});

Deno.test("LaTeX of claims that no training decides has one column", () => {
  assert(
    claimsLatex(evaluateClaims(evidence, ["stated"], [once])).includes(
      "once & Section 7 & holds & 1.00 & ln",
    ),
  );
});

Deno.test("over several seeds CSV and LaTeX say for how many it holds", () => {
  const perSeed = [1.5, 0.25, 2].map((x, index) => ({ protocol: "stated", seed: index + 1, x }));
  const some = evaluateClaims(new Map([["table2", perSeed]]), ["stated"], [decidedForEachSeed(trained)]);
  assertEquals(fromCsv(toCsv(claimColumns, some), claimColumns)[0].seeds_holding, "2 of 3");
  const latex = claimsLatex(some);
  assert(latex.includes("fails (2 of 3) & $-0.75$ & ln \\\\"), latex);
  assert(latex.includes("for how many of the seeds"));
  assert(!claimsLatex(rows).includes("for how many of the seeds"));
});

Deno.test("both files are written", async () => {
  const out = await Deno.makeTempDir();
  const paths = await writeClaims(rows, { profile: "smoke", out });
  assertEquals(paths, [`${out}/claims.csv`, `${out}/claims.tex`]);
  assertEquals(await Deno.readTextFile(paths[0]), toCsv(claimColumns, rows));
  await Deno.remove(out, { recursive: true });
});

Deno.test("the artifacts that claims need are named once", () => {
  assertEquals(neededArtifacts([trained, once]), ["table2"]);
});
