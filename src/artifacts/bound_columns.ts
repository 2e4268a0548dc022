/**
 * The columns that every artifact about bounds shares: each bound in each reading for one network and margin rule.
 *
 * @module
 */
import type { NetworkMeasures } from "../bounds/bound.ts";
import { type Reading, readings } from "../bounds/bound.ts";
import { bounds } from "../bounds/mod.ts";
import { stableRank } from "../bounds/bound.ts";
import type { NetworkMeasurement, PrunedMeasurement } from "../experiments/measurements/network.ts";
import type { Column, Row } from "../render/table.ts";
import { chi } from "../theory/lemma_5_1.ts";

/** Other engines round differently, and training amplifies that; the certified digits are those of wasm. */
const trained = { absolute: 0.02, relative: 0.05 };
const exact = { absolute: 0, relative: 0 };

/** A column of trained numbers. */
export function trainedColumn(name: string, title: string, unit: string, digits = 4): Column {
  return { name, title, unit, digits, tolerance: trained };
}

/** A column of numbers that do not depend on rounding. */
export function exactColumn(name: string, title: string, unit: string, digits = 0): Column {
  return { name, title, unit, digits, tolerance: exact };
}

/** A column of words. */
export function textColumn(name: string, title: string): Column {
  return { name, title, unit: "", digits: 0, tolerance: exact, kind: "text" };
}

/** The column of a bound in a reading, `neyshabur_2015_same_units_ln`. */
export function boundColumnName(id: string, reading: Reading): string {
  return `${id}_${reading === "sameUnits" ? "same_units" : reading}_ln`;
}

/** The columns of {@linkcode networkCells}. */
export const networkColumns: readonly Column[] = [
  textColumn("margin_rule", "margin rule"),
  trainedColumn("margin_logits", "margin", "logits"),
  trainedColumn("margin_loss_fraction", "margin loss", "fraction"),
  ...bounds.flatMap(({ id, title }) =>
    readings.map((reading) => trainedColumn(boundColumnName(id, reading), `${title}, ${reading}`, "ln", 3))
  ),
  trainedColumn("mean_inputs_weighted_by_stable_rank", "mean inputs weighted by stable rank", "inputs"),
  trainedColumn("d", "d", ""),
  trainedColumn("chi", "chi", "fraction"),
  textColumn("d_limited_by", "d limited by"),
  trainedColumn("kept_fraction", "kept", "fraction"),
  trainedColumn("needed_margin_logits", "needed margin", "logits"),
  trainedColumn("train_error_fraction", "train error", "fraction"),
  trainedColumn("test_error_fraction", "test error", "fraction"),
  trainedColumn("pruned_train_error_fraction", "train error, pruned", "fraction"),
  trainedColumn("pruned_test_error_fraction", "test error, pruned", "fraction"),
  trainedColumn("pruned_gap_fraction", "gap, pruned", "fraction"),
];

/** The cells of one network under one margin rule: every bound in every reading, and what it rests on. */
export function networkCells(network: NetworkMeasurement, pruned: PrunedMeasurement): Row {
  const measures = measuresOf(network, pruned);
  const boundCells = bounds.flatMap(({ id, ln }) =>
    readings.map((reading) => [boundColumnName(id, reading), ln[reading](measures)] as const)
  );
  const weightCount = sum(measures.layers.map(({ outputs, inputs }) => outputs * inputs));
  return {
    margin_rule: pruned.marginRule,
    margin_logits: pruned.margin,
    margin_loss_fraction: pruned.marginLoss,
    ...Object.fromEntries(boundCells),
    mean_inputs_weighted_by_stable_rank: meanInputs(measures),
    d: pruned.d,
    chi: chi(pruned.d),
    d_limited_by: pruned.limitedBy,
    kept_fraction: sum(pruned.keptWeights) / weightCount,
    needed_margin_logits: pruned.neededMargin,
    train_error_fraction: network.trainErrorFraction,
    test_error_fraction: network.testErrorFraction,
    pruned_train_error_fraction: pruned.trainErrorFraction,
    pruned_test_error_fraction: pruned.testErrorFraction,
    pruned_gap_fraction: pruned.testErrorFraction - pruned.trainErrorFraction,
  };
}

/** What the bounds need, from what was measured. */
export function measuresOf(network: NetworkMeasurement, pruned: PrunedMeasurement): NetworkMeasures {
  return {
    layers: network.layers,
    exampleCount: network.exampleCount,
    classes: network.classes,
    maximumInputNorm: network.maximumInputNorm,
    rootMeanSquareInputNorm: network.rootMeanSquareInputNorm,
    margin: pruned.margin,
    marginLoss: pruned.marginLoss,
    trainError: network.trainErrorFraction,
    pruning: { d: pruned.d, marginLoss: pruned.neededMarginLoss },
  };
}

/** exp(Neyshabur 2017 - Bartlett 2017) in the published form: the mean of d2 weighted by stable rank. */
function meanInputs({ layers }: NetworkMeasures): number {
  return sum(layers.map((layer) => layer.inputs * stableRank(layer))) / sum(layers.map(stableRank));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
