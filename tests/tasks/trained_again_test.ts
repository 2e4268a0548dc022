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

const trainedAgain = ["again", "again-2", "again-3"].map((name) =>
  openRunStore(`tests/golden/paper/${name}`)
);

for (const id of ["table2", "figure3"]) {
  Deno.test(`${id} of the paper's profile follows from its records, its tolerances from all trainings`, async () => {
    const artifact = artifactById(id);
    const kept = openRunStore(keptRecordsFolder("paper"));
    const rows = await rowsFrom(kept, artifact, selection);
    const rowsAgain = await Promise.all(
      trainedAgain.map((records) => rowsFrom(withKeptRecords(records, kept), artifact, selection)),
    );
    const tolerances = seedTolerances(artifact, [...rows, ...rowsAgain.flat()]);
    assertEquals(artifactCsv(artifact, rows), await Deno.readTextFile(goldenPath(artifact, "paper")));
    assertEquals(
      toCsv(seedToleranceColumns, tolerances),
      await Deno.readTextFile(tolerancesPath(artifact, "paper")),
    );
  });
}
