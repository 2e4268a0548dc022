import { assertEquals, assertStringIncludes } from "@std/assert";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import { parsePlan } from "../../tasks/plan_file.ts";
import { differingFiles } from "../../tasks/soak.ts";
import { copy } from "../fixtures/copy_folder.ts";
import { inFolder } from "../fixtures/tiny_run.ts";
import { type Ended, ended, root } from "./project_copy.ts";

/** Runs the program in a folder that stands for a checkout. */
function cli(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const allowed = ["--allow-read", `--allow-write=${folder}`, "--allow-env", "--no-prompt"];
  const all = ["run", "--config", `${root}deno.json`, ...allowed, `${root}cli.ts`, ...args];
  return ended(all, folder, env);
}

/** Compares figure5 with its golden where there are no data, so that no run can be trained. */
function verify(folder: string): Promise<Ended> {
  return cli(folder, ["verify", "figure5", "--quiet"], { PRUNEBOUND_DATA: `${folder}/nothing` });
}

Deno.test({
  name: "verify passes on the union of two stores that were filled apart, and trains nothing",
  ignore: !isCached(cacheFolder(), "mnist", rawFiles("mnist")),
  fn: () =>
    inFolder(async (folder) => {
      await copy(`${root}tests/golden/smoke`, `${folder}/tests/golden/smoke`);
      const { text } = await cli(folder, ["plan", "figure5", "--profile", "smoke", "--json"]);
      await Deno.writeTextFile(`${folder}/plan.json`, text);
      const identities = parsePlan(text, "the plan").runs.map(({ identity }) => identity);
      assertEquals(identities.length, 2);
      const trained = await Promise.all(identities.map((identity) => {
        return cli(folder, ["train", identity, "--plan", "plan.json", "--store", `apart/${identity}`]);
      }));
      for (const { code, text } of trained) assertEquals(code, 0, text);

      const union = `${folder}/results/smoke/runs`;
      await copy(`${folder}/apart/${identities[0]}`, union);
      assertEquals((await verify(folder)).code, 1, "one half was enough");
      await copy(`${folder}/apart/${identities[1]}`, union);
      const verified = await verify(folder);
      assertEquals(verified.code, 0, verified.text);
      assertStringIncludes(
        verified.text,
        "figure5: agrees with tests/golden/smoke/figure5.csv, byte for byte",
      );
      for (const identity of identities) {
        const apart = `${folder}/apart/${identity}/${identity}`;
        assertEquals(await differingFiles(apart, `${union}/${identity}`), []);
      }
    }),
});
