/**
 * What is said while bytes arrive.
 *
 * @module
 */

/** Hears how a transfer goes. */
export interface Progress {
  /** Something worth a line happens. */
  note(line: string): void;
  /** A transfer begins; `total` is its size in bytes if that is known. */
  begin(label: string, total?: number): void;
  /** So many bytes of the transfer are there. */
  reach(bytes: number): void;
  /** The transfer is complete. A failed one is not ended: a note says so. */
  end(): void;
}

/** Where progress is written, and what it is written for. */
export interface ProgressOutput {
  /** Writes text as it is. */
  readonly write: (text: string) => void;
  /** Whether lines can be rewritten in place. */
  readonly isTerminal: boolean;
  /** The time in milliseconds. */
  readonly now: () => number;
}

const redrawMilliseconds = 100;
const eraseLine = "\r\x1b[K";

/** Says nothing. */
export const silentProgress: Progress = { note() {}, begin() {}, reach() {}, end() {} };

/** Progress on standard error, so that standard output stays free for results. */
export function consoleProgress(): Progress {
  const encoder = new TextEncoder();
  return new TextProgress({
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
    isTerminal: Deno.stderr.isTerminal(),
    now: () => performance.now(),
  });
}

/**
 * Progress as text: on a terminal one line that is redrawn with bytes and time left, otherwise one line at the
 * beginning of a transfer and one at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const lines: string[] = [];
 * const progress = new TextProgress({ write: (text) => lines.push(text), isTerminal: false, now: () => 0 });
 * progress.begin("train-labels", 60_008);
 * progress.reach(60_008);
 * progress.end();
 * assertEquals(lines, ["train-labels, 0.1 MB\n", "train-labels: 0.1 MB in 0 s\n"]);
 * ```
 */
export class TextProgress implements Progress {
  readonly #output: ProgressOutput;
  #label = "";
  #total: number | undefined;
  #bytes = 0;
  #began = 0;
  #drawn = -Infinity;

  /** Progress written to `output`. */
  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  note(line: string): void {
    this.#output.write(`${this.#isLineDrawn() ? eraseLine : ""}${line}\n`);
    this.#drawn = -Infinity;
  }

  begin(label: string, total?: number): void {
    this.#label = label;
    this.#total = total;
    this.#bytes = 0;
    this.#began = this.#output.now();
    this.#drawn = -Infinity;
    if (this.#output.isTerminal) return this.#redraw();
    this.note(total === undefined ? label : `${label}, ${megabytes(total)} MB`);
  }

  reach(bytes: number): void {
    this.#bytes = bytes;
    if (this.#output.isTerminal) this.#redraw();
  }

  end(): void {
    this.note(`${this.#label}: ${megabytes(this.#bytes)} MB in ${seconds(this.#elapsed())}`);
  }

  #isLineDrawn(): boolean {
    return this.#drawn !== -Infinity;
  }

  #redraw(): void {
    const now = this.#output.now();
    if (now - this.#drawn < redrawMilliseconds) return;
    this.#drawn = now;
    this.#output.write(`${eraseLine}${this.#label}  ${this.#amount()}${this.#timeLeft()}`);
  }

  #amount(): string {
    const done = megabytes(this.#bytes);
    return this.#total === undefined ? `${done} MB` : `${done} of ${megabytes(this.#total)} MB`;
  }

  #timeLeft(): string {
    // The first hundredth says too little about the speed.
    if (this.#total === undefined || this.#bytes < this.#total / 100) return "";
    const missing = Math.max(0, this.#total - this.#bytes);
    return `, ${seconds(this.#elapsed() * missing / this.#bytes)} left`;
  }

  #elapsed(): number {
    return this.#output.now() - this.#began;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function seconds(milliseconds: number): string {
  const total = Math.round(milliseconds / 1000);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}
