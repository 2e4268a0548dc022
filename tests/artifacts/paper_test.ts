import { assertEquals } from "@std/assert";
import type { Artifact } from "../../src/artifacts/artifact.ts";
import { artifacts } from "../../src/artifacts/mod.ts";
import { toBooktabs } from "../../src/render/booktabs.ts";
import { fromCsv } from "../../src/render/csv.ts";
import { toPgfplotsFigure } from "../../src/render/pgfplots_figure.ts";
import type { Row } from "../../src/render/table.ts";

const paper = new URL("../../paper/", import.meta.url);
const read = (path: string): Promise<string> => Deno.readTextFile(new URL(path, paper));

async function rowsOf({ id, columns }: Artifact): Promise<Row[]> {
  return fromCsv(await read(`data/${id}.csv`), columns);
}

Deno.test("every table of the paper is what the CSV beside it comes to", async () => {
  for (const artifact of artifacts) {
    const presented = artifact.present(await rowsOf(artifact));
    if (presented.length === 0) continue;
    const written = await read(`tables/${artifact.id}.tex`);
    const profile = /Profile \w+\./.exec(written)?.[0];
    const tables = presented.map((table, index) =>
      toBooktabs({
        ...table,
        notes: [`${profile}`, ...table.notes],
        label: `tab:${artifact.id}-${index + 1}`,
      })
    );
    assertEquals(written, tables.join("\n"));
  }
});

Deno.test("every figure of the paper draws what the CSV beside it holds", async () => {
  for (const artifact of artifacts) {
    const figure = artifact.figure?.(await rowsOf(artifact));
    if (figure === undefined) continue;
    const { code, data } = toPgfplotsFigure(figure, { stem: artifact.id, folder: "data" });
    assertEquals(await read(`figures/${artifact.id}.tex`), code);
    for (const [name, content] of data) assertEquals((await read(`data/${name}`)).trim(), content.trim());
  }
});
