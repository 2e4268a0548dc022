import { assertEquals } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import { seedToleranceColumns, seedTolerances } from "../../src/artifacts/seed_tolerances.ts";
import { toCsv } from "../../src/render/csv.ts";
import { goldenPath, tolerancesPath } from "../../tasks/goldens.ts";
import { keptRecordsFolder, withKeptRecords } from "../../tasks/kept_records.ts";
import { artifactCsv, rowsFrom, type RunSelection } from "../../tasks/reproduce.ts";
import { openRunStore } from "../../tasks/run_store.ts";

const selection: RunSelection = {
  profile: "paper",
  engine: "tensorflow",
  datasets: ["mnist"],
  seed: 1,
};

for (const id of ["table2", "figure3"]) {
  Deno.test(`${id} of the paper's profile follows from its records, its tolerances from a second training`, async () => {
    const artifact = artifactById(id);
    const kept = openRunStore(keptRecordsFolder("paper"));
    const again = withKeptRecords(openRunStore("tests/golden/paper/again"), kept);
    const rows = await rowsFrom(kept, artifact, selection);
    const tolerances = seedTolerances(artifact, [...rows, ...await rowsFrom(again, artifact, selection)]);
    assertEquals(artifactCsv(artifact, rows), await Deno.readTextFile(goldenPath(artifact, "paper")));
    assertEquals(
      toCsv(seedToleranceColumns, tolerances),
      await Deno.readTextFile(tolerancesPath(artifact, "paper")),
    );
  });
}
