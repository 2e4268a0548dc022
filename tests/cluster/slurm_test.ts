import { assertEquals } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { kill, missingPrograms, type PrivateSlurm, processes, startSlurm, until } from "./private_slurm.ts";
import { assertGolden, withProject } from "./project_copy.ts";

/** It takes minutes and starts daemons, so that only `deno task test:cluster` asks for it. */
const isAskedFor = Deno.args.includes("--slurm");
const missing = isAskedFor ? await missingPrograms() : [];
if (missing.length > 0) {
  console.log(
    `The test on Slurm is skipped, as ${
      missing.join(", ")
    } must be installed: apt-get install slurm-wlm munge`,
  );
}

function startCluster(project: string, environment: Readonly<Record<string, string>>): Deno.ChildProcess {
  const snakemake = [
    ...["--executor", "slurm", "--jobs", "2", "--config", "batch_minutes=0.3"],
    ...["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "2"],
    ...["--slurm-no-account", "--latency-wait", "10"],
  ];
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "cluster", "--profile", "smoke", "--", ...snakemake],
    cwd: project,
    env: environment,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
}

/** The processes that train on a node of this Slurm. */
async function workersOn(node: string, folder: string): Promise<number[]> {
  return (await processes()).filter(({ command, environment }) =>
    command.includes("\0cli.ts\0train\0") && environment.includes(folder) &&
    environment.includes(`SLURMD_NODENAME=${node}\0`)
  ).map(({ pid }) => pid);
}

async function disturb(slurm: PrivateSlurm, folder: string): Promise<void> {
  await until(async () => (await workersOn("n1", folder)).length > 0, 300);
  (await workersOn("n1", folder)).forEach(kill);
  console.log("killed a worker on n1");
  await until(async () => (await workersOn("n2", folder)).length > 0, 300);
  await slurm.failNode("n2");
  console.log("node n2 failed");
}

Deno.test({
  name: "on a Slurm that loses a worker and a node the smoke profile ends in the goldens, byte for byte",
  ignore: !isAskedFor || missing.length > 0,
  fn: () =>
    withProject(async (folder, project) => {
      const slurm = await startSlurm(`${folder}/slurm`, ["n1", "n2"]);
      try {
        const cluster = startCluster(project, slurm.environment);
        await disturb(slurm, folder);
        assertEquals((await cluster.status).code, 0);
        await assertGolden(`${project}/results/smoke/cluster/artifacts`, artifacts.map(({ id }) => id));
        const status = JSON.parse(await Deno.readTextFile(`${project}/results/smoke/cluster/status.json`));
        assertEquals([status.counts.done > 0, status.unfinished], [true, []]);
      } finally {
        await slurm.stop();
      }
    }),
});
