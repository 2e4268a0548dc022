/**
 * Bounds for a network of the user's own: reads its weights and its data, prints the tables.
 *
 * @module
 */
import { Command, EnumType } from "@cliffy/command";
import { boundsOfNetwork, presentOwnNetwork } from "../src/artifacts/own_network.ts";
import type { ScalingName } from "../src/datasets/scaling.ts";
import { type ExampleSet, scaledExamples } from "../src/experiments/example_set.ts";
import {
  evaluationsOfTrainingSet,
  type OwnNetwork,
  recogniseScaling,
} from "../src/experiments/own_network.ts";
import { requireInteger } from "../src/math/requirements.ts";
import type { EngineName } from "../src/network/engines/engine.ts";
import { engineNames } from "../src/network/engines/mod.ts";
import type { NetworkWeights } from "../src/network/mlp.ts";
import { type FoundNetwork, networkFromTensors } from "../src/network/weight_chain.ts";
import { decodeSafetensors } from "../src/network/weights.ts";
import { toText } from "../src/render/text.ts";
import { requireAccess } from "./engines.ts";
import { ifExists, whereSought } from "./files.ts";
import { type OwnData, readOwnData } from "./own_data.ts";
import { Progress, type ProgressOptions, standardProgress } from "./progress.ts";

/** What the user asked for. */
export interface BoundsOptions {
  /** The file with the trained weights. */
  readonly weights: string;
  /** `mnist`, `cifar10` or a folder. */
  readonly data: string;
  /** The file with the weights before training. */
  readonly initial?: string | undefined;
  /** How pixels become inputs; recognised by the error on S where undefined. */
  readonly scaling?: ScalingName | undefined;
  /** What evaluates. */
  readonly engine: EngineName;
  /** The root seed of the draws of Algorithm 1. */
  readonly seed: number;
  readonly progress: ProgressOptions;
}

const scalingNames: readonly ScalingName[] = ["signed", "unit", "standardised"];

/** How files of other formats begin, and what they are. */
const otherFormats: readonly (readonly [string, string])[] = [
  ["PK", "a ZIP archive, as torch.save and Keras write"],
  ["\x80", "a pickle, as torch.save once wrote"],
  ["\x89HDF", "an HDF5 file, as Keras writes"],
];

/** `bounds FILE.safetensors --data mnist`. */
export const boundsCommand = new Command()
  .description(
    "Prints every bound, the statements' checks and the certified bound for a network of your own.",
  )
  .type("scaling", new EnumType(scalingNames))
  .type("engine", new EnumType(engineNames))
  .arguments("<weights:file>")
  .option(
    "--data <data:string>",
    "What it was trained on: mnist, cifar10, or a folder of IDX files or CIFAR10's original ones.",
    { required: true },
  )
  .option("--initial <file:file>", "Its weights before training, in the same format.")
  .option(
    "--scaling <name:scaling>",
    "signed: pixels in [-1, 1]; unit: [0, 1]; standardised. Default: the one with the smallest error.",
  )
  .option("--engine <name:engine>", "What evaluates.", { default: "wasm" as const })
  .option("--seed <number:integer>", "The root seed of Algorithm 1's draws.", { default: 1 })
  .option("--quiet", "No progress.")
  .example("A network that PyTorch trained", "deno task bounds net.safetensors --data mnist")
  .action(async ({ quiet = false, ...options }, weights) => {
    await printBounds({ ...options, weights, progress: standardProgress(quiet) });
  });

/** Reads the network and its data, and prints the tables. */
export async function printBounds(options: BoundsOptions): Promise<void> {
  requireInteger("seed the random streams", "--seed", options.seed, 0);
  await requireAccess(options.engine, "bounds net.safetensors --data mnist --engine tensorflow");
  const data = await readOwnData(options.data);
  const found = await readNetwork(options.weights, data.train.dimension);
  const initial = options.initial === undefined
    ? undefined
    : await readNetwork(options.initial, data.train.dimension);
  console.log(`${options.weights}: ${chainText(found)}`);
  if (initial) console.log(`${options.initial}: ${chainText(initial)}`);
  const scaled = await scaledData(found.weights, data, options);
  console.log(`${data.place}: ${scaled.text}\n`);
  const progress = new Progress(evaluationsOf(scaled), options.progress);
  const result = await boundsOfNetwork({
    ...scaled,
    weights: found.weights,
    initial: initial?.weights,
    seed: options.seed,
    engine: options.engine,
    onEvaluated: (examples) => progress.add(examples),
  }).finally(() => progress.erase());
  presentOwnNetwork(result).forEach((presentation) => console.log(toText(presentation) + "\n"));
}

/**
 * Reads a network from a safetensors file.
 *
 * @param inputs The number of inputs that its first layer must take.
 * @throws {Error} If the file is not there or has another format, or its tensors are no network for such inputs.
 */
export async function readNetwork(path: string, inputs: number): Promise<FoundNetwork> {
  if (path === "") throw new Error("Cannot read the network as its file must have a name: it is empty");
  const bytes = await ifExists(
    Deno.readFile(path).catch((error) => {
      if (!(error instanceof Deno.errors.IsADirectory)) throw error;
      throw new Error(`Cannot read ${path} as it must be a safetensors file: it is a folder`);
    }),
  );
  if (!bytes) throw new Error(`Cannot read ${path} as there is no such file${whereSought(path)}`);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  const other = otherFormats.find(([signature]) => start.startsWith(signature));
  if (other) {
    throw new SyntaxError(
      `Cannot read ${path} as it must be a safetensors file: it is ${
        other[1]
      } (in Python, safetensors.torch.save_file(model.state_dict(), "net.safetensors") writes one)`,
    );
  }
  try {
    return networkFromTensors(decodeSafetensors(bytes).tensors, { inputs });
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const otherOrdersText =
  "Other orders of these layers fit too, and neither numbers in their names nor the order in the file tells which is right: this one is that of the alphabet. If it is wrong, give the tensors names with numbers.";

function chainText({ names, weights, isTransposed, hasOtherOrders }: FoundNetwork): string {
  const layers = weights.layers.map(({ rows, columns }, index) => `${names[index]} (${rows} x ${columns})`);
  const biases = weights.biases.length > 0 ? "with biases" : "without biases";
  const chain = `${layers.join(", ")}, ${biases}${isTransposed ? ", stored as (inputs, outputs)" : ""}`;
  return hasOtherOrders ? `${chain}\n${otherOrdersText}` : chain;
}

type ScaledData = Pick<OwnNetwork, "trainingSet" | "testSet" | "choices"> & { readonly text: string };

async function scaledData(
  weights: NetworkWeights,
  data: OwnData,
  { scaling, engine }: BoundsOptions,
): Promise<ScaledData> {
  const scaled = (name: ScalingName) => ({
    trainingSet: scaledExamples(data.train, data.scaling(name)),
    testSet: data.test && scaledExamples(data.test, data.scaling(name)),
  });
  const size = `${data.train.count} training and ${data.test?.count ?? "no"} test examples`;
  const taken = (name: ScalingName) => data.scalingChoices?.(name) ?? [];
  if (scaling) return { ...scaled(scaling), choices: taken(scaling), text: `${size}, scaling ${scaling}` };
  const candidates = Object.fromEntries(scalingNames.map((name) => [name, data.scaling(name)]));
  const { name, errorFractions } = await recogniseScaling(weights, data.train, candidates, engine);
  const errors = Object.entries(errorFractions).map(([other, error]) => `${other} ${error.toFixed(4)}`);
  return {
    ...scaled(name),
    // The certified bound pays for choices that were made by looking at S.
    choices: [scalingNames.length, ...taken(name)],
    text: `${size}, scaling ${name}, recognised by the training error (${errors.join(", ")})`,
  };
}

/** How many examples will be evaluated in all. */
function evaluationsOf({ trainingSet, testSet }: ScaledData): number {
  const tests: Pick<ExampleSet, "count"> = testSet ?? { count: 0 };
  return evaluationsOfTrainingSet * trainingSet.count + 3 * tests.count;
}
