import { assertEquals } from "@std/assert";
import { codecheckManifest } from "../../src/render/codecheck.ts";

const manifest = {
  title: 'Bounds: a "study" # of pruning',
  authors: ["A. One", "B. Two"],
  files: [{ path: "results/table2.csv", comment: "Table 2: bounds" }],
};

Deno.test("every value is quoted, so that colons, hashes and quotation marks stay text", () => {
  const lines = codecheckManifest(manifest).trimEnd().split("\n");
  assertEquals(lines.filter((line) => !line.startsWith("#")), [
    "---",
    'version: "https://codecheck.org.uk/spec/config/1.0/"',
    "paper:",
    '  title: "Bounds: a \\"study\\" # of pruning"',
    "  authors:",
    '    - name: "A. One"',
    '    - name: "B. Two"',
    "manifest:",
    '  - file: "results/table2.csv"',
    '    comment: "Table 2: bounds"',
  ]);
});

Deno.test("without results the manifest is an empty list", () => {
  const lines = codecheckManifest({ ...manifest, files: [] }).split("\n");
  assertEquals(lines[7], "manifest: []");
});
