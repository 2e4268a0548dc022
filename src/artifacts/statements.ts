/**
 * The statement audit: for each statement and erratum of the paper what is claimed, whether it holds, and by what
 * figure.
 *
 * @module
 */
import type { ProfileName, Selection } from "../experiments/presets.ts";
import { RandomStream } from "../math/random_stream.ts";
import type { Column, Row } from "../render/table.ts";
import type { Artifact, Presentation } from "./artifact.ts";
import { exactColumn, textColumn } from "./bound_columns.ts";
import { statementChecks } from "./statement_checks/mod.ts";
import type { Finding, StatementCheck } from "./statement_checks/statement_check.ts";

/** The number of draws of each profile. */
export const auditDraws: Readonly<Record<ProfileName, number>> = {
  smoke: 20,
  quick: 100,
  standard: 400,
  paper: 1000,
};

const place: Column = textColumn("place", "statement");
const claim: Column = textColumn("claim", "claim");
const errata: Column = textColumn("errata", "errata");
const verdict: Column = textColumn("verdict", "verdict");
const looseness: Column = exactColumn("looseness_factor", "loose by", "", 1);
const figure: Column = exactColumn("figure", "figure", "", 4);
const meaning: Column = textColumn("figure_meaning", "what the figure is");

/** The statement audit. */
export const statements: Artifact = {
  id: "statements",
  title: "The statement audit: what holds, what is loose, what fails, what is misprinted",
  datasets: [],
  runs: () => [],
  columns: [
    textColumn("id", "id"),
    place,
    errata,
    claim,
    verdict,
    looseness,
    figure,
    meaning,
    textColumn("command", "command"),
  ],
  keys: ["id"],
  rows: (_runs, { profile, seed }: Omit<Selection, "protocol">): Row[] =>
    statementChecks.map((check) =>
      rowOf(check, auditStatement(check.id, auditDraws[profile], seed), profile, seed)
    ),
  present: (rows: readonly Row[]): Presentation[] => [presentation(rows)],
};

/**
 * Runs the check of one statement. Each has a random stream of its own, so that the order changes nothing.
 *
 * @param id As in the table, `lemma-c.2`.
 * @param draws The number of draws, at least 1; the table says how many.
 * @param seed The root seed.
 * @throws {RangeError} If there is no such check.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(auditStatement("lemma-c.3", 1, 0).verdict, "misprinted");
 * ```
 */
export function auditStatement(id: string, draws: number, seed: number): Finding {
  const found = statementChecks.find((check) => check.id === id);
  if (!found) throw new RangeError(`Cannot audit the statement ${id}: there is no check of that name`);
  return found.check({ draws, stream: new RandomStream(seed, `statements/${id}`) });
}

function rowOf(check: StatementCheck, finding: Finding, profile: ProfileName, seed: number): Row {
  return {
    id: check.id,
    place: check.place,
    errata: check.errata.join(", "),
    claim: check.claim,
    verdict: finding.verdict,
    looseness_factor: finding.looseness ?? null,
    figure: finding.figure,
    figure_meaning: finding.meaning,
    command: commandOf(check.id, auditDraws[profile], seed),
  };
}

/** What recomputes one row, from the root of the repository. */
function commandOf(id: string, draws: number, seed: number): string {
  const call = `auditStatement("${id}", ${draws}, ${seed})`;
  return `deno eval 'import { auditStatement } from "./src/artifacts/statements.ts"; console.log(${call})'`;
}

function presentation(rows: readonly Row[]): Presentation {
  const shown = [place, errata, claim, verdict, looseness, figure, meaning];
  const counts = Map.groupBy(rows, (row) => String(row.verdict)).entries()
    .map(([name, group]) => `${name} ${group.length}`).toArray();
  return {
    caption: "The statements of the paper, checked",
    columns: shown,
    rows: rows.map((row) => Object.fromEntries(shown.map(({ name }) => [name, row[name]]))),
    notes: [
      `Verdicts: ${
        counts.join(", ")
      }. Each is computed from the figure beside it. Holds, loose: true, and larger than what was measured by more than 2. Misprinted: false as printed, true as the erratum (paper/errata.md) has it. Fails here: false of what was tried.`,
      "What was tried is said beside the figure; that a statement holds there is no proof. Where the paper leaves a constant open, it is 1.",
      "Each row is recomputed by the command in its line of the CSV. Erratum 26, about the errors in Table 3, needs trained networks: see that table.",
    ],
  };
}
