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
import { pixelScaling } from "../src/datasets/pixel_scaling.ts";
import { checkRawFile, type NamedBytes, rawFiles } from "../src/datasets/raw_files.ts";
import { type InputScaling, inputScaling, type ScalingName } from "../src/datasets/scaling.ts";
import { cacheFolder } from "./data/cache_folder.ts";
import { folderSource } from "./data/named_folder.ts";
import { silentProgress } from "./data/progress.ts";
import { isCached, readCached } from "./data/raw_cache.ts";
import { type ByteStream, gunzip, readBytes } from "./data/unpack.ts";
import { ifExists } from "./files.ts";

/** A training set S, perhaps a test set, and how pixels become inputs. */
export interface OwnData {
  /** S. */
  readonly train: Examples;
  /** The test set, if there is one. */
  readonly test: Examples | undefined;
  /** The scaling of this name. */
  scaling(name: ScalingName): InputScaling;
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
 * @throws {Error} If there are no such data, or a file is damaged.
 */
export async function readOwnData(data: string): Promise<OwnData> {
  if (data === "mnist" || data === "cifar10") return cachedData(data);
  const names = await fileNames(data);
  if (!names) {
    throw new Error(
      `Cannot use ${data} as --data must be mnist, cifar10 or a folder: there is no such folder`,
    );
  }
  return await idxData(data) ?? await cifar10Data(data);
}

function cachedData(name: DatasetName): OwnData {
  if (isCached(cacheFolder(), name, rawFiles(name))) {
    const { train, test } = readCached(cacheFolder(), name, rawFiles(name));
    return { train, test, scaling: (scaling) => inputScaling(name, scaling) };
  }
  throw new Error(`Cannot use ${name} as it must be fetched first: run deno task data ${name}`);
}

async function idxData(folder: string): Promise<OwnData | undefined> {
  for (const place of idxFolders.map((name) => join(folder, name))) {
    const files = idxFiles(await fileNames(place) ?? []);
    if (files) return await readIdxData(place, files);
  }
  return undefined;
}

async function readIdxData(folder: string, files: IdxFiles): Promise<OwnData> {
  const train = await readPair(folder, files.train);
  const test = files.test && await readPair(folder, files.test);
  if (test && test.dimension !== train.dimension) {
    throw new Error(
      `Cannot use ${folder} as test images must have the ${train.dimension} pixels of training images: they have ${test.dimension}`,
    );
  }
  return { train, test, scaling: (name) => pixelScaling(train, name) };
}

async function readPair(folder: string, { images, labels }: IdxPair): Promise<Examples> {
  return parseIdx(await readUnpacked(join(folder, images)), await readUnpacked(join(folder, labels)));
}

async function readUnpacked(path: string): Promise<NamedBytes> {
  if (!path.endsWith(".gz")) return { name: path, bytes: await Deno.readFile(path) };
  const { readable } = await Deno.open(path);
  return { name: path, bytes: await readBytes(gunzip(readable as ByteStream), path, largestFile) };
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
  return { train, test, scaling: (name) => inputScaling("cifar10", name) };
}

async function fileNames(folder: string): Promise<string[] | undefined> {
  const isFolder = (await ifExists(Deno.stat(folder)))?.isDirectory;
  if (!isFolder) return undefined;
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ isFile, isSymlink }) => isFile || isSymlink).map(({ name }) => name);
}
