/** The contract of `@std/csv`, as its documentation and RFC 4180 state it, for the options that this package uses. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Column, parse, stringify } from "@std/csv";

Deno.test("parse() returns lists of fields", () => {
  assertEquals(parse("a,b,c\n#d,e,f"), [["a", "b", "c"], ["#d", "e", "f"]]);
  assertEquals(parse(""), []);
  assertEquals(parse("a,,\r\n,,b\r\n"), [["a", "", ""], ["", "", "b"]]);
});

Deno.test("parse() keeps blanks and allows lists of different lengths", () => {
  assertEquals(parse(" a , b\nc"), [[" a ", " b"], ["c"]]);
});

Deno.test("parse() understands quoted fields", () => {
  const text = `"a ""word""","comma,","newline\n"\nfoo,bar,baz`;
  assertEquals(parse(text), [['a "word"', "comma,", "newline\n"], ["foo", "bar", "baz"]]);
  assertEquals(parse('"",a\n'), [["", "a"]]);
  assertEquals(parse('"a\r\nb"\r\n'), [["a\nb"]]);
});

Deno.test("parse() skips empty lines and the byte-order mark", () => {
  assertEquals(parse("\ufeffa,b\n\n\r\nc,d\n"), [["a", "b"], ["c", "d"]]);
});

Deno.test("parse() takes another separator", () => {
  assertEquals(parse("a\tb,c\nd\te", { separator: "\t" }), [["a", "b,c"], ["d", "e"]]);
});

Deno.test("parse() names the fields after the first row or after the columns", () => {
  const text = "a,b\nc,d";
  const named: Record<"x" | "y", string>[] = parse(text, { columns: ["x", "y"] });
  assertEquals(named, [{ x: "a", y: "b" }, { x: "c", y: "d" }]);
  assertEquals(parse(text, { skipFirstRow: true }), [{ a: "c", b: "d" }]);
  assertEquals(parse(text, { skipFirstRow: true, columns: ["x", "y"] }), [{ x: "c", y: "d" }]);
  assertEquals(parse(text, { skipFirstRow: false }), [["a", "b"], ["c", "d"]]);
  assertEquals(parse("a,b\n", { skipFirstRow: true }), []);
});

Deno.test("parse() refuses a record that does not fit the header", () => {
  const message = "The record has 3 fields, but the header has 2 fields";
  assertThrows(() => parse("a,b\nc,d\ne,f,g", { skipFirstRow: true }), Error, `line 3: ${message}`);
  assertThrows(() => parse("a,b\nc,d,e", { columns: ["x", "y"] }), Error, `line 2: ${message}`);
  assertThrows(() => parse("", { skipFirstRow: true }), TypeError, "headers must be defined");
});

Deno.test("parse() counts the fields of each record if asked to", () => {
  const message = "Syntax error on line 2: expected 2 fields but got 3";
  assertThrows(() => parse("a,b\nc,d,e", { fieldsPerRecord: 0 }), SyntaxError, message);
  assertThrows(() => parse("a,b\nc,d,e", { fieldsPerRecord: 2 }), SyntaxError, message);
  assertEquals(parse("a,b\nc,d,e", { fieldsPerRecord: -1 }), [["a", "b"], ["c", "d", "e"]]);
});

Deno.test("parse() refuses quotation marks out of place", () => {
  for (const text of ['a "b",c', '"a"b,c', '"a,b']) {
    assertThrows(() => parse(text), SyntaxError, "Syntax error");
  }
});

Deno.test("stringify() ends each record in CR LF", () => {
  assertEquals(stringify([["Rick", 70], ["Morty", 14]]), "Rick,70\r\nMorty,14\r\n");
  assertEquals(stringify([]), "");
});

Deno.test("stringify() prints headings and values of the columns", () => {
  const rows = [{ name: "Rick", age: 70 }, { name: "Morty", age: 14 }];
  const columns: Column[] = [{ prop: "name", header: "user name" }, "age"];
  assertEquals(stringify(rows, { columns }), "user name,age\r\nRick,70\r\nMorty,14\r\n");
  assertEquals(stringify(rows, { columns, headers: false }), "Rick,70\r\nMorty,14\r\n");
  assertEquals(stringify([], { columns }), "user name,age\r\n");
  assertEquals(stringify([["a", "b"]], { columns: [1, 0] }), "1,0\r\nb,a\r\n");
});

Deno.test("stringify() quotes separators, quotation marks and line feeds, nothing else", () => {
  assertEquals(
    stringify([["a,b", 'c "d"', "e\nf", " g ", "=h", "i;j"]]),
    '"a,b","c ""d""","e\nf", g ,=h,i;j\r\n',
  );
  assertEquals(stringify([["a,b", "c\td"]], { separator: "\t" }), 'a,b\t"c\td"\r\n');
});

Deno.test("stringify() prints every kind of value", () => {
  const row = [true, false, 0, -0, 1e21, NaN, 10n, null, undefined, { a: [1] }, ""];
  assertEquals(stringify([row]), 'true,false,0,0,1e+21,NaN,10,,,"{""a"":[1]}",\r\n');
});

Deno.test("stringify() wants columns for objects and positions for lists", () => {
  assertThrows(
    () => stringify([{ a: 1 }]),
    TypeError,
    "No property accessor function was provided for object",
  );
  assertThrows(() => stringify([["a"]], { columns: ["a"] }), TypeError, 'not of type "number"');
});

Deno.test("parse() reads what stringify() printed", () => {
  const rows = [["a,b", 'c "d"', "e\nf"], ["", " ", "π"], ["'", '"', ","]];
  assertEquals(parse(stringify(rows)), rows);
});
