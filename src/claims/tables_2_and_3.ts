/**
 * Tables 2 and 3: each printed row as a claim that a reproduction gives it again.
 *
 * @module
 */
import {
  type Claim,
  claimOnRows,
  decidedByWorst,
  type Decision,
  everyWidth,
  numberOf,
  type Row,
  undecidable,
} from "./claim.ts";
import { asPublished, atMarginOne, type BoundReading, infiniteBaseline } from "./readings.ts";

/**
 * A baseline is the square of a product of five norms and of 1 / gamma, which no two trainings share: within a factor
 * of two, the norms agree to a fifteenth.
 */
const baselineToleranceLn = Math.LN2;

/** The paper's bound hardly depends on training, and errors of well-trained networks agree: within a tenth. */
const closeToleranceLn = Math.log(1.1);

interface PrintedRow {
  readonly id: string;
  readonly title: string;
  readonly toleranceLn: number;
  readonly readings: readonly BoundReading[];
}

const printedRows: readonly PrintedRow[] = [
  baselineRow("neyshabur_2015", "Neyshabur 2015"),
  baselineRow("neyshabur_2017", "Neyshabur 2017"),
  baselineRow("bartlett_2017", "Bartlett 2017"),
  { id: "ours", title: "Ours", toleranceLn: closeToleranceLn, readings: [asPublished] },
  { id: "true_error", title: "True error", toleranceLn: closeToleranceLn, readings: [asPublished] },
];

function baselineRow(id: string, title: string): PrintedRow {
  return { id, title, toleranceLn: baselineToleranceLn, readings: [asPublished, atMarginOne] };
}

const tables = [
  { artifact: "table2", place: "Table 2", covers: everyWidth },
  { artifact: "table3", place: "Table 3", covers: {} },
] as const;

function reproduction({ artifact, place, covers }: typeof tables[number], row: PrintedRow): Claim[] {
  const factor = Math.exp(row.toleranceLn).toFixed(1);
  return row.readings.map((reading) =>
    claimOnRows({
      id: `${artifact}-${row.id.replaceAll("_", "-")}-${reading.suffix}`,
      place,
      sentence:
        `The row ${row.title} of ${place}, within a factor of ${factor} at every width. Read in ${reading.title}.`,
      artifact,
      columns: ["paper_width", "width", `${row.id}_paper_ln`, `${row.id}_difference_ln`],
      where: { margin_rule: reading.marginRule },
      covers,
      marginUnit: "ln",
      decide: (rows) => withinTolerance(rows, row),
    })
  );
}

function withinTolerance(rows: readonly Row[], { id, toleranceLn }: PrintedRow): Decision {
  const narrow = rows.find(({ width, paper_width }) => width !== paper_width);
  if (narrow) {
    return undecidable(
      `The networks are narrower than the paper's: ${narrow.width} for ${narrow.paper_width}.`,
    );
  }
  const difference = (row: Row): number => numberOf(row, `${id}_difference_ln`);
  return decidedByWorst(rows, (row) => toleranceLn - Math.abs(difference(row)), (row) => ({
    width: numberOf(row, "paper_width"),
    "printed (ln)": numberOf(row, `${id}_paper_ln`),
    "reproduced less printed (ln)": difference(row),
  }), { undecidable: infiniteBaseline });
}

/** The rows of Tables 2 and 3. */
export const tables2And3: readonly Claim[] = tables.flatMap((table) =>
  printedRows.flatMap((row) => reproduction(table, row))
);
