import { assertEquals } from "@std/assert";
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

Deno.test("no networks have no outputs, and no examples none either", async () => {
  await wasmEngine.select();
  assertEquals(await outputsOfEach([], inputs, 30), []);
  const network = initialWeights({ inputs: 7, hidden: [5], outputs: 3, bias: false }, 1);
  assertEquals(await outputsOf(network, inputs, 0), new Float32Array());
});
