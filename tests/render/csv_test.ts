import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fromCsv, toCsv } from "../../src/render/csv.ts";
import type { Row } from "../../src/render/table.ts";
import { numberColumn, textColumn } from "./columns.ts";

const columns = [textColumn("method"), numberColumn("width"), numberColumn("bound_ln")];

Deno.test("toCsv() writes names, texts, numbers and empty cells", () => {
  const rows: Row[] = [
    { bound_ln: 29.123456789012345, method: 'ours, "tight"', width: 784 },
    { bound_ln: -Infinity, method: "two\nlines", width: null },
    { bound_ln: NaN, method: null, width: -0 },
  ];
  assertEquals(
    toCsv(columns, rows),
    'method,width,bound_ln\n"ours, ""tight""",784,29.123456789\n"two\nlines",,-inf\n,0,nan\n',
  );
  assertEquals(toCsv(columns, []), "method,width,bound_ln\n");
});

Deno.test("fromCsv() reads what toCsv() wrote, up to the twelfth digit", () => {
  const number = fc.option(fc.oneof(fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, 0.1, 1e-300)));
  const text = fc.option(
    fc.string({ minLength: 1, unit: fc.constantFrom("a", " ", ",", '"', "\n", "é", ";", "=") }),
  );
  const rowsOf = fc.array(fc.record({ method: text, width: number, bound_ln: number }), { maxLength: 5 });
  fc.assert(
    fc.property(rowsOf, (rows) => assertEquals(fromCsv(toCsv(columns, rows), columns), rows)),
    { seed: 7, numRuns: 300 },
  );
});

Deno.test("fromCsv() takes the columns in any order and either kind of line end", () => {
  const rows = [{ width: 500, method: "ours", bound_ln: 1e-3 }];
  assertEquals(fromCsv("bound_ln,method,width\r\n1e-3,ours,500\r\n", columns), rows);
});

Deno.test("fromCsv() names the column that is missing, unknown or there twice", () => {
  assertThrows(
    () => fromCsv("method,width\nours,500\n", columns),
    RangeError,
    'Cannot read the table as it must have a column "bound_ln": current value is "method,width"',
  );
  assertThrows(() => fromCsv("", columns), RangeError, 'must have a column "method"');
  assertThrows(
    () => fromCsv("method,width,bound_ln,notes\n", columns),
    RangeError,
    'Cannot read the table as its columns must be method, width, bound_ln: current value is "notes"',
  );
  assertThrows(() => fromCsv("method,width,width,bound_ln\n", columns), RangeError, '"width", twice');
});

Deno.test("fromCsv() names the row and the column of a cell that is no number", () => {
  assertThrows(
    () => fromCsv("method,width,bound_ln\nours,500,1\nours,wide,1\n", columns),
    TypeError,
    'Cannot read row 2 as column "width" must hold a number: current value is "wide"',
  );
  assertThrows(
    () => fromCsv("method,width,bound_ln\nours,500\n", columns),
    RangeError,
    "Cannot read row 1 as it must have 3 cells: current value is 2",
  );
  assertThrows(() => fromCsv('method,width,bound_ln\n"ours,1,1\n', columns), SyntaxError);
});

Deno.test("toCsv() refuses a row that would be an empty line", () => {
  assertThrows(() => toCsv([numberColumn("d")], [{ d: 1 }, { d: null }]), RangeError, "Cannot write row 2");
  assertEquals(toCsv([numberColumn("d")], [{ d: 1 }]), "d\n1\n");
});

Deno.test("toCsv() refuses a table with a cell of the wrong kind", () => {
  assertThrows(() => toCsv([numberColumn("d")], [{ d: "1" }]), TypeError, 'column "d" must hold a number');
});
