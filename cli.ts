/**
 * The command line: `deno task reproduce:table2` and its siblings end here.
 *
 * @module
 */
import { type ArgumentValue, Command, EnumType, ValidationError } from "@cliffy/command";
import type { Artifact } from "./src/artifacts/artifact.ts";
import { artifactById, artifacts } from "./src/artifacts/mod.ts";
import type { Claim } from "./src/claims/claim.ts";
import { claims } from "./src/claims/mod.ts";
import { type ProfileName, profiles, type ProtocolName, protocols } from "./src/experiments/presets.ts";
import type { EngineName } from "./src/network/engines/engine.ts";
import { engineNames } from "./src/network/engines/mod.ts";
import type { Row } from "./src/render/table.ts";
import { toText } from "./src/render/text.ts";
import { boundsCommand } from "./tasks/bounds.ts";
import { neededArtifacts } from "./tasks/claims.ts";
import { fetchDataset } from "./tasks/data.ts";
import { resolveEngine } from "./tasks/engines.ts";
import { makeFolder } from "./tasks/files.ts";
import { acceptGolden, compareWithGolden, isBitExact, requireGoldens } from "./tasks/goldens.ts";
import { keepRecords, keptRecordsFolder, requireRunsAgain, withKeptRecords } from "./tasks/kept_records.ts";
import { plan } from "./tasks/plan.ts";
import { planFile, planText as planJson } from "./tasks/plan_file.ts";
import { duration, standardProgress } from "./tasks/progress.ts";
import { writeResults } from "./tasks/results.ts";
import {
  artifactsWithRuns,
  leftOutRuns,
  profileRuns,
  reproduce,
  type ReproduceOptions,
  resultsFolder,
  rowsFrom,
  wantedRuns,
  writeArtifact,
} from "./tasks/reproduce.ts";
import { openRunStore } from "./tasks/run_store.ts";
import { statusCommand } from "./tasks/status.ts";
import { trainCommand } from "./tasks/train.ts";

const profileType = new EnumType(Object.keys(profiles) as ProfileName[]);
const protocolType = new EnumType(Object.keys(protocols) as ProtocolName[]);
const engineType = new EnumType([...engineNames, "auto" as const]);
const artifactType = new EnumType(artifacts.map(({ id }) => id));
/** A claim by its id; an enumeration would answer a wrong one with all of them. */
function claimType({ name, value }: ArgumentValue): Claim {
  const claim = claims.find(({ id }) => id === value);
  if (claim) return claim;
  throw new ValidationError(`There is no claim "${value}" for ${name}: deno task list names all of them.`);
}
const datasetType = new EnumType(["mnist", "cifar10"] as const);

const reproduceCommand = new Command()
  .description(
    "Trains what is missing, computes the artifact, prints it and writes CSV, LaTeX and pgfplots data.",
  )
  .type("artifact", artifactType)
  .type("profile", profileType)
  .type("protocol", protocolType)
  .type("dataset", datasetType)
  .type("engine", engineType)
  .arguments("[...artifacts:artifact]")
  .option(
    "--profile <name:profile>",
    "How much is run: smoke (a minute), quick (minutes), standard (hours), paper.",
    {
      default: "quick" as const,
    },
  )
  .option(
    "--protocol <name:protocol>",
    "stated: Adam at 0.02, as the paper; gentle: at 0.001. Default: the profile's.",
  )
  .option(
    "--engine <name:engine>",
    "What trains: wasm gives the same bits everywhere, auto is the fastest that is set up. Default: the profile's.",
  )
  .option("--dataset <name:dataset>", "Only networks on this data set; may be given several times.", {
    collect: true,
  })
  .option(
    "--width <number:integer>",
    "Only networks of this width of the paper; may be given several times.",
    {
      collect: true,
    },
  )
  .option("--seed <number:integer>", "The root seed; profiles with several seeds count up from it.", {
    default: 1,
  })
  .option("--workers <count:integer>", "Networks trained at once.", {
    default: navigator.hardwareConcurrency,
  })
  .option("--out <folder:file>", "Write the files into this folder instead of results/ and paper/.")
  .option("--seeds <count:integer>", "How many seeds. Default: as many as the profile says.")
  .option("--plan", "Say what would run, why and about how long, and run nothing.")
  .option("--json", "With --plan: the plan as deno task train and deno task status read it.")
  .option("--quiet", "Plain lines for finished runs only.")
  .example("Table 2 in minutes", "deno task reproduce:table2")
  .example("The other protocol, all at once", "deno task reproduce --protocol gentle")
  .action(async (options, ...ids) => {
    const request = await requestOf(options);
    const chosen = chosenArtifacts(ids, request);
    if (options.json && !options.plan) {
      throw new TypeError("Cannot print JSON as --json must come with --plan: add --plan");
    }
    if (options.plan) return await printPlan(chosen, request, options);
    if (options.out !== undefined) await makeFolder(options.out);
    const rows = await reproduce(chosen, request);
    for (const [artifact, artifactRows] of rows) {
      artifact.present(artifactRows).forEach((presentation) => console.log(toText(presentation) + "\n"));
      const written = await writeArtifact(artifact, artifactRows, {
        profile: options.profile,
        out: options.out,
      });
      console.log(`Profile ${options.profile}, engine ${request.engine}. Written: ${written.join(", ")}\n`);
    }
    if (rows.size < artifacts.length) return;
    const { text, written } = await writeResults({
      rows,
      options: request,
      writesPaper: true,
      out: options.out,
    });
    console.log(`${text}\n\n${writtenText(written)}`);
  });

/** Which files hold the verdicts. */
function writtenText(written: readonly string[]): string {
  return written.length > 0
    ? `Written: ${written.join(", ")}`
    : "The verdicts are not written, as only a part was evaluated.";
}

const verifyCommand = new Command()
  .description(
    "Reproduces artifacts, compares them with their goldens (byte for byte on wasm) and evaluates the claims.",
  )
  .type("artifact", artifactType)
  .type("profile", profileType)
  .type("dataset", datasetType)
  .type("engine", engineType)
  .type("claim", claimType)
  .arguments("[...artifacts:artifact]")
  .option("--profile <name:profile>", "Whose goldens.", { default: "smoke" as const })
  .option("--artifact <name:artifact>", "Only this artifact; may be given several times.", { collect: true })
  .option("--claim <name:claim>", "Only this claim and the artifacts that it needs.")
  .option("--engine <name:engine>", "What trains. Default: the profile's.")
  .option("--dataset <name:dataset>", "Only networks on this data set; may be given several times.", {
    collect: true,
  })
  .option(
    "--width <number:integer>",
    "Only networks of this width of the paper; may be given several times.",
    {
      collect: true,
    },
  )
  .option("--workers <count:integer>", "Networks trained at once.", {
    default: navigator.hardwareConcurrency,
  })
  .option("--quiet", "Plain lines for finished runs only.")
  .example("Everything, in minutes", "deno task verify")
  .example("One claim", `deno task verify --claim ${claims[0].id}`)
  .action(async ({ artifact = [], claim, ...options }, ...ids) => {
    const chosenClaims = claim === undefined ? claims : [claim];
    const named = [...ids, ...artifact, ...(claim === undefined ? [] : neededArtifacts(chosenClaims))];
    const request = await requestOf({ ...options, seed: 1 });
    const chosen = chosenArtifacts(named, request);
    await requireGoldens(chosen, options.profile);
    const rows = await reproduce(chosen, request);
    let disagreements = 0;
    for (const [each, eachRows] of rows) disagreements += await verify(each, eachRows, request);
    const decidable = chosenClaims.filter((each) =>
      neededArtifacts([each]).every((id) => hasArtifact(rows, id))
    );
    const { text, written } = await writeResults({
      rows,
      options: request,
      claims: decidable,
      writesPaper: false,
    });
    console.log(`\n${text}\n\n${writtenText(written)}`);
    console.log(
      disagreements === 0 ? "All artifacts agree with their goldens." : `${disagreements} cells disagree.`,
    );
    if (disagreements > 0) Deno.exit(1);
  });

function hasArtifact(rows: ReadonlyMap<Artifact, unknown>, id: string): boolean {
  return [...rows.keys()].some((artifact) => artifact.id === id);
}

const acceptCommand = new Command()
  .description("Makes the present rows the goldens and lists every cell that changes. Say why in the commit.")
  .type("artifact", artifactType)
  .type("profile", profileType)
  .type("dataset", datasetType)
  .type("engine", engineType)
  .arguments("[...artifacts:artifact]")
  .option("--profile <name:profile>", "Whose goldens.", { default: "smoke" as const })
  .option("--engine <name:engine>", "What trains. Default: the profile's.")
  .option("--dataset <name:dataset>", "Only networks on this data set; may be given several times.", {
    collect: true,
  })
  .option(
    "--width <number:integer>",
    "Only networks of this width of the paper; may be given several times.",
    {
      collect: true,
    },
  )
  .option("--workers <count:integer>", "Networks trained at once.", {
    default: navigator.hardwareConcurrency,
  })
  .option(
    "--again <folder:file>",
    "Runs that were trained once more: what they differ by becomes the tolerance. May be given several times.",
    { collect: true },
  )
  .option("--quiet", "Plain lines for finished runs only.")
  .action(async ({ again = [], ...options }, ...ids) => {
    const request = await requestOf({ ...options, seed: 1 });
    const chosen = chosenArtifacts(ids, request);
    for (const artifact of chosen) {
      const runs = wantedRuns(artifact, request);
      for (const folder of again) await requireRunsAgain(artifact.id, runs, openRunStore(folder), folder);
    }
    for (const [artifact, rows] of await reproduce(chosen, request)) {
      const rowsAgain = await Promise.all(again.map((folder) => rowsOfRunsAgain(folder, artifact, request)));
      const { path, differences, toleranceDifferences } = await acceptGolden(
        artifact,
        options.profile,
        rows,
        {
          again: rowsAgain.flat(),
          isPart: isPart(request),
        },
      );
      differences.forEach(({ row, column, golden, fresh }) =>
        console.log(`  ${row}: ${column} ${golden} -> ${fresh}`)
      );
      toleranceDifferences.forEach(({ row, column, golden, fresh }) =>
        console.log(`  tolerance of ${row}: ${column} ${golden} -> ${fresh}`)
      );
      console.log(
        `${path}: ${differences.length} cells and ${toleranceDifferences.length} tolerances changed`,
      );
      if (request.engine !== "wasm") await keep(artifact, request);
    }
  });

const dataCommand = new Command()
  .description("Fetches the data sets once for all checkouts and verifies them.")
  .type("dataset", datasetType)
  .arguments("[...datasets:dataset]")
  .option("--from <folder:file>", "A folder with the original files.")
  .option("--quiet", "Say nothing of data that are there already; a fetch says what it does.")
  .action(async ({ from, quiet }, ...names) => {
    for (const name of names.length > 0 ? names : datasetType.values()) {
      const { folder, source } = await fetchDataset(name, { from });
      if (!quiet) console.log(`${name}: verified, from ${source}, in ${folder}`);
    }
  });

const planCommand = new Command()
  .description("What a reproduction would run, and nothing is run: for a person, or with --json for workers.")
  .type("artifact", artifactType)
  .type("profile", profileType)
  .type("protocol", protocolType)
  .type("dataset", datasetType)
  .type("engine", engineType)
  .arguments("[...artifacts:artifact]")
  .option("--profile <name:profile>", "How much is run.", { default: "quick" as const })
  .option("--protocol <name:protocol>", "Default: the profile's.")
  .option("--engine <name:engine>", "What trains. Default: the profile's.")
  .option("--dataset <name:dataset>", "Only networks on this data set.", { collect: true })
  .option("--width <number:integer>", "Only networks of this width of the paper.", { collect: true })
  .option("--seed <number:integer>", "The root seed; several seeds count up from it.", { default: 1 })
  .option("--seeds <count:integer>", "How many seeds. Default: as many as the profile says.")
  .option("--store <folder:file>", "With --json: where runs are kept. Default: results/<profile>/runs.")
  .option(
    "--json",
    "Every run with its hyper-parameters, seconds and memory: the same bytes for the same state.",
  )
  .option("--gflops <number:number>", "With --json: the speed of the engine on wide networks.")
  .example("For a cluster", "deno task plan --profile paper --json > plan.json")
  .action(async (options, ...ids) => {
    const request = await requestOf({ ...options, workers: 1 });
    await printPlan(chosenArtifacts(ids, request), request, options);
  });

const listCommand = new Command()
  .description("Lists artifacts, profiles, protocols, engines and claims.")
  .action(() => {
    console.log("Artifacts");
    artifacts.forEach(({ id, title }) => console.log(`  ${id.padEnd(10)} ${title}`));
    console.log("Profiles");
    Object.entries(profiles).forEach(([name, { purpose }]) => console.log(`  ${name.padEnd(10)} ${purpose}`));
    console.log("Protocols");
    Object.entries(protocols).forEach(([name, { learningRate }]) =>
      console.log(`  ${name.padEnd(10)} Adam, learning rate ${learningRate}`)
    );
    console.log(`Engines\n  ${engineNames.join(", ")}`);
    console.log("Claims");
    claims.forEach(({ id, place }) => console.log(`  ${id.padEnd(40)} ${place}`));
  });

/** Bits of other engines cannot be made again everywhere: what their goldens follow from stays with them. */
async function keep(artifact: Artifact, request: ReproduceOptions): Promise<void> {
  const folder = keptRecordsFolder(request.profile);
  const runs = wantedRuns(artifact, request);
  const changed = await keepRecords(runs, profileRuns(request.profile), openRunStore(folder));
  console.log(`${folder}: ${runs.length} runs, ${changed} files changed`);
}

/** The rows of an artifact with the runs of a folder in the place of the profile's. */
async function rowsOfRunsAgain(
  folder: string,
  artifact: Artifact,
  request: ReproduceOptions,
): Promise<readonly Row[]> {
  const runs = withKeptRecords(openRunStore(folder), profileRuns(request.profile));
  return await rowsFrom(runs, artifact, request);
}

/** The artifacts that are named or, where none is, all that have such networks as are asked for. */
function chosenArtifacts(ids: readonly string[], request: ReproduceOptions): Artifact[] {
  if (ids.length > 0) return ids.map(artifactById);
  const chosen = artifactsWithRuns(artifacts, request);
  const others = artifacts.filter((artifact) => !chosen.includes(artifact)).map(({ id }) => id);
  if (others.length > 0) console.error(`Left out, as they have no such networks: ${others.join(", ")}`);
  return chosen;
}

/** More seeds make a plan of more than the 100,000 runs that planning was tried with. */
const mostSeeds = 10_000;

interface RequestFlags extends Omit<ReproduceOptions, "progress" | "engine" | "datasets" | "widths"> {
  readonly dataset?: ReproduceOptions["datasets"];
  readonly width?: readonly number[] | undefined;
  readonly engine?: EngineName | "auto" | undefined;
  readonly quiet?: boolean | undefined;
}

async function requestOf(flags: RequestFlags): Promise<ReproduceOptions> {
  const { profile, protocol, dataset: datasets, width: widths, seed, seeds, workers, quiet = false } = flags;
  if (workers < 1) {
    throw new RangeError(`Cannot train as --workers must be >= 1: current value is ${workers}`);
  }
  if (seed < 0) {
    throw new RangeError(`Cannot seed the random streams as --seed must be >= 0: current value is ${seed}`);
  }
  if (seeds !== undefined && !(seeds >= 1 && seeds <= mostSeeds)) {
    throw new RangeError(
      `Cannot choose seeds as --seeds must be in [1, ${mostSeeds}]: current value is ${seeds}`,
    );
  }
  if (seed > Number.MAX_SAFE_INTEGER - mostSeeds) {
    throw new RangeError(
      `Cannot seed the random streams as --seed must be <= ${
        Number.MAX_SAFE_INTEGER - mostSeeds
      }, so that seeds can count up from it: current value is ${seed}`,
    );
  }
  const { name: engine, reason } = await resolveEngine(flags.engine ?? profiles[profile].engine);
  if (flags.engine === "auto") console.error(`Engine ${engine}: ${reason}`);
  return {
    profile,
    protocol,
    engine,
    datasets,
    widths,
    seed,
    seeds,
    workers,
    progress: standardProgress(quiet),
  };
}

interface PlanFlags {
  readonly json?: boolean | undefined;
  readonly store?: string;
  readonly gflops?: number;
}

async function printPlan(
  chosen: readonly Artifact[],
  request: ReproduceOptions,
  { json, store, gflops: gigaflops }: PlanFlags,
): Promise<void> {
  const onlyWithJson = store !== undefined ? "--store" : gigaflops !== undefined ? "--gflops" : undefined;
  if (!json && onlyWithJson) {
    throw new TypeError(`Cannot print the plan as ${onlyWithJson} must come with --json: add --json`);
  }
  if (!json) return console.log(await planText(chosen, request));
  const runs = store === undefined ? profileRuns(request.profile) : openRunStore(store);
  console.log(planJson(await planFile(chosen, { ...request, gigaflops }, runs)).trimEnd());
}

async function planText(chosen: readonly Artifact[], request: ReproduceOptions): Promise<string> {
  const runs = await plan(chosen, request);
  const lines = runs.map(({ identity, hyperparameters, protocol, seconds, reason }) => {
    const { dataset, hidden, seed } = hyperparameters;
    const time = seconds > 0 ? `, about ${duration(seconds)}` : "";
    return `  ${identity}  ${dataset}, ${hidden.join("-")}, ${protocol}, seed ${seed}: ${reason}${time}`;
  });
  const shared = runs.reduce((sum, { seconds }) => sum + seconds, 0) / request.workers;
  const total = Math.max(shared, ...runs.map(({ seconds }) => seconds));
  const toRun = runs.filter(({ isFinished }) => !isFinished).length;
  return [
    `${chosen.map(({ id }) => id).join(", ")}, profile ${request.profile}, engine ${request.engine}: ` +
    `${toRun} of ${runs.length} runs to do`,
    ...lines,
    `About ${duration(total)} with ${request.workers} at once; less where ReLU silences units.`,
  ].join("\n");
}

/** Whether only some widths or data sets were asked for. */
function isPart({ widths, datasets }: ReproduceOptions): boolean {
  return widths !== undefined || datasets !== undefined;
}

async function verify(artifact: Artifact, rows: readonly Row[], request: ReproduceOptions): Promise<number> {
  const folder = resultsFolder(request.profile);
  const [freshPath] = await writeArtifact(artifact, rows, { profile: request.profile, out: folder });
  const mustBeIdentical = isBitExact(request);
  const { path, isIdentical, differences, leftOut } = await compareWithGolden(
    artifact,
    request.profile,
    rows,
    {
      mustBeIdentical,
      leftOutRuns: leftOutRuns(artifact, request),
    },
  );
  if (differences.length === 0 && (isIdentical || leftOut > 0 || !mustBeIdentical)) {
    const how = isIdentical ? ", byte for byte" : mustBeIdentical ? ", cell by cell" : " within tolerance";
    const besides = leftOut > 0 ? `; ${leftOut} of its rows were not asked for` : "";
    console.log(`${artifact.id}: agrees with ${path}${how}${besides}`);
    return 0;
  }
  console.error(`${artifact.id}: disagrees with ${path}; the fresh file is ${freshPath}`);
  differences.forEach(({ row, column, golden, fresh }) =>
    console.error(`  ${row}: ${column} is ${fresh}, golden ${golden}`)
  );
  if (differences.length === 0) console.error("  the cells are equal, the bytes of the files are not");
  return Math.max(differences.length, 1);
}

/** The error's message; where a permission lacks, with what to do in the place of Deno's advice, which is for `deno run`. */
function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(
    /, run again with the --allow-\S+ flag/,
    ", which this task has not: it reads files in the project's folder, writes into results and paper, and deno task tensorflow has what that engine needs",
  );
}

/**
 * The words of a command line. A variable of the shell that is not set leaves an empty one, which would count as nothing
 * given: as everything, that is. Who is used to npm writes -- before options; what follows it would not be read.
 */
function readWords(words: readonly string[]): string[] {
  const empty = words.find((word) => word === "" || /^--[a-z-]+=$/.test(word));
  if (empty === undefined) return words.filter((word) => word !== "--");
  const what = empty === "" ? "an argument or the value of an option" : empty.slice(0, -1);
  console.error(`error: Cannot tell what is meant as ${what} is empty: give it a value or leave it out`);
  Deno.exit(2);
}

if (import.meta.main) {
  const words = readWords(Deno.args);
  try {
    await new Command()
      .name("prunebound")
      .version("0.1.0")
      .description(
        "Reproduces the figures and tables of a paper on generalization bounds for pruned networks.",
      )
      .action(() => {
        throw new ValidationError("Missing command: name one of those above.");
      })
      .command("reproduce", reproduceCommand)
      .command("verify", verifyCommand)
      .command("accept", acceptCommand)
      .command("bounds", boundsCommand)
      .command("data", dataCommand)
      .command("list", listCommand)
      .command("plan", planCommand)
      .command("train", trainCommand)
      .command("status", statusCommand)
      .parse(words);
  } catch (error) {
    console.error(`error: ${sentenceOf(error)}`);
    Deno.exit(1);
  }
}
