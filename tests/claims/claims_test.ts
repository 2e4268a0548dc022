import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { artifacts } from "../../src/artifacts/mod.ts";
import { type Claim, decidedByWorst, type Evidence, type Row } from "../../src/claims/claim.ts";
import { claimById, claims } from "../../src/claims/mod.ts";
import { rankCorrelation, slope } from "../../src/claims/trend.ts";
import { boundCases, type Case, cases, type Rows } from "./cases.ts";

const readings = ["published", "margin-1", "equal-units", "theorem", "printed", "printed-equal"];

function caseOf(id: string): Case | undefined {
  const suffix = readings.find((reading) => id.endsWith(`-${reading}`));
  return cases[id] ?? (suffix && boundCases[id.slice(0, -suffix.length - 1)]?.(suffix));
}

/** The rows, which refuse to be asked for a column that the claim does not name. */
function guarded({ id, needs }: Claim, rows: Rows): Evidence {
  const guard = (artifact: string, row: Row): Row =>
    new Proxy(row, {
      get(cells, column): unknown {
        assert(needs[artifact]?.includes(String(column)), `${id} reads ${artifact}.${String(column)}`);
        return Reflect.get(cells, column);
      },
    });
  return new Map(
    Object.entries(rows).map(([artifact, list]) => [artifact, list.map((row) => guard(artifact, row))]),
  );
}

function verdictOn(claim: Claim, rows: Rows): ReturnType<Claim["verdict"]> {
  return claim.verdict(guarded(claim, rows), "stated");
}

Deno.test("there are at least 25 claims, with unique ids, and every case belongs to one", () => {
  const ids = claims.map(({ id }) => id);
  assert(ids.length >= 25);
  assertEquals([...new Set(ids)], ids);
  assertEquals(Object.keys(cases).filter((id) => !ids.includes(id)), []);
  const stems = Object.keys(boundCases).filter((stem) => !ids.some((id) => id.startsWith(`${stem}-`)));
  assertEquals(stems, []);
});

Deno.test("every claim holds, fails and is undecidable on the rows made for it, by the margin worked out by hand", () => {
  for (const claim of claims) {
    const { holds, fails, undecidable } = caseOf(claim.id) ?? {};
    assert(fails && undecidable, `${claim.id} has no case`);
    if (holds) {
      const decision = verdictOn(claim, holds.rows);
      assertEquals(decision.verdict, "holds", claim.id);
      assertAlmostEquals(decision.margin ?? NaN, holds.margin, 1e-9, claim.id);
    }
    const decision = verdictOn(claim, fails.rows);
    assertEquals(decision.verdict, "fails", claim.id);
    assertAlmostEquals(decision.margin ?? NaN, fails.margin, 1e-9, claim.id);
    assert(decision.numbers.length > 0, claim.id);
    const silent = verdictOn(claim, undecidable);
    assertEquals([silent.verdict, silent.margin], ["undecidable", null], claim.id);
    assert(silent.note.length > 0, claim.id);
  }
});

Deno.test("without rows, or with rows of the other protocol alone, no claim about training is decided", () => {
  for (const claim of claims) {
    assertEquals(claim.verdict(new Map(), "stated").verdict, "undecidable", claim.id);
    const rows = caseOf(claim.id)?.fails.rows ?? {};
    const verdict = claim.verdict(guarded(claim, rows), "gentle").verdict;
    assertEquals(verdict, claim.isTrained ? "undecidable" : "fails", claim.id);
  }
});

Deno.test("rows of another margin rule, variant, kind or ensemble decide nothing", () => {
  const selecting = ["margin_rule", "variant", "kind", "method", "ensemble", "content"];
  for (const claim of claims) {
    const { holds, fails } = caseOf(claim.id) ?? {};
    for (const [artifact, rows] of Object.entries(holds?.rows ?? {})) {
      for (const column of selecting.filter((name) => rows.some((row) => name in row))) {
        const decoys = fails?.rows[artifact].map((row) => ({ ...row, [column]: "another" })) ?? [];
        const { verdict, margin } = verdictOn(claim, { ...holds?.rows, [artifact]: [...decoys, ...rows] });
        assertEquals(verdict, "holds", `${claim.id} heeds another ${column}`);
        assertAlmostEquals(margin ?? NaN, holds?.margin ?? NaN, 1e-9);
      }
    }
  }
});

Deno.test("what is said of one width or data set is not decided by others", () => {
  const elsewhere = {
    "bartlett-1e3-printed": { paper_width: 500 },
    "bartlett-1e7-printed": { dataset: "mnist" },
  };
  for (const [id, cells] of Object.entries(elsewhere)) {
    const claim = claimById(id);
    const { holds, fails } = caseOf(id) ?? {};
    const [[artifact, rows]] = Object.entries(holds?.rows ?? {});
    const decoys = fails?.rows[artifact].map((row) => ({ ...row, ...cells })) ?? [];
    assertEquals(
      verdictOn(claim, { [artifact]: [...decoys, ...rows] }).margin,
      verdictOn(claim, { [artifact]: rows }).margin,
    );
  }
});

/** What the ids of claims begin with that are about both data sets, or every width on MNIST. */
const abouts = {
  dataset:
    /^(tighter-on-both|pruning|error-bound|lemma-c.2|side-condition|distributed|sparsity|gaussian|centred|independent|final-layer|table1|sketch-below-.*-1-60|compression-error|.*-vacuous)/,
  paper_width:
    /^(tightest-at-every-width|growth|true-error-stable|bartlett-every-width|table2|sketch-below-weight-count$|.*-vacuous)/,
};

Deno.test("what is said of both data sets or of every width is not confirmed by a part of them", () => {
  for (const [column, ids] of Object.entries(abouts)) {
    const withCase = claims.filter(({ id }) => ids.test(id) && caseOf(id)?.holds);
    assert(withCase.length > 20, column);
    for (const claim of withCase) {
      const { rows = {} } = caseOf(claim.id)?.holds ?? {};
      const cells = new Set(Object.values(rows).flat().map((row) => row[column]));
      assert(cells.size > 1, `${claim.id} has a case of one ${column}`);
      for (const cell of cells) {
        const part = Object.fromEntries(
          Object.entries(rows).map(([id, list]) => [id, list.filter((row) => row[column] !== cell)]),
        );
        assertEquals(verdictOn(claim, part).verdict, "undecidable", `${claim.id} without ${cell}`);
      }
    }
  }
});

Deno.test("a part refutes what is said of the whole", () => {
  const [row] = caseOf("tighter-on-both-theorem")?.fails.rows.figure3.slice(-1) ?? [];
  assertEquals(verdictOn(claimById("tighter-on-both-theorem"), { figure3: [row] }).verdict, "fails");
});

Deno.test("an infinite bound is vacuous, and no bound at all is not", () => {
  const claim = claimById("baselines-vacuous-published");
  const rows = caseOf(claim.id)?.holds?.rows.figure3 ?? [];
  const ids = ["neyshabur_2015", "neyshabur_2017", "bartlett_2017"];
  const all = (bound: number | null): Row[] =>
    rows.map((row) => ({ ...row, ...Object.fromEntries(ids.map((id) => [`${id}_published_ln`, bound])) }));
  const { verdict, margin, note } = verdictOn(claim, { figure3: all(Infinity) });
  assertEquals([verdict, margin], ["holds", null]);
  assert(note.includes("infinite"));
  assertEquals(verdictOn(claim, { figure3: all(null) }).verdict, "undecidable");
});

Deno.test("what must rise or fall does not hold where it stays, nor a condition that the largest d breaks", () => {
  const epochs = (...rows: readonly (readonly [number, number])[]): Rows => ({
    figure5: rows.map(([ours_published, margin_logits], epoch) => ({
      protocol: "stated",
      seed: 1,
      epoch,
      margin_rule: "minimum",
      ours_published,
      margin_logits,
    })),
  });
  const verdictOf = (id: string, rows: Rows): string => verdictOn(claimById(id), rows).verdict;
  assertEquals(verdictOf("figure-5-decreases", epochs([4, -2], [3, -1])), "holds");
  assertEquals(verdictOf("figure-5-decreases", epochs([4, -2], [4, -1])), "fails");
  assertEquals(verdictOf("figure-5-decreases", epochs([4, -2], [3, -2.5])), "fails");
  assertEquals(verdictOf("figure-5-margin-turns-positive", epochs([4, -2], [3, 0])), "fails");
  const condition = caseOf("side-condition-of-figure-2")?.holds?.rows.figure2 ?? [];
  const broken = condition.map((row) => row.d === 10 ? { ...row, within_side_condition: "no" } : row);
  assertEquals(verdictOf("side-condition-of-figure-2", { figure2: broken }), "fails");
});

Deno.test("beside Lemma C.2's norm stands the smallest d at which it is exceeded", () => {
  const rows = [[1, 0.9], [2, 3], [3, 2]].map(([d, largest_norm_over_gamma]) => ({
    protocol: "stated",
    seed: 1,
    dataset: "mnist",
    d,
    largest_norm_over_gamma,
  }));
  const { numbers } = verdictOn(claimById("lemma-c.2-norm"), { figure2: rows });
  assertEquals(numbers.map(({ value }) => value), [2, 3, 2]);
});

Deno.test("Arora's bound without its margin loss is not compared where that is 1, the theorem is", () => {
  for (
    const [id, verdict] of [["table1-below-arora-margin-1", "undecidable"], [
      "table1-below-arora-theorem",
      "fails",
    ]]
  ) {
    const rows = caseOf(id)?.fails.rows.table1.map((row) => ({ ...row, margin_loss_fraction: 1 })) ?? [];
    assertEquals(verdictOn(claimById(id), { table1: rows }).verdict, verdict);
  }
});

Deno.test("every artifact and column that a claim names exists", () => {
  for (const { id, needs } of claims) {
    for (const [artifactId, columns] of Object.entries(needs)) {
      const artifact = artifacts.find((candidate) => candidate.id === artifactId);
      assert(artifact, `${id} needs ${artifactId}`);
      const known = artifact.columns.map(({ name }) => name);
      assertEquals(columns.filter((column) => !known.includes(column)), [], `${id} of ${artifactId}`);
    }
  }
});

/** The headings of the paper that hold no numbered statement. */
const headings = [
  ...["1", "2.1", "2.2", "3.1", "3.2", "3.3", "4", "4.1", "4.2", "5", "5.1", "5.2", "5.3", "5.4", "6", "7"]
    .map((number) => `Section ${number}`),
  "Conclusion",
  ..."ABCDEFGHI".split("").map((letter) => `Appendix ${letter}`),
];

Deno.test("every place is one of the paper's: a heading, a figure or table, or a statement", async () => {
  const theory = (await Array.fromAsync(Deno.readDir(new URL("../../src/theory", import.meta.url)))).map(
    ({ name }) => name,
  );
  const statements = ["Remark 4.1", "Remark 5.1"];
  for (const { id, place } of claims) {
    const [kind, number = ""] = place.toLowerCase().split(" ");
    const isStatement = theory.includes(`${kind}_${number.replace(".", "_")}.ts`);
    const isDrawn = ["figure", "table"].includes(kind) &&
      artifacts.some((artifact) => artifact.id === kind + number);
    assert(isStatement || isDrawn || [...headings, ...statements].includes(place), `${id}: ${place}`);
  }
});

Deno.test("a network no better than chance is named beside the verdict", () => {
  const claim = claimById("bartlett-1e3-margin-1");
  const rows = caseOf(claim.id)?.holds?.rows ?? {};
  const hopeless = rows.table2.map((row) => ({ ...row, test_error_fraction: 0.9 }));
  assertEquals(verdictOn(claim, rows).note, "");
  assertEquals(verdictOn(claim, { table2: hopeless }).note, "A network is no better than chance.");
});

Deno.test("a printed number is not reproduced by a narrower network", () => {
  const claim = claimById("table2-ours-published");
  const rows = caseOf(claim.id)?.holds?.rows.table2.map((row) => ({ ...row, width: 78 })) ?? [];
  const { verdict, note } = verdictOn(claim, { table2: rows });
  assertEquals([verdict, note], [
    "undecidable",
    "The networks are narrower than the paper's: 78 for 784.",
  ]);
});

Deno.test("an unknown claim is refused with the known ones", () => {
  assertThrows(() => claimById("none"), RangeError, "known ones are baselines-1e7-cifar10-published");
});

Deno.test("the worst row decides, whatever the order of rows", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
    (values) => {
      const rows = values.map((x) => ({ x }));
      const { margin } = decidedByWorst(rows, ({ x }) => Number(x), () => ({}));
      assertEquals(margin, Math.min(...values));
    },
  ));
});

Deno.test("slopes and rank correlations agree with their textbook forms", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 12 }),
    fc.integer({ min: -5, max: 5 }),
    (x, b) => {
      assertAlmostEquals(slope(x, x.map((value) => b * value + 7)), b, 1e-9);
      // Without ties, Spearman's coefficient is 1 - 6 sum d^2 / (n (n^2 - 1)).
      const y = x.map((value) => value * value + value / 3);
      if (new Set(y).size < y.length) return;
      const rank = (values: readonly number[]): number[] =>
        values.map((value) => values.filter((other) => other <= value).length);
      const [a, c] = [rank(x), rank(y)];
      const squares = a.reduce((sum, value, index) => sum + (value - c[index]) ** 2, 0);
      const n = x.length;
      assertAlmostEquals(rankCorrelation(x, y), 1 - 6 * squares / (n * (n * n - 1)), 1e-9);
    },
  ));
  assertEquals(rankCorrelation([1, 2], [1, NaN]), NaN);
  // By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
  assertAlmostEquals(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5), 1e-12);
});
