import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import { checkpointNames } from "../../src/experiments/checkpoints.ts";
import { rawFiles } from "../../src/datasets/raw_files.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { isCached } from "../../tasks/data/raw_cache.ts";
import { failureName } from "../../tasks/failure.ts";
import { ifExists } from "../../tasks/files.ts";
import { planFile, planText } from "../../tasks/plan_file.ts";
import { runNames } from "../../tasks/reproduce.ts";
import { openRunStore } from "../../tasks/run_store.ts";
import { inFolder } from "../fixtures/tiny_run.ts";
import { type Ended, ended, root } from "./project_copy.ts";
import { until } from "./private_slurm.ts";

/** Two runs of which the first takes hours, in the folder's plan.json. Returns their names. */
async function writeLongPlan(folder: string): Promise<string[]> {
  const options = { profile: "smoke", engine: "wasm", seed: 1 } as const;
  const plan = await planFile([artifactById("figure5")], options, openRunStore(folder));
  const [first, second] = plan.runs;
  const hyperparameters = { ...first.hyperparameters, hidden: [8, 8], epochs: 100_000 };
  const identity = runNames()(hyperparameters);
  const long = { ...first, identity, hyperparameters, measurements: ["network" as const] };
  await Deno.writeTextFile(`${folder}/plan.json`, planText({ ...plan, runs: [long, second] }));
  return [long.identity, second.identity];
}

const cli = ["run", "--config", `${root}deno.json`, "--allow-all", `${root}cli.ts`];
const files = ["--plan", "plan.json", "--store", "runs"];

/** Trains in a process until something is so, and ends it as a scheduler does at a time limit. */
async function trainUntil(folder: string, names: string[], isSo: () => Promise<boolean>): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...cli, "train", ...names, ...files],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await until(isSo, 120).finally(() => child.kill("SIGTERM"));
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stderr) + decoder.decode(stdout) };
}

/** When a file was written, or 0 where it does not exist. */
async function writtenAt(path: string): Promise<number> {
  return (await ifExists(Deno.stat(path)))?.mtime?.getTime() ?? 0;
}

Deno.test({
  name: "a job that SIGTERM ends says why, status tells it, and the next attempt goes on and forgets it",
  ignore: Deno.build.os === "windows" || !isCached(cacheFolder(), "mnist", rawFiles("mnist")),
  fn: () =>
    inFolder(async (folder) => {
      const names = await writeLongPlan(folder);
      const run = `${folder}/runs/${names[0]}`;
      const checkpoint = `${run}/${checkpointNames[0]}`;
      const first = await trainUntil(folder, names, async () => await writtenAt(checkpoint) > 0);
      assertEquals(first.code, 143);
      assertStringIncludes(first.text, `run ${names[0]}: stopped by SIGTERM, as at a time limit; `);
      assertStringIncludes(first.text, "2 runs: 1 stopped, 1 not begun");

      const { text } = await ended([...cli, "status", ...files], folder);
      assertStringIncludes(text, "0 of 2 runs done, 0 running, 0 failed, 1 stopped, 1 waiting");
      assertMatch(text, /stopped by SIGTERM, as at a time limit \(\S+\); goes on from its checkpoint/);

      const before = await writtenAt(checkpoint);
      const second = await trainUntil(folder, names, async () => {
        return await writtenAt(checkpoint) > before && await writtenAt(`${run}/${failureName}`) === 0;
      });
      assertEquals(second.code, 143);
      assertStringIncludes(second.text, "training goes on after epoch");
    }),
});
