import { assert, assertEquals } from "@std/assert";
import { keptRecordsFolder } from "../../tasks/kept_records.ts";
import { openRunStore } from "../../tasks/run_store.ts";
import { trainingsTable } from "../../tasks/trainings.ts";

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly errorFraction: number;
}

async function loggedEpochs(identity: string): Promise<Epoch[]> {
  const path = `${keptRecordsFolder("paper")}/${identity}/training.json`;
  return JSON.parse(await Deno.readTextFile(path)).epochs;
}

Deno.test("a training is silent from the epoch on after which the log says ln 10 to the end", async () => {
  const store = openRunStore(keptRecordsFolder("paper"));
  const { rows } = await trainingsTable([{ label: "first", store }]);
  assertEquals(rows.map(({ width }) => width), [500, 784, 1000, 1500, 2000, 2500]);
  for (const identity of await store.identities()) {
    const epochs = await loggedEpochs(identity);
    const row = rows.find(({ last_error_fraction, first_error_fraction }) =>
      first_error_fraction === epochs[0].errorFraction && last_error_fraction === epochs[299].errorFraction
    )!;
    let silent: number | null = null;
    for (const { epoch, loss } of epochs) silent = loss.toFixed(3) === "2.303" ? silent ?? epoch : null;
    assertEquals(row.silent_epoch, silent);
    assert(epochs.every(({ errorFraction }) => errorFraction >= Number(row.least_error_fraction)));
    assertEquals(epochs[Number(row.least_epoch) - 1].errorFraction, row.least_error_fraction);
  }
});
