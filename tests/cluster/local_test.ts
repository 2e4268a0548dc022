import { assertEquals } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { isSnakemakeSetUp } from "../../tasks/cluster/snakemake.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import { planText } from "../../tasks/plan_file.ts";
import { tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { inFolder } from "../fixtures/tiny_run.ts";
import { assertGolden, root, task, withProject } from "./project_copy.ts";

const hasSnakemake = isSnakemakeSetUp(root);
const hasData = (["mnist", "cifar10"] as const).every((name) =>
  isCached(cacheFolder(), name, rawFiles(name))
);
if (!hasSnakemake) {
  console.log("The tests of Snakemake on this machine are skipped: deno task setup:snakemake sets it up");
}
if (!hasData) console.log("Tests that train on MNIST and CIFAR10 are skipped: deno task data fetches them");

Deno.test({
  name: "Snakemake on this machine takes the smoke profile from its plan to the bytes of its goldens",
  ignore: !hasSnakemake || !hasData,
  fn: () =>
    withProject(async (_folder, project) => {
      const { code, text } = await task(project, ["cluster", "--profile", "smoke"]);
      assertEquals(code, 0, text);
      const folder = `${project}/results/smoke/cluster`;
      await assertGolden(`${folder}/artifacts`, artifacts.map(({ id }) => id));
      const { counts } = JSON.parse(await Deno.readTextFile(`${folder}/status.json`));
      assertEquals(counts.done, Object.values<number>(counts).reduce((sum, count) => sum + count, 0));
    }),
});

/** How many jobs of rule `run` the workflow has for runs that take so many seconds each. */
async function jobsOf(seconds: readonly number[], ...flags: string[]): Promise<number> {
  let jobs = 0;
  await inFolder(async (folder) => {
    const runs = seconds.map((estimatedSeconds, seed) => ({ ...tinyPlanRun(seed), estimatedSeconds }));
    const plan = { version: 1, profile: "smoke", engine: "wasm", seed: 1 } as const;
    const all = { ...plan, protocol: null, widths: null, seeds: null, runs };
    const artifacts = [{ id: "figure5", runs: runs.map(({ identity }) => identity) }];
    await Deno.writeTextFile(`${folder}/plan.json`, planText({ ...all, artifacts }));
    await Deno.mkdir(`${folder}/results/smoke/cluster`, { recursive: true });
    await Deno.writeTextFile(`${folder}/results/smoke/cluster/selection.json`, "");
    const snakemake = [
      "-m",
      "snakemake",
      "--snakefile",
      `${root}tasks/cluster/Snakefile`,
      "-n",
      "--quiet",
      "host",
    ];
    const command = new Deno.Command(`${root}.venv/snakemake/bin/python`, {
      args: [...snakemake, "--config", "plan=plan.json", ...flags],
      cwd: folder,
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, text);
    jobs = Number(/^run\s+(\d+)$/m.exec(text)?.[1]);
  });
  return jobs;
}

Deno.test({
  name: "short runs share jobs, as many as are asked for, and long ones have their own",
  ignore: !hasSnakemake,
  async fn() {
    // 900 and 90 stand alone; 50 and 40 reach a minute; 9, 8 and 7 are what is left.
    const seconds = [9, 8, 900, 50, 40, 90, 7];
    assertEquals(await jobsOf(seconds), 4);
    assertEquals(await jobsOf(seconds, "batch_minutes=0"), 7);
  },
});
