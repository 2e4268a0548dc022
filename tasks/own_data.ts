/**
 * Reads the data that a network of the user's own was trained on: a data set of the paper from the cache, or a folder.
 *
 * @module
 */
import { join } from "node:path";
import { assembleDataset } from "../src/datasets/assemble.ts";
import type { DatasetName, Examples } from "../src/datasets/dataset.ts";
import { parseIdx } from "../src/datasets/idx.ts";
import { type IdxFiles, idxFiles, type IdxPair } from "../src/datasets/idx_folder.ts";
import { pixelScaling, pixelScalingChoices } from "../src/datasets/pixel_scaling.ts";
import { checkRawFile, type NamedBytes, rawFiles } from "../src/datasets/raw_files.ts";
import { type InputScaling, inputScaling, type ScalingName } from "../src/datasets/scaling.ts";
import { notFetched } from "./data.ts";
import { cacheFolder } from "./data/cache_folder.ts";
import { cifar10Place, folderSource } from "./data/named_folder.ts";
import { silentProgress } from "./data/progress.ts";
import { isCached, readCached } from "./data/raw_cache.ts";
import { gunzipFile, readBytes } from "./data/unpack.ts";
import { ifExists, whereSought } from "./files.ts";

/** A training set S, perhaps a test set, and how pixels become inputs. */
export interface OwnData {
  /** Where they were found: the data set's name, a folder or an archive. */
  readonly place: string;
  /** S. */
  readonly train: Examples;
  /** The test set, if there is one. */
  readonly test: Examples | undefined;
  /** The scaling of this name. */
  scaling(name: ScalingName): InputScaling;
  /** Among how many it is by what it takes from S; nothing where it is known beforehand, as those of MNIST and CIFAR10. */
  scalingChoices?(name: ScalingName): readonly number[];
}

/** The most bytes that a packed file may unpack to. */
const largestFile = 2 ** 32;

/** The folders, inside the one that is named, that the usual tools unpack IDX files into. */
const idxFolders = [".", "MNIST/raw", "FashionMNIST/raw"];

/**
 * Reads the data that `--data` names.
 *
 * @param data `mnist`, `cifar10`, or a folder with IDX files (`train-images...`, `train-labels...`, and `t10k...` or
 * `test...` for a test set; packed or not) or with CIFAR10's original files.
 * @throws {Error} If there are no such data or more than one data set, or a file is damaged.
 */
export async function readOwnData(data: string): Promise<OwnData> {
  if (data === "mnist" || data === "cifar10") return cachedData(data);
  if (data === "") {
    throw new Error("Cannot read the data as --data must be mnist, cifar10 or a folder: it is empty");
  }
  if (!await fileNames(data)) {
    throw new Error(
      `Cannot use ${data} as --data must be mnist, cifar10 or a folder: there is no such folder${
        whereSought(data)
      }`,
    );
  }
  const idx = await idxData(data);
  const cifar10 = cifar10Place(data);
  requireOnePlace(data, [
    ...idx.map(({ place }) => `IDX files in ${place}`),
    ...(cifar10 === undefined ? [] : [`CIFAR10's in ${cifar10}`]),
  ]);
  return idx.length > 0 ? await readIdxData(idx[0]) : await cifar10Data(data);
}

/** A folder that tools fill with several data sets does not tell which of them a network was trained on. */
function requireOnePlace(folder: string, places: readonly string[]): void {
  if (places.length < 2) return;
  throw new Error(
    `Cannot use ${folder} as it must have one data set: it has ${
      places.join(" and ")
    }; name the folder of the one that the network was trained on`,
  );
}

function cachedData(name: DatasetName): OwnData {
  if (isCached(cacheFolder(), name, rawFiles(name))) {
    const { train, test } = readCached(cacheFolder(), name, rawFiles(name));
    return { place: name, train, test, scaling: (scaling) => inputScaling(name, scaling) };
  }
  throw notFetched(name);
}

/** IDX files and the folder that they are in. */
interface IdxPlace {
  readonly place: string;
  readonly files: IdxFiles;
}

async function idxData(folder: string): Promise<IdxPlace[]> {
  const found = await Promise.all(idxFolders.map(async (name) => {
    const place = join(folder, name);
    const names = await fileNames(place) ?? [];
    return { place, files: idxFilesIn(place, names) };
  }));
  return found.flatMap(({ place, files }) => files ? [{ place, files }] : []);
}

function idxFilesIn(place: string, names: readonly string[]): IdxFiles | undefined {
  try {
    return idxFiles(names);
  } catch (error) {
    throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readIdxData({ place, files }: IdxPlace): Promise<OwnData> {
  const train = await readPair(place, files.train);
  const test = files.test && await readPair(place, files.test);
  if (test && test.dimension !== train.dimension) {
    throw new Error(
      `Cannot use ${place} as test images must have the ${train.dimension} pixels of training images: they have ${test.dimension}`,
    );
  }
  return {
    place,
    train,
    test,
    scaling: (name) => pixelScaling(train, name),
    scalingChoices: (name) => pixelScalingChoices(train, name),
  };
}

async function readPair(folder: string, { images, labels }: IdxPair): Promise<Examples> {
  return parseIdx(await readUnpacked(join(folder, images)), await readUnpacked(join(folder, labels)));
}

async function readUnpacked(path: string): Promise<NamedBytes> {
  const isPacked = path.endsWith(".gz");
  const bytes = isPacked
    ? await readBytes(await gunzipFile(path), path, largestFile)
    : await Deno.readFile(path);
  return { name: path, bytes };
}

async function cifar10Data(folder: string): Promise<OwnData> {
  const files = rawFiles("cifar10");
  const wanted = { name: "cifar10" as const, files, partialFolder: folder, progress: silentProgress };
  const contents = await folderSource(folder).read({ ...wanted, signal: new AbortController().signal })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot use ${folder} as it must have IDX files or CIFAR10's original files: ${reason}`,
      );
    });
  const { train, test } = assembleDataset("cifar10", files, (file) => {
    const found = { name: join(folder, file.name), bytes: contents.get(file.name)! };
    checkRawFile(file, found, "Put the original file there.");
    return found;
  });
  return {
    place: cifar10Place(folder)!,
    train,
    test,
    scaling: (name) => inputScaling("cifar10", name),
  };
}

async function fileNames(folder: string): Promise<string[] | undefined> {
  const isFolder = (await ifExists(Deno.stat(folder)))?.isDirectory;
  if (!isFolder) return undefined;
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ isFile, isSymlink }) => isFile || isSymlink).map(({ name }) => name);
}
