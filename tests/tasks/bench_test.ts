import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { EngineName } from "../../src/network/engines/engine.ts";
import { dispatchShape, doesWork, products, reference, stepShapes } from "../../tasks/bench/cases.ts";
import { type Contestant, operationsOf, startContestant, type Turn } from "../../tasks/bench/contestant.ts";
import { enter, findEntrants, startWorker } from "../../tasks/bench/contestants.ts";
import { paperCosts } from "../../tasks/bench/paper_cost.ts";
import { benchTable, benchText } from "../../tasks/bench/report.ts";
import {
  benchCsv,
  type BenchRow,
  benchRows,
  timeRow,
  withOtherMachines,
  withPeak,
  workRow,
} from "../../tasks/bench/rows.ts";
import { targetsOf } from "../../tasks/bench/targets.ts";
import { alone, timeInTurns, together } from "../../tasks/bench/timing.ts";
import { arePeersSetUp, peersFolder } from "../../tasks/setup_peers/folder.ts";

const small = { inputs: 5, width: 4, batch: 3 };
const fewExamples = { ...reference, batch: 4 };
const machine = "linux x86_64, 2 cores of Model T, Deno 2";

function step(who: string, label: string, shape: typeof reference, milliseconds: number): BenchRow {
  const times = [milliseconds, 2 * milliseconds, milliseconds / 2];
  return workRow({ work: { kind: "step", shape }, who, contestant: { label }, times, machine });
}

function product(who: string, size: number, milliseconds: number): BenchRow {
  const work = { kind: "product", shape: { rows: size, depth: size, columns: size } } as const;
  return workRow({ work, who, contestant: { label: who }, times: [milliseconds], machine });
}

function networks(count: number, milliseconds: number): BenchRow {
  return { ...step("wasm", "wasm", reference, milliseconds), what: "networks", networks: count };
}

/** A bench of a machine on which every ratio is another number. */
const rows: readonly BenchRow[] = withPeak([
  product("tfjs", 100, 3),
  product("wasm", 100, 2),
  product("tfjs", 10, 1),
  product("wasm", 10, 0.1),
  step("tensorflow", "tensorflow (CPU)", reference, 10),
  step("tensorflow", "tensorflow (CPU)", fewExamples, 4),
  step("wasm", "wasm", reference, 80),
  step("wasm", "wasm", fewExamples, 7),
  step("pytorch-fused", "PyTorch, Adam fused", reference, 19),
  step("pytorch-default", "PyTorch, Adam default", reference, 18),
  step("pytorch-fused", "PyTorch, Adam fused", fewExamples, 5),
  step("pytorch-default", "PyTorch, Adam default", fewExamples, 14),
  step("tfjs", "tfjs's own on wasm", reference, 960),
  networks(1, 80),
  networks(2, 100),
  timeRow({ what: "epoch", who: "wasm", label: "wasm", subject: "an epoch", machine }, [2000]),
  timeRow({ what: "measurement", who: "wasm", label: "wasm", subject: "network", machine }, [3000]),
  timeRow({ what: "measurement", who: "wasm", label: "wasm", subject: "pruning-sweep", machine }, [4000]),
]);

const foundIn = (some: readonly BenchRow[]): (number | undefined)[] =>
  targetsOf(some).map(({ found }) => found);

Deno.test("each target is the ratio that it says", () => {
  const expected = [1.8, undefined, 1.25, 12, 1.5, 2, 1.6, 3.5];
  foundIn(rows).forEach((found, index) => assertAlmostEquals(found ?? -1, expected[index] ?? -1, 1e-12));
});

Deno.test("the matrix products are compared where tfjs's own has the highest rate, not the shortest time", () => {
  assertStringIncludes(targetsOf(rows)[4].what, "100 x 100 x 100");
});

Deno.test("more is asked of tensorflow where there is AVX-512", () => {
  const wide = rows.map((row) => ({ ...row, machine: `${machine}, AVX-512` }));
  const asked = (some: readonly BenchRow[]): number[] =>
    targetsOf(some).slice(0, 3).map(({ asked }) => asked);
  assertEquals([asked(rows), asked(wide)], [[1, 1, 1], [1.7, 1.5, 1.2]]);
});

Deno.test("a GPU is not compared with PyTorch on the CPU", () => {
  const gpu = rows.map((row) => ({ ...row, label: row.label.replace("CPU", "NVIDIA GPU") }));
  assertEquals(foundIn(gpu)[0], undefined);
});

Deno.test("whole runs have a line where they were timed", () => {
  const run = (who: string, milliseconds: number): BenchRow =>
    timeRow({ what: "run", who, label: who, subject: "quick, Table 2", machine }, [milliseconds]);
  assertEquals(foundIn([...rows, run("wasm", 900), run("tensorflow", 200)]).at(-1), 4.5);
  assertEquals(targetsOf(rows).length, 8);
});

Deno.test("rows survive the CSV, and their shares are those of the fastest product", () => {
  const csv = benchCsv(rows);
  assertEquals(
    benchRows(csv).map(({ label, subject }) => [label, subject]),
    rows.map((r) => [r.label, r.subject]),
  );
  assertEquals(benchCsv(benchRows(csv)), csv);
  const peak = 2 * 100 ** 3 / 2e6;
  const [wasm] = rows.filter(({ what, who }) => what === "step" && who === "wasm");
  assertAlmostEquals(
    wasm.peak_fraction ?? 0,
    operationsOf({ kind: "step", shape: reference }) / 80e6 / peak,
    1e-12,
  );
});

Deno.test("the tables have a line a contestant and a column a case", () => {
  const text = benchTable(benchCsv(rows));
  assert(/^PyTorch, Adam fused +19\.0 +5\.0$/m.test(text), text);
  assert(/^tfjs's own on wasm +960\.0$/m.test(text), text);
  assertStringIncludes(text, "not reached: wasm's throughput with two networks at once beside one: 1.60");
  assertEquals(benchText(benchRows(benchCsv(rows))), text);
});

Deno.test("a bench takes the place of what was timed on such a machine before, and other machines follow it", () => {
  const on = (machine: string) => rows.map((row) => ({ ...row, machine }));
  const other = "linux x86_64, 4 cores of Model A, AVX-512, Deno 2, load 0.1 at the start";
  const kept = withOtherMachines(on(`${machine}, load 0.2 at the start`), on(other));
  const again = withOtherMachines(
    on("linux x86_64, 2 cores of Model T, Deno 3, load 0.3 at the start"),
    kept,
  );
  assertEquals(again.length, 2 * rows.length);
  const text = benchTable(benchCsv(again));
  assertEquals(text.match(/^A step of Adam in milliseconds .median.: .*$/gm), [
    "A step of Adam in milliseconds (median): linux x86_64, 2 cores of Model T, Deno 3, load 0.3 at the start",
    `A step of Adam in milliseconds (median): ${other}`,
  ]);
  assertEquals(text.match(/width 784, batch 256: 1.80 .asked: at least (1|1.7)./g)?.length, 2);
});

Deno.test("everybody takes turns, repeats what is short, and a slow one stops early", async () => {
  const calls: string[] = [];
  const taker = (name: string, milliseconds: number) => (count: number): Promise<number> => {
    calls.push(`${name}${count}`);
    return Promise.resolve(count * milliseconds);
  };
  const takers = [taker("fast", 4), taker("slow", 60)];
  const times = await timeInTurns(takers, {
    rounds: 5,
    turnMilliseconds: 10,
    restMilliseconds: 0,
    limitMilliseconds: 150,
  });
  assertEquals(times, [[4, 4, 4, 4, 4], [60, 60, 60]]);
  assertEquals(calls.slice(0, 6), ["fast1", "slow1", "fast3", "slow1", "fast3", "slow1"]);
});

Deno.test("networks at once begin before the first one ends, all of them prepared", async () => {
  const log: string[] = [];
  const contestant = (name: string): Contestant => ({
    label: name,
    take: async ({ count }: Turn) => {
      log.push(`${name} begins ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`${name} ends`);
      return { milliseconds: 1 };
    },
    leave: () => Promise.resolve(),
  });
  const work = { kind: "step", shape: small } as const;
  assert(await together([contestant("a"), contestant("b")], work)(7) > 0);
  assertEquals(log.slice(0, 6), ["a begins 1", "a ends", "b begins 1", "b ends", "a begins 7", "b begins 7"]);
});

Deno.test("300 epochs cost what their steps do, on a GPU at least what handing them over does", () => {
  const [narrow] = paperCosts([step("tensorflow", "tensorflow (CPU)", reference, 36)]);
  assertEquals([narrow.steps, narrow.gpu_hours], [300 * 235, null]);
  assertAlmostEquals(Number(narrow.hours), 300 * 235 * 36 / 3.6e6, 1e-12);
  const cifar10 = { inputs: 3072, width: 784, batch: 4 };
  const timed = [step("tensorflow", "t", cifar10, 12), step("tensorflow", "t", dispatchShape, 0.9)];
  const costs = paperCosts(timed);
  assertEquals(costs.map(({ network, steps }) => [network, steps]), [["cifar10, width 784", 3_750_000]]);
  // 3072 x 784 + 3 x 784 x 784 + 784 x 10 weights, 40 bytes each, at 2.039 TB/s.
  const moved = 1000 * 40 * 4_260_256 / 2.039e12;
  assertAlmostEquals(Number(costs[0].gpu_hours), 3_750_000 * (0.9 + moved) / 3.6e6, 1e-9);
});

Deno.test("every step that is timed is a row of the table", () => {
  const rows = stepShapes.map((shape) => step("wasm", "wasm", shape, 1));
  assertEquals(
    benchRows(benchCsv(rows)).map(({ width, batch }) => [width, batch]),
    stepShapes.map((shape) => [shape.width, shape.batch]),
  );
});

Deno.test("model.fit trains the reference alone", () => {
  const trained = stepShapes.filter((shape) => doesWork("tfjs", { kind: "step", shape }));
  assertEquals(trained, [reference]);
  assert(products.every((work) => doesWork("tfjs", work) && !doesWork("pytorch-default", work)));
});

Deno.test("who is set up competes, and who is missing has a line", async () => {
  const examiner = (name: EngineName, verdict: "ready" | "slow" | "missing") => () =>
    Promise.resolve({ name, verdict, detail: `is ${verdict}` });
  const examiners = [
    examiner("tensorflow", "missing"),
    examiner("webgpu", "slow"),
    examiner("wasm", "ready"),
  ];
  assertEquals(await findEntrants(undefined, examiners, true), {
    names: ["wasm", "pytorch-fused", "pytorch-default", "tfjs"],
    missing: ["tensorflow is missing", "webgpu is slow"],
  });
  const alone = await findEntrants("wasm", examiners, false);
  assertEquals(alone.missing, ["PyTorch is not set up (deno task setup:peers)"]);
  await assertRejects(
    () => findEntrants("webgpu", examiners, true),
    Error,
    "Cannot bench webgpu as it is slow",
  );
});

Deno.test("the wasm engine takes turns in a worker", async () => {
  const worker = await startWorker("wasm");
  for (const work of [{ kind: "step", shape: small }, products[0]] as const) {
    assert(await alone(worker, work)(2) > 0);
  }
  await worker.leave();
});

Deno.test({
  name: "a process that answers in lines takes turns, and one that ends is a sentence",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const answering =
      `echo remark; echo '{"label":"sh"}'; while read -r line; do echo '{"milliseconds":3}'; done`;
    const shell = (script: string) => ({ name: "sh", path: "sh", arguments: ["-c", script] });
    const contestant = await startContestant(shell(answering));
    assertEquals(contestant.label, "sh");
    assertEquals(await alone(contestant, products[0])(2), 3);
    await contestant.leave();
    const silent = await startContestant(shell(`echo '{"label":"sh"}'; echo 'Error: killed' >&2`));
    await assertRejects(() => alone(silent, products[0])(2), Error, "Cannot time sh as killed");
    await silent.leave();
    const failing = () => startContestant(shell("echo 'Error: no more memory' >&2; exit 1"));
    await assertRejects(failing, Error, "Cannot time sh as no more memory");
  },
});

Deno.test({
  name: "PyTorch takes turns",
  ignore: !arePeersSetUp(peersFolder()),
  fn: async () => {
    const contestant = await enter("pytorch-fused");
    assert(/^PyTorch \d+\.\d+\.\d+, Adam fused$/.test(contestant.label), contestant.label);
    // Too small for a second thread, which would wait for a core on a busy machine.
    assert(await alone(contestant, { kind: "step", shape: small })(2) > 0);
    assert(await alone(contestant, { kind: "product", shape: { rows: 2, depth: 3, columns: 4 } })(2) > 0);
    await contestant.leave();
  },
});
