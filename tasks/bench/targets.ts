/**
 * What the package sets out to reach, and what a bench found.
 *
 * @module
 */
import { reference } from "./cases.ts";
import type { NetworkShape } from "./contestant.ts";
import type { BenchRow } from "./rows.ts";

/** One aim. */
export interface Target {
  /** What is compared, as the beginning of a sentence. */
  readonly what: string;
  /** What was found; undefined where the bench has not what it takes. */
  readonly found: number | undefined;
  /** What is asked. */
  readonly asked: number;
  /** Whether the least or the most is asked. */
  readonly sense: "at least" | "at most";
}

/** How `machineName` says that there is AVX-512. */
export const wideVectors = "AVX-512";

/** What the tensorflow engine multiplies by where a processor has it. */
export const tileRegisters = "AMX";

/**
 * The aims, with what the rows of a bench say about each.
 *
 * The engine tensorflow is compared with PyTorch on the CPU alone, and with the faster of its two forms of Adam. More is
 * asked of it where there is AVX-512.
 */
export function targetsOf(rows: readonly BenchRow[]): Target[] {
  const hasWideVectors = rows.some(({ machine }) => machine.includes(wideVectors));
  const withPytorch = (name: string, shape: NetworkShape, wide: number): Target => ({
    what: `tensorflow beside PyTorch at its best, ${name}`,
    found: ratio(bestOfPytorch(rows, shape), onCpu(stepRow(rows, "tensorflow", shape))),
    asked: hasWideVectors ? wide : 1,
    sense: "at least",
  });
  return [
    withPytorch("width 784, batch 256", reference, 1.7),
    withPytorch("width 2500, batch 256", { ...reference, width: 2500 }, 1.5),
    withPytorch("width 784, batch 4", fewExamples, 1.2),
    fitTarget(rows),
    productTarget(rows),
    fewExamplesTarget(rows),
    networksTarget(rows),
    ...measurementTargets(rows),
    ...runTargets(rows),
  ];
}

const fewExamples: NetworkShape = { ...reference, batch: 4 };

function fitTarget(rows: readonly BenchRow[]): Target {
  return {
    what: "wasm beside model.fit on the same backend, width 784, batch 256",
    found: ratio(stepRow(rows, "tfjs", reference), stepRow(rows, "wasm", reference)),
    asked: 10,
    sense: "at least",
  };
}

/** At the product that XNNPACK, tfjs's own kernel, does at the highest rate. */
function productTarget(rows: readonly BenchRow[]): Target {
  const productsOf = (who: string) => rows.filter((row) => row.what === "product" && row.who === who);
  const best = productsOf("tfjs").toSorted((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0)).at(0);
  const ours = productsOf("wasm").find(({ subject }) => subject === best?.subject);
  return {
    what: `wasm's matrix product beside tfjs's where that is at its best${best ? `, ${best.subject}` : ""}`,
    found: ratio(best, ours),
    asked: 1.4,
    sense: "at least",
  };
}

function fewExamplesTarget(rows: readonly BenchRow[]): Target {
  return {
    what: "wasm beside PyTorch with Adam as it comes, width 784, batch 4",
    found: ratio(stepRow(rows, "pytorch-default", fewExamples), stepRow(rows, "wasm", fewExamples)),
    asked: 1,
    sense: "at least",
  };
}

function networksTarget(rows: readonly BenchRow[]): Target {
  const [one, two] = [1, 2].map((count) =>
    rows.find(({ what, networks }) => what === "networks" && networks === count)
  );
  const found = ratio(one, two);
  return {
    what: "wasm's throughput with two networks at once beside one",
    found: found === undefined ? undefined : 2 * found,
    asked: 1.8,
    sense: "at least",
  };
}

/** A line an engine that was measured on. */
function measurementTargets(rows: readonly BenchRow[]): Target[] {
  return rows.filter(({ what }) => what === "epoch").map((epoch) => {
    const costs = rows.filter(({ what, who }) => what === "measurement" && who === epoch.who);
    return {
      what:
        `sweep over d, norms, margins, Hessian and cushions of a network of width 784 in epochs of its training, ${epoch.label}`,
      found: costs.reduce((sum, { median_ms }) => sum + median_ms, 0) / epoch.median_ms,
      asked: 10,
      sense: "at most",
    };
  });
}

/** Whole runs take minutes and are in few benches: where they are not, there is no line about them. */
function runTargets(rows: readonly BenchRow[]): Target[] {
  const runOf = (who: string) =>
    rows.find((row) => row.what === "run" && row.who === who && row.subject === "quick, Table 2");
  const found = ratio(runOf("wasm"), runOf("tensorflow"));
  if (found === undefined) return [];
  return [{
    what: "tensorflow beside wasm, Table 2 of the quick profile",
    found,
    asked: 4,
    sense: "at least",
  }];
}

function stepRow(
  rows: readonly BenchRow[],
  who: string,
  { inputs, width, batch }: NetworkShape,
): BenchRow | undefined {
  return rows.find((row) =>
    row.what === "step" && row.who === who && row.inputs === inputs && row.width === width &&
    row.batch === batch
  );
}

function bestOfPytorch(rows: readonly BenchRow[], shape: NetworkShape): BenchRow | undefined {
  return ["pytorch-fused", "pytorch-default"].map((who) => stepRow(rows, who, shape))
    .filter((row) => row !== undefined).toSorted((a, b) => a.median_ms - b.median_ms).at(0);
}

function onCpu(row: BenchRow | undefined): BenchRow | undefined {
  return row?.label.includes("CPU") ? row : undefined;
}

function ratio(slow: BenchRow | undefined, fast: BenchRow | undefined): number | undefined {
  return slow && fast && slow.median_ms / fast.median_ms;
}

/**
 * A target as a line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const target = { what: "wasm beside model.fit", found: 12.34, asked: 10, sense: "at least" } as const;
 * assertEquals(targetLine(target), "reached: wasm beside model.fit: 12.34 (asked: at least 10)");
 * ```
 */
export function targetLine({ what, found, asked, sense }: Target): string {
  const request = `(asked: ${sense} ${asked})`;
  if (found === undefined) return `not timed: ${what} ${request}`;
  const isReached = sense === "at least" ? found >= asked : found <= asked;
  return `${isReached ? "reached" : "not reached"}: ${what}: ${found.toFixed(2)} ${request}`;
}
