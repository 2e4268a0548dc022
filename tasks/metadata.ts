/**
 * Describes the package and its results for archives and for people who check it: `ro-crate-metadata.json` (RO-Crate)
 * and `codecheck.yml` (CODECHECK), both from the registry of artifacts.
 *
 * @module
 */
import type { Artifact } from "../src/artifacts/artifact.ts";
import { artifacts } from "../src/artifacts/mod.ts";
import type { DatasetName } from "../src/datasets/dataset.ts";
import { rawFiles, sha256 } from "../src/datasets/raw_files.ts";
import { type ProfileName, profiles } from "../src/experiments/presets.ts";
import { codecheckManifest } from "../src/render/codecheck.ts";
import {
  type CrateDescription,
  type DescribedDataset,
  type DescribedFile,
  type DescribedResult,
  roCrate,
} from "../src/render/ro_crate.ts";
import { choiceOf, flagsOf } from "./arguments.ts";
import { inOneSentence } from "./ending.ts";
import { ifExists, writeWhole } from "./files.ts";

/** Which results are described. */
export interface MetadataOptions {
  /** The profile whose results they are. */
  readonly profile: ProfileName;
  /** The root of the package. Default the working directory. */
  readonly root?: string;
}

/** The two files' contents. */
export interface Metadata {
  /** `ro-crate-metadata.json`. */
  readonly crate: string;
  /** `codecheck.yml`. */
  readonly manifest: string;
}

const datasetTitles: Readonly<Record<DatasetName, string>> = { mnist: "MNIST", cifar10: "CIFAR10" };

/** The files that are no artifact's own but follow from all of them. */
const sharedFiles: Readonly<Record<string, string>> = {
  "claims.csv": "The claims of the paper with their verdicts",
  "report.html": "The report",
};

/**
 * Describes the package and the results of a profile that are there. Equal files give equal metadata.
 *
 * @throws {Error} If the root is not that of the package.
 */
export async function metadataOf({ profile, root = "." }: MetadataOptions): Promise<Metadata> {
  const citation = await readCitation(root);
  const results = await Promise.all(artifacts.map((artifact) => describedArtifact(root, profile, artifact)));
  const shared = await describedShared(root, profile);
  const program = await describedFile(root, "cli.ts", "The command line: one command makes each result");
  if (!program) throw new Error(`Cannot describe ${root} as it must be the package's root: it has no cli.ts`);
  const crate = roCrate({
    ...citation,
    program,
    datasets: Object.keys(datasetTitles).map((dataset) => describedDataset(dataset as DatasetName)),
    results: [...results, ...shared],
  });
  const files = [...results, ...shared].flatMap((result) =>
    result.files.map(({ path, description }) => ({ path, comment: `${description} (${result.command})` }))
  );
  const { title, author } = citation.paper;
  return { crate, manifest: codecheckManifest({ title, authors: [author], files }) };
}

async function describedArtifact(
  root: string,
  profile: ProfileName,
  { id, title, datasets }: Artifact,
): Promise<DescribedResult> {
  const file = await describedFile(root, `results/${profile}/${id}.csv`, title);
  return {
    id,
    title,
    command: `deno task reproduce:${id} --profile ${profile}`,
    datasets,
    files: file ? [file] : [],
  };
}

async function describedShared(root: string, profile: ProfileName): Promise<DescribedResult[]> {
  const described = Object.entries(sharedFiles).map(async ([name, title]) => {
    const file = await describedFile(root, `results/${profile}/${name}`, title);
    return {
      id: name.replace(/\..*/, ""),
      title,
      command: sharedCommand(profile),
      datasets: allDatasets(),
      files: file ? [file] : [],
    };
  });
  return (await Promise.all(described)).filter(({ files }) => files.length > 0);
}

/** Of the paper's profile some artifacts have no golden; verified without them, it is a part, whose verdicts are not written. */
function sharedCommand(profile: ProfileName): string {
  return profile === "paper"
    ? "deno task reproduce --profile paper"
    : `deno task verify --profile ${profile}`;
}

function allDatasets(): string[] {
  return [...new Set(artifacts.flatMap(({ datasets }) => datasets))];
}

function describedDataset(id: DatasetName): DescribedDataset {
  return {
    id,
    name: datasetTitles[id],
    files: rawFiles(id).map(({ name, ...file }) => ({ path: name, ...file })),
  };
}

async function describedFile(
  root: string,
  path: string,
  description: string,
): Promise<DescribedFile | undefined> {
  const content = await ifExists(Deno.readFile(`${root}/${path}`));
  return content && { path, description, bytes: content.length, sha256: sha256(content) };
}

type Citation = Omit<CrateDescription, "program" | "datasets" | "results">;

/** The software's and the paper's particulars, from CITATION.cff, in which the software comes first. */
async function readCitation(root: string): Promise<Citation> {
  const text = await Deno.readTextFile(`${root}/CITATION.cff`);
  const [own, paper] = [text.slice(0, text.indexOf("references:")), text.slice(text.indexOf("references:"))];
  const [, abstract] = /abstract: >-\n((?: {2}.*\n)+)/.exec(own) ?? missing("abstract");
  return {
    name: field(own, "title"),
    version: field(own, "version"),
    license: field(own, "license"),
    description: abstract.trim().replace(/\s+/g, " "),
    datePublished: field(own, "date-released"),
    author: field(own, "- name"),
    paper: { title: field(paper, "title"), author: field(paper, "- name") },
  };
}

function field(text: string, name: string): string {
  const [, value] = new RegExp(`^ *${name}: (.*)$`, "m").exec(text) ?? missing(name);
  return value;
}

function missing(name: string): never {
  throw new SyntaxError(`Cannot read CITATION.cff as it must have ${name}: it has none`);
}

const usage = `deno task metadata [--profile NAME]

Describes the package and its results for archives: writes ro-crate-metadata.json and codecheck.yml.
  --profile NAME   whose results they are (${Object.keys(profiles).join(", ")}; default quick)`;

function requestedProfile(): ProfileName {
  const { profile } = flagsOf(usage, { profile: { type: "string", default: "quick" } });
  return choiceOf("profile", profile, Object.keys(profiles) as ProfileName[]);
}

if (import.meta.main) {
  const profile = requestedProfile();
  await inOneSentence(async () => {
    const { crate, manifest } = await metadataOf({ profile });
    await writeWhole("ro-crate-metadata.json", crate);
    await writeWhole("codecheck.yml", manifest);
    console.log(`Written: ro-crate-metadata.json, codecheck.yml (results of the profile ${profile})`);
  });
}
