/**
 * Streams into bytes: gzip and tar, with an upper limit on everything that is kept.
 *
 * @module
 */
import { type Extract, extract, type Header } from "tar-stream";

/** Bytes as they arrive. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Unpacks gzip. */
export function gunzip(stream: ByteStream): ByteStream {
  return stream.pipeThrough(new DecompressionStream("gzip"));
}

/**
 * Opens a gzip file, unpacked.
 *
 * @returns A stream that fails with the file's name where the file is damaged or cut short.
 */
export async function gunzipFile(path: string): Promise<ByteStream> {
  const { readable } = await Deno.open(path);
  return ReadableStream.from(withName(gunzip(readable as ByteStream), path));
}

async function* withName<T>(stream: AsyncIterable<T>, path: string): AsyncIterable<T> {
  try {
    yield* stream;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot unpack ${path} as it must be a whole and undamaged gzip file: ${reason}`);
  }
}

/**
 * Reads a stream to its end.
 *
 * @param name What to call it in a message.
 * @param limit The most bytes it may have.
 * @throws {Error} If it has more.
 */
export async function readBytes(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) {
      throw new Error(`Cannot read ${name} as it must have at most ${limit} bytes: it has more`);
    }
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/**
 * Reads the named files of a tar archive into memory. Nothing is written, and other files are skipped.
 *
 * @param archive The archive, not compressed.
 * @param limits The most bytes each wanted file may have, by its path in the archive.
 * @returns The content of every wanted file.
 * @throws {Error} If a wanted file is missing or too long, the archive is cut short, or it has any entry that is
 * neither a file nor a folder or whose path leads out of the archive.
 */
export async function readTarFiles(
  archive: ByteStream,
  limits: ReadonlyMap<string, number>,
): Promise<Map<string, Uint8Array>> {
  const unpacker = extract();
  const [files] = await Promise.all([collect(unpacker, limits), feed(unpacker, archive)]);
  const missing = limits.keys().filter((name) => !files.has(name)).toArray();
  if (missing.length === 0) return files;
  throw new Error(`Cannot unpack the archive as it must contain ${missing.join(", ")}: it does not`);
}

/** Writes the archive into the unpacker until either ends. A failure of the archive becomes the unpacker's. */
async function feed(unpacker: Extract, archive: ByteStream): Promise<void> {
  const closed = new Promise<void>((resolve) => unpacker.once("close", () => resolve()));
  try {
    for await (const chunk of archive) {
      if (unpacker.write(chunk)) continue;
      await Promise.race([closed, new Promise<void>((resolve) => unpacker.once("drain", () => resolve()))]);
      if (unpacker.destroyed) return;
    }
    unpacker.end(null);
  } catch (error) {
    unpacker.destroy(error as Error);
  }
}

async function collect(
  unpacker: Extract,
  limits: ReadonlyMap<string, number>,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const entry of unpacker) {
    checkEntry(entry.header);
    const { name } = entry.header;
    const limit = limits.get(name);
    if (limit === undefined) entry.resume();
    else files.set(name, await readBytes(entry as AsyncIterable<Uint8Array>, name, limit));
  }
  return files;
}

function checkEntry({ name, type }: Header): void {
  if (type !== "file" && type !== "directory") {
    throw new Error(`Cannot unpack the archive as it must hold files and folders only: ${name} is a ${type}`);
  }
  const parts = name.split(/[/\\]/);
  if (parts[0] === "" || /^[A-Za-z]:$/.test(parts[0]) || parts.includes("..")) {
    throw new Error(`Cannot unpack the archive as its paths must stay inside it: current value is ${name}`);
  }
}
