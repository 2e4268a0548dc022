import { assertEquals } from "@std/assert";
import {
  kill,
  missingPrograms,
  type PrivateSlurm,
  processes,
  sh,
  startSlurm,
  until,
} from "./private_slurm.ts";

const root = new URL("../..", import.meta.url).pathname;
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

/** A copy of the project, so that results/ and paper/ stay as they are. Packages are linked, not copied. */
async function copyProject(folder: string): Promise<void> {
  const copied = ["cli.ts", "mod.ts", "deno.json", "deno.lock", "src", "tasks", "compat", "paper"];
  await sh(`cd ${root} && mkdir -p ${folder} && cp -a ${copied.join(" ")} ${folder}`);
  await sh(`cd ${root} && for each in node_modules .venv; do [ ! -e $each ] || cp -al $each ${folder}; done`);
}

function startCluster(project: string, environment: Readonly<Record<string, string>>): Deno.ChildProcess {
  const snakemake = [
    ...["--executor", "slurm", "--jobs", "2", "--cores", "1", "--group-components", "short=3"],
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
  async fn() {
    await Deno.mkdir(`${root}results`, { recursive: true });
    const folder = await Deno.makeTempDir({ dir: `${root}results`, prefix: "slurm-" });
    const project = `${folder}/project`;
    await copyProject(project);
    const slurm = await startSlurm(`${folder}/slurm`, ["n1", "n2"]);
    try {
      const cluster = startCluster(project, slurm.environment);
      await disturb(slurm, folder);
      assertEquals((await cluster.status).code, 0);
      for await (const { name } of Deno.readDir(`${root}tests/golden/smoke`)) {
        if (!name.endsWith(".csv")) continue;
        const fresh = await Deno.readTextFile(`${project}/results/smoke/cluster/artifacts/${name}`);
        assertEquals(fresh, await Deno.readTextFile(`${root}tests/golden/smoke/${name}`), name);
      }
      const status = JSON.parse(await Deno.readTextFile(`${project}/results/smoke/cluster/status.json`));
      assertEquals([status.counts.done > 0, status.unfinished], [true, []]);
    } finally {
      await slurm.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
