import { assert, assertEquals } from "@std/assert";
import { artifactById } from "../../src/artifacts/mod.ts";
import { summary } from "../../src/artifacts/summary.ts";
import { fromCsv } from "../../src/render/csv.ts";
import type { Row } from "../../src/render/table.ts";

const golden = (id: string): readonly Row[] =>
  fromCsv(Deno.readTextFileSync(`tests/golden/smoke/${id}.csv`), artifactById(id).columns);
const sources = new Map(["table2", "table3", "certified"].map((id) => [id, golden(id)]));
const [bounds, rankings, certified] = summary(sources);

Deno.test("the summary shows the paper's number and both protocols of the shared width, at margin 1", () => {
  const of = (rows: readonly Row[], protocol: string): Row =>
    rows.find((row) => row.paper_width === 784 && row.margin_rule === "unit" && row.protocol === protocol)!;
  const line = bounds.rows.find(({ quantity }) => quantity === "Bartlett et al. 2017")!;
  assertEquals(line.mnist_paper, 11.68);
  assertEquals(line.cifar10_paper, 22.4);
  assertEquals(line.mnist_stated, of(sources.get("table2")!, "stated").bartlett_2017_published_ln);
  assertEquals(line.cifar10_gentle, of(sources.get("table3")!, "gentle").bartlett_2017_published_ln);
});

Deno.test("a ranking lists every bound once, and its first is the smallest of the table's block", () => {
  for (const { reading, networks, order } of rankings.rows) {
    const names = String(order).split(", ");
    assertEquals(new Set(names).size, 5);
    const start = bounds.rows.findIndex(({ quantity }) => quantity === reading);
    const column = String(networks).replace(", ", "_");
    const block = bounds.rows.slice(start + 1, start + 6).map((row) => [row[column], row.quantity] as const);
    const smallest = block.reduce((least, each) => Number(each[0]) < Number(least[0]) ? each : least);
    assertEquals(names[0], smallest[1]);
  }
});

Deno.test("of each network the smallest certified error of all its rounds and bits is shown", () => {
  assertEquals(certified.rows.length, 8);
  for (const { network, protocol, binomial_tail_bound } of certified.rows) {
    const all = sources.get("certified")!.filter((row) =>
      row.network === network && row.protocol === protocol
    );
    assert(all.length > 2);
    assertEquals(binomial_tail_bound, Math.min(...all.map((row) => Number(row.binomial_tail_bound))));
  }
});

Deno.test("over several seeds the summary shows means", () => {
  const second = sources.get("table2")!.map((row) => ({ ...row, seed: 2, d: Number(row.d) + 2 }));
  const [{ rows }] = summary(new Map([...sources, ["table2", [...sources.get("table2")!, ...second]]]));
  const before = bounds.rows.find(({ quantity }) => quantity === "d")!.mnist_stated;
  const cell = rows.find(({ quantity }) => quantity === "d")!.mnist_stated;
  assert(typeof cell === "object" && cell !== null && Math.abs(cell.mean - Number(before) - 1) < 1e-12);
});
