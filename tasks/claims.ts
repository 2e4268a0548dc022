/**
 * Evaluating the claims of the paper on the rows of artifacts, and writing what became of them.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import type { Claim, Decision, Evidence, ProtocolName } from "../src/claims/claim.ts";
import { claims as everyClaim } from "../src/claims/mod.ts";
import type { ProfileName } from "../src/experiments/presets.ts";
import { toBooktabs } from "../src/render/booktabs.ts";
import { toCsv } from "../src/render/csv.ts";
import { printedNumber } from "../src/render/number_text.ts";
import type { Column, Row } from "../src/render/table.ts";
import { toText } from "../src/render/text.ts";
import { writeWhole } from "./files.ts";
import { resultsFolder } from "./reproduce.ts";

/** What the protocol column holds for a claim that no training decides. */
export const anyProtocol = "any";

/** Rows of one table of a page. */
const rowsPerTable = 40;

const verdicts = ["holds", "fails", "undecidable"] as const;

const exact = { absolute: 0, relative: 0 };

function text(name: string): Column {
  return { name, title: name.replaceAll("_", " "), unit: "", digits: 0, tolerance: exact, kind: "text" };
}

const marginColumn: Column = { name: "margin", title: "margin", unit: "", digits: 2, tolerance: exact };

/** The columns of `claims.csv`. */
export const claimColumns: readonly Column[] = [
  text("claim"),
  text("place"),
  text("protocol"),
  text("verdict"),
  text("seeds_holding"),
  marginColumn,
  text("margin_unit"),
  text("numbers"),
  text("note"),
];

/** The rows by the artifact's id, from those that `reproduce` gives. */
export function evidenceOf(rowsByArtifact: ReadonlyMap<Artifact, readonly Row[]>): Evidence {
  return new Map([...rowsByArtifact].map(([{ id }, rows]) => [id, rows]));
}

/** The ids of the artifacts that claims need, each once. */
export function neededArtifacts(claims: readonly Claim[]): string[] {
  return [...new Set(claims.flatMap(({ needs }) => Object.keys(needs)))];
}

/**
 * Evaluates claims: a row a claim and protocol, or one where no training decides.
 *
 * @param evidence The rows of artifacts, by the artifact's id. A claim whose rows are missing is undecidable.
 * @param protocols The protocols that the rows were made for.
 * @param claims The claims; all of them where left out.
 * @returns Rows of {@linkcode claimColumns}.
 */
export function evaluateClaims(
  evidence: Evidence,
  protocols: readonly ProtocolName[],
  claims: readonly Claim[] = everyClaim,
): Row[] {
  return claims.flatMap((claim) =>
    claim.isTrained
      ? protocols.map((protocol) => claimRow(claim, protocol, claim.verdict(evidence, protocol)))
      : [claimRow(claim, anyProtocol, claim.verdict(evidence, protocols[0]))]
  );
}

/** The claims as a table for the terminal, and how many hold. */
export function claimsText(rows: readonly Row[]): string {
  return toText({
    caption: "Claims of the paper",
    columns: [
      ...["claim", "place", "protocol", "verdict"].map(text),
      marginColumn,
      text("margin_unit"),
      text("grounds"),
    ],
    rows: rows.map(({ numbers, note, seeds_holding: _, ...row }) => ({
      ...row,
      grounds: [numbers, note].filter((part) => part !== "").join(". "),
    })),
    notes: [
      verdictCounts(rows),
      "Margin: how far the deciding figure is on the claim's side; below 0 where the claim fails.",
    ],
  });
}

/** How many claims hold and fail, by their place in the paper and the protocol, as a table for the terminal. */
export function claimsByPlace(rows: readonly Row[]): string {
  const protocols = [...new Set(rows.map(({ protocol }) => String(protocol)))];
  const cells = (same: readonly Row[], protocol: string): [string, number | null][] => {
    const own = same.filter((row) => row.protocol === protocol);
    const count = (verdict: string): number | null =>
      own.length > 0 ? own.filter((row) => row.verdict === verdict).length : null;
    return verdicts.map((verdict) => [`${protocol}_${verdict}`, count(verdict)]);
  };
  const count = (name: string, title: string): Column => ({ ...text(name), title, kind: "number" });
  return toText({
    caption: "Claims of the paper by place: how many hold, fail or are undecidable",
    columns: [
      text("place"),
      ...protocols.flatMap((protocol) =>
        verdicts.map((verdict) => count(`${protocol}_${verdict}`, `${protocol}: ${verdict}`))
      ),
    ],
    rows: [...Map.groupBy(rows, ({ place }) => place)].map(([place, same]) => ({
      place,
      ...Object.fromEntries(protocols.flatMap((protocol) => cells(same, protocol))),
    })),
    notes: [verdictCounts(rows)],
  });
}

/** The claims in LaTeX: a line a claim, a verdict and a margin a protocol, cut into tables that fit a page. */
export function claimsLatex(rows: readonly Row[]): string {
  const protocols = protocolsOf(rows);
  const lines = [...Map.groupBy(rows, ({ claim }) => claim).values()].map((same) =>
    latexRow(same, protocols)
  );
  const parts = Array.from(
    { length: Math.ceil(lines.length / rowsPerTable) },
    (_, part) => lines.slice(part * rowsPerTable, (part + 1) * rowsPerTable),
  );
  return parts.map((part, index) =>
    toBooktabs({
      caption: `Claims of the paper, part ${index + 1} of ${parts.length}`,
      label: `tab:claims-${index + 1}`,
      columns: latexColumns(protocols),
      rows: part,
      notes: index + 1 < parts.length ? [] : [verdictCounts(rows), ...seedNotes(rows)],
    })
  ).join("\n");
}

/**
 * Writes `claims.csv` among the results and `claims.tex` into `paper`, or both into `out`.
 *
 * @returns The paths.
 */
export async function writeClaims(
  rows: readonly Row[],
  { profile, out }: { readonly profile: ProfileName; readonly out?: string | undefined },
): Promise<string[]> {
  const files: [string, string][] = [
    [`${out ?? resultsFolder(profile)}/claims.csv`, toCsv(claimColumns, rows)],
    [`${out ?? "paper/tables"}/claims.tex`, claimsLatex(rows)],
  ];
  for (const [path, content] of files) await writeWhole(path, content);
  return files.map(([path]) => path);
}

function claimRow({ id, place, marginUnit }: Claim, protocol: string, decision: Decision): Row {
  return {
    claim: id,
    place,
    protocol,
    verdict: decision.verdict,
    seeds_holding: decision.seeds ? `${decision.seeds.holding} of ${decision.seeds.all}` : "",
    margin: decision.margin,
    margin_unit: marginUnit,
    numbers: decision.numbers.map(({ name, value }) => `${name}: ${figureText(value)}`).join("; "),
    note: decision.note,
  };
}

function figureText(value: number): string {
  return printedNumber(value, Number.isInteger(value) ? 0 : 3);
}

function seedNotes(rows: readonly Row[]): string[] {
  return rows.some(({ seeds_holding }) => seeds_holding !== "")
    ? ["In brackets: for how many of the seeds the claim holds. Verdict and margin are those of the worst."]
    : [];
}

/** How many verdicts there are of each kind, in a sentence. */
export function verdictCounts(rows: readonly Row[]): string {
  const count = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;
  return `${count("holds")} hold, ${count("fails")} fail, ${count("undecidable")} are undecidable.`;
}

function protocolsOf(rows: readonly Row[]): string[] {
  const named = new Set(rows.map(({ protocol }) => String(protocol)));
  named.delete(anyProtocol);
  return named.size > 0 ? [...named] : [anyProtocol];
}

function latexColumns(protocols: readonly string[]): Column[] {
  return [
    text("claim"),
    text("place"),
    ...protocols.flatMap((protocol) => [
      { ...text(`${protocol}_verdict`), title: protocol },
      { ...marginColumn, name: `${protocol}_margin` },
    ]),
    { ...text("margin_unit"), title: "unit" },
  ];
}

/** The verdict, with the seeds it holds for where they are several. */
function verdictCell({ verdict, seeds_holding }: Row): string {
  return seeds_holding ? `${verdict} (${seeds_holding})` : String(verdict);
}

/** A claim that no training decides has the same verdict under every protocol. */
function latexRow(same: readonly Row[], protocols: readonly string[]): Row {
  const cells = protocols.flatMap((protocol) => {
    const row = same.find((candidate) => [protocol, anyProtocol].includes(String(candidate.protocol)));
    return [
      [`${protocol}_verdict`, row ? verdictCell(row) : null],
      [`${protocol}_margin`, row?.margin ?? null],
    ];
  });
  const [{ claim, place, margin_unit }] = same;
  return { claim, place, ...Object.fromEntries(cells), margin_unit };
}
