/**
 * Metadata of a research object as RO-Crate 1.1: what the software is, which data it takes, which files it made.
 *
 * @module
 */

/** A file with what identifies its content. */
export interface DescribedFile {
  /** Its path, relative to the metadata's folder. */
  readonly path: string;
  /** What it is, in one line. */
  readonly description: string;
  /** Its length in bytes. */
  readonly bytes: number;
  /** The SHA-256 of its content, in hexadecimal. */
  readonly sha256: string;
}

/** A data set that is not part of the crate but is named by its content. */
export interface DescribedDataset {
  /** `mnist`: the stem of its identifiers. */
  readonly id: string;
  /** Its name in print. */
  readonly name: string;
  /** Its files; the paths are their usual names. */
  readonly files: readonly Omit<DescribedFile, "description">[];
}

/** Something that the software makes: an artifact of the paper. */
export interface DescribedResult {
  /** `table2`: the stem of its identifiers. */
  readonly id: string;
  /** What it is, in one line. */
  readonly title: string;
  /** The command that makes it. */
  readonly command: string;
  /** The identifiers of the data sets that it takes. */
  readonly datasets: readonly string[];
  /** Its files that are there; none where it was not made yet. */
  readonly files: readonly DescribedFile[];
}

/** What a crate is made of. */
export interface CrateDescription {
  /** The software's name. */
  readonly name: string;
  /** What it does, in a sentence or two. */
  readonly description: string;
  /** The software's version. */
  readonly version: string;
  /** The SPDX identifier of its licence. */
  readonly license: string;
  /** The day of its publication, ISO 8601. */
  readonly datePublished: string;
  /** Who wrote it. */
  readonly author: string;
  /** The paper whose results it reproduces. */
  readonly paper: { readonly title: string; readonly author: string };
  /** The program that makes the results. */
  readonly program: DescribedFile;
  /** The data sets. */
  readonly datasets: readonly DescribedDataset[];
  /** The artifacts. */
  readonly results: readonly DescribedResult[];
}

type Entity = Readonly<Record<string, unknown>>;

const encodingFormats: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  ts: "application/typescript",
};

/**
 * The content of `ro-crate-metadata.json`. Equal descriptions give equal text.
 *
 * Every artifact is an action: the program applied to data sets, with the artifact's files as its result. An artifact
 * that was not made yet is a potential action without a result. Data sets are described but not contained: each of
 * their files is named by its SHA-256.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = roCrate({
 *   name: "prunebound",
 *   description: "Reproduces a paper.",
 *   version: "1.0.0",
 *   license: "MIT",
 *   datePublished: "2026-01-01",
 *   author: "The authors",
 *   paper: { title: "A paper", author: "Anonymous authors" },
 *   program: { path: "cli.ts", description: "The command line", bytes: 1, sha256: "00" },
 *   datasets: [],
 *   results: [],
 * });
 * const [descriptor, root] = JSON.parse(text)["@graph"];
 * assertEquals([descriptor.about["@id"], root.hasPart["@id"]], ["./", "cli.ts"]);
 * ```
 */
export function roCrate(description: CrateDescription): string {
  const graph = [
    descriptor(),
    rootDataset(description),
    ...people(description),
    ...software(description),
    ...description.datasets.flatMap(datasetEntities),
    ...description.results.map((result) => action(result, description)),
    ...resultFiles(description).map((file) => fileEntity(file)),
  ];
  // The context of RO-Crate 1.1 lacks this term of schema.org.
  const context = ["https://w3id.org/ro/crate/1.1/context", { sha256: "https://schema.org/sha256" }];
  return JSON.stringify({ "@context": context, "@graph": graph }, null, 2) + "\n";
}

function descriptor(): Entity {
  return {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    conformsTo: reference("https://w3id.org/ro/crate/1.1"),
    about: reference("./"),
  };
}

function rootDataset(description: CrateDescription): Entity {
  const { name, license, datePublished, program, datasets, results } = description;
  return {
    "@id": "./",
    "@type": "Dataset",
    name,
    description: description.description,
    datePublished,
    license: reference(licenseId(license)),
    author: reference("#authors"),
    citation: reference("#paper"),
    mainEntity: reference(program.path),
    hasPart: references([program, ...resultFiles(description)].map(({ path }) => path)),
    mentions: references([
      "#software",
      ...datasets.map(({ id }) => datasetId(id)),
      ...results.map(({ id }) => actionId(id)),
    ]),
  };
}

function people({ author, paper, license }: CrateDescription): Entity[] {
  return [
    { "@id": "#authors", "@type": "Organization", name: author },
    { "@id": "#paper-authors", "@type": "Organization", name: paper.author },
    { "@id": "#paper", "@type": "ScholarlyArticle", name: paper.title, author: reference("#paper-authors") },
    {
      "@id": licenseId(license),
      "@type": "CreativeWork",
      name: license,
      description: `The licence with the SPDX identifier ${license}`,
    },
  ];
}

function software({ name, description, version, license, program }: CrateDescription): Entity[] {
  return [
    {
      "@id": "#software",
      "@type": "SoftwareApplication",
      name,
      description,
      version,
      license: reference(licenseId(license)),
      author: reference("#authors"),
      hasPart: reference(program.path),
    },
    {
      ...fileEntity(program),
      "@type": ["File", "SoftwareSourceCode"],
      programmingLanguage: reference("https://www.typescriptlang.org/"),
      runtimePlatform: "Deno",
      license: reference(licenseId(license)),
    },
    {
      "@id": "https://www.typescriptlang.org/",
      "@type": "ComputerLanguage",
      name: "TypeScript",
      url: "https://www.typescriptlang.org/",
    },
  ];
}

function datasetEntities({ id, name, files }: DescribedDataset): Entity[] {
  const idOf = (path: string): string => `${datasetId(id)}/${path}`;
  return [
    {
      "@id": datasetId(id),
      "@type": "Dataset",
      name,
      hasPart: references(files.map(({ path }) => idOf(path))),
    },
    ...files.map(({ path, bytes, sha256 }) => ({
      "@id": idOf(path),
      "@type": "DataDownload",
      name: path,
      contentSize: String(bytes),
      sha256,
    })),
  ];
}

function action(
  { id, title, command, datasets, files }: DescribedResult,
  { program }: CrateDescription,
): Entity {
  return {
    "@id": actionId(id),
    "@type": "CreateAction",
    name: title,
    description: command,
    instrument: reference(program.path),
    ...(datasets.length > 0 ? { object: references(datasets.map(datasetId)) } : {}),
    actionStatus: reference(
      `http://schema.org/${files.length > 0 ? "CompletedActionStatus" : "PotentialActionStatus"}`,
    ),
    ...(files.length > 0 ? { result: references(files.map(({ path }) => path)) } : {}),
  };
}

function fileEntity({ path, description, bytes, sha256 }: DescribedFile): Entity {
  return {
    "@id": path,
    "@type": "File",
    name: path.slice(path.lastIndexOf("/") + 1),
    description,
    encodingFormat: encodingFormats[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    contentSize: String(bytes),
    sha256,
  };
}

/** The files of all artifacts, each once. */
function resultFiles({ results }: CrateDescription): DescribedFile[] {
  const files = results.flatMap((result) => result.files);
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function reference(id: string): Entity {
  return { "@id": id };
}

/** RO-Crate asks for a single value where there is one, and for a list where there are more. */
function references(ids: readonly string[]): Entity | readonly Entity[] {
  return ids.length === 1 ? reference(ids[0]) : ids.map(reference);
}

function licenseId(license: string): string {
  return `https://spdx.org/licenses/${license}`;
}

function datasetId(id: string): string {
  return `#dataset-${id}`;
}

function actionId(id: string): string {
  return `#reproduce-${id}`;
}
