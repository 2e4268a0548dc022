/**
 * The bench as a person reads it.
 *
 * @module
 */
import type { Column, Row } from "../../src/render/table.ts";
import { toText } from "../../src/render/text.ts";
import type { NetworkShape } from "./contestant.ts";
import { cifar10Inputs, dispatchShape } from "./cases.ts";
import { gpuNote, paperCosts } from "./paper_cost.ts";
import { type BenchRow, benchRows, byMachine, peakOf } from "./rows.ts";
import { targetLine, targetsOf, tileRegisters } from "./targets.ts";

/** What a cell of a pivot shows of a row. */
type Shown = (row: BenchRow) => number | null;

/** The tables that a person reads, from the CSV that benches wrote: all of the last one, and the main of other machines. */
export function benchTable(csv: string): string {
  const [last, ...others] = byMachine(benchRows(csv));
  return [benchText(last), ...others.map((rows) => `${stepText(rows)}\n\n${targetText(rows)}`)].join("\n\n");
}

/** The tables that a person reads, of a bench of one machine. */
export function benchText(rows: readonly BenchRow[]): string {
  const steps = rows.filter(({ what }) => what === "step");
  const products = rows.filter(({ what }) => what === "product");
  return [
    stepText(rows),
    pivot("The same in GFLOPS of its matrix products, zeros that are left out included", steps, gflops),
    pivot(peakCaption(rows), steps, percentOfPeak),
    pivot("The product of two matrices in GFLOPS", products, gflops),
    networksText(rows),
    measurementText(rows),
    paperCostText(rows),
    runText(rows),
    targetText(rows),
  ].filter((text) => text !== "").join("\n\n");
}

function stepText(rows: readonly BenchRow[]): string {
  const steps = rows.filter(({ what }) => what === "step");
  return pivot(`A step of Adam in milliseconds (median): ${rows[0].machine}`, steps, median, tileNotes(rows));
}

function targetText(rows: readonly BenchRow[]): string {
  return targetsOf(rows).map(targetLine).join("\n");
}

const median: Shown = ({ median_ms }) => median_ms;
const gflops: Shown = (row) => row.gflops;
const percentOfPeak: Shown = ({ peak_fraction }) => peak_fraction && 100 * peak_fraction;

function peakCaption(rows: readonly BenchRow[]): string {
  const peak = peakOf(rows);
  if (!peak) return "The same";
  return `The same in per cent of ${Math.round(peak.gflops ?? 0)} GFLOPS, ` +
    `the fastest product measured (${peak.label}, ${peak.subject})`;
}

/** What a comparison on this machine rests on. */
function tileNotes(rows: readonly BenchRow[]): string[] {
  if (!rows[0].machine.includes(tileRegisters)) return [];
  return [
    "The tensorflow engine multiplies by the tile registers (AMX), each number as three of bfloat16 with sums in single precision; PyTorch multiplies by vectors.",
  ];
}

/** Contestants down, cases across. */
function pivot(caption: string, rows: readonly BenchRow[], shown: Shown, notes: string[] = []): string {
  if (rows.length === 0) return "";
  const cases = [...new Set(rows.map(caseName))];
  const table = [...Map.groupBy(rows, ({ label }) => label)].map(([label, own]): Row => ({
    label,
    ...Object.fromEntries(cases.map((name) => [name, cellOf(own, name, shown)])),
  }));
  const columns = [column("label", "", "text"), ...cases.map((name) => column(name, name))];
  return toText({ caption, columns, rows: table, notes });
}

function cellOf(rows: readonly BenchRow[], name: string, shown: Shown): number | null {
  const row = rows.find((row) => caseName(row) === name);
  return row ? shown(row) : null;
}

/** A batch of 256 of MNIST is what is meant where nothing else is said. */
function caseName({ subject, ...row }: BenchRow): string {
  if (subject !== null) return subject;
  const { inputs, width, batch } = row as unknown as NetworkShape;
  const dataset = inputs === cifar10Inputs ? ", CIFAR10" : "";
  const bias = width === dispatchShape.width ? ", biases" : "";
  return `${width}${batch === 256 ? "" : `, batch ${batch}`}${dataset}${bias}`;
}

function networksText(rows: readonly BenchRow[]): string {
  const own = rows.filter(({ what }) => what === "networks");
  if (own.length === 0) return "";
  const columns = [
    column("networks", "networks at once", "number", 0),
    column("step", "ms a step of all"),
    column("rate", "steps of one in a second"),
  ];
  const table = own.map(({ networks, median_ms }): Row => ({
    networks,
    step: median_ms,
    rate: 1000 * (networks ?? 1) / median_ms,
  }));
  return toText({
    caption: "Networks of width 784 at once, a worker each, on wasm",
    columns,
    rows: table,
    notes: [],
  });
}

function measurementText(rows: readonly BenchRow[]): string {
  const epochs = rows.filter(({ what }) => what === "epoch");
  return epochs.map((epoch) => measurementTextOf(rows, epoch)).join("\n\n");
}

function measurementTextOf(rows: readonly BenchRow[], epoch: BenchRow): string {
  const columns = [
    column("subject", "measurement", "text"),
    column("seconds", "seconds"),
    column("epochs", "epochs of training"),
  ];
  const own = rows.filter(({ what, who }) => what === "measurement" && who === epoch.who);
  const table = [epoch, ...own].map((row): Row => ({
    subject: row.subject,
    seconds: row.median_ms / 1000,
    epochs: row.median_ms / epoch.median_ms,
  }));
  const caption = `What is measured of one MNIST network of width 784 on all 60,000 images: ${epoch.label}`;
  return toText({ caption, columns, rows: table, notes: [] });
}

function paperCostText(rows: readonly BenchRow[]): string {
  const costs = paperCosts(rows);
  if (costs.length === 0) return "";
  return toText({
    caption: "Training as the paper states it, 300 epochs, on tensorflow: from the steps above",
    columns: [
      column("network", "network", "text"),
      column("steps", "steps", "number", 0),
      column("milliseconds", "ms a step"),
      column("hours", "hours on this machine"),
      column("gpu_hours", "hours on a GPU, estimated"),
    ],
    rows: costs,
    notes: [gpuNote],
  });
}

function runText(rows: readonly BenchRow[]): string {
  const runs = rows.filter(({ what }) => what === "run");
  if (runs.length === 0) return "";
  const columns = [
    column("subject", "run", "text"),
    column("label", "engine", "text"),
    column("minutes", "minutes"),
  ];
  const table = runs.map(({ subject, label, median_ms }): Row => ({
    subject,
    label,
    minutes: median_ms / 60_000,
  }));
  return toText({ caption: "Whole runs, from nothing to the last file", columns, rows: table, notes: [] });
}

function column(name: string, title: string, kind: "number" | "text" = "number", digits = 1): Column {
  return { name, title, unit: "", digits, kind, tolerance: { absolute: 0, relative: Infinity } };
}
