import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../src/math/random_stream.ts";
import { wasmEngine } from "../../src/network/engines/wasm.ts";
import { outputsOf, outputsOfEach } from "../../src/network/evaluate.ts";
import { initialWeights } from "../../src/network/mlp.ts";

const stream = new RandomStream(1, "inputs");
const examples = Float32Array.from({ length: 7 * 30 }, () => stream.normal());
const inputs = (from: number, to: number): Float32Array => examples.subarray(7 * from, 7 * to);

Deno.test("networks that are evaluated together give what each gives alone, and inputs are read once", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  const networks = [[12], [9, 11], []].map((hidden, index) =>
    initialWeights({ inputs: 7, hidden, outputs: 3, bias: index === 1 }, index)
  );
  const read: number[] = [];
  const noted: number[] = [];
  const counted = (from: number, to: number): Float32Array => {
    read.push(from);
    return inputs(from, to);
  };
  const together = await outputsOfEach(networks, counted, 30, {
    batchSize: 12,
    onProgress: (done) => noted.push(done),
  });
  assertEquals([read, noted], [[0, 12, 24], [12, 24, 30]]);
  for (const [index, network] of networks.entries()) {
    assertEquals(together[index], await outputsOf(network, inputs, 30, { batchSize: 12 }));
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("each network's activations are freed before the next: the memory grows by weights and outputs alone", async () => {
  await wasmEngine.select();
  const count = 1000, bytes = 4;
  const peakOf = async (networks: number): Promise<number> => {
    const all = Array.from(
      { length: networks },
      (_, seed) => initialWeights({ inputs: 4, hidden: [50, 50], outputs: 3, bias: false }, seed),
    );
    const { peakBytes } = await tf.profile(async () => {
      await outputsOfEach(all, (from, to) => new Float32Array(4 * (to - from)), count);
      return tf.scalar(0);
    });
    return peakBytes;
  };
  const weightsAndOutputs = bytes * (4 * 50 + 50 * 50 + 50 * 3 + count * 3);
  const growth = await peakOf(5) - await peakOf(1);
  assert(growth <= 4 * weightsAndOutputs, `${growth} bytes`);
  assert(weightsAndOutputs < bytes * count * 50, "a layer's activations are more than that");
});

Deno.test("no networks have no outputs, and no examples none either", async () => {
  await wasmEngine.select();
  assertEquals(await outputsOfEach([], inputs, 30), []);
  const network = initialWeights({ inputs: 7, hidden: [5], outputs: 3, bias: false }, 1);
  assertEquals(await outputsOf(network, inputs, 0), new Float32Array());
});
