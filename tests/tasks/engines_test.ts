import "../network/engines/tensorflow_first.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { engineLine, resolveEngine } from "../../tasks/engines.ts";
import { speedInChild } from "../../tasks/engines/child.ts";
import {
  type EngineExaminer,
  engineExaminers,
  type EngineState,
  tensorflowState,
  webgpuState,
} from "../../tasks/engines/survey.ts";
import type { EngineName } from "../../src/network/engines/engine.ts";
import { addonFile } from "../../src/network/engines/tensorflow/library_folder.ts";

type Verdict = EngineState["verdict"];

const examiner = (name: EngineName, verdict: Verdict): EngineExaminer => () =>
  Promise.resolve({ name, verdict, detail: `is ${verdict}` });

const machine = (tensorflow: Verdict, webgpu: Verdict): EngineExaminer[] => [
  examiner("tensorflow", tensorflow),
  examiner("webgpu", webgpu),
  examiner("wasm", "ready"),
];

const adapter = (isFallbackAdapter: boolean) => ({
  requestAdapter: () =>
    Promise.resolve({ info: { description: "Model T", isFallbackAdapter } } as unknown as GPUAdapter),
});

const unusedMeasurement = () => Promise.reject(new Error("nothing is to be timed"));

Deno.test("a name stands for itself, and the machine is not looked at", async () => {
  const forbidden = () => Promise.reject(new Error("looked at"));
  assertEquals((await resolveEngine("webgpu", [forbidden])).name, "webgpu");
});

Deno.test("auto is tensorflow, else webgpu on a GPU, else wasm, and says what decided", async () => {
  const cases: [Verdict, Verdict, EngineName, string][] = [
    ["ready", "ready", "tensorflow", "tensorflow is ready"],
    ["missing", "ready", "webgpu", "tensorflow is missing"],
    ["missing", "slow", "wasm", "tensorflow is missing; webgpu is slow"],
    ["missing", "missing", "wasm", "tensorflow is missing; webgpu is missing"],
  ];
  for (const [tensorflow, webgpu, name, reason] of cases) {
    assertEquals(await resolveEngine("auto", machine(tensorflow, webgpu)), { name, reason });
  }
});

Deno.test("auto looks no further than the engine that it takes", async () => {
  const forbidden = () => Promise.reject(new Error("looked at"));
  assertEquals(
    (await resolveEngine("auto", [examiner("tensorflow", "ready"), forbidden])).name,
    "tensorflow",
  );
});

Deno.test("where no engine is ready auto says why", async () => {
  await assertRejects(() => resolveEngine("auto", [examiner("webgpu", "slow")]), Error, "webgpu is slow");
});

Deno.test("a GPU of software is slow, another is ready, and none comes with advice", async () => {
  assertEquals((await webgpuState(adapter(true))).verdict, "slow");
  assertEquals(await webgpuState(adapter(false)), {
    name: "webgpu",
    verdict: "ready",
    detail: "finds the GPU Model T",
  });
  const { verdict, detail } = await webgpuState({ requestAdapter: () => Promise.resolve(null) });
  assertEquals(verdict, "missing");
  assertStringIncludes(detail, "mesa-vulkan-drivers");
});

Deno.test("tensorflow is ready where its addon is, and names the task that sets it up elsewhere", async () => {
  const folder = await Deno.makeTempDir();
  const addon = addonFile(folder);
  assertStringIncludes((await tensorflowState(folder)).detail, "deno task setup:tensorflow");
  await Deno.mkdir(addon.slice(0, addon.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(addon, "");
  assertEquals((await tensorflowState(folder)).verdict, "ready");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("every engine of this machine has a state", async () => {
  const states = await Promise.all(engineExaminers.map((examine) => examine()));
  assertEquals(states.map(({ name }) => name), ["tensorflow", "webgpu", "wasm"]);
  assertEquals(states[2].verdict, "ready");
});

Deno.test("only an engine that is ready is timed, and one that fails is a line too", async () => {
  const state = (verdict: Verdict): EngineState => ({ name: "wasm", verdict, detail: "runs" });
  const measured = () => Promise.resolve({ millisecondsPerStep: 12.34, gflops: 56.7 });
  assertEquals(
    await engineLine(state("ready"), measured),
    "wasm        ready    runs; 12.3 ms a step, 57 GFLOPS",
  );
  assertEquals(await engineLine(state("missing"), unusedMeasurement), "wasm        missing  runs");
  assertEquals(await engineLine(state("slow"), unusedMeasurement), "wasm        slow     runs; not timed");
  assertStringIncludes(await engineLine(state("ready"), unusedMeasurement), "runs; nothing is to be timed");
});

Deno.test("an engine is timed in a process of its own, with the permissions that it needs", async () => {
  const { millisecondsPerStep, gflops } = await speedInChild("wasm", { seconds: 0.01 });
  const operations = 256 * (4 * 784 ** 2 + 6 * (3 * 784 ** 2 + 7840));
  assert(millisecondsPerStep > 0);
  assert(Math.abs(gflops * millisecondsPerStep * 1e6 / operations - 1) < 1e-9);
});

Deno.test("a process that fails or hangs is one sentence", async () => {
  const nothing = { seconds: 1, environment: { PRUNEBOUND_TENSORFLOW: "/there/is/no/such/folder" } };
  await assertRejects(() => speedInChild("tensorflow", nothing), Error, "run deno task setup:tensorflow");
  const impatient = { seconds: 60, limitMilliseconds: 1 };
  await assertRejects(() => speedInChild("wasm", impatient), Error, "it does not end");
});
