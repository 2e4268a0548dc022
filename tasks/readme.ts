/**
 * Fills the README's tables from goldens and from what the bench wrote, so that every figure in it is one that a command wrote.
 *
 * @module
 */
import { artifacts } from "../src/artifacts/mod.ts";
import { summary } from "../src/artifacts/summary.ts";
import { profiles } from "../src/experiments/presets.ts";
import type { Row } from "../src/render/table.ts";
import { toText } from "../src/render/text.ts";
import { benchTable } from "./bench/report.ts";
import { claimsByPlace, evaluateClaims } from "./claims.ts";
import { writeWhole } from "./files.ts";
import { goldenRows } from "./goldens.ts";

/** The profile whose results the README shows. */
const profile = "standard";

/** The text of each block, by the name of its markers. */
const blocks: Readonly<Record<string, () => Promise<string>>> = {
  results: resultsText,
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
  const claims = evaluateClaims(evidence, profiles[profile].protocols);
  return [...summary(evidence).map(toText), claimsByPlace(claims)].join("\n\n");
}

async function benchText(): Promise<string> {
  return benchTable(await Deno.readTextFile("paper/data/bench.csv"));
}

if (import.meta.main) {
  await writeWhole("README.md", await filledReadme(await Deno.readTextFile("README.md")));
}
