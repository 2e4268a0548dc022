/**
 * Fills the README's tables from the files in `paper/data`, so that every figure in it is one that a command wrote.
 *
 * @module
 */
import { artifactById } from "../src/artifacts/mod.ts";
import { fromCsv } from "../src/render/csv.ts";
import { toText } from "../src/render/text.ts";
import { benchTable } from "./bench.ts";
import { writeWhole } from "./files.ts";

/** The text of each block, by the name of its markers. */
const blocks: Readonly<Record<string, () => Promise<string>>> = {
  table2: () => artifactText("table2"),
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

async function artifactText(id: string): Promise<string> {
  const artifact = artifactById(id);
  const rows = fromCsv(await Deno.readTextFile(`paper/data/${id}.csv`), artifact.columns);
  return artifact.present(rows).map(toText).join("\n\n");
}

async function benchText(): Promise<string> {
  return benchTable(await Deno.readTextFile("paper/data/bench.csv"));
}

if (import.meta.main) {
  await writeWhole("README.md", await filledReadme(await Deno.readTextFile("README.md")));
}
