/** The part of csv-parse/sync that is used: its own declarations draw in those of all of Node. */

/** How a text is split. */
export interface Options {
  /** Whether a byte-order mark at the start is left out. */
  bom: boolean;
  /** Text between two fields. */
  delimiter: string;
  /** Text at the end of a record. */
  record_delimiter: string;
  /** Whether records may differ in length. */
  relax_column_count: boolean;
  /** Whether empty lines are left out. */
  skip_empty_lines: boolean;
}

/** Splits a text into records of fields. */
export function parse(input: string, options: Options): string[][];

/** A text that is no CSV. */
export class CsvError extends Error {}
