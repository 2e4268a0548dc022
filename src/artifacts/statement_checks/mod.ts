/**
 * The checks of all statements, in the paper's order. To add one, add it to its group.
 *
 * @module
 */
import { appendixDChecks } from "./appendix_d.ts";
import { appendixEChecks } from "./appendix_e.ts";
import { publishedTableChecks } from "./published_tables.ts";
import { section3Checks } from "./section_3.ts";
import { section4Checks } from "./section_4.ts";
import { section5Checks } from "./section_5.ts";
import type { StatementCheck } from "./statement_check.ts";

/** Every check. */
export const statementChecks: readonly StatementCheck[] = [
  ...section3Checks,
  ...section4Checks,
  ...section5Checks,
  ...publishedTableChecks,
  ...appendixDChecks,
  ...appendixEChecks,
];
