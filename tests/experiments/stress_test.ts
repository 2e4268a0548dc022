import { assert, assertEquals } from "@std/assert";
import type { z } from "zod";
import type { Artifact, FinishedRun } from "../../src/artifacts/artifact.ts";
import { artifacts } from "../../src/artifacts/mod.ts";
import { exampleSetsOf } from "../../src/experiments/example_set.ts";
import { architectureOf, type Hyperparameters } from "../../src/experiments/hyperparameters.ts";
import type { Subject } from "../../src/experiments/measurements/measurement.ts";
import { type Measurements, measurements } from "../../src/experiments/measurements/mod.ts";
import { network, type NetworkMeasurement } from "../../src/experiments/measurements/network.ts";
import { parseRecord, recordJson } from "../../src/experiments/record.ts";
import { matrix } from "../../src/math/matrix.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { initialWeights, type NetworkWeights } from "../../src/network/mlp.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { toSvg } from "../../src/render/svg.ts";
import { type Row, tableCells } from "../../src/render/table.ts";
import { toText } from "../../src/render/text.ts";
import { tinyJob } from "../fixtures/tiny_run.ts";

const job = tinyJob("");
const hyperparameters: Hyperparameters = { ...job.hyperparameters, hidden: [6, 6, 6, 6] };
const initial = initialWeights(architectureOf(hyperparameters), 1);

type Change = (weight: number, index: number, layer: number) => number;
type Reason = NetworkMeasurement["pruned"][number]["limitedBy"];

/** Weights, and what limits d when gamma is the smallest margin and when it is 1. */
const cases: Record<string, readonly [Change, Reason, Reason]> = {
  "all zero": [() => 0, "no positive margin", "degenerate norms"],
  "zero in one layer": [
    (weight, _, layer) => layer === 2 ? 0 : weight,
    "no positive margin",
    "degenerate norms",
  ],
  "all equal, so that predictions are constant": [() => 0.01, "no positive margin", "nothing"],
  "negative, so that every unit is dead": [(weight) => -Math.abs(weight), "no positive margin", "margin"],
  "so large that outputs overflow": [(weight) => 1e38 * weight, "no positive margin", "margin"],
  "so small that outputs underflow": [(weight) => 1e-38 * weight, "no positive margin", "nothing"],
  "with a NaN": [
    (weight, index, layer) => index + layer === 0 ? NaN : weight,
    "no positive margin",
    "degenerate norms",
  ],
  "with an infinity": [
    (weight, index) => index === 3 ? Infinity : weight,
    "no positive margin",
    "degenerate norms",
  ],
};

/** The network whose weights are changed entry by entry. */
function changed(change: Change): NetworkWeights {
  const layers = initial.layers.map(({ rows, columns, data }, layer) =>
    matrix(rows, columns, Float32Array.from(data, (weight, index) => change(weight, index, layer)))
  );
  return { layers, biases: [] };
}

async function subjectOf(change: Change): Promise<Subject> {
  await wasmEngine.select();
  const sets = exampleSetsOf(job.dataset, hyperparameters);
  const weights = changed(change);
  return { weights, initial, hyperparameters, ...sets, epochs: [], onEvaluated: () => {} };
}

/** Every measurement, by way of its stored form. */
async function measuredAll(change: Change): Promise<Measurements> {
  const subject = await subjectOf(change);
  const epochs = [{ epoch: 1, network: await network.measure(subject) }];
  const records: Record<string, unknown> = {};
  for (const { name, schema, measure } of Object.values(measurements)) {
    const text = recordJson(await measure({ ...subject, epochs }));
    records[name] = parseRecord(schema as z.ZodType<unknown>, text, name);
  }
  return records as unknown as Measurements;
}

/** The runs that an artifact wants, as if each had ended in the network that was measured. */
function runsOf(artifact: Artifact, measured: Measurements): FinishedRun[] {
  return artifact.runs(selection).map((wanted) => {
    const ended = { ...wanted.hyperparameters, hidden: hyperparameters.hidden };
    const training = { schema: 1, epochs: [{ epoch: 1, loss: NaN, errorFraction: 1 }] } as const;
    return {
      ...wanted,
      hyperparameters: ended,
      record: { identity: "stressed", hyperparameters: ended, training, measured },
    };
  });
}

const reasons = /zero|not finite|no positive margin|degenerate norms/;

function hasReason(row: Row): boolean {
  return Object.values(row).some((cell) => typeof cell === "string" && reasons.test(cell));
}

function requireShown(artifact: Artifact, rows: readonly Row[]): void {
  for (const table of artifact.present(rows)) {
    assert(toText(table).includes(table.caption));
    assert(toBooktabs({ ...table, label: "tab:stress" }).includes("\\toprule"));
  }
  if (artifact.figure) assert(toSvg(artifact.figure(rows)).includes("</svg>"));
}

/** Rows that fit their columns and survive the disk, and in which no number is unknown without a reason. */
function requireRows({ id, columns }: Artifact, rows: readonly Row[]): void {
  assert(rows.length > 0, id);
  tableCells(columns, rows);
  const text = toCsv(columns, rows);
  assertEquals(toCsv(columns, fromCsv(text, columns)), text);
  for (const row of rows) {
    const unknown = Object.entries(row).filter(([, cell]) => Number.isNaN(cell)).map(([column]) => column);
    assert(unknown.length === 0 || hasReason(row), `${id}: ${unknown} in ${JSON.stringify(row)}`);
  }
}

const selection = { profile: "smoke", protocol: "gentle", seed: 1, engine: "wasm" } as const;
const withRuns = artifacts.filter((artifact) => artifact.runs(selection).length > 0);

for (const [name, [change, ...expected]] of Object.entries(cases)) {
  Deno.test(`a network of weights ${name} is measured and shown, with reasons`, async (test) => {
    const measured = await measuredAll(change);

    await test.step("its d is limited by what it lacks", () => {
      const { pruned, trainErrorFraction, minimumMargin } = measured.network;
      assertEquals(pruned.map(({ limitedBy }) => limitedBy), expected);
      assert(!(minimumMargin > 0) && trainErrorFraction >= 0 && trainErrorFraction <= 1);
      for (const { d, limitedBy, keptWeights } of pruned) {
        assert(d >= 0 && keptWeights.every((count) => count >= 0));
        assertEquals(d === 0, limitedBy === "no positive margin" || limitedBy === "degenerate norms");
      }
    });

    for (const artifact of withRuns) {
      await test.step(`${artifact.id} has its rows and shows them`, () => {
        const rows = artifact.rows(runsOf(artifact, measured), selection);
        requireRows(artifact, rows);
        requireShown(artifact, rows);
      });
    }
  });
}
