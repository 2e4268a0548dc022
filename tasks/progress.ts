/**
 * Progress with an estimate of the time left: a line that is rewritten on a terminal, plain lines elsewhere.
 *
 * @module
 */

const eraseLine = "\r\x1b[K";

/** Where progress goes, and how. */
export interface ProgressOptions {
  /** Whether the line may be rewritten in place. */
  readonly isTerminal: boolean;
  /** Plain lines only for what is finished. */
  readonly isQuiet: boolean;
  /** Milliseconds now. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

/** The options for this process's standard error. */
export function standardProgress(isQuiet: boolean): ProgressOptions {
  const encoder = new TextEncoder();
  return {
    isTerminal: Deno.stderr.isTerminal(),
    isQuiet,
    now: () => performance.now(),
    write: (text) => Deno.stderr.writeSync(encoder.encode(text)),
  };
}

/** Progress over work that is measured in any unit. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #total: number;
  readonly #started: number;
  #done = 0;
  #shown: number;

  /** @param total All the work, in the unit of {@linkcode Progress.add}. */
  constructor(total: number, options: ProgressOptions) {
    this.#total = total;
    this.#options = options;
    this.#started = this.#shown = options.now();
  }

  /** Counts work as done, and shows it if the last time is long enough ago: 0.2 s on a terminal, 15 s elsewhere. */
  add(work: number): void {
    this.#done += work;
    const { isTerminal, isQuiet, now, write } = this.#options;
    if (isQuiet || now() - this.#shown < (isTerminal ? 200 : 15_000)) return;
    this.#shown = now();
    write(isTerminal ? `${eraseLine}${this.#state()}` : `${this.#state()}\n`);
  }

  /** Writes a line that stays. */
  line(text: string): void {
    this.erase();
    this.#options.write(`${text}\n`);
  }

  /** Erases the line that is rewritten: to be called before anything else is written to the terminal. */
  erase(): void {
    const { isTerminal, isQuiet, write } = this.#options;
    if (isTerminal && !isQuiet) write(eraseLine);
  }

  #state(): string {
    const share = Math.min(this.#done / this.#total, 1);
    const elapsed = (this.#options.now() - this.#started) / 1000;
    const left = share > 0
      ? `about ${duration(elapsed * (1 - share) / share)} left`
      : "estimating the time left";
    return `${Math.floor(share * 100)} % done, ${left}`;
  }
}

/**
 * Seconds as a person says them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([duration(42), duration(150), duration(7260)], ["42 s", "2 min 30 s", "2 h 1 min"]);
 * ```
 */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
