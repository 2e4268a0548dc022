import { assert, assertEquals, assertThrows } from "@std/assert";
import { RandomStream } from "../../src/math/random_stream.ts";
import { distributedSparsity } from "../../src/theory/definition_5_1.ts";
import {
  distributedSparseMatrix,
  type EnsembleName,
  phaseCells,
  phaseDiagram,
  phaseRow,
  recoveryOnset,
  recoveryTrial,
} from "../../src/theory/theorem_5_1_experiment.ts";

function cell(ensemble: EnsembleName, lineSparsity: number, sketchSize: number, degree = 7) {
  return { ensemble, size: 32, lineSparsity, sketchSize, degree };
}

Deno.test("a random sparse matrix has exactly j entries in each line, the diagonal among them", () => {
  const stream = new RandomStream(0, "theorem 5.1 test");
  for (const [size, j] of [[1, 1], [5, 5], [12, 1], [13, 4], [30, 7]]) {
    const x = distributedSparseMatrix(size, j, stream);
    assertEquals(x.data.filter((entry) => entry !== 0).length, size * j);
    assertEquals(distributedSparsity(x), {
      largestColumnCount: j,
      largestRowCount: j,
      hasFullDiagonal: true,
    });
  }
  assertThrows(() => distributedSparseMatrix(3, 4, stream), RangeError, "j must be <= 3");
  assertThrows(() => distributedSparseMatrix(3, 0, stream), RangeError, "j must be an integer >= 1");
});

Deno.test("with the corrected ensemble every X came back at the theorem's m with constant 1", () => {
  const { successFraction, theoremSketchSize } = phaseRow(cell("column", 2, 28), 8, 0);
  assertEquals(theoremSketchSize, Math.ceil(8 * Math.log(32)));
  assertEquals([successFraction, theoremSketchSize], [1, 28]);
});

Deno.test("no X came back when its sketch has fewer entries than X has nonzeros", () => {
  for (const ensemble of ["row", "column"] as const) {
    assertEquals(phaseRow(cell(ensemble, 4, 11), 4, 0).recovered, 0);
  }
});

Deno.test("the printed ensemble fails at a degree of ln p where the corrected one succeeds", () => {
  assertEquals(phaseRow(cell("row", 2, 24, 4), 8, 0).recovered, 0);
  assert(phaseRow(cell("column", 2, 24, 4), 8, 0).successFraction >= 0.5);
  assertEquals(phaseRow(cell("row", 2, 20, 16), 4, 0).successFraction, 1);
});

Deno.test("a lost X has a rival with a smaller norm, a recovered one is close", () => {
  const recovered = recoveryTrial(cell("column", 1, 28), new RandomStream(0, "theorem 5.1 test"));
  assertEquals(recovered.outcome, "recovered");
  assert(recovered.relativeError < 1e-3 && recovered.relativeGap <= 1e-4);
  const lost = recoveryTrial(cell("column", 4, 10), new RandomStream(0, "theorem 5.1 test"));
  assertEquals(lost.outcome, "lost");
  assert(lost.relativeError > 0.1);
});

Deno.test("rows do not depend on their order, and longer rows begin with shorter ones", () => {
  const options = { size: 16, lineSparsities: [1, 2], sketchSizes: [7, 9], trials: 3, seed: 5 };
  const rows = phaseDiagram(options);
  assertEquals(rows.length, 8);
  assertEquals(phaseRow(phaseCells(options)[6], 3, 5), rows[6]);
  const shorter = phaseDiagram({ ...options, trials: 2 });
  rows.forEach((row, index) => {
    const more = row.recovered - shorter[index].recovered;
    assert(more === 0 || more === 1);
  });
});

Deno.test("the onset is the smallest m above which no row falls short", () => {
  const rows = [4, 6, 8, 10].map((sketchSize, index) => ({
    ...phaseRow({ ensemble: "column" as const, size: 12, lineSparsity: 1, sketchSize, degree: 3 }, 1, 0),
    successFraction: [0.9, 0.5, 0.8, 1][index],
  }));
  assertEquals(recoveryOnset(rows.toReversed(), 0.75), 8);
  assertEquals(recoveryOnset(rows, 0.5), 4);
  assertEquals(recoveryOnset(rows, 1), 10);
  assertEquals(recoveryOnset(rows.slice(0, 3), 0.95), undefined);
  assertEquals(recoveryOnset([], 0.5), undefined);
});

Deno.test("the phase diagram refuses an empty grid and no trials", () => {
  const options = { size: 16, lineSparsities: [1], sketchSizes: [8], trials: 1, seed: 0 };
  assertThrows(
    () => phaseDiagram({ ...options, lineSparsities: [] }),
    RangeError,
    "sparsities must not be empty",
  );
  assertThrows(() => phaseDiagram({ ...options, sketchSizes: [] }), RangeError, "sizes must not be empty");
  assertThrows(() => phaseDiagram({ ...options, trials: 0 }), RangeError, "trials must be an integer >= 1");
  assertThrows(() => phaseDiagram({ ...options, sketchSizes: [17] }), RangeError, "m must be <= 16");
});
