/**
 * Reading many small files, on a disk of this machine or over a network.
 *
 * @module
 */

/** Milliseconds a read, from which on it is worth its overhead to let others go on meanwhile. */
const slowMilliseconds = 0.2;

/** About so many reads count for how fast a disk is. */
const remembered = 512;

/** How a reader reads; the system's calls by default. */
export interface Reads {
  /** Reads at once, and holds everything else up. */
  readonly now: (path: string) => Uint8Array;
  /** Lets others go on until it has read. */
  readonly later: (path: string) => Promise<Uint8Array>;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
}

/**
 * Reads files one after the other while that is fast, as a read from this machine's memory takes 0.01 ms and handing it
 * to another thread takes four times as long; once reads turn out to be slow, lets them overlap.
 */
export class DiskReader {
  readonly #reads: Reads;
  #mean = 0;

  /** Nothing is read yet, and the disk is taken to be fast. */
  constructor(
    reads: Reads = { now: Deno.readFileSync, later: Deno.readFile, clock: () => performance.now() },
  ) {
    this.#reads = reads;
  }

  /**
   * The bytes of a file.
   *
   * @throws {Deno.errors.NotFound} If it does not exist.
   */
  async read(path: string): Promise<Uint8Array> {
    const { now, later, clock } = this.#reads;
    if (this.#mean > slowMilliseconds) return await later(path);
    const started = clock();
    try {
      return now(path);
    } finally {
      this.#mean += (clock() - started - this.#mean) / remembered;
    }
  }
}
