/**
 * The rows of the bench: one a measurement, as `paper/data/bench.csv` keeps them.
 *
 * @module
 */
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import type { Column } from "../../src/render/table.ts";
import { type Contestant, operationsOf, type Work } from "./contestant.ts";

/**
 * What a row is about: a training step, a matrix product, a step of several networks at once, an epoch, a measurement of
 * a network, a whole run.
 */
export type Subject = "step" | "product" | "networks" | "epoch" | "measurement" | "run";

/** One measurement. */
export interface BenchRow {
  readonly what: Subject;
  /** The contestant's name in this package: an engine, `tfjs`, `pytorch-default` or `pytorch-fused`. */
  readonly who: string;
  /** Its name in tables, with version and device. */
  readonly label: string;
  /** The shape of a product, the name of a measurement, the command of a run; empty for a step. */
  readonly subject: string | null;
  /** Dimension of x. */
  readonly inputs: number | null;
  /** Units of each hidden layer. */
  readonly width: number | null;
  /** Examples a step. */
  readonly batch: number | null;
  /** Networks that train at once, each on its own. */
  readonly networks: number | null;
  /** How many times it was timed. */
  readonly timings: number;
  /** Median time; of a step of all networks where there are several. */
  readonly median_ms: number;
  /** Shortest time. */
  readonly fastest_ms: number;
  /** Floating-point operations of the matrix products by the median time. */
  readonly gflops: number | null;
  /** Those as a fraction of the fastest matrix product of the same bench. */
  readonly peak_fraction: number | null;
  /** What it ran on: the system and the processor, then versions and what else kept them busy. */
  readonly machine: string;
}

const column = (name: keyof BenchRow, kind: "number" | "text" = "number"): Column => {
  return { name, title: name, unit: "", digits: 1, kind, tolerance: { absolute: 0, relative: Infinity } };
};

const columns: readonly Column[] = [
  column("what", "text"),
  column("who", "text"),
  column("label", "text"),
  column("subject", "text"),
  column("inputs"),
  column("width"),
  column("batch"),
  column("networks"),
  column("timings"),
  column("median_ms"),
  column("fastest_ms"),
  column("gflops"),
  column("peak_fraction"),
  column("machine", "text"),
];

/** A measurement of some work. */
export interface Measured {
  readonly work: Work;
  readonly who: string;
  readonly contestant: Pick<Contestant, "label">;
  /** Milliseconds of each time. */
  readonly times: readonly number[];
  /** Networks at once. Default 1. */
  readonly networks?: number;
  readonly machine: string;
}

/** The row of some work; its share of the peak is still unknown. */
export function workRow({ work, who, contestant, times, networks = 1, machine }: Measured): BenchRow {
  const { median, fastest } = summary(times);
  return {
    what: work.kind,
    who,
    label: contestant.label,
    ...shapeCells(work, networks),
    timings: times.length,
    median_ms: median,
    fastest_ms: fastest,
    gflops: networks * operationsOf(work) / median / 1e6,
    peak_fraction: null,
    machine,
  };
}

function shapeCells(
  work: Work,
  networks: number,
): Pick<BenchRow, "subject" | "inputs" | "width" | "batch" | "networks"> {
  if (work.kind === "step") {
    const { inputs, width, batch } = work.shape;
    return { subject: null, inputs, width, batch, networks };
  }
  const { rows, depth, columns } = work.shape;
  const subject = `${rows} x ${depth} x ${columns}`;
  return { subject, inputs: null, width: null, batch: null, networks: null };
}

/** The row of something that is no product of matrices. */
export function timeRow(
  row: Pick<BenchRow, "what" | "who" | "label" | "subject" | "machine"> & Partial<BenchRow>,
  times: readonly number[],
): BenchRow {
  const { median, fastest } = summary(times);
  const rest = { inputs: null, width: null, batch: null, networks: null, gflops: null, peak_fraction: null };
  return { ...rest, ...row, timings: times.length, median_ms: median, fastest_ms: fastest };
}

/**
 * Median and shortest of times.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(summary([3, 1, 2, 10]), { median: 2.5, fastest: 1 });
 * ```
 */
export function summary(times: readonly number[]): { median: number; fastest: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2, fastest: sorted[0] };
}

/** The fastest matrix product of a bench, which stands for what the machine can do. */
export function peakOf(rows: readonly BenchRow[]): BenchRow | undefined {
  return rows.filter(({ what }) => what === "product")
    .toSorted((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0)).at(0);
}

/** The rows with their share of the peak. */
export function withPeak(rows: readonly BenchRow[]): BenchRow[] {
  const peak = peakOf(rows)?.gflops;
  return rows.map((row) => ({ ...row, peak_fraction: row.gflops && peak ? row.gflops / peak : null }));
}

/** The rows machine by machine, in the order in which these come. */
export function byMachine(rows: readonly BenchRow[]): BenchRow[][] {
  return [...Map.groupBy(rows, ({ machine }) => processorOf(machine)).values()];
}

/** The rows of a new bench, followed by those that were kept of other machines. */
export function withOtherMachines(rows: readonly BenchRow[], kept: readonly BenchRow[]): BenchRow[] {
  const own = new Set(rows.map(({ machine }) => processorOf(machine)));
  return [...rows, ...kept.filter(({ machine }) => !own.has(processorOf(machine)))];
}

function processorOf(machine: string): string {
  return machine.split(", Deno ")[0];
}

/** The rows as CSV. */
export function benchCsv(rows: readonly BenchRow[]): string {
  return toCsv(columns, rows.map((row) => ({ ...row })));
}

/**
 * The rows of a CSV that `benchCsv` wrote.
 *
 * @throws {RangeError} If its columns are others.
 */
export function benchRows(csv: string): BenchRow[] {
  return fromCsv(csv, columns) as unknown as BenchRow[];
}
