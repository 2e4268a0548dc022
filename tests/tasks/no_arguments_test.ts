import { assertEquals, assertStringIncludes } from "@std/assert";

const root = new URL("../..", import.meta.url).pathname;
const programs = ["doctor", "engines", "kernels", "paper", "readme", "setup_peers"];

async function ended(program: string, argument: string): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--config",
      `${root}/deno.json`,
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      `${root}/tasks/${program}.ts`,
      argument,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("tasks that take no arguments say so, and write and run nothing", async () => {
  for (const program of programs) {
    const [help, other] = await Promise.all([ended(program, "--help"), ended(program, "--bogus")]);
    assertEquals([help.code, help.err, other.code, other.out], [0, "", 2, ""], program);
    assertStringIncludes(help.out, "It takes no arguments.");
    assertStringIncludes(other.err, "as it takes no arguments: --bogus was given");
    assertEquals(other.err.trim().split("\n").length, 1);
  }
});
