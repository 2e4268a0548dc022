import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { all, create } from "mathjs";
import { matrix } from "../../src/math/matrix.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { prune, pruningThresholds } from "../../src/theory/algorithm_1.ts";
import { distributedSparsity } from "../../src/theory/definition_5_1.ts";
import {
  chi,
  distributedSparsityBound,
  distributedSparsityQuantile,
  prunedShareSquared,
  pruningParameter,
} from "../../src/theory/lemma_5_1.ts";
import { gammaOfLayer } from "../../src/theory/lemma_c_2.ts";
import { deltaFourthMoment, deltaSecondMoment } from "../../src/theory/lemma_c_1.ts";

const big = create(all, { number: "BigNumber", precision: 64 });
const parameters = Array.from({ length: 25 }, (_, index) => 10 ** (index - 12));

/** Evaluates a formula as the paper prints it, to 64 digits. */
function printed(formula: string, scope: Record<string, number>): number {
  const exact = Object.entries(scope).map(([name, value]) => [name, big.bignumber(value)]);
  return Number(big.evaluate(formula, Object.fromEntries(exact)).toString());
}

Deno.test("chi agrees with the printed form to 64 digits from d = 1e-12 to 1e12", () => {
  for (const d of parameters) {
    const expected = printed("(sqrt(d + 2) - sqrt(d)) / sqrt(d + 2)", { d });
    assertAlmostEquals(chi(d) / expected, 1, 4e-16);
  }
  assertEquals([chi(0), chi(Infinity)], [1, 0]);
});

Deno.test("the pruning parameter inverts chi", () => {
  for (const d of parameters.filter((d) => d > 1e-9)) {
    assertAlmostEquals(pruningParameter(chi(d)) / d, 1, 1e-6);
  }
  for (const kept of [1e-12, 1e-6, 1 / 60, 0.5, 0.999]) {
    assertAlmostEquals(chi(pruningParameter(kept)) / kept, 1, 1e-13);
  }
  assertEquals([pruningParameter(1), pruningParameter(0)], [0, Infinity]);
});

Deno.test("the moments of Lemma C.1 agree with quadrature over the Gaussian density", () => {
  for (const d of [1e-3, 0.1, 1, 10, 1e3]) {
    const variance = 0.7;
    const moment = (power: number) =>
      gaussianMean((a) => a ** power * Math.exp(-(a ** 2) / (d * variance)), Math.sqrt(variance));
    assertAlmostEquals(deltaSecondMoment(d, variance) / moment(2), 1, 1e-9);
    assertAlmostEquals(deltaFourthMoment(d, variance) / moment(4), 1, 1e-9);
    assertAlmostEquals(Math.sqrt(prunedShareSquared(d)) / moment(0), 1, 1e-9);
  }
});

Deno.test("Gamma_l agrees with the printed form to 64 digits from d = 1e-12 to 1e12", () => {
  const formula = "sqrt(d^(3/2) * psi / (d + 2)^(3/2)) * (sqrt(rows) + sqrt(columns)) + " +
    "(3 * rows * columns * d^(5/2) * psi^2 / (d + 2)^(5/2))^(1/4)";
  for (const d of parameters) {
    const expected = printed(formula, { d, psi: 0.002, rows: 10, columns: 784 });
    assertAlmostEquals(gammaOfLayer({ outputs: 10, inputs: 784, variance: 0.002 }, d) / expected, 1, 1e-14);
  }
});

Deno.test("Lemma 5.1's bound is 3 lambda p chi, the published prediction of Figure 4", async () => {
  const figure = await Deno.readTextFile(new URL("../../paper/published/figure4.csv", import.meta.url));
  for (const line of figure.trim().split("\n").slice(1)) {
    const [dataset, d, , predicted] = line.split(",");
    const inputs = dataset === "mnist" ? 784 : 3072;
    assertAlmostEquals(
      distributedSparsityBound({ outputs: 10, inputs }, Number(d), 1),
      Number(predicted),
      2e-3,
    );
  }
});

Deno.test("the binomial quantile is the smallest j whose union bound stays below delta, by exact sums", () => {
  for (
    const [outputs, inputs, d, delta] of [
      [5, 8, 0.5, 0.1],
      [8, 5, 3, 0.01],
      [12, 12, 40, 0.05],
      [4, 40, 1, 0.05],
      [40, 3, 1, 0.4],
    ] as const
  ) {
    const keep = chi(d);
    // P(1 + Binomial(n - 1, chi) > j), term by term, for a line of n entries.
    const lineFails = (length: number, j: number): number => {
      let total = 0;
      for (let count = j; count < length; count++) {
        total += choose(length - 1, count) * keep ** count * (1 - keep) ** (length - 1 - count);
      }
      return total;
    };
    const failure = (j: number): number => outputs * lineFails(inputs, j) + inputs * lineFails(outputs, j);
    const j = distributedSparsityQuantile({ outputs, inputs }, d, delta);
    assert(failure(j) <= delta, `j = ${j} is too small`);
    assert(j === 1 || failure(j - 1) > delta, `j = ${j} is not the smallest`);
  }
});

Deno.test("pruned Gaussian layers keep to the quantile where the printed bound is broken", () => {
  const shape = { outputs: 60, inputs: 60 };
  const limit = distributedSparsityQuantile(shape, 1000, 1e-4);
  for (let seed = 0; seed < 10; seed++) {
    const stream = new RandomStream(seed, "quantile");
    const layer = matrix(60, 60, Float64Array.from({ length: 3600 }, () => stream.normal()));
    const found = distributedSparsity(prune(layer, pruningThresholds(layer, 1, stream), 1000));
    const most = Math.max(found.largestColumnCount, found.largestRowCount);
    assert(most <= limit && most > distributedSparsityBound(shape, 1000, 3));
  }
});

Deno.test("values out of range are refused", () => {
  assertThrows(() => chi(-1), RangeError, "d must be >= 0: current value is -1");
  assertThrows(() => chi(NaN), RangeError, "current value is NaN");
  assertThrows(
    () => distributedSparsityQuantile({ outputs: 0, inputs: 4 }, 1, 0.1),
    RangeError,
    "integer >= 1",
  );
  assertThrows(() => distributedSparsityQuantile({ outputs: 4, inputs: 4 }, 1, 0), RangeError, "in (0, 1)");
  assertThrows(() => pruningParameter(1.5), RangeError, "in [0, 1]: current value is 1.5");
});

/** E f(a) for a ~ N(0, deviation^2), by the trapezoidal rule, which converges geometrically for such integrands. */
function gaussianMean(f: (a: number) => number, deviation: number): number {
  const step = 1e-3;
  let total = 0;
  for (let z = -12; z <= 12; z += step) total += f(z * deviation) * Math.exp(-z * z / 2);
  return total * step / Math.sqrt(2 * Math.PI);
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let factor = 1; factor <= k; factor++) product = product * (n - k + factor) / factor;
  return product;
}
