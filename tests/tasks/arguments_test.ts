import { assertEquals, assertStringIncludes } from "@std/assert";

const root = new URL("../..", import.meta.url).pathname;
const withoutArguments = ["doctor", "engines", "kernels", "paper", "readme", "setup_peers", "soak"];
const withFlags = ["bench", "metadata", "setup_tensorflow"];

async function ended(
  program: string,
  ...given: string[]
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--config",
      `${root}/deno.json`,
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      `${root}/tasks/${program}.ts`,
      ...given,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("tasks that take no arguments say so, and write and run nothing", async () => {
  for (const program of withoutArguments) {
    const [help, other] = await Promise.all([ended(program, "--help"), ended(program, "--bogus")]);
    assertEquals([help.code, help.err, other.code, other.out], [0, "", 2, ""], program);
    assertStringIncludes(help.out, "It takes no arguments.");
    assertStringIncludes(other.err, "as it takes no arguments: --bogus was given");
    assertEquals(other.err.trim().split("\n").length, 1);
  }
});

Deno.test("tasks with flags tell them, and refuse others, before they do anything", async () => {
  for (const program of withFlags) {
    const [help, other] = await Promise.all([ended(program, "--help"), ended(program, "--bogus")]);
    assertEquals([help.code, help.err, other.code, other.out], [0, "", 2, ""], program);
    assertStringIncludes(help.out, `deno task ${program.replace("_", ":")} [--`);
    assertEquals(other.err, "error: Unknown option '--bogus'; --help says which flags there are\n");
  }
});

Deno.test("a flag with a word that it may not have is refused with those that it may", async () => {
  const { code, err } = await ended("metadata", "--profile", "large");
  assertEquals(code, 2);
  assertEquals(
    err,
    "error: Flag --profile must be one of smoke, quick, standard, paper: current value is large\n",
  );
});

Deno.test("the cluster's help is its own before --, and Snakemake's after it", async () => {
  const { code, out } = await ended("cluster", "--profile", "paper", "--help");
  assertEquals(code, 0);
  assertStringIncludes(out, "deno task cluster [PLAN ...] [-- SNAKEMAKE ...]");
});
