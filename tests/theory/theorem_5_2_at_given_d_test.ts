import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chi, pruningParameter } from "../../src/theory/lemma_5_1.ts";
import { gammaOfLayer } from "../../src/theory/lemma_c_2.ts";
import { theoremAtGivenD } from "../../src/theory/theorem_5_2_at_given_d.ts";

const layers = [
  { outputs: 40, inputs: 60, variance: 0.02, spectralNorm: 3, epsilon: 2, lambda: 1.5 },
  { outputs: 10, inputs: 40, variance: 0.03, spectralNorm: 1.5, epsilon: 3, lambda: 1.25 },
];
const d = pruningParameter(1 / 60);

Deno.test("the needed margin and the count are the statement's formulas", () => {
  const theorem = theoremAtGivenD({ layers, inputNorm: 7 }, d, 500);
  const perLayer = layers.map((layer) => {
    const { outputs, inputs, spectralNorm, epsilon, lambda } = layer;
    const kept = lambda * chi(d) * (outputs * inputs - 10 - 30 * Number(outputs === 40)) +
      Math.min(outputs, inputs);
    const step = 0.5 * spectralNorm / (2 * kept);
    const relative = (epsilon * gammaOfLayer(layer, d) + step * kept) / spectralNorm;
    const count = 3 * lambda * chi(d) * outputs * inputs * Math.log(Math.max(outputs, inputs)) ** 2 *
      Math.log(1 / step);
    return { relative, step, count };
  });
  const total = perLayer.reduce((sum, { relative }) => sum + relative, 0);
  assertAlmostEquals(Math.exp(theorem.neededMarginLn) / (Math.E * 7 * 3 * 1.5 * total), 1, 1e-12);
  theorem.roundingStepsLn.forEach((stepLn, l) =>
    assertAlmostEquals(stepLn, Math.log(perLayer[l].step), 1e-12)
  );
  const count = perLayer.reduce((sum, layer) => sum + layer.count, 0);
  assertAlmostEquals(theorem.sketchingTerm, Math.sqrt(count / 500), 1e-9);
  assertEquals(theorem.isWithinSideCondition, false);
});

Deno.test("the side condition holds where little is pruned, and a step never exceeds 1/2", () => {
  assert(theoremAtGivenD({ layers, inputNorm: 7 }, 1e-9, 500).isWithinSideCondition);
  const strong = layers.map((layer) => ({ ...layer, spectralNorm: 1e9 }));
  const { roundingStepsLn } = theoremAtGivenD({ layers: strong, inputNorm: 7 }, d, 500);
  assertEquals(roundingStepsLn, [-Math.LN2, -Math.LN2]);
});
