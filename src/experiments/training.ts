/**
 * Training a run from its hyper-parameters, epoch by epoch, from the start or from a checkpoint.
 *
 * @module
 */
import { RandomStream } from "../math/random_stream.ts";
import type { Engine } from "../network/engines/engine.ts";
import type { NetworkWeights } from "../network/mlp.ts";
import { startingState, Trainer, type TrainingState } from "../network/train.ts";
import { batchesOf, type ExampleSet } from "./example_set.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { TrainingLog } from "./record.ts";

/** A point between two epochs: the next epoch depends on nothing else. */
export interface Checkpoint {
  /** Weights, moments and steps. */
  readonly state: TrainingState;
  /** The epochs that are done. */
  readonly log: TrainingLog;
}

/** What comes out of training. */
export interface TrainedNetwork {
  /** The network after the last epoch. */
  readonly weights: NetworkWeights;
  /** All epochs. */
  readonly log: TrainingLog;
}

/** What training calls while it runs. */
export interface TrainingHooks {
  /** Called after every step with the examples that it used. */
  readonly onStep: (examples: number) => void;
  /** Called after every epoch with its number, from 1, and with what reads the checkpoint after it from the engine. */
  readonly onEpoch: (epoch: number, checkpoint: () => Promise<Checkpoint>) => Promise<void>;
}

/** The checkpoint before the first epoch. */
export function startingPoint(initial: NetworkWeights): Checkpoint {
  return { state: startingState(initial), log: { schema: 1, epochs: [] } };
}

/**
 * Trains on the selected engine until all epochs are done.
 *
 * @param hyperparameters What to train.
 * @param trainingSet S.
 * @param from Where to start: {@linkcode startingPoint} or a stored checkpoint. Both end in the same bits.
 */
export async function trainRun(
  engine: Engine,
  hyperparameters: Hyperparameters,
  trainingSet: ExampleSet,
  from: Checkpoint,
  { onStep, onEpoch }: TrainingHooks,
): Promise<TrainedNetwork> {
  const epochs = [...from.log.epochs];
  const trainer = new Trainer(engine, from.state, hyperparameters.optimiser);
  const checkpoint = async (): Promise<Checkpoint> => ({
    state: await trainer.state(),
    log: { schema: 1, epochs: [...epochs] },
  });
  try {
    while (epochs.length < hyperparameters.epochs) {
      const order = batchOrder(hyperparameters, trainingSet.count, epochs.length);
      for (const batch of batchesOf(trainingSet, order, hyperparameters.batchSize)) {
        trainer.train(batch);
        onStep(batch.labels.length);
      }
      const { lossSum, errorSum } = await trainer.takeTotals();
      epochs.push({
        epoch: epochs.length + 1,
        loss: lossSum / order.length,
        errorFraction: errorSum / order.length,
      });
      await onEpoch(epochs.length, checkpoint);
    }
    return { weights: await trainer.weights(), log: { schema: 1, epochs } };
  } finally {
    trainer.dispose();
  }
}

/**
 * The examples of one epoch in order: the next `examplesPerEpoch` of an endless sequence of passes over S, each pass in
 * a random order from a stream of its own, so that a resumed run needs no stream position.
 */
function batchOrder({ seed, examplesPerEpoch }: Hyperparameters, count: number, epoch: number): Uint32Array {
  const order = new Uint32Array(examplesPerEpoch);
  for (let filled = 0; filled < examplesPerEpoch;) {
    const position = epoch * examplesPerEpoch + filled;
    const pass = new RandomStream(seed, `batches/${Math.floor(position / count)}`).permutation(count);
    const piece = pass.subarray(position % count).subarray(0, examplesPerEpoch - filled);
    order.set(piece, filled);
    filled += piece.length;
  }
  return order;
}
