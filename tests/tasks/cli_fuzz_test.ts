import { Command, EnumType, ValidationError } from "@cliffy/command";
import { assert } from "@std/assert";
import { artifacts } from "../../src/artifacts/mod.ts";
import { profiles } from "../../src/experiments/presets.ts";
import type { RandomStream } from "../../src/math/random_stream.ts";
import { fuzz, mutatedText, type Outcome } from "../fixtures/fuzz.ts";

const ids = artifacts.map(({ id }) => id);
const profileNames = Object.keys(profiles);
const words = [
  ...ids,
  ...[
    "reproduce",
    "--profile",
    "smoke",
    "--profile=quick",
    "--seed",
    "1",
    "--seed=7",
    "--workers",
    "2",
    "-2",
    "--",
  ],
  ...[
    "--quiet",
    "--out",
    "x",
    "--out=",
    "=",
    "-",
    "",
    "1e3",
    "0x10",
    " 1",
    "9".repeat(30),
    "-q",
    "--plan",
    "é",
    "\0",
  ],
];

interface Call {
  readonly profile: string;
  readonly seed: number;
  readonly workers: number;
  readonly out?: string | undefined;
  readonly ids: readonly string[];
}

/** Reads a command line with the kinds of options and arguments that the program has. */
async function read(args: string[]): Promise<Call | undefined> {
  let call: Call | undefined;
  const reproduce = new Command()
    .type("artifact", new EnumType(ids))
    .type("profile", new EnumType(profileNames))
    .arguments("[...artifacts:artifact]")
    .option("--profile <name:profile>", "", { default: "quick" })
    .option("--seed <number:integer>", "", { default: 1 })
    .option("--workers <count:integer>", "", { default: 2 })
    .option("--out <folder:file>", "")
    .option("--plan", "")
    .option("-q, --quiet", "")
    .action((options, ...chosen) => void (call = { ...options, ids: chosen as string[] }));
  await new Command().name("fuzzed").throwErrors().command("reproduce", reproduce).parse(args);
  return call;
}

function commandLine(stream: RandomStream): string[] {
  const rest = Array.from({ length: stream.integer(6) }, () => {
    const word = words[stream.integer(words.length)];
    return stream.integer(4) === 0 ? mutatedText(word, "-=0123456789 a", stream) : word;
  });
  const asksForHelp = (word: string): boolean => /^-\w*[hV]|^--(help|version)|^help/.test(word);
  return [stream.integer(10) === 0 ? "" : "reproduce", ...rest.filter((word) => !asksForHelp(word))];
}

/** A call has values of the declared kinds, each of them a word of the command line or the default. */
function check(call: Call, args: readonly string[]): void {
  const given = (value: string | number): boolean =>
    args.some((word) =>
      word === String(value) || word.endsWith(`=${value}`) || Number(word.replace(/^.*=/, "")) === value
    );
  assert(profileNames.includes(call.profile) && (call.profile === "quick" || given(call.profile)));
  assert(Number.isInteger(call.seed) && (call.seed === 1 || given(call.seed)), "seed");
  assert(Number.isInteger(call.workers) && (call.workers === 2 || given(call.workers)), "workers");
  assert(call.ids.every((id) => ids.includes(id) && args.includes(id)), "artifacts");
}

Deno.test("a command line of any words is refused with one sentence or read as it says", () =>
  fuzz("command line", commandLine, outcomeOf));

async function outcomeOf(args: string[]): Promise<Outcome> {
  try {
    const call = await read(args);
    if (call) check(call, args);
    return "right";
  } catch (error) {
    if (!(error instanceof ValidationError)) throw new Error(JSON.stringify(args), { cause: error });
    assert(error.message.length > 0 && !error.message.trim().includes("\n    at "), error.message);
    return { refused: error.message };
  }
}
