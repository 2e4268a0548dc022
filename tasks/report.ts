/**
 * The HTML report of a profile: claims, tables, figures, provenance and downloads in one file.
 *
 * @module
 */
import { z } from "zod";
import type { Artifact } from "../src/artifacts/artifact.ts";
import { summary } from "../src/artifacts/summary.ts";
import { claimById } from "../src/claims/mod.ts";
import { parseRecord } from "../src/experiments/record.ts";
import { runFileNames } from "../src/experiments/run.ts";
import { readText, type RunFiles, type RunStore } from "../src/experiments/run_store.ts";
import { toCsv } from "../src/render/csv.ts";
import { type Report, type ReportSection, toHtml } from "../src/render/html.ts";
import type { ReportedClaim, ReportedVerdict } from "../src/render/html_claims.ts";
import { toSvg } from "../src/render/svg.ts";
import type { Column, Row } from "../src/render/table.ts";
import { anyProtocol, claimColumns, evidenceOf } from "./claims.ts";
import { writeWhole } from "./files.ts";
import { duration } from "./progress.ts";
import { artifactCsv, type IdentifiedRun, profileRuns, resultsFolder } from "./reproduce.ts";

/** What a report is about. */
export interface ReportContent {
  /** The profile's name. */
  readonly profile: Parameters<typeof resultsFolder>[0];
  /** The artifacts with their rows. */
  readonly artifacts: ReadonlyMap<Artifact, readonly Row[]>;
  /** The runs that they rest on, each once. */
  readonly runs: readonly IdentifiedRun[];
  /** The claims with their verdicts: rows of `claimColumns`. */
  readonly claims: readonly Row[];
  /** How many verdicts there are of each kind. */
  readonly counts: Readonly<Record<"holds" | "fails" | "undecidable", number>>;
  /** The folder that it goes into; the profile's results where left out. */
  readonly out?: string | undefined;
}

/** Writes `report.html` and returns its path. */
export async function writeReport(content: ReportContent): Promise<string> {
  const path = `${content.out ?? resultsFolder(content.profile)}/report.html`;
  await writeWhole(path, toHtml(await reportOf(content)));
  return path;
}

async function reportOf({ profile, artifacts, runs, claims, counts }: ReportContent): Promise<Report> {
  const provenance = await provenanceRows(profileRuns(profile), runs);
  return {
    title: "Generalization bounds for magnitude-based pruning: what reproduces",
    facts: [
      ["Profile", profile],
      ["Claims", `${counts.holds} hold, ${counts.fails} fail, ${counts.undecidable} are undecidable`],
      ["Runs", `${runs.length}`],
    ],
    sections: [
      summarySection(artifacts),
      claimsSection(claims),
      ...[...artifacts].map(([artifact, rows]) => artifactSection(artifact, rows)),
      provenanceSection(provenance),
    ],
  };
}

function summarySection(artifacts: ReportContent["artifacts"]): ReportSection {
  const text = [
    "The bounds at the paper's own width in each reading, how they rank, and what can be certified. Which bound is smallest depends on the reading, and on how the network was trained.",
  ];
  const tables = summary(evidenceOf(artifacts));
  return { id: "summary", title: "In five minutes", text, tables, downloads: [] };
}

function claimsSection(rows: readonly Row[]): ReportSection {
  const text = [
    "Every quantitative sentence of the paper as a claim, with the verdict that the rows below lead to. A claim that fails is a finding. The margin says how far the deciding figure is on the claim's side: below 0 where the claim fails. Over several seeds a claim holds where it holds for each, and the margin is that of the worst.",
  ];
  const claims = [...Map.groupBy(rows, ({ claim }) => String(claim))].map(([id, same]) =>
    reportedClaim(id, same)
  );
  const downloads = [{ name: "claims.csv", content: toCsv(claimColumns, rows) }];
  return { id: "claims", title: "Claims", text, claims, tables: [], downloads };
}

function reportedClaim(id: string, rows: readonly Row[]): ReportedClaim {
  const { place, sentence } = claimById(id);
  return { id, place, sentence, verdicts: rows.map(reportedVerdict) };
}

function reportedVerdict({ protocol, verdict, margin, margin_unit, numbers, note }: Row): ReportedVerdict {
  return {
    protocol: protocol === anyProtocol ? "" : String(protocol),
    verdict: String(verdict),
    margin: typeof margin === "number" ? margin : null,
    marginUnit: String(margin_unit),
    grounds: [numbers, note].filter((part) => part !== "").join(". "),
  };
}

function artifactSection(artifact: Artifact, rows: readonly Row[]): ReportSection {
  const figure = artifact.figure?.(rows);
  return {
    id: artifact.id,
    title: artifact.title,
    text: figure ? [figure.description] : [],
    svg: figure && toSvg(figure),
    tables: artifact.present(rows),
    downloads: [{ name: `${artifact.id}.csv`, content: artifactCsv(artifact, rows) }],
  };
}

const text = { unit: "", digits: 0, tolerance: { absolute: 0, relative: 0 }, kind: "text" } as const;

const provenanceColumns: readonly Column[] = [
  { ...text, name: "run", title: "run" },
  { ...text, name: "network", title: "network" },
  { ...text, name: "engine", title: "engine" },
  { ...text, name: "time", title: "time" },
  { ...text, name: "commit", title: "commit" },
  { ...text, name: "versions", title: "versions" },
];

function provenanceSection(rows: readonly Row[]): ReportSection {
  const table = { caption: "Runs", columns: provenanceColumns, rows, notes: [] };
  const explained = "How each run came about. None of this is part of a run's identity.";
  return {
    id: "provenance",
    title: "Provenance and timings",
    text: [explained],
    tables: [table],
    downloads: [],
  };
}

const provenanceSchema = z.object({
  commit: z.string().nullable(),
  seconds: z.number(),
  engine: z.string(),
  versions: z.record(z.string(), z.string()),
});

/** What a run says of where it came from; nothing where that is missing or cannot be read, as no number rests on it. */
async function storedProvenance(files: RunFiles): Promise<Partial<z.infer<typeof provenanceSchema>>> {
  const text = await readText(files, runFileNames.provenance) ?? "";
  try {
    return parseRecord(provenanceSchema, text, runFileNames.provenance);
  } catch {
    return {};
  }
}

/** A row a run of a store: where it came from, as far as its provenance says so. */
export async function provenanceRows(store: RunStore, runs: readonly IdentifiedRun[]): Promise<Row[]> {
  return await Promise.all(runs.map(async ({ identity, hyperparameters }) => {
    const stored = await storedProvenance(store.run(identity));
    const { dataset, hidden, optimiser, seed } = hyperparameters;
    return {
      run: identity,
      network: `${dataset}, ${hidden.join("-")}, learning rate ${optimiser.learningRate}, seed ${seed}`,
      engine: stored.engine ?? hyperparameters.engine,
      time: stored.seconds === undefined ? "" : duration(stored.seconds),
      commit: stored.commit?.slice(0, 12) ?? "",
      versions: Object.entries(stored.versions ?? {}).map(([name, version]) => `${name} ${version}`).join(
        ", ",
      ),
    };
  }));
}
