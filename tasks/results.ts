/**
 * What all artifacts together come to: claims, the HTML report and the numbers in the paper's prose.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import { artifacts as everyArtifact } from "../src/artifacts/mod.ts";
import { proseNumbers } from "../src/artifacts/prose_numbers.ts";
import type { Claim } from "../src/claims/claim.ts";
import { claims as everyClaim } from "../src/claims/mod.ts";
import { profiles, type ProtocolName } from "../src/experiments/presets.ts";
import { toMacros } from "../src/render/macros.ts";
import { printedNumber } from "../src/render/number_text.ts";
import type { Row } from "../src/render/table.ts";
import { claimsText, evaluateClaims, evidenceOf, writeClaims } from "./claims.ts";
import { writeWhole } from "./files.ts";
import { writeReport } from "./report.ts";
import { mergedRuns, type ReproduceOptions, resultsFolder, wantedRuns } from "./reproduce.ts";

/** The rows of artifacts and what they were made for. */
export interface Results {
  /** The rows of each artifact. */
  readonly rows: ReadonlyMap<Artifact, readonly Row[]>;
  /** What the user asked for. */
  readonly options: ReproduceOptions;
  /** The claims to evaluate; all of them where left out. */
  readonly claims?: readonly Claim[];
  /** Whether the files of `paper/` are written too. */
  readonly writesPaper: boolean;
  /** One folder for all files in place of results/ and paper/. */
  readonly out?: string | undefined;
}

/**
 * Evaluates the claims and, where all of them were evaluated on every artifact and all its networks, writes them, the
 * report and the prose numbers: what a part comes to takes the place of nothing.
 *
 * @returns The claims as text, and the paths that were written.
 */
export async function writeResults(results: Results): Promise<{ text: string; written: string[] }> {
  const { rows, options, claims = everyClaim } = results;
  const scope = scopeOf(options);
  const claimRows = evaluateClaims(evidenceOf(rows), protocolsOf(options), claims).map((row) => ({
    ...row,
    note: [row.note, scope].filter((part) => part !== "").join(" "),
  }));
  const isPart = rows.size < everyArtifact.length || claims.length < everyClaim.length || scope !== "";
  return { text: claimsText(claimRows), written: isPart ? [] : await writeFiles(results, claimRows) };
}

async function writeFiles(results: Results, claimRows: readonly Row[]): Promise<string[]> {
  const { options: { profile }, writesPaper, out } = results;
  const folder = out ?? (writesPaper ? undefined : resultsFolder(profile));
  const written = await writeClaims(claimRows, { profile, out: folder });
  written.push(await reportFile(results, claimRows));
  if (writesPaper) written.push(await numbersFile(results, claimRows));
  return written;
}

function protocolsOf({ profile, protocol }: ReproduceOptions): readonly ProtocolName[] {
  return protocol ? [protocol] : profiles[profile].protocols;
}

/** Which networks alone the claims are decided on, in a sentence; empty where no part of them was asked for. */
function scopeOf({ widths, datasets }: ReproduceOptions): string {
  const parts = [
    ...(datasets ? [`on ${datasets.join(" and ")}`] : []),
    ...(widths ? [`of width ${widths.join(" and ")}`] : []),
  ];
  return parts.length > 0 ? `Decided on the networks ${parts.join(" ")} alone.` : "";
}

async function reportFile({ rows, options, out }: Results, claimRows: readonly Row[]): Promise<string> {
  return await writeReport({
    profile: options.profile,
    artifacts: rows,
    runs: mergedRuns([...rows.keys()].flatMap((artifact) => wantedRuns(artifact, options))),
    claims: claimRows,
    counts: countsOf(claimRows),
    out,
  });
}

async function numbersFile({ rows, options, out }: Results, claimRows: readonly Row[]): Promise<string> {
  const [protocol] = protocolsOf(options);
  const counts = countsOf(claimRows);
  const path = `${out ?? "paper"}/numbers.tex`;
  await writeWhole(
    path,
    toMacros([
      ["profileName", options.profile],
      ["engineName", options.engine],
      ["protocolName", protocol],
      ["claimCount", String(claimRows.length)],
      ["claimsHold", String(counts.holds)],
      ["claimsFail", String(counts.fails)],
      ["claimsUndecidable", String(counts.undecidable)],
      ...proseNumbers(evidenceOf(rows), protocol).map(({ name, value, digits }) =>
        [name, printedNumber(value, digits)] as const
      ),
    ]),
  );
  return path;
}

function countsOf(claimRows: readonly Row[]): Record<"holds" | "fails" | "undecidable", number> {
  const count = (verdict: string): number => claimRows.filter((row) => row.verdict === verdict).length;
  return { holds: count("holds"), fails: count("fails"), undecidable: count("undecidable") };
}
