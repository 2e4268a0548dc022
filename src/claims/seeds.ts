/**
 * Claims over several seeds: a sentence of the paper holds where it holds for each.
 *
 * @module
 */
import type { Cell, Claim, Decision, Evidence, ProtocolName } from "./claim.ts";

/** What became of a claim under one seed. */
interface SeedDecision {
  readonly seed: Cell;
  readonly decision: Decision;
}

/**
 * The claim, decided for each seed on the rows of that seed alone. It fails where it fails for one, holds where it holds
 * for all, and is undecidable otherwise; figures and margin are those of the worst seed, and the note says for how many
 * it holds, with every margin. With one seed the decision is the claim's own. A claim that no training decides stays as
 * it is.
 *
 * @param claim A claim.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { claimOnRows, decided, numbersOf } from "./claim.ts";
 * const claim = decidedForEachSeed(claimOnRows({
 *   id: "positive",
 *   place: "Section 7",
 *   sentence: "x is positive.",
 *   marginUnit: "1",
 *   artifact: "table",
 *   columns: ["x"],
 *   decide: (rows) => decided(numbersOf(rows, "x")[0], {}),
 * }));
 * const rows = [1, -2, 3].map((x, index) => ({ protocol: "stated", seed: index + 1, x }));
 * const { verdict, margin, note } = claim.verdict(new Map([["table", rows]]), "stated");
 * assertEquals([verdict, margin], ["fails", -2]);
 * assertEquals(note, "Holds for 2 of 3 seeds; margins by seed: 1: 1, 2: -2, 3: 3.");
 * ```
 */
export function decidedForEachSeed(claim: Claim): Claim {
  if (!claim.isTrained) return claim;
  return {
    ...claim,
    needs: Object.fromEntries(
      Object.entries(claim.needs).map(([id, columns]) => [id, [...new Set([...columns, "seed"])]]),
    ),
    verdict: (evidence, protocol): Decision => {
      const seeds = seedsOf(claim, evidence, protocol);
      if (seeds.length <= 1) return claim.verdict(evidence, protocol);
      return worstOf(seeds.map((seed) => {
        return { seed, decision: claim.verdict(ofSeed(claim, evidence, seed), protocol) };
      }));
    },
  };
}

function seedsOf({ needs }: Claim, evidence: Evidence, protocol: ProtocolName): Cell[] {
  const rows = Object.keys(needs).flatMap((id) => evidence.get(id) ?? []);
  return [...new Set(rows.filter((row) => row.protocol === protocol).map(({ seed }) => seed))];
}

function ofSeed({ needs }: Claim, evidence: Evidence, seed: Cell): Evidence {
  return new Map(
    Object.keys(needs).map((id) => [id, (evidence.get(id) ?? []).filter((row) => row.seed === seed)]),
  );
}

/** What fails by the most comes first, then what nothing decides, then what holds by the least. */
const fromTheWorst: readonly Decision["verdict"][] = ["fails", "undecidable", "holds"];

/** A seed that decides nothing keeps the others from confirming the claim, not from refuting it. */
function worstOf(decisions: readonly SeedDecision[]): Decision {
  const [worst] = decisions.map(({ decision }) => decision).toSorted((a, b) =>
    fromTheWorst.indexOf(a.verdict) - fromTheWorst.indexOf(b.verdict) ||
    (a.margin ?? Infinity) - (b.margin ?? Infinity)
  );
  const holding = decisions.filter(({ decision }) => decision.verdict === "holds").length;
  return {
    ...worst,
    seeds: { holding, all: decisions.length },
    note: [worst.note, seedNote(decisions, holding)].filter((part) => part !== "").join(" "),
  };
}

function seedNote(decisions: readonly SeedDecision[], holding: number): string {
  const margins = decisions.map(({ seed, decision }) => `${seed}: ${marginText(decision)}`);
  return `Holds for ${holding} of ${decisions.length} seeds; margins by seed: ${margins.join(", ")}.`;
}

function marginText({ margin }: Decision): string {
  return margin === null ? "none" : String(Number(margin.toPrecision(3)));
}
