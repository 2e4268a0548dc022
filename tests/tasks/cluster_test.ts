import { assertEquals } from "@std/assert";
import { clusterArguments, profileFolder } from "../../tasks/cluster.ts";
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
