import { assert, assertEquals } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import type { Row } from "../../src/render/table.ts";
import { compareWithGolden, type Comparison, goldenRows, isBitExact } from "../../tasks/goldens.ts";
import { leftOutRuns, type RunSelection } from "../../tasks/reproduce.ts";

type Part = Pick<RunSelection, "datasets" | "widths">;

async function compare(id: string, part: Part, rows: readonly Row[]): Promise<Comparison> {
  const artifact = artifactById(id);
  const leftOut = leftOutRuns(artifact, { profile: "smoke", engine: "wasm", seed: 1, ...part });
  return await compareWithGolden(artifact, "smoke", rows, { mustBeIdentical: true, leftOutRuns: leftOut });
}

/** Parts of artifacts, with what the rows of each are. */
const parts: readonly [id: string, part: Part, isAskedFor: (row: Row) => boolean][] = [
  ["table2", { widths: [500, 784] }, ({ paper_width }) => paper_width === 500 || paper_width === 784],
  ["figure2", { datasets: ["mnist"] }, ({ dataset }) => dataset === "mnist"],
  [
    "figure3",
    { datasets: ["cifar10"], widths: [784] },
    (row) => row.dataset === "cifar10" && row.paper_width === 784,
  ],
  ["certified", { widths: [784] }, ({ network }) => network === "784-78-78-78-78-10"],
  ["tickets", { widths: [300] }, ({ network }) => network !== "784-10-10"],
  ["figure5", { datasets: ["mnist"], widths: [784] }, () => true],
  ["sketching", { datasets: ["mnist"] }, () => true],
];

for (const [id, part, isAskedFor] of parts) {
  Deno.test(`of ${id} the rows of ${JSON.stringify(part)} are compared, and each of them must be there`, async () => {
    const golden = await goldenRows(artifactById(id), "smoke");
    const asked = golden.filter(isAskedFor);
    assert(asked.length > 1);
    const whole = await compare(id, part, asked);
    assertEquals([whole.differences, whole.leftOut], [[], golden.length - asked.length]);
    const { differences } = await compare(id, part, asked.filter((_, index) => index % 2 === 1));
    assertEquals(differences.length, Math.ceil(asked.length / 2));
    assert(differences.every(({ column, fresh }) => column === "(whole row)" && fresh === "missing"));
  });
}

Deno.test("rows must be their golden's bit for bit where they and it are of the engine that is bit-exact", () => {
  assert(isBitExact({ profile: "smoke", engine: "wasm" }));
  assert(!isBitExact({ profile: "smoke", engine: "tensorflow" }));
  assert(!isBitExact({ profile: "standard", engine: "wasm" }), "its goldens are those of tensorflow");
});

Deno.test("a row that is missing is named", async () => {
  const golden = await goldenRows(artifactById("table2"), "smoke");
  const asked = golden.filter(({ paper_width }) => paper_width === 500);
  const [{ row }] = (await compare("table2", { widths: [500] }, asked.slice(1))).differences;
  assertEquals(row, "dataset=mnist, protocol=stated, seed=1, paper_width=500, margin_rule=minimum");
});
