import { assertEquals } from "@std/assert";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { isSnakemakeSetUp } from "../../tasks/cluster/snakemake.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import { assertGolden, root, task, withProject } from "./project_copy.ts";

const hasSnakemake = isSnakemakeSetUp(root);
const hasData = isCached(cacheFolder(), "mnist", rawFiles("mnist"));
if (!hasSnakemake) {
  console.log("The test of Snakemake on this machine is skipped: deno task setup:snakemake sets it up");
}
if (!hasData) console.log("Tests that train on MNIST are skipped: deno task data mnist fetches it");

Deno.test({
  name: "Snakemake on this machine takes figure5 from its plan to the bytes of its golden",
  ignore: !hasSnakemake || !hasData,
  fn: () =>
    withProject(async (_folder, project) => {
      const { code, text } = await task(project, ["cluster", "figure5", "--profile", "smoke"]);
      assertEquals(code, 0, text);
      const folder = `${project}/results/smoke/cluster`;
      await assertGolden(`${folder}/artifacts`, ["figure5"]);
      assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/status.json`)).counts.done, 2);
    }),
});
