/**
 * Checkpoints of a run in training, in two files that are written in turn: one that is damaged costs the epochs since
 * the one before it, and no more.
 *
 * @module
 */
import type { NetworkWeights } from "../network/mlp.ts";
import {
  type NamedTensor,
  type TensorFile,
  weightsFromTensors,
  weightsToTensors,
} from "../network/weights.ts";
import { parseRecord, recordJson, trainingLogSchema } from "./record.ts";
import type { SealedFiles } from "./sealed_files.ts";
import type { Checkpoint } from "./training.ts";

/** The names of the two files. */
export const checkpointNames: readonly [string, string] = [
  "checkpoint.safetensors",
  "checkpoint-2.safetensors",
];

/**
 * A checkpoint is written when the last one took this share of the time since: half of the 2 % that all of them may
 * take, as the next one can be slower.
 */
export const checkpointTimeShare = 0.01;

/** What the first checkpoint is taken to cost, in milliseconds a weight: three numbers at half a gigabyte a second. */
const firstCostOfWeight = 12 / 5e5;

/** The checkpoints of one run. */
export class Checkpoints {
  readonly #files: SealedFiles;
  readonly #now: (() => number) | undefined;
  #place = 0;
  #lastEnd: number;
  #lastCost: number;

  /**
   * Nothing is read or written yet.
   *
   * @param weightCount How many weights the network has.
   * @param now Milliseconds on a clock that never goes back. Where it is missing, every checkpoint that is offered is
   * written.
   */
  constructor(files: SealedFiles, weightCount: number, now?: () => number) {
    this.#files = files;
    this.#now = now;
    this.#lastEnd = now?.() ?? 0;
    this.#lastCost = firstCostOfWeight * weightCount;
  }

  /** The newest stored checkpoint that is whole and usable. The next one will not overwrite it. */
  async newest(isUsable: (checkpoint: Checkpoint) => Promise<boolean>): Promise<Checkpoint | undefined> {
    const stored: { place: number; checkpoint: Checkpoint }[] = [];
    // One after the other, so that what is said of damaged ones has an order.
    for (const [place, name] of checkpointNames.entries()) {
      const file = await this.#files.readTensors(name);
      if (file) stored.push({ place, checkpoint: checkpointOf(file, name) });
    }
    const newestFirst = stored.toSorted((a, b) => b.checkpoint.state.step - a.checkpoint.state.step);
    for (const { place, checkpoint } of newestFirst) {
      if (!await isUsable(checkpoint)) continue;
      this.#place = otherPlace(place);
      return checkpoint;
    }
    return undefined;
  }

  /**
   * Writes a checkpoint, unless so little time has passed since the last one that checkpoints would take more than
   * {@linkcode checkpointTimeShare}. Only one that is written is read back from the engine.
   */
  async offer(checkpoint: () => Promise<Checkpoint>): Promise<void> {
    const started = this.#now?.();
    const isEarly = started !== undefined &&
      started - this.#lastEnd < this.#lastCost / checkpointTimeShare;
    if (isEarly) return;
    await this.#files.writeTensors(checkpointNames[this.#place], tensorsOf(await checkpoint()));
    this.#place = otherPlace(this.#place);
    this.#lastEnd = this.#now?.() ?? 0;
    this.#lastCost = this.#lastEnd - (started ?? 0);
  }

  /** Removes both files. */
  async remove(): Promise<void> {
    for (const name of checkpointNames) await this.#files.remove(name);
  }
}

function otherPlace(place: number): number {
  return 1 - place;
}

function tensorsOf({ state, log }: Checkpoint): TensorFile {
  const tensors = {
    ...prefixed("weights", weightsToTensors(state.weights)),
    ...prefixed("first", weightsToTensors(state.firstMoments)),
    ...prefixed("second", weightsToTensors(state.secondMoments)),
  };
  return { tensors, metadata: { log: recordJson(log), step: String(state.step) } };
}

function checkpointOf({ tensors, metadata }: TensorFile, name: string): Checkpoint {
  const part = (prefix: string): NetworkWeights => weightsFromTensors(withPrefix(prefix, tensors));
  const state = {
    weights: part("weights"),
    firstMoments: part("first"),
    secondMoments: part("second"),
    step: Number(metadata.step),
  };
  return { state, log: parseRecord(trainingLogSchema, metadata.log, `the training log in ${name}`) };
}

function prefixed(prefix: string, tensors: Record<string, NamedTensor>): Record<string, NamedTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

function withPrefix(
  prefix: string,
  tensors: Readonly<Record<string, NamedTensor>>,
): Record<string, NamedTensor> {
  const chosen = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(chosen.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}
