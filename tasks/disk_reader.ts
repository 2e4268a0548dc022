/**
 * Reading many small files, on a disk of this machine or over a network.
 *
 * @module
 */

/** A read that takes longer is worth the overhead of letting others go on meanwhile. */
const slowMilliseconds = 0.2;

/** About so many of the last reads are looked at. */
const remembered = 64;

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
 * to another thread several times as long; once most reads turn out to be slow, lets them overlap. A few slow ones say
 * nothing of the disk: on a busy machine a process must wait now and then.
 */
export class DiskReader {
  readonly #reads: Reads;
  #slowShare = 0;

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
    if (this.#slowShare > 0.5) return await later(path);
    const started = clock();
    try {
      return now(path);
    } finally {
      const isSlow = clock() - started > slowMilliseconds;
      this.#slowShare += (Number(isSlow) - this.#slowShare) / remembered;
    }
  }
}
