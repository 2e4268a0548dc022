/**
 * The contract of `@cliffy/command`, as its documentation states it, for the part that this package uses. What a
 * command line prints and how it ends is checked in a process of its own, by fixtures/command_line.ts.
 */
import { stripVTControlCharacters } from "node:util";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Command, EnumType, ValidationError } from "@cliffy/command";

const profile = new EnumType(["smoke", "quick"]);

function refused(parsing: () => Promise<unknown>, ...parts: string[]): Promise<void> {
  return assertRejects(parsing, ValidationError).then((error) => {
    assertEquals(error.exitCode, 2);
    for (const part of parts) assertStringIncludes(error.message, part);
  });
}

Deno.test("parse() gives options and arguments their types", async () => {
  const command = new Command()
    .throwErrors()
    .type("profile", profile)
    .option("-p, --profile <profile:profile>", "Profile.")
    .option("-s, --seed <seed:integer>", "Seed.")
    .option("--learning-rate <rate:number>", "Rate.")
    .option("--bias <bias:boolean>", "Bias.")
    .option("--out <folder:string>", "Folder.")
    .option("--quiet", "No progress.")
    .arguments("<artifact:string> [width:integer]");
  const { options, args } = await command.parse(
    [
      "-p",
      "quick",
      "--seed=7",
      "--learning-rate",
      "2e-2",
      "--bias",
      "false",
      "table2",
      "--out",
      "a b",
      "784",
      "--quiet",
    ],
  );
  const seed: number | undefined = options.seed;
  const name: "smoke" | "quick" | undefined = options.profile;
  const [artifact, width]: [string, number?] = args;
  assertEquals([seed, name, artifact, width], [7, "quick", "table2", 784]);
  assertEquals(
    { ...options },
    { profile: "quick", seed: 7, learningRate: 0.02, bias: false, out: "a b", quiet: true },
  );
});

Deno.test("parse() leaves out what was not given", async () => {
  const command = new Command().throwErrors()
    .option("--quiet", "No progress.")
    .option("--seed <seed:integer>", "Seed.")
    .arguments("[artifact:string]");
  const { options, args } = await command.parse([]);
  assertEquals({ ...options }, {});
  assertEquals([...args], []);
});

Deno.test("an option has its default where it is not given", async () => {
  const command = new Command().throwErrors()
    .type("profile", profile)
    .option("--profile <profile:profile>", "Profile.", { default: "quick" })
    .option("--seed <seed:integer>", "Seed.", { default: 0 });
  const { options } = await command.parse(["--seed", "-1"]);
  const seed: number = options.seed;
  const name: "smoke" | "quick" = options.profile;
  assertEquals([seed, name], [-1, "quick"]);
});

Deno.test("an option that is required must be given", async () => {
  const command = new Command().throwErrors().option("--seed <seed:integer>", "Seed.", { required: true });
  await refused(() => command.parse([]), "equired option", "--seed");
  const { options } = await command.parse(["--seed", "3"]);
  const seed: number = options.seed;
  assertEquals(seed, 3);
});

Deno.test("an option that starts with no- is true until it is given", async () => {
  const command = new Command().throwErrors().option("--no-colour", "Plain text.");
  assertEquals((await command.parse([])).options, { colour: true });
  assertEquals((await command.parse(["--no-colour"])).options, { colour: false });
});

Deno.test("an option with a value in square brackets is true without it", async () => {
  const command = new Command().throwErrors().option("--keep [folder:string]", "Keep the files.");
  assertEquals({ ...(await command.parse(["--keep"])).options }, { keep: true });
  assertEquals({ ...(await command.parse(["--keep", "there"])).options }, { keep: "there" });
});

Deno.test("an option that collects gathers its values, in place of its default", async () => {
  const command = new Command().throwErrors()
    .option("--seed <seed:integer>", "Seed.", { collect: true, default: [0] });
  assertEquals({ ...(await command.parse(["--seed", "3", "--seed", "1"])).options }, { seed: [3, 1] });
  assertEquals({ ...(await command.parse([])).options }, { seed: [0] });
});

Deno.test("an option of a list type takes values separated by commas", async () => {
  const command = new Command().throwErrors().option("-d <d:number[]>", "Never used.").option(
    "--widths <h:number[]>",
    "h.",
  );
  const { options } = await command.parse(["--widths", "500,784"]);
  const widths: number[] | undefined = options.widths;
  assertEquals(widths, [500, 784]);
  await refused(() => command.parse(["--widths", "500,wide"]), "wide");
});

Deno.test("an option may map its value and its default", async () => {
  const command = new Command().throwErrors()
    .option("--minutes <minutes:number>", "Limit.", {
      default: 1,
      value: (minutes: number) => ({ seconds: 60 * minutes }),
    });
  assertEquals((await command.parse(["--minutes", "2"])).options, { minutes: { seconds: 120 } });
  assertEquals((await command.parse([])).options, { minutes: { seconds: 60 } });
});

Deno.test("an option refuses those with which it conflicts", async () => {
  const command = new Command().throwErrors()
    .option("--plan", "Only say what would run.", { conflicts: ["max-hours"] })
    .option("--max-hours <hours:number>", "Limit.");
  await refused(() => command.parse(["--plan", "--max-hours", "1"]), "--plan", "--max-hours");
  assertEquals({ ...(await command.parse(["--max-hours", "1"])).options }, { maxHours: 1 });
});

Deno.test("parse() names the value that is not of its type", async () => {
  const command = new Command().throwErrors()
    .type("profile", profile)
    .option("--profile <profile:profile>", "Profile.")
    .option("--seed <seed:integer>", "Seed.")
    .option("--rate <rate:number>", "Rate.")
    .option("--bias <bias:boolean>", "Bias.")
    .arguments("[width:integer]");
  await refused(
    () => command.parse(["--seed", "1.5"]),
    'Option "--seed" must be of type "integer", but got "1.5".',
  );
  await refused(
    () => command.parse(["--rate", "fast"]),
    'Option "--rate" must be of type "number", but got "fast".',
  );
  await refused(() => command.parse(["--bias", "maybe"]), 'must be of type "boolean", but got "maybe".');
  await refused(
    () => command.parse(["--profile", "slow"]),
    'but got "slow". Expected values: "smoke", "quick"',
  );
  await refused(() => command.parse(["wide"]), 'Argument "width" must be of type "integer", but got "wide".');
});

Deno.test("an empty value is none given, and words after -- are not read", async () => {
  const command = () =>
    new Command().throwErrors()
      .option("--seed <seed:integer>", "Seed.", { default: 1 })
      .option("--width <width:integer>", "Width.", { collect: true })
      .option("--out <folder:file>", "Folder.")
      .arguments("[artifact:string]");
  assertEquals({ ...(await command().action(() => {}).parse(["--seed=", "--out", ""])).options }, {
    seed: 1,
  });
  const { options } = await command().action(() => {}).parse(["--width=", "--width", "784"]);
  assertEquals({ ...options }, { seed: 1, width: [784] });
  const { args } = await command().action(() => {}).parse(["table2", "--", "table3", "--seed", "2"]);
  assertEquals([...args], ["table2"]);
});

Deno.test("parse() names what is unknown, missing, repeated or too much", async () => {
  const command = new Command().throwErrors().option("--seed <seed:integer>", "Seed.").arguments(
    "<artifact:string>",
  );
  await refused(() => command.parse(["table2", "--sead", "1"]), 'Unknown option "--sead".', "--seed");
  await refused(() => command.parse([]), "issing", "artifact");
  await refused(() => command.parse(["table2", "--seed"]), "--seed");
  await refused(
    () => command.parse(["table2", "--seed", "1", "--seed", "2"]),
    'Option "--seed" can only occur once',
  );
  await refused(() => command.parse(["table2", "table3"]), "oo many arguments");
  await refused(() => new Command().throwErrors().parse(["table2"]), "rguments");
});

Deno.test("a custom type decides by itself", async () => {
  const command = new Command().throwErrors()
    .type("even", ({ label, name, value }) => {
      if (Number(value) % 2 === 0) return Number(value);
      throw new ValidationError(`${label} ${name} is odd: ${value}.`);
    })
    .arguments("<width:even>");
  const [width]: [number] = (await command.parse(["784"])).args;
  assertEquals(width, 784);
  await refused(() => command.parse(["7"]), "Argument width is odd: 7.");
});

Deno.test("the last argument may take all that follow", async () => {
  const seen: [string, number[]][] = [];
  const command = new Command().throwErrors()
    .arguments("<artifact:string> [...seeds:integer]")
    .action((_options, artifact, ...seeds) => {
      seen.push([artifact, seeds]);
    });
  assertEquals([...(await command.parse(["table2", "1", "2"])).args], ["table2", 1, 2]);
  await command.parse(["table2"]);
  assertEquals(seen, [["table2", [1, 2]], ["table2", []]]);
});

Deno.test("parse() waits for the action and hands it options and arguments", async () => {
  const seen: unknown[] = [];
  const command = new Command().throwErrors()
    .option("--seed <seed:integer>", "Seed.", { default: 0 })
    .arguments("<artifact:string>")
    .action(async ({ seed }, artifact) => {
      await Promise.resolve();
      seen.push(seed + 1, artifact.toUpperCase());
    });
  await command.parse(["table2"]);
  assertEquals(seen, [1, "TABLE2"]);
});

Deno.test("parse() passes on what the action throws", async () => {
  const failing = (error: Error) =>
    new Command().throwErrors().action(() => {
      throw error;
    });
  await assertRejects(() => failing(new TypeError("broken")).parse([]), TypeError, "broken");
  const error = await assertRejects(
    () => failing(new ValidationError("no", { exitCode: 3 })).parse([]),
    ValidationError,
  );
  assertEquals(error.exitCode, 3);
});

Deno.test("the action's this is the command", async () => {
  const help: string[] = [];
  await new Command().throwErrors().name("prunebound").action(function () {
    help.push(this.getHelp());
  }).parse([]);
  assertStringIncludes(help[0] ?? "", "prunebound");
});

function tree(seen: unknown[]) {
  const reproduce = new Command<{ quiet?: true }>()
    .description("Trains and writes the table.\n\nThe details.")
    .option("--seed <seed:integer>", "Seed.", { default: 0 })
    .arguments("[artifact:string]")
    .action((options, artifact) => {
      seen.push(["reproduce", { ...options }, artifact]);
    });
  const list = new Command<{ quiet?: true }>()
    .description("Lists the artifacts.")
    .action(({ quiet }) => {
      seen.push(["list", quiet]);
    });
  return new Command().throwErrors().name("prunebound").version("1.2.3").description("Reproduces the paper.")
    .globalOption("-q, --quiet", "No progress.")
    .command("reproduce", reproduce)
    .command("list", list);
}

Deno.test("a subcommand gets its own words and the global options", async () => {
  const seen: unknown[] = [];
  const result = await tree(seen).parse(["reproduce", "table2", "--seed", "3", "--quiet"]);
  await tree(seen).parse(["--quiet", "reproduce"]);
  await tree(seen).parse(["list"]);
  assertEquals({ ...result.options }, { seed: 3, quiet: true });
  assertEquals(seen, [
    ["reproduce", { seed: 3, quiet: true }, "table2"],
    ["reproduce", { seed: 0, quiet: true }, undefined],
    ["list", undefined],
  ]);
});

Deno.test("a subcommand refuses what is not its own", async () => {
  await refused(() => tree([]).parse(["reproduse"]), 'Unknown command "reproduse".');
  await refused(() => tree([]).parse(["list", "--seed", "1"]), 'Unknown option "--seed".');
  await refused(() => tree([]).parse(["list", "table2"]), "rguments");
});

Deno.test("a subcommand has neither the value nor the flag of an option that is not global", async () => {
  const parse = async (...words: string[]) => {
    const list = new Command().action(() => {});
    const root = new Command().throwErrors().option("--depth <depth:integer>", "Depth.", { default: 4 });
    return (await root.command("list", list).parse(words)).options;
  };
  assertEquals({ ...(await parse("list")) }, {});
  await refused(() => parse("list", "--depth", "3"), 'Unknown option "--depth".');
});

Deno.test("there is no command for help unless it is added", async () => {
  await refused(() => tree([]).parse(["help"]), 'Unknown command "help".');
});

Deno.test("command() refuses a second command of the same name", () => {
  assertThrows(() => tree([]).command("list", new Command()), Error, 'Duplicate command name "list".');
});

Deno.test("getHelp() lists commands by the first line of their description", () => {
  const help = stripVTControlCharacters(tree([]).getHelp());
  for (
    const part of ["Usage:", "prunebound", "Reproduces the paper.", "--version", "--help", "-q, --quiet"]
  ) {
    assertStringIncludes(help, part);
  }
  for (const part of ["reproduce", "Trains and writes the table.", "list", "Lists the artifacts."]) {
    assertStringIncludes(help, part);
  }
  assertEquals(help.includes("The details."), false);
});

Deno.test("getHelp() shows arguments, defaults, allowed values and examples, and hides what is hidden", () => {
  const command = new Command().name("reproduce").description("Trains.")
    .type("profile", profile)
    .arguments("<artifact:string>")
    .option("-p, --profile <profile:profile>", "Amount of work.", { default: "quick" })
    .option("--seed <seed:integer>", "Seed.", { required: true })
    .option("--debug", "For the authors.", { hidden: true })
    .example("One table", "reproduce table2");
  const help = stripVTControlCharacters(command.getHelp());
  for (
    const part of ["<artifact", "-p, --profile", "Amount of work.", '"smoke", "quick"', "efault", "One table"]
  ) {
    assertStringIncludes(help, part);
  }
  assertStringIncludes(help, "reproduce table2");
  assertEquals(help.includes("--debug"), false);
});

Deno.test("EnumType lists its values", () => {
  assertEquals(profile.values(), ["smoke", "quick"]);
  const two = new EnumType([1, 2]);
  assertEquals(two.parse({ label: "Option", name: "n", value: "2", type: "two" }), 2);
  assertThrows(
    () => two.parse({ label: "Option", name: "n", value: "3", type: "two" }),
    Error,
    'Expected values: "1", "2"',
  );
});

Deno.test("ValidationError is an Error that carries an exit status", () => {
  assertInstanceOf(new ValidationError("no"), Error);
  assertEquals(new ValidationError("no").exitCode, 2);
  assertEquals(new ValidationError("no", { exitCode: 4 }).exitCode, 4);
});

interface Ending {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const programPath = new URL("fixtures/command_line.ts", import.meta.url).pathname;

async function runProgram(...words: string[]): Promise<Ending> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", programPath, ...words],
  });
  const { code, stdout, stderr } = await command.output();
  const [output, errors] = [stdout, stderr].map((bytes) =>
    stripVTControlCharacters(new TextDecoder().decode(bytes))
  );
  return { code, output: output ?? "", errors: errors ?? "" };
}

Deno.test("a wrong use prints the help of the command and one sentence, and ends with status 2", async () => {
  const { code, output, errors } = await runProgram("list", "--seed");
  assertEquals(code, 2);
  assertMatch(errors.trim(), /^error: Unknown option "--seed"\..*$/);
  assertStringIncludes(output, "prunebound list");
});

Deno.test("a ValidationError of the action ends with its own status", async () => {
  const { code, errors } = await runProgram("list", "--fail", "usage");
  assertEquals([code, errors.trim()], [3, "error: Nothing to list."]);
});

Deno.test("any other error of the action is not caught", async () => {
  const { code, errors } = await runProgram("list", "--fail", "bug");
  assertEquals(code, 1);
  assertStringIncludes(errors, "TypeError: broken");
});

Deno.test("the help of a subcommand is printed on request and ends with status 0", async () => {
  const { code, output, errors } = await runProgram("list", "--help");
  assertEquals([code, errors], [0, ""]);
  for (const part of ["prunebound list", "Lists the artifacts.", "--fail", "--quiet"]) {
    assertStringIncludes(output, part);
  }
});

Deno.test("a command that has subcommands alone prints its help and ends with status 0", async () => {
  const { code, output, errors } = await runProgram();
  assertEquals([code, errors], [0, ""]);
  assertStringIncludes(output, "--quiet");
});

Deno.test("the version is printed on request and ends with status 0", async () => {
  const { code, output, errors } = await runProgram("-V");
  assertEquals([code, output.trim(), errors], [0, "1.2.3", ""]);
});
