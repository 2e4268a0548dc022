/**
 * How bounds and errors move while a network trains: the `network` measurement after each of `measuredEpochs`.
 *
 * @module
 */
import { z } from "zod";
import { type EpochMeasurement, measuredEpochs, type Measurement } from "./measurement.ts";
import { network, networkMeasurementSchema } from "./network.ts";

/** The network after each measured epoch. */
export interface EpochsMeasurement {
  /** Version of this file. */
  readonly schema: 1;
  /** In order. */
  readonly epochs: readonly EpochMeasurement[];
}

/** The schema of {@linkcode EpochMeasurement}. */
export const epochMeasurementSchema: z.ZodType<EpochMeasurement> = z.strictObject({
  epoch: z.int().positive(),
  network: networkMeasurementSchema,
});

/** The measurement of Figure 5. */
export const epochs: Measurement<EpochsMeasurement> = {
  name: "epochs",
  needsEpochs: true,
  schema: z.strictObject({ schema: z.literal(1), epochs: z.array(epochMeasurementSchema) }),
  evaluations: (hyperparameters) =>
    measuredEpochs(hyperparameters).length * network.evaluations(hyperparameters),
  measure: (subject) => Promise.resolve({ schema: 1, epochs: subject.epochs }),
};
