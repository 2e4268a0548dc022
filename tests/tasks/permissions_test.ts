import { assert, assertEquals, assertMatch } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { inFolder } from "../fixtures/tiny_run.ts";

const root = new URL("../..", import.meta.url).pathname;
const tasks: Record<string, { command: string }> = configuration.tasks;

/** The permission flags of a task; what its shell would compute stands for the data's folder. */
function flagsOf(task: string): string[] {
  const words = tasks[task].command.replaceAll(/"|\$\([^)]*\)/g, (found) => found === '"' ? "" : "/data")
    .split(" ");
  return words.filter((word) => /^-(-allow|-deny|-no-prompt|A)/.test(word));
}

/** The tasks that run the program and do not fetch, one for each set of permissions. */
function confinedTasks(): string[] {
  const names = Object.keys(tasks).filter((name) =>
    tasks[name].command.includes("cli.ts") && !name.startsWith("data")
  );
  return [...new Map(names.toReversed().map((name) => [flagsOf(name).join(" "), name])).values()];
}

/** Whether a task may do what an attempt of `overreach.ts` tries: all that is granted, task by task. */
function isGranted(task: string, attempt: string): boolean {
  if (attempt === "write results") return /^(reproduce|verify|accept|train|tensorflow)/.test(task);
  if (attempt.endsWith("goldens")) return task.startsWith("accept");
  if (attempt === "read elsewhere") return /^(bounds|tensorflow|engines)/.test(task);
  if (attempt === "load a library") return task === "tensorflow" || task === "engines";
  return attempt === "read a secret" && task === "engines";
}

async function deno(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args: ["run", ...args],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1", SECRET_TOKEN: "secret", ...env },
  }).output();
}

/** Runs the program in a folder, with the permissions of a task and no data at hand. */
function cli(folder: string, task: string, ...words: string[]): Promise<Deno.CommandOutput> {
  const args = ["--config", `${root}deno.json`, ...flagsOf(task), `${root}cli.ts`, ...words];
  return deno(folder, args, { PRUNEBOUND_DATA: `${folder}/nothing` });
}

async function attempts(folder: string, flags: string[]): Promise<Record<string, string>> {
  const project = `${folder}/project`;
  for (const name of ["results", "paper", "tests/golden"]) {
    await Deno.mkdir(`${project}/${name}`, { recursive: true });
  }
  await Deno.mkdir(`${folder}/outside`, { recursive: true });
  await Deno.writeTextFile(`${folder}/outside/private.txt`, "");
  await Deno.writeTextFile(`${project}/tests/golden/old.txt`, "");
  await Deno.copyFile(new URL("../fixtures/overreach.ts", import.meta.url), `${project}/overreach.ts`);
  const { stdout, stderr } = await deno(project, [
    "--no-config",
    ...flags,
    "overreach.ts",
    `${folder}/outside`,
  ]);
  const text = new TextDecoder().decode(stdout);
  assert(text.startsWith("{"), new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test("a task that tries more than its permissions is stopped, also in a worker", () =>
  inFolder(async (folder) => {
    for (const task of confinedTasks()) {
      const outcomes = await attempts(`${folder}/${task.replace(":", "-")}`, flagsOf(task));
      for (const [name, outcome] of Object.entries(outcomes)) {
        assertEquals(outcome !== "NotCapable", isGranted(task, name), `${task}: ${name} ended as ${outcome}`);
      }
    }
  }));

Deno.test("with all permissions the same attempts succeed, so that the test above can fail", () =>
  inFolder(async (folder) => {
    const outcomes = await attempts(folder, ["-A"]);
    const done = Object.keys(outcomes).filter((name) => outcomes[name] === "done");
    for (
      const name of ["start a process", "write elsewhere", "write source", "write from a worker", "link out"]
    ) {
      assert(done.includes(name), `${name}: ${outcomes[name]}`);
    }
  }));

Deno.test("the program itself, stopped by its permissions, says in one sentence what it lacked", () =>
  inFolder(async (folder) => {
    const out = ["--out", `${folder}/elsewhere`];
    const { code, stderr } = await cli(folder, "reproduce", "reproduce", "sketching", ...out);
    assertEquals(code, 1);
    const sentence = new TextDecoder().decode(stderr);
    assertMatch(
      sentence,
      /^error: Cannot write into (\S+): Requires write access to "\1", which this task has not: [^\n]*\n$/,
    );
    // What Deno advises is for those who call it themselves.
    assert(!sentence.includes("--allow-"));
    assertEquals([...Deno.readDirSync(folder)].length, 0);
  }));

Deno.test("without data at hand a task that may not fetch them says which task does", () =>
  inFolder(async (folder) => {
    for (const task of ["reproduce", "tensorflow"]) {
      const command = ["reproduce", "table2", "--profile", "smoke", "--quiet"];
      const { code, stderr } = await cli(folder, task, ...command);
      const sentence = "Cannot use mnist as it must be fetched first: run deno task data mnist";
      assertEquals([code, new TextDecoder().decode(stderr)], [1, `error: ${sentence}\n`]);
      assertEquals([...Deno.readDirSync(folder)].length, 0);
    }
  }));
