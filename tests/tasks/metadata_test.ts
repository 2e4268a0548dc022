import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { rawFiles, sha256 } from "../../src/datasets/raw_files.ts";
import { type ProfileName, profiles } from "../../src/experiments/presets.ts";
import { hasGolden } from "../../tasks/goldens.ts";
import { metadataOf } from "../../tasks/metadata.ts";

const root = new URL("../..", import.meta.url).pathname;

/** A copy of the package's root with these files among the results of a profile. */
async function withResults(
  files: Record<string, string>,
  work: (folder: string) => Promise<void>,
  profile: ProfileName = "smoke",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["cli.ts", "CITATION.cff"]) {
      await Deno.copyFile(`${root}/${name}`, `${folder}/${name}`);
    }
    await Deno.mkdir(`${folder}/results/${profile}`, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/results/${profile}/${name}`, text);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the crate names every artifact, the data by their checksums, and the results that are there", async () => {
  const files = { "table2.csv": "a\n1\n", "report.html": "<!doctype html>", "runs.txt": "not described" };
  await withResults(files, async (folder) => {
    const { crate, manifest } = await metadataOf({ profile: "smoke", root: folder });
    const graph: Record<string, unknown>[] = JSON.parse(crate)["@graph"];
    const entity = (id: string) => graph.find((one) => one["@id"] === id);
    for (const { id, title } of artifacts) assertEquals(entity(`#reproduce-${id}`)?.name, title);
    for (const { name, sha256: checksum } of rawFiles("mnist")) {
      assertEquals(entity(`#dataset-mnist/${name}`)?.sha256, checksum);
    }
    assertEquals(entity("results/smoke/table2.csv")?.sha256, sha256(files["table2.csv"]));
    assert(entity("results/smoke/report.html") !== undefined && !crate.includes("runs.txt"));
    const paths = [...manifest.matchAll(/- file: "(.*)"/g)].map(([, path]) => path);
    assertEquals(paths, ["results/smoke/table2.csv", "results/smoke/report.html"]);
    assertStringIncludes(manifest, "Generalization bounds for magnitude-based pruning");
    assertEquals(await metadataOf({ profile: "smoke", root: folder }), { crate, manifest });
  });
});

Deno.test("claims come with a command that writes them: a profile that lacks goldens cannot be verified as a whole", async () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    const have = await Promise.all(artifacts.map((artifact) => hasGolden(artifact, profile)));
    const command = `${have.every(Boolean) ? "verify" : "reproduce"} --profile ${profile}`;
    await withResults({ "claims.csv": "a\n1\n" }, async (folder) => {
      const { manifest } = await metadataOf({ profile, root: folder });
      assertStringIncludes(manifest, `(deno task ${command})`);
    }, profile);
  }
});

Deno.test("without results there is nothing to check, and elsewhere nothing to describe", async () => {
  await withResults({}, async (folder) => {
    const { manifest } = await metadataOf({ profile: "quick", root: folder });
    assertStringIncludes(manifest, "manifest: []");
    await Deno.remove(`${folder}/cli.ts`);
    await assertRejects(() => metadataOf({ profile: "quick", root: folder }), Error, "it has no cli.ts");
    await Deno.writeTextFile(`${folder}/CITATION.cff`, "title: x\nreferences:\n");
    await assertRejects(() => metadataOf({ profile: "quick", root: folder }), SyntaxError, "it must have");
  });
});
