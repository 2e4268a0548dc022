/**
 * A folder that the user names, with the original files in one of their usual forms.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { type RawFile, rawFiles } from "../../src/datasets/raw_files.ts";
import type { Source, Wanted } from "./source.ts";
import { type ByteStream, gunzipFile, readBytes, readTarFiles } from "./unpack.ts";

/** The folders that the usual tools unpack into. */
const usualFolders = [".", "MNIST/raw", "cifar-10-batches-bin"];
const archiveName = "cifar-10-binary.tar.gz";
const archiveFolder = "cifar-10-batches-bin";

/**
 * The source that reads a user's folder: each file under its usual name, as it is or with .gz, in the folder itself
 * or where the usual tools put it, or CIFAR10's original archive.
 */
export function folderSource(folder: string): Source {
  return {
    label: `folder ${folder}`,
    advice: "Put the original file there, or leave out --from to have it fetched.",
    read: (wanted) => {
      const archive = join(folder, archiveName);
      return wanted.name === "cifar10" && exists(archive)
        ? readArchive(archive, wanted)
        : readSingleFiles(folder, wanted);
    },
  };
}

/** The archive or the folder that the source of a user's folder reads CIFAR10 from; undefined where it finds none. */
export function cifar10Place(folder: string): string | undefined {
  const archive = join(folder, archiveName);
  if (exists(archive)) return archive;
  const path = findFile(folder, rawFiles("cifar10")[0].name);
  return path && dirname(path);
}

async function readArchive(path: string, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  const pathOf = (file: RawFile) => `${archiveFolder}/${file.name}`;
  const limits = new Map(wanted.files.map((file) => [pathOf(file), file.bytes]));
  const found = await readTarFiles(await gunzipFile(path), limits);
  return new Map(wanted.files.map((file) => [file.name, found.get(pathOf(file))!]));
}

async function readSingleFiles(folder: string, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const file of wanted.files) {
    const path = requireFile(folder, file.name);
    const stream = path.endsWith(".gz") ? await gunzipFile(path) : await openStream(path);
    contents.set(file.name, await readBytes(stream, path, file.bytes));
  }
  return contents;
}

function findFile(folder: string, name: string): string | undefined {
  const spellings = [name, name.replace("-idx", ".idx")].flatMap((spelling) => [spelling, `${spelling}.gz`]);
  return usualFolders.flatMap((place) => spellings.map((spelling) => join(folder, place, spelling)))
    .find(exists);
}

function requireFile(folder: string, name: string): string {
  const path = findFile(folder, name);
  if (path !== undefined) return path;
  throw new Error(
    `Cannot find ${name} or ${name}.gz in ${folder} or its folders ${usualFolders.slice(1).join(", ")}`,
  );
}

async function openStream(path: string): Promise<ByteStream> {
  return (await Deno.open(path)).readable as ByteStream;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
