import { assert, assertEquals } from "@std/assert";
import { statementChecks } from "../../src/artifacts/statement_checks/mod.ts";

const root = new URL("../../", import.meta.url);

/** The lines of the table in paper/errata.md, by number: what is said of each in the last column. */
const text = await Deno.readTextFile(new URL("paper/errata.md", root));
const lines = [...text.matchAll(/^\| (\d+) \|.* \| (.*) \|$/gm)];
const numbers = lines.map(([, number]) => Number(number));

async function sourcesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, root)));
  const nested = entries.map(({ name, isDirectory }) =>
    isDirectory ? sourcesBelow(`${folder}${name}/`) : Promise.resolve([`${folder}${name}`])
  );
  return (await Promise.all(nested)).flat().filter((path) => path.endsWith(".ts"));
}

Deno.test("errata are numbered in a row, and every one that comments or statements name is there", async () => {
  assertEquals(numbers, Array.from({ length: 28 }, (_, index) => index + 1));
  assert(statementChecks.flatMap(({ errata }) => errata).every((number) => numbers.includes(number)));
  let named = 0;
  for (const path of await sourcesBelow("src/")) {
    const source = (await Deno.readTextFile(new URL(path, root))).replace(/\n\s*(\*|\/\/)?\s*/g, " ");
    for (const [, list] of source.matchAll(/[Ee]rrat(?:um|a) (\d+(?:(?:, | and )\d+)*)/g)) {
      const cited = list.match(/\d+/g)!.map(Number);
      assert(cited.every((number) => numbers.includes(number)), `${path} names erratum ${list}`);
      named += cited.length;
    }
  }
  assert(named > 50, String(named));
});

Deno.test("every file that the errata name for the corrected form exists", async () => {
  for (const [, number, where] of lines) {
    for (const [, file] of where.matchAll(/`([^`]+)`/g)) {
      const path = file.includes("/") ? `src/${file}` : `src/theory/${file}`;
      assert(await Deno.stat(new URL(path, root)).then(() => true, () => false), `${number}: ${path}`);
    }
  }
});
