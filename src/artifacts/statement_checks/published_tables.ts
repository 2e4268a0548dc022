/**
 * Checks of what the text says about the paper's own tables, from the published numbers alone.
 *
 * @module
 */
import published from "../../../paper/published/tables.json" with { type: "json" };
import { boundFinding, type Finding, type StatementCheck } from "./statement_check.ts";

const { table2, table3 } = published;

/** Section 7: the hidden dimensions "for our experiments on scaling with model size". */
const statedWidths = [500, 1000, 1500, 2000, 2500];

const baselines = ["neyshabur_2015", "neyshabur_2017", "bartlett_2017"] as const;

/** The checks of the text about the tables. */
export const publishedTableChecks: readonly StatementCheck[] = [
  {
    id: "erratum-24",
    place: "Section 7, Table 2",
    errata: [24],
    claim: "The networks of Table 2 are those that Section 7 lists",
    check: () => {
      const missing = table2.widths.filter((width) => !statedWidths.includes(width));
      return {
        verdict: missing.length === 0 ? "holds" : "misprinted",
        figure: missing.length,
        meaning: `widths of Table 2 that Section 7 does not list for it: ${missing.join(", ")}`,
      };
    },
  },
  {
    id: "erratum-25",
    place: "Appendix G",
    errata: [25],
    claim: "The other bounds differ by at least 7 orders of magnitude between MNIST and CIFAR10",
    check: () => {
      const column = table2.widths.indexOf(784);
      const decades = baselines.map((id) => (table3.rows[id] - table2.rows[id][column]) / Math.LN10);
      return boundFinding({
        measured: 7,
        bound: Math.min(...decades),
        meaning: `7 / smallest difference in decades, the tables read as natural logarithms (${
          Math.min(...decades).toFixed(2)
        })`,
      });
    },
  },
  {
    id: "erratum-27",
    place: "Tables 2 and 3",
    errata: [27],
    claim: "All rows are in the units of the paper's bound, a root over n",
    check: unitsFinding,
  },
];

/**
 * exp(Neyshabur 2017 - Bartlett 2017) is a weighted mean of the layers' inputs if neither is rooted, and of their roots
 * if both are. Every mean of inputs lies between the smallest and the largest.
 */
function unitsFinding(): Finding {
  const means = [
    ...table2.widths.map((width, column) => ({
      mean: Math.exp(table2.rows.neyshabur_2017[column] - table2.rows.bartlett_2017[column]),
      inputs: [width, 784],
    })),
    {
      mean: Math.exp(table3.rows.neyshabur_2017 - table3.rows.bartlett_2017),
      // Table 3 does not state its width; 784 is that of Section 7.
      inputs: [784, 3072],
    },
  ];
  const rooted = means.filter(({ mean, inputs }) => isBetween(mean, inputs.map(Math.sqrt))).length;
  const unrooted = means.filter(({ mean, inputs }) => isBetween(mean, inputs)).length;
  return {
    verdict: rooted === means.length ? "holds" : "fails here",
    figure: rooted / means.length,
    meaning:
      `share of columns whose ratio fits roots; ${unrooted} of ${means.length} fit capacities without a root`,
  };
}

/** The tables are rounded to 0.005 in either row: 1 % in the ratio. */
function isBetween(value: number, ends: readonly number[]): boolean {
  return value >= 0.99 * Math.min(...ends) && value <= 1.01 * Math.max(...ends);
}
