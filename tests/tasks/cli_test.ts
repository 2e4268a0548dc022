import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { claims } from "../../src/claims/mod.ts";
import { cacheFolder } from "../../tasks/data/cache_folder.ts";
import { writeWhole } from "../../tasks/files.ts";
import { parsePlan } from "../../tasks/plan_file.ts";
import { copy } from "../fixtures/copy_folder.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const root = new URL("../..", import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a process. */
function cli(...args: string[]): Promise<Ended> {
  return cliIn(root, ...args);
}

/** Runs the command line in a folder, which stands for the project's. */
function cliIn(cwd: string, ...args: string[]): Promise<Ended> {
  return cliWith({}, cwd, ...args);
}

/** Runs the command line with these environment variables, in a folder. */
async function cliWith(env: Record<string, string>, cwd: string, ...args: string[]): Promise<Ended> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--config", `${root}/deno.json`, "--allow-all", "--no-prompt", `${root}/cli.ts`, ...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("help names every command and every option of reproduce", async () => {
  const { code, out } = await cli("--help");
  assertEquals(code, 0);
  for (const name of ["reproduce", "verify", "accept", "data", "list", "plan", "train", "status"]) {
    assertStringIncludes(out, name);
  }
  const { out: options } = await cli("reproduce", "--help");
  for (
    const name of [
      "--profile",
      "--protocol",
      "--engine",
      "--seed",
      "--out",
      "--plan",
      "--json",
      "--seeds",
      "--quiet",
      "--width",
      "--workers",
    ]
  ) {
    assertStringIncludes(options, name);
  }
});

Deno.test("a wrong flag, value or artifact is one sentence and exit code 2", async () => {
  const cases: [string[], string][] = [
    [["reproduce", "table9"], "table9"],
    [["reproduce", "table2", "--profile", "huge"], "huge"],
    [["reproduce", "table2", "--sead", "1"], "--sead"],
    [["reproduce", "table2", "--seed", "one"], "one"],
    [["frobnicate"], "frobnicate"],
    [[], "Missing command"],
    [["verify", "--claim", "nosuch"], 'no claim "nosuch" for --claim: deno task list'],
  ];
  for (const [args, named] of cases) {
    const { code, err } = await cli(...args);
    assertEquals([code, err.trim().split("\n").length], [2, 1], err);
    assertStringIncludes(err, named);
  }
});

Deno.test("an empty word is refused, and -- keeps no word from being read", async () => {
  const unnamed = "an argument or the value of an option";
  for (
    const [words, named] of [[[""], unnamed], [["--width="], "--width"], [
      ["--profile", ""],
      unnamed,
    ]] as const
  ) {
    const { code, err } = await cli("reproduce", ...words);
    const sentence = `Cannot tell what is meant as ${named} is empty: give it a value or leave it out`;
    assertEquals([code, err], [2, `error: ${sentence}\n`]);
  }
  const { code, err } = await cli("plan", "--", "--profile", "slow");
  assertEquals(code, 2);
  assertStringIncludes(err, '"slow"');
});

Deno.test("what cannot be done is said before anything is trained", async () => {
  const cases: [string[], string][] = [
    [
      ["verify", "table1", "table3", "--profile", "paper"],
      "Cannot verify table3 as there is no golden in tests/golden/paper",
    ],
    [["plan", "table2", "--gflops", "50"], "Cannot print the plan as --gflops must come with --json"],
    [["plan", "table2", "--store", "elsewhere"], "Cannot print the plan as --store must come with --json"],
  ];
  for (const [args, sentence] of cases) {
    const { code, out, err } = await cli(...args);
    assertEquals([code, out, err.trim().split("\n").length], [1, "", 1], err);
    assertStringIncludes(err, sentence);
  }
});

Deno.test("a part is compared with its rows of the golden, and never becomes the golden", async () => {
  const golden = await Deno.readTextFile(`${root}/tests/golden/smoke/table2.csv`);
  const folder = await Deno.makeTempDir(), path = `${folder}/tests/golden/smoke/table2.csv`;
  await Deno.mkdir(`${folder}/tests/golden/smoke`, { recursive: true });
  await Deno.writeTextFile(path, golden);
  const part = ["table2", "--profile", "smoke", "--width", "500", "--quiet"];
  const verified = await cliIn(folder, "verify", ...part);
  assertEquals(verified.code, 0, verified.err);
  assertStringIncludes(verified.out, "cell by cell; 20 of its rows were not asked for");
  assertStringIncludes(verified.out, "Decided on the networks of width 500 alone.");
  const accepted = await cliIn(folder, "accept", ...part);
  assertEquals(accepted.code, 1);
  assertStringIncludes(accepted.err, "as 20 of its rows would be lost: leave --width and --dataset out");
  assertEquals(await Deno.readTextFile(path), golden);
  const row = golden.split("\n")[1];
  await Deno.writeTextFile(path, golden + row.replace(",500,", ",501,") + "\n");
  const bogus = await cliIn(folder, "verify", ...part);
  assertEquals(bogus.code, 1);
  assertStringIncludes(
    bogus.err,
    "paper_width=501, margin_rule=minimum: (whole row) is missing, golden present",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the verdicts of a part are printed, and take the place of no others", () =>
  inFolder(async (folder) => {
    await copy(`${root}/tests/golden/smoke`, `${folder}/tests/golden/smoke`);
    const files = ["claims.csv", "claims.tex", "report.html"].map((name) =>
      `${folder}/results/smoke/${name}`
    );
    for (const path of files) await writeWhole(path, "complete");
    const { code, out } = await cliIn(folder, "verify", "sketching", "--quiet");
    assertEquals(code, 0, out);
    assertStringIncludes(out, "The verdicts are not written, as only a part was evaluated.");
    for (const path of files) assertEquals(await Deno.readTextFile(path), "complete");
  }));

Deno.test("tolerances are taken from runs that were trained once more, change by change, and from nothing else", () =>
  inFolder(async (folder) => {
    const goldens = `${folder}/tests/golden/paper`;
    await copy(`${root}/tests/golden/paper`, goldens);
    const before = await Deno.readTextFile(`${goldens}/table2.tolerances.csv`);
    const accept = (again: string) =>
      cliIn(
        folder,
        "accept",
        "table2",
        "--profile",
        "paper",
        "--dataset",
        "mnist",
        "--again",
        again,
        "--quiet",
      );
    for (const again of ["tests/golden/paper/agian", "tests/golden"]) {
      const { code, err } = await accept(again);
      assertEquals(code, 1);
      assertStringIncludes(err, `Cannot take the tolerances of table2 from ${again} as it must hold one of`);
      assertEquals(await Deno.readTextFile(`${goldens}/table2.tolerances.csv`), before);
    }
    const { code, out, err } = await accept("tests/golden/paper/again");
    assertEquals(code, 0, err);
    const change =
      "  tolerance of protocol=stated, dataset=mnist, column=margin_logits: absolute 177.254894257 -> ";
    assertStringIncludes(out, change);
    const changed = out.split("\n").filter((line) => line.startsWith("  tolerance of ")).length;
    assertStringIncludes(out, `table2.csv: 0 cells and ${changed} tolerances changed`);
  }));

Deno.test("a value out of range is one sentence and exit code 1", async () => {
  const tooLarge = "100000000000000000000";
  for (
    const [flag, value] of [
      ["--seed", "-1"],
      ["--seed", tooLarge],
      ["--seed", String(Number.MAX_SAFE_INTEGER)],
      ["--seeds", "0"],
      ["--seeds", "1000000000"],
      ["--workers", "0"],
    ]
  ) {
    const { code, err } = await cli("reproduce", "table2", "--profile", "smoke", flag, value);
    assertEquals(code, 1);
    assertStringIncludes(err, `current value is ${value}`);
  }
});

Deno.test("a plan is narrowed to a data set, and says so where an artifact has none of it", async () => {
  const plan = async (artifact: string, dataset: string) =>
    await cli("plan", artifact, "--profile", "smoke", "--dataset", dataset);
  const [mnist, none] = [await plan("table1", "mnist"), await plan("table3", "mnist")];
  assertStringIncludes(mnist.out, "mnist");
  assertEquals(mnist.out.includes("cifar10"), false);
  assertEquals(none.code, 1);
  assertStringIncludes(
    none.err,
    "Cannot make table3 as --dataset must be one of cifar10: current value is mnist",
  );
});

Deno.test("what is noted while runs are finished names the run", async () => {
  const folder = await Deno.makeTempDir();
  const part = ["table2", "--profile", "smoke", "--protocol", "gentle", "--width", "500", "--quiet"];
  const reproduce = async () => (await cliIn(folder, "reproduce", ...part, "--out", "results/out")).err;
  const [, identity, rest] = /^run ([0-9a-f]{16}) \((.*)\) done in/m.exec(await reproduce()) ?? [];
  const run = `${folder}/results/smoke/runs/${identity}`;
  await Deno.writeTextFile(`${run}/weights.safetensors`, "cut");
  await Deno.remove(`${run}/network.json`);
  assertStringIncludes(await reproduce(), `run ${identity} (${rest}): weights.safetensors was cut`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a quiet fetch still says what it does, and nothing once the data are there", async () => {
  const folder = await Deno.makeTempDir();
  const data = (...args: string[]) => cliWith({ PRUNEBOUND_DATA: folder }, root, "data", "mnist", ...args);
  const fetched = await data("--quiet", "--from", `${cacheFolder()}/mnist`);
  assertEquals([fetched.code, fetched.out], [0, ""]);
  assertEquals(fetched.err, `mnist: verified and kept in ${folder}/mnist\n`);
  assertEquals(await data("--quiet"), { code: 0, out: "", err: "" });
  assertStringIncludes((await data()).out, "mnist: verified, from the cache");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("where no artifact is named, those without such networks are left out, and a line says so", async () => {
  const plan = (...narrowed: string[]) => cli("plan", "--profile", "smoke", "--json", ...narrowed);
  const cases: [string[], string][] = [
    [["--width", "784"], "Left out, as they have no such networks: tickets\n"],
    [["--dataset", "mnist"], "Left out, as they have no such networks: table3\n"],
  ];
  for (const [narrowed, line] of cases) {
    const { code, out, err } = await plan(...narrowed);
    assertEquals([code, err], [0, line]);
    assertEquals(parsePlan(out, "the plan").artifacts.length, artifacts.length - 1);
  }
  const { code, err } = await plan("--width", "785", "--dataset", "mnist");
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    "--dataset and --width must fit networks of one of them: current value is mnist, 785",
  );
});

Deno.test("an output folder that cannot be written loses nothing and leaves no partial file", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/file`, "");
  const { code, err } = await cli(
    "reproduce",
    "table2",
    "--profile",
    "smoke",
    "--quiet",
    "--out",
    `${folder}/file/below`,
  );
  assertEquals(code, 1, err);
  assertStringIncludes(err, "error: ");
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("where nothing tells TensorFlow's folder, auto takes another engine and says why", async () => {
  const nowhere = { HOME: "", XDG_CACHE_HOME: "", PRUNEBOUND_TENSORFLOW: "" };
  const { code, err } = await cliWith(nowhere, root, "plan", "sketching", "--engine", "auto");
  assertEquals(code, 0, err);
  assertStringIncludes(err, "tensorflow cannot be looked for (Cannot place TensorFlow as");
});

Deno.test("a file where the runs should be is named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/results/smoke`, { recursive: true });
  await Deno.writeTextFile(`${folder}/results/smoke/runs`, "");
  for (const flags of [[], ["--json"]]) {
    const { code, err } = await cliIn(folder, "plan", "table2", "--profile", "smoke", ...flags);
    assertEquals([code, err.trim().split("\n").length], [1, 1], err);
    assertMatch(
      err,
      /Cannot read results\/smoke\/runs\S* as it must be a folder: it is a file, or lies in one/,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("list names the artifacts, profiles, protocols, engines and claims", async () => {
  const { code, out } = await cli("list");
  assertEquals(code, 0);
  for (
    const name of ["table2", "smoke", "quick", "standard", "paper", "stated", "gentle", "wasm", claims[0].id]
  ) {
    assertStringIncludes(out, name);
  }
});

Deno.test("workers and repetitions change no byte, and a plan says what is finished", async () => {
  const folder = await Deno.makeTempDir();
  const smoke = ["reproduce", "figure5", "--profile", "smoke", "--quiet"];
  const csv = async (name: string, ...args: string[]): Promise<string> => {
    const { code, err } = await cli(...smoke, "--out", `${folder}/${name}`, ...args);
    assertEquals(code, 0, err);
    return await Deno.readTextFile(`${folder}/${name}/figure5.csv`);
  };
  const seed = ["--seed", String(1000 + Math.floor(Date.now() / 1000) % 1e6)];
  try {
    const { out: before } = await cli(...smoke, ...seed, "--plan");
    assertStringIncludes(before, "2 of 2 runs to do");
    const alone = await csv("alone", ...seed, "--workers", "1");
    const { out: after } = await cli(...smoke, ...seed, "--plan");
    assertStringIncludes(after, "0 of 2 runs to do");
    assertEquals(await removeRunsOf(seed[1]), 2);
    const together = await csv("together", ...seed, "--workers", "2");
    assertEquals(together, alone);
    assertEquals([...Deno.readDirSync(`${folder}/alone`)].map(({ name }) => name).sort(), [
      ...[1, 2, 3, 4].map((part) => `figure5-${part}.dat`),
      "figure5-figure.tex",
      ...["csv", "dat", "svg", "tex"].map((ending) => `figure5.${ending}`),
    ]);
  } finally {
    await removeRunsOf(seed[1]);
    await Deno.remove(folder, { recursive: true });
  }
});

/** Removes the runs of one seed, so that they are trained again; returns how many there were. */
async function removeRunsOf(seed: string): Promise<number> {
  const runs = `${root}/results/smoke/runs`;
  let removed = 0;
  for await (const { name } of Deno.readDir(runs)) {
    const text = await Deno.readTextFile(`${runs}/${name}/hyperparameters.json`).catch(() => "");
    if (!text.includes(`"seed":${seed},`) && !text.includes(`"seed":${seed}}`)) continue;
    await Deno.remove(`${runs}/${name}`, { recursive: true });
    removed++;
  }
  return removed;
}

Deno.test("verify names the cell of a golden in which a digit, a row or a column's name was changed", async () => {
  const golden = await Deno.readTextFile(`${root}/tests/golden/smoke/sketching.csv`);
  const [heading, first, ...rest] = golden.split("\n");
  const [ensemble, size, sparsity, sketch] = first.split(",");
  const name = `ensemble=${ensemble}, line_sparsity=${sparsity}, sketch_size=${sketch}`;
  const changes: [string, string][] = [
    [
      [heading, first.replace(`,${size},`, `,${Number(size) + 1},`), ...rest].join("\n"),
      `${name}: size is ${size}`,
    ],
    [[heading, ...rest].join("\n"), `${name}: (whole row) is present, golden missing`],
    [golden.replace("trials", "trails"), 'must have a column "trials"'],
  ];
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/tests/golden/smoke`, { recursive: true });
  for (const [text, named] of changes) {
    await Deno.writeTextFile(`${folder}/tests/golden/smoke/sketching.csv`, text);
    const { code, err } = await cliIn(folder, "verify", "sketching", "--quiet");
    assertEquals(code, 1);
    assertStringIncludes(err, named);
  }
  await Deno.writeTextFile(`${folder}/tests/golden/smoke/sketching.csv`, golden);
  assertEquals((await cliIn(folder, "verify", "sketching", "--quiet")).code, 0);
  await Deno.remove(folder, { recursive: true });
});
