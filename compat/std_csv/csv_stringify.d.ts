/** The part of csv-stringify/sync that is used: its own declarations draw in those of all of Node. */

/** How records are joined. */
export interface Options {
  /** Text between two fields. */
  delimiter: string;
  /** Text at the end of a record. */
  record_delimiter: string;
  /** Text for which a field is quoted. */
  quoted_match: string;
}

/** Joins records of fields into a text. */
export function stringify(input: string[][], options: Options): string;
