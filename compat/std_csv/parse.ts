// @ts-types="./csv_parse.d.ts"
import { CsvError, parse as parseRecords } from "csv-parse/sync";

/** What `parse` can be told about its input. */
export interface ParseOptions {
  /** Character that separates the fields of a record; a comma by default. */
  separator?: string;
  /** Whether the first record is left out; without `columns` it then holds the names of the columns. */
  skipFirstRow?: boolean;
  /** Names of the columns, in the order of the fields. */
  columns?: readonly string[];
  /** Number of fields that every record must have; 0 takes it from the first record, a negative one allows any. */
  fieldsPerRecord?: number;
}

/**
 * Parses comma-separated values (RFC 4180, and lines that end in a line feed alone) into lists of fields. Empty lines
 * and a leading byte-order mark are left out.
 *
 * @param input The text.
 * @returns One list of fields a record.
 * @throws {SyntaxError} If a quotation mark is out of place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse('h,note\r\n500,"a ""b"", c"\r\n'), [["h", "note"], ["500", 'a "b", c']]);
 * ```
 */
export function parse(input: string): string[][];
/**
 * Parses comma-separated values into objects with the keys `columns`.
 *
 * @param input The text.
 * @param options The names of the columns, and what else is known of the input.
 * @returns One object a record.
 * @throws {SyntaxError} If a quotation mark is out of place.
 * @throws {Error} If a record has more or fewer fields than there are columns.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("500,0.02", { columns: ["h", "d"] }), [{ h: "500", d: "0.02" }]);
 * ```
 */
export function parse<const C extends string>(
  input: string,
  options: ParseOptions & { columns: readonly C[] },
): Record<C, string>[];
/**
 * Parses comma-separated values into objects with the fields of the first record as keys.
 *
 * @param input The text.
 * @param options `skipFirstRow: true`, and what else is known of the input.
 * @returns One object a record after the first.
 * @throws {SyntaxError} If a quotation mark is out of place.
 * @throws {TypeError} If there is no first record.
 * @throws {Error} If a record has more or fewer fields than the first one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("h,d\n500,0.02", { skipFirstRow: true }), [{ h: "500", d: "0.02" }]);
 * ```
 */
export function parse(
  input: string,
  options: ParseOptions & { skipFirstRow: true },
): Record<string, string>[];
/**
 * Parses comma-separated values into lists of fields.
 *
 * @param input The text.
 * @param options What is known of the input.
 * @returns One list of fields a record.
 * @throws {SyntaxError} If a quotation mark is out of place, or a record has not `fieldsPerRecord` fields.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("h\td", { separator: "\t" }), [["h", "d"]]);
 * ```
 */
export function parse(
  input: string,
  options: ParseOptions & { skipFirstRow?: false; columns?: never },
): string[][];
export function parse(
  input: string,
  options: ParseOptions = {},
): string[][] | Record<string, string>[] {
  const records = recordsOf(input, options.separator ?? ",");
  checkFieldCounts(records, options.fieldsPerRecord ?? -1);
  if (!options.skipFirstRow && options.columns === undefined) return records;
  const { columns, skipFirstRow = false } = options;
  const firstRecord = skipFirstRow ? shiftHeader(records) : [];
  return records.map((record, index) =>
    toObject(record, columns ?? firstRecord, index + (skipFirstRow ? 2 : 1))
  );
}

function recordsOf(input: string, separator: string): string[][] {
  try {
    return parseRecords(input.replaceAll("\r\n", "\n"), {
      bom: true,
      delimiter: separator,
      record_delimiter: "\n",
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new SyntaxError(`Syntax error: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function checkFieldCounts(
  records: readonly string[][],
  fieldsPerRecord: number,
): void {
  if (fieldsPerRecord < 0) return;
  const wanted = fieldsPerRecord === 0 ? records[0]?.length : fieldsPerRecord;
  const index = records.findIndex((record) => record.length !== wanted);
  if (index < 0) return;
  const found = records[index]?.length;
  throw new SyntaxError(
    `Syntax error on line ${index + 1}: expected ${wanted} fields but got ${found}`,
  );
}

function shiftHeader(records: string[][]): string[] {
  const header = records.shift();
  if (header === undefined) {
    throw new TypeError("Cannot parse input: headers must be defined");
  }
  return header;
}

function toObject(
  record: string[],
  columns: readonly string[],
  line: number,
): Record<string, string> {
  if (record.length === columns.length) {
    return Object.fromEntries(
      columns.map((name, index) => [name, record[index] ?? ""]),
    );
  }
  throw new Error(
    `Syntax error on line ${line}: The record has ${record.length} fields, but the header has ${columns.length} fields`,
  );
}
