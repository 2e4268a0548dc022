import { assertEquals, assertStringIncludes } from "@std/assert";
import { clusterArguments, profileFolder } from "../../tasks/cluster.ts";
import { inFolder } from "../fixtures/tiny_run.ts";
import { wantedRequirements } from "../../tasks/cluster/snakemake.ts";

Deno.test("what comes before -- is for the plan, and what comes after it for Snakemake", () => {
  assertEquals(clusterArguments(["table2", "--", "-n"]), { plan: ["table2"], snakemake: ["-n"] });
  assertEquals(clusterArguments(["--seeds", "3"]), { plan: ["--seeds", "3"], snakemake: [] });
});

Deno.test("the executor decides on the profile and on what is installed", async () => {
  for (const [executor, profile] of [["slurm", "slurm"], ["kubernetes", "kubernetes"], ["local", "local"]]) {
    for (const flags of [["--executor", executor], [`--executor=${executor}`], ["-e", executor]]) {
      const folder = profileFolder(flags);
      assertEquals(folder, `tasks/cluster/profiles/${profile}`);
      await Deno.stat(new URL(`../../${folder}/config.yaml`, import.meta.url));
    }
  }
  assertEquals(profileFolder([]), "tasks/cluster/profiles/local");
  const extra = (...flags: string[]): number =>
    wantedRequirements(flags).length - wantedRequirements([]).length;
  assertEquals(extra("--executor", "slurm"), 0);
  assertEquals(extra("--executor=kubernetes", "--default-storage-provider", "s3"), 2);
});

Deno.test("beside another Snakemake nothing starts, and nothing of what that one reads is changed", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.snakemake/locks`, { recursive: true });
    await Deno.writeTextFile(`${folder}/.snakemake/locks/0.input.lock`, "");
    const root = new URL("../..", import.meta.url).pathname;
    const program = ["--config", `${root}deno.json`, "--allow-all", `${root}tasks/cluster.ts`];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...program, "--profile", "smoke"],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    assertEquals(code, 1);
    assertStringIncludes(new TextDecoder().decode(stderr), "another Snakemake works in this folder");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [".snakemake"]);
  }));
