import { assertEquals } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import { keptRecordsFolder } from "../../tasks/kept_records.ts";
import { provenanceRows } from "../../tasks/report.ts";
import { wantedRuns } from "../../tasks/reproduce.ts";
import { openRunStore } from "../../tasks/run_store.ts";
import { copy } from "../fixtures/copy_folder.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

Deno.test("provenance that is empty, no JSON or of other types is as good as none, and stops no report", () =>
  inFolder(async (folder) => {
    const selection = { profile: "paper", engine: "tensorflow", widths: [500], seed: 1 } as const;
    const runs = wantedRuns(artifactById("table2"), selection);
    const [{ identity }] = runs;
    await copy(`${keptRecordsFolder("paper")}/${identity}`, `${folder}/${identity}`);
    const path = `${folder}/${identity}/provenance.json`;
    const [whole] = await provenanceRows(openRunStore(folder), runs);
    assertEquals(String(whole.commit).length, 12);
    await Deno.remove(path);
    const [none] = await provenanceRows(openRunStore(folder), runs);
    assertEquals([none.commit, none.time, none.versions, none.engine], ["", "", "", "tensorflow"]);
    for (const text of ["", "{", "null", '{"commit": 7}', '{"versions": [1]}']) {
      await Deno.writeTextFile(path, text);
      assertEquals(await provenanceRows(openRunStore(folder), runs), [none], text);
    }
  }));
