import { assertEquals, assertThrows } from "@std/assert";
import { checkNames, tableCells } from "../../src/render/table.ts";
import { numberColumn, textColumn } from "./columns.ts";

const columns = [textColumn("method"), numberColumn("chi")];

Deno.test("tableCells() orders the cells as the columns", () => {
  const rows = [{ chi: 0.5, method: "ours" }, { method: null, chi: null }];
  assertEquals(tableCells(columns, rows), [["ours", 0.5], [null, null]]);
  assertEquals(tableCells(columns, []), []);
});

Deno.test("tableCells() names what is twice, unknown, missing or of the wrong kind, and where", () => {
  assertThrows(
    () => tableCells([numberColumn("d"), numberColumn("d")], []),
    RangeError,
    'Cannot use the table as column names must be unique: current value is "d", twice',
  );
  assertThrows(
    () => tableCells(columns, [{ method: "ours", chi: 1 }, { method: "ours", chi: 1, ch: 1 }]),
    RangeError,
    'Cannot use row 2 as its keys must be columns of the table: current value is "ch"',
  );
  assertThrows(
    () => tableCells(columns, [{ method: "ours" }]),
    RangeError,
    'Cannot use row 1 as column "chi" must have a cell: current value is undefined',
  );
  assertThrows(
    () => tableCells(columns, [{ method: "ours", chi: "high" }]),
    TypeError,
    'Cannot use row 1 as column "chi" must hold a number: current value is "high"',
  );
  assertThrows(
    () => tableCells(columns, [{ method: 3, chi: 1 }]),
    TypeError,
    'Cannot use row 1 as column "method" must hold a text: current value is 3',
  );
});

Deno.test("tableCells() does not take inherited properties for cells", () => {
  assertThrows(() => tableCells([numberColumn("constructor")], [{}]), RangeError, 'column "constructor"');
});

Deno.test("checkNames() lets different names pass", () => {
  checkNames(["d", "D", ""], "names");
  assertThrows(() => checkNames(["a", "b", "a"], "names"), RangeError, '"a", twice');
});
