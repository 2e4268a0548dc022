/** A copy of the project for a test that runs its tasks, so that results/ and paper/ stay as they are. */
import { assertEquals } from "@std/assert";

/** The folder of this project, with a slash at its end. */
export const root: string = new URL("../..", import.meta.url).pathname;

const copied = ["cli.ts", "mod.ts", "deno.json", "deno.lock", "src", "tasks", "compat", "paper"];

/** Packages are linked, not copied. */
const linked = ["node_modules", ".venv"];

const script = `set -e
for each in ${copied.join(" ")}; do cp -a $each "$1"; done
for each in ${linked.join(" ")}; do [ ! -e $each ] || cp -al $each "$1"; done`;

/** Calls `test` with a folder that has a copy of the project in `project`, and is gone afterwards. */
export async function withProject(test: (folder: string, project: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(`${root}results`, { recursive: true });
  // On the disk of the packages, as they could not be linked from another one.
  const folder = await Deno.makeTempDir({ dir: `${root}results`, prefix: "project-" });
  const project = `${folder}/project`;
  try {
    await Deno.mkdir(project);
    const { code } = await new Deno.Command("sh", { args: ["-c", script, "sh", project], cwd: root })
      .output();
    assertEquals(code, 0, "the project was not copied");
    await test(folder, project);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How a process ended, and all that it said. */
export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs a task of the project to its end. */
export async function task(project: string, args: readonly string[]): Promise<Ended> {
  return await ended(["task", "--quiet", ...args], project);
}

/** Runs Deno in a folder to its end. */
export async function ended(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const surroundings = { NO_COLOR: "1", ...env };
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: surroundings,
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stderr) + decoder.decode(stdout) };
}

/** Compares artifacts in a folder with their goldens, byte for byte. */
export async function assertGolden(folder: string, artifacts: readonly string[]): Promise<void> {
  for (const artifact of artifacts) {
    const golden = await Deno.readTextFile(`${root}tests/golden/smoke/${artifact}.csv`);
    assertEquals(await Deno.readTextFile(`${folder}/${artifact}.csv`), golden, artifact);
  }
}
