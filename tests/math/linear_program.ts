/** An oracle for l1 minimisation: the same problem as a linear program, solved by HiGHS. */
import { createRequire } from "node:module";
import type { LegacyHighs } from "highs";
import type { Matrix } from "../../src/math/matrix.ts";
import type { TwoSidedMap } from "../../src/math/two_sided_map.ts";

// The package's types describe its CommonJS build; its ES module has another default export.
const loadHighs: () => Promise<LegacyHighs> = createRequire(import.meta.url)("highs");

/** The least ||X||_1 with A X B^T = Y, or undefined if no X has this sketch. */
export async function leastL1Norm(sketch: Matrix, map: TwoSidedMap): Promise<number | undefined> {
  const { Status, ObjectiveValue } = (await loadHighs()).solve(linearProgram(sketch, map));
  return Status === "Optimal" ? ObjectiveValue : undefined;
}

/** X = P - N with P, N >= 0: minimise the sum of all entries of both. */
function linearProgram(sketch: Matrix, { left, right }: TwoSidedMap): string {
  const cells = indices(left.columns).flatMap((row) =>
    indices(right.columns).map((column) => ({ row, column }))
  );
  const objective = cells.map(({ row, column }) => `+ p${row}_${column} + n${row}_${column}`).join("\n");
  const constraints = indices(left.rows).flatMap((i) =>
    indices(right.rows).map((j) => {
      const terms = cells.map(({ row, column }) => {
        const factor = left.data[i * left.columns + row] * right.data[j * right.columns + column];
        return factor === 0 ? "" : `${signed(factor)} p${row}_${column} ${signed(-factor)} n${row}_${column}`;
      }).filter((term) => term !== "");
      const value = sketch.data[i * right.rows + j];
      // An empty row of A or B leaves a constraint without unknowns, which the format writes as 0 x.
      return `${terms.length === 0 ? "0 p0_0" : terms.join("\n")} = ${value}`;
    })
  );
  return ["Minimize", objective, "Subject To", ...constraints, "End"].join("\n");
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function signed(factor: number): string {
  return factor < 0 ? `- ${-factor}` : `+ ${factor}`;
}
