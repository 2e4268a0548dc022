// @ts-types="./csv_stringify.d.ts"
import { stringify as stringifyRecords } from "csv-stringify/sync";

/** Where a column finds its value in a row: a key of an object, or a position in a list. */
export type PropertyAccessor = number | string;

/** A column whose heading is not the key of its values. */
export interface ColumnDetails {
  /** Heading; the key by default. */
  header?: string;
  /** Key of the column's values. */
  prop: PropertyAccessor;
}

/** A column: the key of its values, which is its heading too, or the two apart. */
export type Column = PropertyAccessor | ColumnDetails;

/** A row: an object, or a list of values. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

/** How `stringify` is to print. */
export interface StringifyOptions {
  /** Whether the headings are printed; they are by default, if there are `columns`. */
  headers?: boolean;
  /** Text between two fields; a comma by default. */
  separator?: string;
  /** The columns, in order; rows that are objects need them. */
  columns?: readonly Column[];
}

/**
 * Prints rows as comma-separated values (RFC 4180): records end in CR LF, fields with a separator, a quotation mark or
 * a line feed are quoted; null and undefined are empty fields, other objects are printed as JSON.
 *
 * @param data The rows.
 * @param options The columns, and how to print them.
 * @returns The text.
 * @throws {TypeError} If a row is an object and there are no columns, or a row is a list and a column a key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ h: 500, note: "a, b" }];
 * assertEquals(stringify(rows, { columns: ["h", "note"] }), 'h,note\r\n500,"a, b"\r\n');
 * ```
 */
export function stringify(
  data: readonly DataItem[],
  options: StringifyOptions = {},
): string {
  const { headers = true, separator = ",", columns = [] } = options;
  const records = data.map((row) => fieldsOf(row, columns));
  if (headers && columns.length > 0) records.unshift(columns.map(headingOf));
  return stringifyRecords(records, {
    delimiter: separator,
    record_delimiter: "\r\n",
    quoted_match: "\n",
  });
}

function headingOf(column: Column): string {
  return typeof column === "object" ? column.header ?? String(column.prop) : String(column);
}

function fieldsOf(row: DataItem, columns: readonly Column[]): string[] {
  if (columns.length > 0) {
    return columns.map((column) => fieldText(valueOf(row, column)));
  }
  if (Array.isArray(row)) return row.map(fieldText);
  throw new TypeError("No property accessor function was provided for object");
}

function valueOf(row: DataItem, column: Column): unknown {
  const key = typeof column === "object" ? column.prop : column;
  if (Array.isArray(row) && typeof key !== "number") {
    throw new TypeError('Property accessor is not of type "number"');
  }
  return Reflect.get(row, key);
}

function fieldText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
