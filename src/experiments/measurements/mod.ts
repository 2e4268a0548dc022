/**
 * The measurements. To add one, add its file and its lines here; stored runs are measured again, never retrained.
 *
 * @module
 */
import { type CertifiedPruning, certifiedPruning } from "./certified_pruning.ts";
import { epochs, type EpochsMeasurement } from "./epochs.ts";
import { heavilyPruned, type HeavilyPrunedMeasurement } from "./heavily_pruned.ts";
import { type IterativePruning, iterativePruning } from "./iterative_pruning.ts";
import type { Measurement } from "./measurement.ts";
import { network, type NetworkMeasurement } from "./network.ts";
import { type PruningSweep, pruningSweep } from "./pruning_sweep.ts";
import { type WeightDistribution, weightDistribution } from "./weight_distribution.ts";

/** What each measurement gives, by name. */
export interface Measurements {
  /** Norms, margins, errors, and the pruning that the margin condition allows. */
  readonly network: NetworkMeasurement;
  /** The same after each of a choice of epochs. */
  readonly epochs: EpochsMeasurement;
  /** How the weights of each layer are distributed. */
  readonly "weight-distribution": WeightDistribution;
  /** Algorithm 1 over a grid of d. */
  readonly "pruning-sweep": PruningSweep;
  /** The network pruned to a sixtieth of its weights, in four variants. */
  readonly "heavily-pruned": HeavilyPrunedMeasurement;
  /** Iterative magnitude pruning, round by round. */
  readonly "iterative-pruning": IterativePruning;
  /** Pruning to few weights of few values, round by round. */
  readonly "certified-pruning": CertifiedPruning;
}

/** The name of a measurement. */
export type MeasurementName = keyof Measurements;

/** Every measurement, by name. */
export const measurements: { readonly [Name in MeasurementName]: Measurement<Measurements[Name]> } = {
  network,
  epochs,
  "weight-distribution": weightDistribution,
  "pruning-sweep": pruningSweep,
  "heavily-pruned": heavilyPruned,
  "iterative-pruning": iterativePruning,
  "certified-pruning": certifiedPruning,
};
