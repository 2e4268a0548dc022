/**
 * The data sets' public download sites.
 *
 * @module
 */
import type { DatasetName } from "../../src/datasets/dataset.ts";
import type { RawFile } from "../../src/datasets/raw_files.ts";
import type { Progress } from "./progress.ts";
import type { Source, Wanted } from "./source.ts";
import { type ByteStream, gunzip, readBytes, readTarFiles } from "./unpack.ts";

/** A download site and the form in which it has the files. */
export interface Mirror {
  /** The URL of the archive, or of the folder with one compressed file a raw file; a folder ends in a slash. */
  readonly url: string;
  /** The folder inside the archive; absent if the files lie there one by one. */
  readonly archiveFolder?: string;
  /** How long no byte may arrive before the download is given up, in milliseconds. Default one minute. */
  readonly stallMilliseconds?: number;
}

/** The mirrors of each data set, in the order in which they are tried. */
export const mirrors: Readonly<Record<DatasetName, readonly Mirror[]>> = {
  mnist: [
    { url: "https://storage.googleapis.com/cvdf-datasets/mnist/" },
    { url: "https://ossci-datasets.s3.amazonaws.com/mnist/" },
  ],
  cifar10: [
    { url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", archiveFolder: "cifar-10-batches-bin" },
  ],
};

/** The source that downloads from a mirror. Everything stays in memory until it has been verified. */
export function mirrorSource(mirror: Mirror): Source {
  return {
    label: mirror.url,
    advice: "The download differs from the original; nothing of it was kept.",
    read: (wanted) =>
      mirror.archiveFolder === undefined
        ? readSingleFiles(mirror, wanted)
        : readArchive(mirror, mirror.archiveFolder, wanted),
  };
}

async function readSingleFiles(mirror: Mirror, wanted: Wanted): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const file of wanted.files) {
    const url = `${mirror.url}${file.name}.gz`;
    const bytes = await download(url, mirror, wanted, (body) => {
      return readBytes(gunzip(body), url, file.bytes);
    });
    contents.set(file.name, bytes);
  }
  return contents;
}

async function readArchive(
  mirror: Mirror,
  folder: string,
  wanted: Wanted,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const pathOf = (file: RawFile) => `${folder}/${file.name}`;
  const limits = new Map(wanted.files.map((file) => [pathOf(file), file.bytes]));
  const found = await download(mirror.url, mirror, wanted, (body) => {
    return readTarFiles(gunzip(body), limits);
  });
  return new Map(wanted.files.map((file) => [file.name, found.get(pathOf(file))!]));
}

async function download<Result>(
  url: string,
  mirror: Mirror,
  { progress, signal }: Wanted,
  consume: (body: ByteStream) => Promise<Result>,
): Promise<Result> {
  const watchdog = new Watchdog(mirror.stallMilliseconds ?? 60_000);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, watchdog.signal]) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`${url} answered ${response.status} ${response.statusText}`.trim());
    }
    progress.begin(url, totalBytes(response));
    const result = await consume(response.body.pipeThrough(counter(progress, watchdog)));
    progress.end();
    return result;
  } finally {
    watchdog.stop();
  }
}

function totalBytes(response: Response): number | undefined {
  const length = Number(response.headers.get("content-length"));
  return length > 0 ? length : undefined;
}

function counter(progress: Progress, watchdog: Watchdog): TransformStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      watchdog.restart();
      progress.reach(bytes);
      controller.enqueue(chunk);
    },
  });
}

/** Aborts its signal unless it is restarted in time: a connection may be slow, but not silent. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.stop();
    const reason = new Error(`no byte arrived for ${this.#milliseconds / 1000} s`);
    this.#timer = setTimeout(() => this.#controller.abort(reason), this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
