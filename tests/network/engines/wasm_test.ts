import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Variable } from "../../../src/network/engines/engine.ts";
import { wasmEngine } from "../../../src/network/engines/wasm.ts";
import { shortTraining } from "./short_training.ts";

const STEPS = 6;

function trainingInWorker(): Promise<Float32Array> {
  const worker = new Worker(new URL("./wasm_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = reject;
  worker.postMessage(STEPS);
  return promise.finally(() => worker.terminate());
}

Deno.test("the wasm engine selects tfjs's wasm backend without threads", async () => {
  await tf.setBackend("cpu");
  await wasmEngine.select();
  assertEquals(tf.getBackend(), "wasm");
  assertEquals(await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"), false);
  wasmEngine.dispose();
});

Deno.test("the wasm engine registers its kernels once and puts tfjs's back", async () => {
  await wasmEngine.select();
  const ours = tf.getKernel("BatchMatMul", "wasm");
  await wasmEngine.select();
  assert(tf.getKernel("BatchMatMul", "wasm") === ours);
  wasmEngine.dispose();
  assert(tf.getKernel("BatchMatMul", "wasm") !== ours);
  assertEquals(tf.getKernel("ApplyAdam", "wasm"), undefined);
});

Deno.test("the wasm engine works again after tfjs's backend was removed", async () => {
  await wasmEngine.select();
  const factory = tf.findBackendFactory("wasm");
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", factory);
  await wasmEngine.select();
  const product = tf.matMul([[1, 2]], [[3], [4]]);
  assertEquals(product.arraySync(), [[11]]);
  product.dispose();
  wasmEngine.dispose();
});

Deno.test("without permission to read its files the wasm engine says so and does not fall back", async () => {
  const script = 'import { wasmEngine } from "./src/network/engines/wasm.ts";' +
    "await wasmEngine.select().catch((error) => console.log(error.message));";
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-"],
    cwd: new URL("../../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  });
  const process = command.spawn();
  await new Blob([script]).stream().pipeTo(process.stdin);
  const { stdout } = await process.output();
  assertStringIncludes(new TextDecoder().decode(stdout), "Cannot select the wasm engine");
});

Deno.test("a variable starts as a copy and is changed in place", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  const initial = tf.ones([3]), gradient = tf.ones([3]), zeros = tf.zeros([3]);
  const variables = [initial, zeros, zeros].map((tensor) => wasmEngine.variable(tensor));
  const [parameter, firstMoment, secondMoment] = variables.map(({ handle }) => handle);
  const attributes = { learningRate: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 0, step: 1 };
  tf.engine().runKernel("ApplyAdam", { parameter, gradient, firstMoment, secondMoment }, attributes);
  const value = variables[0].value();
  assertEquals(value.arraySync(), [0.5, 0.5, 0.5]);
  assertEquals(initial.arraySync(), [1, 1, 1]);
  assertEquals(zeros.arraySync(), [0, 0, 0]);
  [initial, gradient, zeros, value, ...variables].forEach((each) => each.dispose());
  assertEquals(tf.memory().numTensors, before);
  wasmEngine.dispose();
});

Deno.test("a variable made inside tidy outlives it", async () => {
  await wasmEngine.select();
  const variables: Variable[] = [];
  tf.tidy(() => void variables.push(wasmEngine.variable(tf.zeros([2]))));
  assertEquals(variables[0].handle.arraySync(), [0, 0]);
  variables[0].dispose();
  wasmEngine.dispose();
});

Deno.test("training leaves the same bits twice, in Workers side by side, and no tensor", async () => {
  await wasmEngine.select();
  const before = tf.memory().numTensors;
  const trained = await shortTraining(wasmEngine, STEPS);
  assertEquals(tf.memory().numTensors, before);
  const others = await Promise.all([
    shortTraining(wasmEngine, STEPS),
    trainingInWorker(),
    trainingInWorker(),
  ]);
  for (const other of others) assertEquals(new Uint8Array(other.buffer), new Uint8Array(trained.buffer));
  wasmEngine.dispose();
});
