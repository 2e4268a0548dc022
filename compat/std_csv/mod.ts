/**
 * Stands in for `jsr:@std/csv` where only the npm registry can be reached: `parse` and `stringify` with the options
 * that this package uses, under the same names and with the documented behaviour of the original, as adapters over
 * csv-parse and csv-stringify.
 *
 * @module
 */
export { parse, type ParseOptions } from "./parse.ts";
export {
  type Column,
  type ColumnDetails,
  type DataItem,
  type PropertyAccessor,
  stringify,
  type StringifyOptions,
} from "./stringify.ts";
