/**
 * Fills the README's tables from goldens, kept records and what the bench wrote, so that every figure in it is one that a
 * command wrote.
 *
 * @module
 */
import { artifactById, artifacts } from "../src/artifacts/mod.ts";
import { summary } from "../src/artifacts/summary.ts";
import type { Claim } from "../src/claims/claim.ts";
import { claims } from "../src/claims/mod.ts";
import { profiles } from "../src/experiments/presets.ts";
import type { Row } from "../src/render/table.ts";
import { toText } from "../src/render/text.ts";
import { benchTable } from "./bench/report.ts";
import { claimsByPlace, evaluateClaims, neededArtifacts } from "./claims.ts";
import { inOneSentence } from "./ending.ts";
import { writeWhole } from "./files.ts";
import { goldenRows, hasGolden } from "./goldens.ts";
import { keptRecordsFolder } from "./kept_records.ts";
import { takesNoArguments } from "./arguments.ts";
import { openRunStore } from "./run_store.ts";
import { trainingsTable } from "./trainings.ts";

/** The profile whose results the README shows. */
const profile = "standard";

/** Where the records are of all trainings of the paper's profile: some networks were trained again, and again. */
const paperTrainings = {
  first: keptRecordsFolder("paper"),
  second: "tests/golden/paper/again",
  third: "tests/golden/paper/again-2",
  fourth: "tests/golden/paper/again-3",
};

/** The text of each block, by the name of its markers. */
const blocks: Readonly<Record<string, () => Promise<string>>> = {
  results: resultsText,
  paper: paperText,
  bench: benchText,
};

/**
 * The README with its blocks filled.
 *
 * @throws {Error} If a block's markers are missing.
 */
export async function filledReadme(readme: string): Promise<string> {
  let filled = readme;
  for (const [name, text] of Object.entries(blocks)) {
    const pattern = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
    if (!pattern.test(filled)) {
      throw new Error(`Cannot fill the README as it has no markers <!-- ${name} -->`);
    }
    const block = `<!-- ${name} -->\n\n\`\`\`text\n${await text()}\n\`\`\`\n\n<!-- /${name} -->`;
    filled = filled.replace(pattern, () => block);
  }
  return filled;
}

/** The summary of the standard profile, and how many claims hold. */
async function resultsText(): Promise<string> {
  const evidence = new Map<string, readonly Row[]>();
  for (const artifact of artifacts) evidence.set(artifact.id, await goldenRows(artifact, profile));
  const verdicts = evaluateClaims(evidence, profiles[profile].protocols);
  return [...summary(evidence).map(toText), claimsByPlace(verdicts)].join("\n\n");
}

/**
 * How the networks that were trained as the paper states it came out, their Table 2, and the claims that have a golden to
 * decide them.
 */
async function paperText(): Promise<string> {
  const evidence = new Map<string, readonly Row[]>();
  for (const artifact of artifacts) {
    if (await hasGolden(artifact, "paper")) evidence.set(artifact.id, await goldenRows(artifact, "paper"));
  }
  const isDecided = (claim: Claim) => neededArtifacts([claim]).every((id) => evidence.has(id));
  const verdicts = evaluateClaims(evidence, profiles.paper.protocols, claims.filter(isDecided));
  const table = artifactById("table2");
  const trainings = await trainingsTable(
    Object.entries(paperTrainings).map(([label, folder]) => ({ label, store: openRunStore(folder) })),
  );
  const tables = [trainings, ...table.present(evidence.get(table.id) ?? [])];
  return [...tables.map(toText), claimsByPlace(verdicts)].join("\n\n");
}

async function benchText(): Promise<string> {
  return benchTable(await Deno.readTextFile("paper/data/bench.csv"));
}

if (import.meta.main) {
  takesNoArguments(
    "readme",
    "Fills the README's tables from the goldens, the kept records and paper/data/bench.csv",
  );
  await inOneSentence(async () => {
    await writeWhole("README.md", await filledReadme(await Deno.readTextFile("README.md")));
  });
}
