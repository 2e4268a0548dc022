import { fromCsv, toCsv } from "../../src/render/csv.ts";
import { numberText } from "../../src/render/number_text.ts";
import type { Row } from "../../src/render/table.ts";
import { fuzz, judgement, mutatedText } from "../fixtures/fuzz.ts";
import { numberColumn, textColumn } from "./columns.ts";

const columns = [textColumn("method"), numberColumn("width"), numberColumn("bound_ln")];
const valid = toCsv(columns, [
  { method: 'ours, "tight"', width: 784, bound_ln: 29.125 },
  { method: "two\nlines", width: null, bound_ln: -Infinity },
  { method: null, width: 0, bound_ln: NaN },
]);

/** The cells of RFC 4180 text by a small machine of its own, one character at a time; undefined where it is none. */
function cellsOf(text: string): string[][] | undefined {
  const rows: string[][] = [[""]];
  let state: "start" | "plain" | "quoted" | "closed" = "start";
  for (const character of text.replace(/^\ufeff/, "").replaceAll(/\r\n/g, "\n")) {
    const row = rows[rows.length - 1];
    if (state === "quoted") {
      if (character === '"') state = "closed";
      else row[row.length - 1] += character;
    } else if (character === ",") {
      row.push("");
      state = "start";
    } else if (character === "\n") {
      rows.push([""]);
      state = "start";
    } else if (character === '"') {
      if (state === "plain") return undefined;
      if (state === "closed") row[row.length - 1] += character;
      state = "quoted";
    } else {
      if (state === "closed") return undefined;
      row[row.length - 1] += character;
      state = "plain";
    }
  }
  return state === "quoted" ? undefined : rows.filter((row) => row.length > 1 || row[0] !== "");
}

/** Whether the rows say what the cells of the text say. */
function isRight(rows: readonly Row[], text: string): boolean {
  const [header, ...records] = cellsOf(text) ?? [];
  if (!header || records.length !== rows.length) return false;
  return rows.every((row, index) =>
    header.every((name, place) => {
      const [cell, found] = [row[name], records[index][place]];
      if (cell === null) return found === "";
      return typeof cell === "string" ? cell === found : numberText(cell) === numberText(numberOf(found));
    })
  );
}

function numberOf(text: string): number {
  const words: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return text in words ? words[text] : Number(text);
}

Deno.test("a table with any text is refused or says what the text says", () =>
  fuzz(
    "CSV",
    (stream) => mutatedText(valid, '",\n\r;.-e0123456789inf', stream),
    (text) =>
      judgement(() => fromCsv(text, columns), (rows) => isRight(rows, text), [
        RangeError,
        TypeError,
        SyntaxError,
      ]),
  ));
