import { assert, assertEquals, assertRejects } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import { completeRun, isComplete, readRun } from "../../src/experiments/run.ts";
import {
  keepRecords,
  keptRecordsFolder,
  type KeptRun,
  requireWholeRecords,
  withKeptRecords,
} from "../../tasks/kept_records.ts";
import { rowsFrom, type RunSelection, wantedRuns } from "../../tasks/reproduce.ts";
import { openRunStore } from "../../tasks/run_store.ts";
import { copy } from "../fixtures/copy_folder.ts";
import { contextOf, inFolder, tinyJob } from "../fixtures/tiny_run.ts";

Deno.test("a finished run is read from its kept record, which has no weights and is written once", () =>
  inFolder(async (folder) => {
    const job = tinyJob(`${folder}/own`);
    const [own, kept, none] = ["own", "kept", "none"].map((name) => openRunStore(`${folder}/${name}`));
    const files = own.run(job.identity);
    await completeRun(job, await contextOf(job, files));
    const record = await readRun(job.identity, job.measurements, files);

    assert(await keepRecords([job], own, kept) > 2);
    assertEquals(await keepRecords([job], own, kept), 0);
    assertEquals(await kept.run(job.identity).read("weights.safetensors"), undefined);
    assertEquals(await readRun(job.identity, job.measurements, kept.run(job.identity)), record);

    const elsewhere = withKeptRecords(none, kept);
    assert(await isComplete(job, elsewhere.run(job.identity)));
    assertEquals(await elsewhere.identities(), [job.identity]);
    assertEquals(await readRun(job.identity, job.measurements, elsewhere.run(job.identity)), record);
  }));

Deno.test("a run that was begun here is never completed with files of the kept record", () =>
  inFolder(async (folder) => {
    const job = tinyJob(`${folder}/own`);
    const [own, kept] = ["own", "kept"].map((name) => openRunStore(`${folder}/${name}`));
    await completeRun(job, await contextOf(job, kept.run(job.identity)));
    const both = withKeptRecords(own, kept);
    assert(await isComplete(job, both.run(job.identity)));
    const bytes = await kept.run(job.identity).read("hyperparameters.json");
    await both.run(job.identity).write("hyperparameters.json", bytes!);
    assert(!await isComplete(job, both.run(job.identity)));
  }));

Deno.test("a kept record that was cut or altered is refused, and one that lacks a measurement is not", () =>
  inFolder(async (folder) => {
    const job = tinyJob(`${folder}/kept`);
    const kept = openRunStore(`${folder}/kept`), files = kept.run(job.identity);
    await completeRun(job, await contextOf(job, files));
    await requireWholeRecords([job], kept, "kept");
    for (const name of ["network.json", "training.json", "hyperparameters.json"]) {
      const whole = (await files.read(name))!;
      for (const damaged of [whole.slice(0, 20), whole.map((byte, at) => at === 9 ? byte ^ 1 : byte)]) {
        await files.write(name, damaged);
        const refusal = await assertRejects(() => requireWholeRecords([job], kept, "kept"), Error);
        assert(refusal.message.startsWith(`Cannot use the kept record kept/${job.identity} as `));
        assert(refusal.message.includes(`${name} must be whole`), refusal.message);
        assert(refusal.message.endsWith("git restore kept brings it back"));
      }
      await files.write(name, whole);
    }
    await files.remove("network.json");
    await requireWholeRecords([job], kept, "kept");
  }));

Deno.test("a kept record of another run, or without its hyper-parameters, is refused", () =>
  inFolder(async (folder) => {
    const job = tinyJob(`${folder}/kept`);
    const kept = openRunStore(`${folder}/kept`), files = kept.run(job.identity);
    await completeRun(job, await contextOf(job, files));
    const other = { ...job, hyperparameters: { ...job.hyperparameters, seed: 2 } };
    const refused = async (run: KeptRun): Promise<void> => {
      await assertRejects(
        () => requireWholeRecords([run], kept, "kept"),
        Error,
        `kept/${job.identity} as hyperparameters.json`,
      );
    };
    await refused(other);
    await files.remove("hyperparameters.json");
    await refused(job);
  }));

Deno.test("rows are derived from no record of another run", () =>
  inFolder(async (folder) => {
    const selection: RunSelection = { profile: "paper", engine: "tensorflow", widths: [500, 784], seed: 1 };
    const table2 = artifactById("table2");
    const [narrow, wide] = wantedRuns(table2, selection).map(({ identity }) => identity);
    const kept = keptRecordsFolder("paper");
    await copy(`${kept}/${wide}`, `${folder}/${wide}`);
    await copy(`${kept}/${wide}`, `${folder}/${narrow}`);
    await assertRejects(
      () => rowsFrom(openRunStore(folder), table2, selection),
      Error,
      `Cannot use run ${narrow} as it must be the one that it is named after: its record has another hidden`,
    );
  }));
