/**
 * How trainings went, from the logs in kept records.
 *
 * @module
 */
import type { TrainingLog } from "../src/experiments/record.ts";
import { readRun } from "../src/experiments/run.ts";
import type { RunStore } from "../src/experiments/run_store.ts";
import type { Column, Row } from "../src/render/table.ts";
import type { TextTable } from "../src/render/text.ts";

const exact = { absolute: 0, relative: 0 };

const columns: readonly Column[] = [
  { name: "width", title: "width", unit: "", digits: 0, tolerance: exact },
  { name: "training", title: "training", unit: "", digits: 0, tolerance: exact, kind: "text" },
  { name: "first_error_fraction", title: "error, epoch 1", unit: "", digits: 3, tolerance: exact },
  { name: "least_error_fraction", title: "smallest", unit: "", digits: 3, tolerance: exact },
  { name: "least_epoch", title: "in epoch", unit: "", digits: 0, tolerance: exact },
  { name: "last_error_fraction", title: "in the last", unit: "", digits: 3, tolerance: exact },
  { name: "silent_epoch", title: "silent from epoch", unit: "", digits: 0, tolerance: exact },
];

/** A store of records, by which training of a network it holds: the first, the second. */
export interface LabelledStore {
  readonly label: string;
  readonly store: RunStore;
}

/** The errors over the epochs of every run in some stores, a row each, from the narrowest network to the widest. */
export async function trainingsTable(stores: readonly LabelledStore[]): Promise<TextTable> {
  const rows: Row[] = [];
  for (const { label, store } of stores) {
    for (const identity of await store.identities()) {
      const { hyperparameters, training } = await readRun(identity, [], store.run(identity));
      rows.push({ width: hyperparameters.hidden[0], training: label, ...course(training, 10) });
    }
  }
  return {
    caption: "Training of the MNIST networks, stated protocol: the error while training, by epoch",
    columns,
    rows: rows.sort((a, b) => Number(a.width) - Number(b.width)),
    notes: [
      "Silent: from this epoch on the loss is ln 10 to the end, as all outputs are zero, and so is every gradient.",
    ],
  };
}

/** What a log comes to. */
function course({ epochs }: TrainingLog, classes: number): Row {
  const errors = epochs.map(({ errorFraction }) => errorFraction);
  const least = errors.indexOf(Math.min(...errors));
  const lastHeard = epochs.findLastIndex(({ loss }) => !(Math.abs(loss - Math.log(classes)) < 1e-4));
  return {
    first_error_fraction: errors[0],
    least_error_fraction: errors[least],
    least_epoch: epochs[least].epoch,
    last_error_fraction: errors[errors.length - 1],
    silent_epoch: lastHeard === epochs.length - 1 ? null : epochs[lastHeard + 1].epoch,
  };
}
