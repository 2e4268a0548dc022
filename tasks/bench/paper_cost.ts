/**
 * What training as the paper states it costs, from the steps that a bench timed.
 *
 * @module
 */
import type { DatasetName } from "../../src/datasets/dataset.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import type { Row } from "../../src/render/table.ts";
import { cifar10Inputs, dispatchShape, reference } from "./cases.ts";
import { operationsOf, weightCounts } from "./contestant.ts";
import type { BenchRow } from "./rows.ts";

/** Data sheet of NVIDIA's A100 with 80 GB (SXM): bytes and single-precision operations in a second. */
const gpu = { name: "NVIDIA A100 80GB", bytesPerSecond: 2.039e12, operationsPerSecond: 19.5e12 } as const;

/** What a step moves for each weight: three reads of it and its gradient by the products, Adam's four reads, three writes. */
const bytesPerWeight = 4 * 10;

/** The GPU that the estimate is about, in words. */
export const gpuNote =
  `${gpu.name}: an estimate, not a measurement. A step takes as long as handing its operations to TensorFlow, which is ` +
  "the time of a step of width 16 above (its biases add a few), and then as the data sheet's bandwidth or arithmetic allows, whichever is the slower.";

/**
 * A row a network of the paper profile that the engine tensorflow was timed on: steps, and hours of training.
 *
 * @param rows Of a bench.
 */
export function paperCosts(rows: readonly BenchRow[]): Row[] {
  const steps = rows.filter(({ what, who }) => what === "step" && who === "tensorflow");
  const dispatch = steps.find(({ width }) => width === dispatchShape.width)?.median_ms ?? null;
  return steps.filter(isOfThePaper).map((row): Row => {
    const dataset = row.inputs === cifar10Inputs ? "cifar10" : "mnist";
    const taken = stepsOf(dataset, Number(row.width));
    return {
      network: `${dataset}, width ${row.width}`,
      steps: taken,
      milliseconds: row.median_ms,
      hours: taken * row.median_ms / 3.6e6,
      gpu_hours: dispatch && taken * (dispatch + gpuMilliseconds(row)) / 3.6e6,
    };
  });
}

function isOfThePaper({ inputs, batch }: BenchRow): boolean {
  return inputs === cifar10Inputs || (inputs === reference.inputs && batch === reference.batch);
}

function stepsOf(dataset: DatasetName, width: number): number {
  const selection = { profile: "paper", protocol: "stated", seed: 1, engine: "tensorflow" } as const;
  const { epochs, examplesPerEpoch, batchSize } = hyperparametersFor(dataset, width, selection);
  return epochs * Math.ceil(examplesPerEpoch / batchSize);
}

function gpuMilliseconds({ inputs, width, batch }: BenchRow): number {
  const shape = { inputs: Number(inputs), width: Number(width), batch: Number(batch) };
  const operations = operationsOf({ kind: "step", shape });
  const { first, others } = weightCounts(shape);
  const bytes = bytesPerWeight * (first + others);
  return 1000 * Math.max(bytes / gpu.bytesPerSecond, operations / gpu.operationsPerSecond);
}
