import "./tensorflow_first.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { RandomStream } from "../../../src/math/random_stream.ts";
import { describeAdapter, driverAdvice, findAdapter } from "../../../src/network/engines/webgpu/adapter.ts";
import { matrixProducts, webgpuEngine } from "../../../src/network/engines/webgpu/engine.ts";
import { outputsOf } from "../../../src/network/evaluate.ts";
import { initialWeights } from "../../../src/network/mlp.ts";
import { startingState, Trainer } from "../../../src/network/train.ts";

const adapter = await findAdapter();
const ignore = adapter === undefined;
const reason = ignore ? ` (skipped, as there is no GPU: ${driverAdvice})` : "";
const productFlag = "WEBGPU_MATMUL_PROGRAM_TYPE";
const adam = { learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 };

/** A test that needs an adapter. */
function testEngine(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: `${name}${reason}`,
    ignore,
    fn: async () => {
      await webgpuEngine.select();
      await run();
    },
  });
}

function normals(name: string, count: number): Float32Array {
  const stream = new RandomStream(1, `tests/webgpu/${name}`);
  return Float32Array.from({ length: count }, () => stream.normal());
}

async function bitsOf(tensor: tf.Tensor): Promise<Uint32Array> {
  return new Uint32Array((await tensor.data<"float32">()).slice().buffer);
}

/**
 * The products of a step as a GPU takes them: backward, of the weights, and forward. The last has few terms and columns, as
 * its shader takes a driver in software longest to compile. The conformance suite has the products that the engine chooses.
 */
for (
  const { shape: [rows, inner, columns], transposeA, transposeB } of [
    { shape: [64, 128, 96], transposeA: false, transposeB: false },
    { shape: [64, 128, 96], transposeA: true, transposeB: false },
    { shape: [60, 13, 11], transposeA: false, transposeB: true },
  ]
) {
  testEngine(`multiplies in tiles as float64 does, transposed ${transposeA}, ${transposeB}`, async () => {
    const [a, b] = [normals("a", rows * inner), normals("b", inner * columns)];
    const left = tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner]);
    const right = tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns]);
    const product = productInTiles(left, right, transposeA, transposeB);
    const found = await product.data();
    for (let entry = 0; entry < rows * columns; entry++) {
      const [row, column] = [Math.floor(entry / columns), entry % columns];
      let [sum, magnitude] = [0, 0];
      for (let k = 0; k < inner; k++) {
        const term = (transposeA ? a[k * rows + row] : a[row * inner + k]) *
          (transposeB ? b[column * inner + k] : b[k * columns + column]);
        [sum, magnitude] = [sum + term, magnitude + Math.abs(term)];
      }
      assertAlmostEquals(found[entry], sum, 1.01 * (inner + 1) * 2 ** -24 * magnitude);
    }
    tf.dispose([left, right, product]);
  });
}

/** The product by the shader for a GPU, whatever the engine has chosen. */
function productInTiles(...sides: Parameters<typeof tf.matMul>): tf.Tensor {
  const chosen = tf.env().getNumber(productFlag);
  tf.env().set(productFlag, matrixProducts.tiles);
  const product = tf.matMul(...sides);
  tf.env().set(productFlag, chosen);
  return product;
}

testEngine("takes small tiles where the driver is software, as those compile in a second", () => {
  const { isSoftware } = describeAdapter(adapter!);
  assertEquals(tf.env().get(productFlag), isSoftware ? matrixProducts.smallTiles : matrixProducts.tiles);
  return Promise.resolve();
});

testEngine("adds the many terms of a small product in the same order every time", async () => {
  const matrix = tf.tensor2d(normals("terms", 64 * 2112), [64, 2112]);
  const products = [1, 2, 3].map(() => tf.matMul(matrix, matrix, false, true));
  const [first, ...others] = await Promise.all(products.map(bitsOf));
  for (const other of others) assertEquals(other, first);
  tf.dispose([matrix, products]);
});

testEngine("passes a ReLU's gradient where its output is positive, one workgroup or many", async () => {
  for (const count of [1, 60, 70_001]) {
    const [dy, features] = [normals("dy", count), normals("features", count).map((x) => Math.max(0, x))];
    const inputs = { dy: tf.tensor1d(dy), features: tf.tensor1d(features) };
    const found = tf.engine().runKernel("ReluGrad", inputs) as tf.Tensor;
    assertEquals(await found.data(), dy.map((value, entry) => features[entry] > 0 ? value : 0));
    tf.dispose([inputs, found]);
  }
});

/** Adam as PyTorch documents it, in double precision. */
function referenceAdam(start: Float32Array, gradients: readonly Float32Array[]): number[] {
  const { learningRate, beta1, beta2, epsilon } = adam;
  const [value, first, second] = [[...start], [...start].fill(0), [...start].fill(0)];
  gradients.forEach((gradient, index) =>
    gradient.forEach((slope, entry) => {
      first[entry] = beta1 * first[entry] + (1 - beta1) * slope;
      second[entry] = beta2 * second[entry] + (1 - beta2) * slope ** 2;
      const corrected = Math.sqrt(second[entry] / (1 - beta2 ** (index + 1)));
      value[entry] -= learningRate * first[entry] / (1 - beta1 ** (index + 1)) / (corrected + epsilon);
    })
  );
  return value;
}

/** Three variables and a function that takes a step of Adam on them. */
function adamOn(start: Float32Array) {
  const initial = [start, start.map(() => 0), start.map(() => 0)].map((data) => tf.tensor1d(data));
  const variables = initial.map((tensor) => webgpuEngine.variable(tensor));
  const [parameter, firstMoment, secondMoment] = variables.map(({ handle }) => handle);
  const take = (slopes: Float32Array, step: number): void => {
    const gradient = tf.tensor1d(slopes);
    tf.engine().runKernel("ApplyAdam", { parameter, gradient, firstMoment, secondMoment }, { ...adam, step });
    gradient.dispose();
  };
  const read = async (): Promise<Float32Array> => {
    const value = variables[0].value();
    const data = await value.data<"float32">();
    value.dispose();
    return data.slice();
  };
  const dispose = () => [...variables, ...initial].forEach((each) => each.dispose());
  return { take, read, dispose, initial };
}

testEngine("takes the steps of PyTorch's Adam, epsilon included", async () => {
  const start = normals("start", 700);
  const gradients = [1, 2, 3, 4, 5].map((step) =>
    normals(`gradient ${step}`, 700).map((value, entry) => value * 10 ** (-entry / 100))
  );
  const before = tf.memory().numTensors;
  const { take, read, dispose, initial } = adamOn(start);
  gradients.forEach((slopes, index) => take(slopes, index + 1));
  const expected = referenceAdam(start, gradients);
  (await read()).forEach((value, entry) => assertAlmostEquals(value, expected[entry], 2e-6));
  assertEquals(await initial[0].data(), start, "the initial tensor is the caller's and unchanged");
  dispose();
  assertEquals(tf.memory().numTensors, before);
});

testEngine("a variable that was read and then trained is read anew", async () => {
  const { take, read, dispose } = adamOn(Float32Array.of(1, 2));
  const gradient = Float32Array.of(1, 1);
  const values: Float32Array[] = [];
  for (const step of [1, 2, 3]) {
    take(gradient, step);
    values.push(await read());
  }
  const expected = [1, 2, 3].map((steps) =>
    referenceAdam(Float32Array.of(1, 2), Array<Float32Array>(steps).fill(gradient))
  );
  values.forEach((pair, step) => assertAlmostEquals(pair[0], expected[step][0], 1e-6));
  dispose();
});

testEngine("refuses tensors of different shapes", () => {
  const [two, three] = [tf.zeros([2]), tf.zeros([3])];
  const run = (kernel: string, inputs: Record<string, tf.Tensor>) => () =>
    tf.engine().runKernel(kernel, inputs, { ...adam, step: 1 });
  assertThrows(run("ReluGrad", { dy: two, features: three }), TypeError, "they are [2], [3]");
  const adamInputs = { parameter: two, gradient: three, firstMoment: two, secondMoment: two };
  assertThrows(run("ApplyAdam", adamInputs), TypeError, "must have one shape");
  tf.dispose([two, three]);
  return Promise.resolve();
});

testEngine("nothing is read back while training goes on", async () => {
  const weights = initialWeights({ inputs: 32, hidden: [24, 24], outputs: 24, bias: true }, 1);
  const trainer = new Trainer(webgpuEngine, startingState(weights), adam);
  const batch = { inputs: normals("inputs", 16 * 32), labels: new Uint8Array(16).map((_, at) => at) };
  const reads = countingReads();
  for (let step = 0; step < 40; step++) trainer.train(batch);
  assertEquals(reads.count(), 0);
  await trainer.takeTotals();
  assertEquals(reads.count(), 2, "the loss and the errors");
  reads.stop();
  trainer.dispose();
});

/** Counts the buffers that are mapped for reading. */
function countingReads(): { count: () => number; stop: () => void } {
  const original = GPUBuffer.prototype.mapAsync;
  let count = 0;
  GPUBuffer.prototype.mapAsync = function (...parameters): Promise<undefined> {
    count++;
    return original.apply(this, parameters);
  };
  return { count: () => count, stop: () => GPUBuffer.prototype.mapAsync = original };
}

testEngine("memory on the GPU does not grow with the steps", async () => {
  const weights = initialWeights({ inputs: 32, hidden: [24], outputs: 24, bias: false }, 1);
  const trainer = new Trainer(webgpuEngine, startingState(weights), adam);
  const batch = { inputs: normals("inputs", 16 * 32), labels: new Uint8Array(16).map((_, at) => at) };
  const bytesAfter = async (steps: number): Promise<number> => {
    for (let step = 0; step < steps; step++) trainer.train(batch);
    await trainer.takeTotals();
    return (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
  };
  await bytesAfter(30);
  assertEquals(await bytesAfter(60), await bytesAfter(30));
  trainer.dispose();
});

testEngine("the largest buffer does not grow with the set: bindings are limited to 128 MiB", async () => {
  const weights = initialWeights({ inputs: 128, hidden: [], outputs: 96, bias: false }, 1);
  const largestFor = async (count: number): Promise<number> => {
    const sizes = recordingBuffers();
    await outputsOf(weights, (from, to) => new Float32Array(128 * (to - from)), count, { batchSize: 64 });
    return Math.max(...sizes.stop());
  };
  webgpuEngine.dispose();
  await webgpuEngine.select();
  assertEquals(await largestFor(64), 4 * 128 * 96);
  assert(await largestFor(640) <= 4 * 128 * 96);
});

/** Records the sizes of the buffers that are made. */
function recordingBuffers(): { stop: () => number[] } {
  const original = GPUDevice.prototype.createBuffer;
  const sizes: number[] = [];
  GPUDevice.prototype.createBuffer = function (descriptor): GPUBuffer {
    sizes.push(descriptor.size);
    return original.call(this, descriptor);
  };
  const stop = (): number[] => {
    GPUDevice.prototype.createBuffer = original;
    return sizes;
  };
  return { stop };
}

testEngine("trains in two Workers at once, to the same bits", async () => {
  const [first, second] = await Promise.all([answerTo("train"), answerTo("train")]);
  assertEquals((first as Uint32Array).length, 96 * 128);
  assertEquals(first, second);
});

testEngine("what the GPU reports ends the Worker", async () => {
  const error = await answerTo("fail");
  assert(error instanceof Error);
  assertStringIncludes(error.message, "Cannot go on with the engine webgpu");
});

/** What a Worker answers, or the error that it ends with. */
async function answerTo(message: string): Promise<unknown> {
  const worker = new Worker(new URL("./webgpu_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve(new Error(event.message));
  };
  worker.postMessage(message);
  return await promise.finally(() => worker.terminate());
}

testEngine("is selected again after it was disposed of", async () => {
  const one = tf.scalar(1);
  webgpuEngine.dispose();
  assertEquals(tf.getKernel("ApplyAdam", "webgpu"), undefined);
  assertThrows(() => webgpuEngine.variable(one), Error, "it must be selected");
  await webgpuEngine.select();
  const product = tf.matMul([[1, 2]], [[3], [4]]);
  assertEquals(await product.array(), [[11]]);
  product.dispose();
  webgpuEngine.dispose();
});

Deno.test("an adapter without a description is named by what there is", () => {
  const info = { description: "", device: "", vendor: "4318", isFallbackAdapter: false } as GPUAdapterInfo;
  assertEquals(describeAdapter({ info }), { name: "4318", isSoftware: false });
});

Deno.test("without a GPU select says what to install, and no other engine is taken", async () => {
  const script = 'import { webgpuEngine } from "./src/network/engines/webgpu/engine.ts";' +
    'import { getBackend, setBackend } from "@tensorflow/tfjs"; await setBackend("cpu");' +
    "await webgpuEngine.select().catch((error) => console.log(getBackend(), error.message));";
  const { stdout } = await runScript(script, { DENO_WEBGPU_BACKEND: absentApi() });
  assertEquals(
    stdout.trim(),
    `cpu Cannot select the engine webgpu as there is no GPU that WebGPU can use: ${driverAdvice}`,
  );
});

Deno.test("needs no permission", { ignore }, async () => {
  const script = 'import { webgpuEngine } from "./src/network/engines/webgpu/engine.ts";' +
    'import { getBackend } from "@tensorflow/tfjs";' +
    "await webgpuEngine.select(); console.log(getBackend());";
  assertEquals((await runScript(script, {})).stdout.trim(), "webgpu");
});

Deno.test("tfjs's WebGPU backend is not loaded with another engine", async () => {
  const script = 'import { selectEngine } from "./src/network/engines/mod.ts";' +
    'import { findBackendFactory } from "@tensorflow/tfjs";' +
    'await selectEngine("wasm"); console.log(findBackendFactory("webgpu"));';
  assertEquals((await runScript(script, {}, "--allow-read")).stdout.trim(), "null");
});

/** A graphics interface that this platform lacks. */
function absentApi(): string {
  return Deno.build.os === "windows" ? "metal" : "dx12";
}

async function runScript(
  script: string,
  env: Record<string, string>,
  ...permissions: string[]
): Promise<{ stdout: string }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, "-"],
    cwd: new URL("../../../", import.meta.url),
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  await new Blob([script]).stream().pipeTo(process.stdin);
  const { stdout } = await process.output();
  return { stdout: new TextDecoder().decode(stdout) };
}
