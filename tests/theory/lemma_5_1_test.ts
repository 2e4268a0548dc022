import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { all, create } from "mathjs";
import {
  chi,
  distributedSparsityBound,
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

Deno.test("values out of range are refused", () => {
  assertThrows(() => chi(-1), RangeError, "d must be >= 0: current value is -1");
  assertThrows(() => chi(NaN), RangeError, "current value is NaN");
  assertThrows(() => pruningParameter(1.5), RangeError, "in [0, 1]: current value is 1.5");
});

/** E f(a) for a ~ N(0, deviation^2), by the trapezoidal rule, which converges geometrically for such integrands. */
function gaussianMean(f: (a: number) => number, deviation: number): number {
  const step = 1e-3;
  let total = 0;
  for (let z = -12; z <= 12; z += step) total += f(z * deviation) * Math.exp(-z * z / 2);
  return total * step / Math.sqrt(2 * Math.PI);
}
