import { assertEquals, assertStringIncludes } from "@std/assert";

const root = new URL("../..", import.meta.url).pathname;
const withoutArguments = [
  "cluster/snakemake",
  "doctor",
  "engines",
  "kernels",
  "paper",
  "readme",
  "setup_peers",
  "soak",
];
const withFlags = ["bench", "metadata", "setup_tensorflow"];

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function ended(program: string, ...given: string[]): Promise<Ended> {
  return endedWith({}, program, ...given);
}

/** Runs a task's program with these environment variables; it may read, and nothing else. */
async function endedWith(
  env: Record<string, string>,
  program: string,
  ...given: string[]
): Promise<Ended> {
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
    env: { NO_COLOR: "1", ...env },
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
  const { code, err } = await ended("soak", "--kills", "5");
  assertEquals([code, err], [2, "error: Cannot run soak as it takes no arguments: --kills 5 was given\n"]);
});

Deno.test("a task that takes numbers alone refuses other words, and none, before it does anything", async () => {
  const growth = (...given: string[]) => ended("cluster/growth", ...given);
  const help = await growth("--help");
  assertEquals([help.code, help.err], [0, ""]);
  assertStringIncludes(help.out, "deno task cluster:growth RUNS...");
  const sentence = "error: Arguments must be whole numbers >= 1: ";
  for (const word of ["0", "1.5", "many"]) {
    const { code, out, err } = await growth("100", word);
    const fault = `${sentence}current value is ${word}; --help says what they are\n`;
    assertEquals([code, out, err], [2, "", fault]);
  }
  assertStringIncludes((await growth()).err, `${sentence}none is given`);
});

Deno.test("a task that cannot write says so in one sentence", async () => {
  const cases: [string, string[], string][] = [
    ["cluster/growth", ["10"], "Cannot write into results/growth-"],
    ["kernels", [], `Cannot write ${root}src/network/kernels/kernels.wasm, of which nothing was changed: `],
    ["readme", [], "Cannot write README.md, of which nothing was changed: "],
    ["soak", [], "Cannot write into results/soak: "],
  ];
  for (const [program, given, sentence] of cases) {
    const { code, err } = await ended(program, ...given);
    assertEquals([code, err.trim().split("\n").length], [1, 1], err);
    assertStringIncludes(err, `error: ${sentence}`);
  }
});

Deno.test("a task that finds no folder for TensorFlow says so in one sentence", async () => {
  const nowhere = { HOME: "", XDG_CACHE_HOME: "", PRUNEBOUND_TENSORFLOW: "" };
  const { code, out, err } = await endedWith(nowhere, "doctor");
  assertEquals([code, out], [1, ""]);
  assertEquals(
    err,
    "error: Cannot place TensorFlow as PRUNEBOUND_TENSORFLOW or HOME must be set: neither is\n",
  );
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
