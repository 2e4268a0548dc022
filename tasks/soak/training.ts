/**
 * What `deno task soak` kills: a process that trains one small network. Its arguments are the folder of the store and the
 * number of epochs.
 *
 * @module
 */
import { blankExamples, type Dataset, type Examples } from "../../src/datasets/dataset.ts";
import type { Hyperparameters } from "../../src/experiments/hyperparameters.ts";
import { hyperparametersFor } from "../../src/experiments/presets.ts";
import { RandomStream } from "../../src/math/random_stream.ts";
import { inOneSentence } from "../ending.ts";
import { runJobs } from "../pool.ts";
import type { Job } from "../training_worker.ts";

/** The name of the run in its store. */
export const soakIdentity = "run";

/** One run, as `reproduce` does it, and a word when training has begun. */
async function trainOnce(store: string, epochs: number): Promise<void> {
  let begin = (): void => {
    console.log("begun");
    begin = () => {};
  };
  await runJobs([soakJob(store, epochs)], 1, {
    onWork: () => begin(),
    onDone: async () => {},
    onNote: () => {},
  });
}

/** A small network on made-up images, measured after every epoch. */
export function soakJob(store: string, epochs: number): Job {
  const preset = hyperparametersFor("mnist", 784, {
    profile: "smoke",
    protocol: "gentle",
    seed: 1,
    engine: "wasm",
  });
  const size = { trainingExamples: 100, testExamples: 50, examplesPerEpoch: 320, batchSize: 32, epochs };
  const hyperparameters: Hyperparameters = { ...preset, ...size, hidden: [40, 40, 40, 40] };
  const dataset: Dataset = {
    name: "mnist",
    classes: 10,
    checksum: "soak",
    train: stripes(100),
    test: stripes(50),
  };
  return { identity: soakIdentity, hyperparameters, measurements: ["network", "epochs"], dataset, store };
}

/** Images of ten kinds of stripes under noise. */
function stripes(count: number): Examples {
  const stream = new RandomStream(count, "soak/images");
  const examples = blankExamples(count, 784);
  examples.labels.forEach((_, image) => {
    const label = stream.integer(10);
    examples.labels[image] = label;
    const pixels = examples.pixels.subarray(784 * image, 784 * (image + 1));
    pixels.forEach((_, pixel) => pixels[pixel] = pixel % 10 === label ? 255 : stream.integer(200));
  });
  return examples;
}

if (import.meta.main) {
  const [store, epochs] = Deno.args;
  await inOneSentence(() => trainOnce(store, Number(epochs)));
}
