import { assert, assertEquals } from "@std/assert";
import { type CrateDescription, roCrate } from "../../src/render/ro_crate.ts";

const file = (path: string) => ({ path, description: `What ${path} is`, bytes: 12, sha256: "ab".repeat(32) });

const crate: CrateDescription = {
  name: "prunebound",
  description: "Reproduces a paper.",
  version: "1.0.0",
  license: "MIT",
  datePublished: "2026-01-01",
  author: "The authors",
  paper: { title: 'A "paper"', author: "Anonymous authors" },
  program: file("cli.ts"),
  datasets: [{ id: "mnist", name: "MNIST", files: [file("images"), file("labels")] }],
  results: [
    {
      id: "table2",
      title: "Table 2",
      command: "make it",
      datasets: ["mnist"],
      files: [file("results/table2.csv")],
    },
    { id: "table3", title: "Table 3", command: "make it", datasets: ["mnist"], files: [] },
    {
      id: "report",
      title: "Report",
      command: "all",
      datasets: [],
      files: [file("results/report.html"), file("results/table2.csv")],
    },
  ],
};

type Entity = Record<string, unknown> & { "@id": string };
const graph: Entity[] = JSON.parse(roCrate(crate))["@graph"];
const entity = (id: string): Entity => graph.find((candidate) => candidate["@id"] === id)!;

/** Every `{"@id": ...}` inside a value. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === "@id") return [(value as Entity)["@id"]];
  return Object.values(value).flatMap(referencesIn);
}

Deno.test("the graph is flat: each entity once, and whatever is referred to is there", () => {
  const ids = graph.map((one) => one["@id"]);
  assertEquals(new Set(ids).size, ids.length);
  const outside = /^https:\/\/w3id\.org\/ro\/crate|^http:\/\/schema\.org\//;
  const dangling = graph.flatMap(referencesIn).filter((id) => !outside.test(id) && !ids.includes(id));
  assertEquals(dangling, []);
});

Deno.test("every file of the crate is a part of its root, once, with its checksum", () => {
  const files = graph.filter((one) => [one["@type"]].flat().includes("File")).map((one) => one["@id"]);
  assertEquals(files, ["cli.ts", "results/table2.csv", "results/report.html"]);
  assertEquals(referencesIn(entity("./").hasPart), files);
  for (const id of files) assertEquals([entity(id).sha256, entity(id).contentSize], ["ab".repeat(32), "12"]);
  assertEquals(entity("results/table2.csv").encodingFormat, "text/csv");
});

Deno.test("an artifact is an action on its data, complete where its file is there", () => {
  const [made, missing, report] = ["table2", "table3", "report"].map((id) => entity(`#reproduce-${id}`));
  assertEquals(referencesIn(made.object), ["#dataset-mnist"]);
  assertEquals(referencesIn(made.result), ["results/table2.csv"]);
  assertEquals(referencesIn(made.actionStatus), ["http://schema.org/CompletedActionStatus"]);
  assertEquals([missing.result, referencesIn(missing.actionStatus)], [undefined, [
    "http://schema.org/PotentialActionStatus",
  ]]);
  assertEquals([report.object, referencesIn(report.result).length], [undefined, 2]);
  assertEquals(referencesIn(entity("#dataset-mnist").hasPart), [
    "#dataset-mnist/images",
    "#dataset-mnist/labels",
  ]);
});

Deno.test("equal descriptions give equal text, and text survives quotation", () => {
  assertEquals(roCrate(structuredClone(crate)), roCrate(crate));
  assertEquals(entity("#paper").name, 'A "paper"');
  assert(roCrate(crate).endsWith("}\n"));
});
