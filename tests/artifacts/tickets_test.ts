import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { targetWidths, tickets } from "../../src/artifacts/tickets.ts";
import { keptShares } from "../../src/experiments/measurements/iterative_pruning.ts";
import { logBinomial } from "../../src/math/log_gamma.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { frozenPruning } from "./narrow_records.ts";

const selection = { profile: "smoke", protocol: "stated", seed: 1, engine: "wasm" } as const;
const rows = tickets.rows(tickets.runs(selection).map(frozenPruning), selection);
const searched = rows.filter(({ kind }) => kind === "search");
const pruned = rows.filter(({ kind }) => kind === "pruning");

Deno.test("three searches a target, and two series of rounds a network", () => {
  assertEquals(searched.length, 3 * targetWidths.smoke.length);
  assertEquals(pruned.length, 2 * 2 * keptShares.length);
  assertEquals(fromCsv(toCsv(tickets.columns, rows), tickets.columns).length, rows.length);
});

Deno.test("the ticket of single paths, in pools as large as Theorem F.1 needs, is within epsilon", () => {
  for (const row of searched.filter(({ method }) => method === "number")) {
    assert(Number(row.output_error_bound_logits) <= Number(row.epsilon_logits));
    assertEquals(row.within_epsilon, "yes");
  }
});

Deno.test("errors stay below their proven bound, and most weights of the random network are pruned", () => {
  for (const row of searched) {
    assert(Number(row.output_error_logits) <= Number(row.output_error_bound_logits));
    assert(Number(row.active_weights) < Number(row.host_weights) / 2);
  }
});

Deno.test("Theorem 6.1's term is sqrt(count ln 256 / n)", () => {
  const row = searched.find(({ network, method }) => network === "4-4-2" && method === "subset")!;
  const count = (4 * 4 + 2 * 4 ** 2) * Math.log(Number(row.host_width)) ** 2;
  assertAlmostEquals(Number(row.theorem_6_1_term), Math.sqrt(count * Math.log(256) / 2000), 1e-12);
});

Deno.test("the bound of an untrained mask counts the masks and nothing else", () => {
  const row = pruned.find(({ network, round, method }) =>
    network === "784-10-10" && round === 6 && method === "rewound"
  )!;
  const kept = Math.ceil(7940 / 60);
  const counted = logBinomial(7840, kept - 20) + Math.log(7841) + logBinomial(100, 20) + Math.log(101);
  const expected = 50_000 / 60_000 + Math.sqrt((counted + Math.log(20)) / 120_000);
  assertAlmostEquals(Number(row.untrained_mask_bound), expected, 1e-9);
  assertEquals(pruned.find(({ method }) => method === "continued")!.untrained_mask_bound, null);
});

Deno.test("one table of searches and one of rounds a protocol", () => {
  const presentations = tickets.present(rows);
  assertEquals(presentations.map(({ rows }) => rows.length), [searched.length, pruned.length]);
  for (const presentation of presentations) toBooktabs({ ...presentation, label: "tab:x" });
});
