import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { arora2018, type CushionedNetwork } from "../../src/bounds/arora_2018.ts";
import type { NetworkMeasures } from "../../src/bounds/bound.ts";
import { ju2022 } from "../../src/bounds/ju_2022.ts";

const layer = { spectralNorm: 2, frobeniusNorm: 5, twoOneDistance: 9, variance: 0.01 };
const network: NetworkMeasures = {
  layers: [{ outputs: 20, inputs: 30, ...layer }, { outputs: 4, inputs: 20, ...layer }],
  exampleCount: 1000,
  classes: 4,
  maximumInputNorm: 3,
  rootMeanSquareInputNorm: 2,
  margin: 0.5,
  marginLoss: 0.125,
  trainError: 0.1,
  pruning: { d: 58, marginLoss: 1 },
};
const cushioned: CushionedNetwork = {
  ...network,
  cushions: { layerCushions: [0.2, 0.4], interlayerCushions: [0.1, 0.5], contraction: 1.5, outputNorm: 7 },
};

Deno.test("Arora et al.: Theorem 4.1, with and without the constants of its proof", () => {
  const { ln } = arora2018;
  const cushions = 1 / (0.2 * 0.1) ** 2 + 1 / (0.4 * 0.5) ** 2;
  const printed = Math.sqrt(1.5 ** 2 * 2 ** 2 * 7 ** 2 * cushions / (0.5 ** 2 * 1000));
  assertAlmostEquals(ln.published(cushioned), Math.log(printed), 1e-12);
  assertAlmostEquals(ln.sameUnits(cushioned), Math.log(printed), 1e-12);
  const epsilonSquared = 0.5 ** 2 / (2 * 7 ** 2);
  const parameters = 72 * 1.5 ** 2 * 2 ** 2 * Math.log(1000 * 2 * 20 / 0.025) / epsilonSquared * cushions;
  const bound = 0.125 + Math.sqrt((parameters * Math.log(2 ** 32) + Math.log(1 / 0.025)) / 2000);
  assertAlmostEquals(ln.theorem(cushioned), Math.log(bound), 1e-12);
});

Deno.test("Arora et al.: the bound is scale-free in outputs and margin, and says nothing without either", () => {
  const scaled = {
    ...cushioned,
    margin: 1e-200,
    cushions: { ...cushioned.cushions, outputNorm: 14e-200 },
  };
  assertAlmostEquals(arora2018.ln.published(scaled), arora2018.ln.published(cushioned), 1e-9);
  const { cushions } = cushioned;
  const silent: CushionedNetwork[] = [
    { ...cushioned, margin: 0 },
    { ...cushioned, cushions: { ...cushions, contraction: Infinity } },
    { ...cushioned, cushions: { ...cushions, layerCushions: [0, 0.4] } },
    { ...cushioned, cushions: { ...cushions, layerCushions: [0, Infinity], outputNorm: 0 } },
  ];
  for (const measures of silent) {
    const { published, sameUnits, theorem } = arora2018.ln;
    assertEquals([published, sameUnits, theorem].map((ln) => ln(measures)), [Infinity, Infinity, Infinity]);
  }
});

Deno.test("Ju et al.: Theorem 2.1, its loss turned into an error", () => {
  const hessian = { layers: [0.25, 0.04], meanLoss: 0.3, largestLoss: 9 };
  const { ln } = ju2022;
  assertAlmostEquals(ln.published({ ...network, hessian }), Math.log(0.7 / Math.sqrt(1000)), 1e-12);
  assertAlmostEquals(ln.sameUnits({ ...network, hessian }), ln.published({ ...network, hessian }));
  const bound = (0.3 + 3 * 0.7 / Math.sqrt(1000)) / Math.log(2);
  assertAlmostEquals(ln.theorem({ ...network, hessian }), Math.log(bound), 1e-12);
  assert(ln.theorem({ ...network, hessian: { ...hessian, layers: [0.26, 0.04] } }) > Math.log(bound));
});
