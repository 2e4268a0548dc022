import { assertEquals, assertStringIncludes } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { isSnakemakeSetUp } from "../../tasks/cluster/snakemake.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import { type PlanFile, planText } from "../../tasks/plan_file.ts";
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

/** What Snakemake says that it would do for a plan of these runs. */
async function dryRun(plan: Partial<PlanFile> & Pick<PlanFile, "runs">, ...flags: string[]): Promise<string> {
  let said = "";
  await inFolder(async (folder) => {
    const header = {
      version: 2,
      profile: "smoke",
      engine: "wasm",
      protocol: null,
      seed: 1,
      seeds: null,
    } as const;
    const artifacts = [{ id: "figure5", runs: plan.runs.map(({ identity }) => identity) }];
    const whole = { ...header, datasets: null, widths: null, artifacts, ...plan };
    await Deno.writeTextFile(`${folder}/plan.json`, planText(whole));
    await Deno.mkdir(`${folder}/results/smoke/cluster`, { recursive: true });
    await Deno.writeTextFile(`${folder}/results/smoke/cluster/selection.json`, "");
    const command = new Deno.Command(`${root}.venv/snakemake/bin/python`, {
      args: ["-m", "snakemake", "--snakefile", `${root}tasks/cluster/Snakefile`, "-n", ...flags],
      cwd: folder,
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, said);
  });
  return said;
}

/** How many jobs of rule `run` the workflow has for runs that take so many seconds each. */
async function jobsOf(seconds: readonly number[], ...settings: string[]): Promise<number> {
  const runs = seconds.map((estimatedSeconds, seed) => ({ ...tinyPlanRun(seed), estimatedSeconds }));
  const text = await dryRun({ runs }, "--quiet", "host", "--config", "plan=plan.json", ...settings);
  return Number(/^run\s+(\d+)$/m.exec(text)?.[1]);
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

Deno.test({
  name:
    "artifacts are derived from the runs of the plan and no others: its data sets, widths, seeds and protocol",
  ignore: !hasSnakemake,
  async fn() {
    const text = await dryRun(
      { datasets: ["mnist"], widths: [784, 1000], seeds: 2, protocol: "gentle", runs: [tinyPlanRun()] },
      "--printshellcmds",
      "--config",
      "plan=plan.json",
    );
    assertStringIncludes(
      text,
      "reproduce:figure5 --profile smoke --engine wasm --seed 1 --protocol gentle --seeds 2 --dataset mnist" +
        " --width 784 --width 1000 --workers 1",
    );
  },
});
