import { assertEquals } from "@std/assert";
import { differingCells } from "../../src/artifacts/compare.ts";
import {
  seedToleranceColumns,
  seedToleranceOf,
  seedTolerances,
} from "../../src/artifacts/seed_tolerances.ts";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import type { Row } from "../../src/render/table.ts";

const number = { title: "", unit: "", digits: 2, tolerance: { absolute: 0.01, relative: 0 } };
const columns = [
  { ...number, name: "protocol", kind: "text" as const },
  ...["seed", "width", "x", "y"].map((name) => ({ ...number, name })),
];
const artifact = { columns, keys: ["protocol", "seed", "width"] };

function rowsOf(protocol: string, width: number, cells: readonly (readonly [number, number])[]): Row[] {
  return cells.map(([x, y], index) => ({ protocol, seed: index + 1, width, x, y }));
}

const golden = [
  ...rowsOf("stated", 1, [[1, 1], [1.5, Infinity], [2, 2]]),
  ...rowsOf("stated", 2, [[7, 3], [7.25, 3], [7, 3]]),
  ...rowsOf("gentle", 1, [[4, 5], [4, 5.5], [4, 5]]),
];
const tolerances = seedTolerances(artifact, golden);
const toleranceOf = seedToleranceOf(fromCsv(toCsv(seedToleranceColumns, tolerances), seedToleranceColumns));

function disagreements(change: (row: Row, index: number) => Row): string[] {
  return differingCells(artifact, golden, golden.map(change), toleranceOf).map(({ row, column }) =>
    `${row}: ${column}`
  );
}

Deno.test("a column may be off by three times its largest range over seeds, protocol by protocol", () => {
  assertEquals(tolerances.map(({ protocol, column, absolute }) => [protocol, column, absolute]), [
    ["stated", "x", 3],
    ["stated", "y", Infinity],
    ["gentle", "x", 0],
    ["gentle", "y", 1.5],
  ]);
  assertEquals(
    disagreements((row) => row.protocol === "stated" ? { ...row, x: Number(row.x) + 2.9 } : row),
    [],
  );
  assertEquals(disagreements((row, index) => index === 4 ? { ...row, x: 10.5 } : row), [
    "protocol=stated, seed=2, width=2: x",
  ]);
});

Deno.test("seeds that agree leave the column its own tolerance; ones of which one is infinite allow anything", () => {
  assertEquals(disagreements((row, index) => index === 6 ? { ...row, x: 4.009, y: 6.4 } : row), []);
  assertEquals(disagreements((row, index) => index === 6 ? { ...row, x: 4.011 } : row).length, 1);
  assertEquals(disagreements((row, index) => index === 6 ? { ...row, y: Infinity } : row).length, 1);
  assertEquals(disagreements((row, index) => index === 1 ? { ...row, y: null } : row), []);
});
