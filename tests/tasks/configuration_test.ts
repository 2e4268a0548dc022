import { assert, assertEquals } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { artifacts } from "../../src/artifacts/mod.ts";

const tasks: Record<string, { description: string; command: string; dependencies?: string[] }> =
  configuration.tasks;

Deno.test("every artifact has its three tasks, which fetch the data that it needs", () => {
  for (const { id, datasets } of artifacts) {
    for (const verb of ["reproduce", "verify", "accept"]) {
      const task = tasks[`${verb}:${id}`];
      assert(task?.command.endsWith(`cli.ts ${verb} ${id}`), `${verb}:${id}`);
      assertEquals(task.dependencies ?? [], datasets.map((name) => `data:${name}`), `${verb}:${id}`);
    }
  }
});

Deno.test("what derives everything from kept records fetches no data", () => {
  assertEquals(tasks["verify:paper"].dependencies, undefined);
});

Deno.test("only accept may write goldens, only data may reach the network or start a process, and only tensorflow may load a library", () => {
  for (const [name, { command }] of Object.entries(tasks)) {
    if (!command.includes("cli.ts")) continue;
    assertEquals(command.includes("--allow-ffi"), name === "tensorflow", name);
    assertEquals(command.includes("tests/golden"), name.startsWith("accept"), name);
    const reachesOut = command.includes("--allow-net") || command.includes("--allow-run");
    assertEquals(reachesOut, name.startsWith("data"), name);
  }
});

Deno.test("every package is pinned with its integrity, and none may run a script of its own", () => {
  const lock = JSON.parse(Deno.readTextFileSync(new URL("../../deno.lock", import.meta.url)));
  const packages = Object.entries(lock.npm as Record<string, { integrity?: string; scripts?: boolean }>);
  assert(packages.length > 50);
  for (const [name, { integrity }] of packages) assert(integrity?.startsWith("sha512-"), name);
  assert(!("allowScripts" in configuration));
});
