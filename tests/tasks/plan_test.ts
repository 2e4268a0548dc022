import { assert, assertEquals, assertThrows } from "@std/assert";
import { artifactById, artifacts } from "../../src/artifacts/mod.ts";
import { runCost } from "../../src/experiments/run.ts";
import {
  parsePlan,
  type PlanFile,
  planFile,
  type PlanOptions,
  type PlanRun,
  planText,
  runsOfPlan,
} from "../../tasks/plan_file.ts";
import { reasonsToRun } from "../../tasks/plan.ts";
import { wantedRuns } from "../../tasks/reproduce.ts";
import { openRunStore } from "../../tasks/run_store.ts";
import { estimatedSeconds } from "../../tasks/run_estimate.ts";
import { train } from "../../tasks/train_all.ts";
import { tinyOptions, tinyPlanRun } from "../fixtures/tiny_plan.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const options: PlanOptions = { profile: "smoke", engine: "wasm", seed: 1 };
const nothing = openRunStore("no/such/folder");

function smokePlan(extra: Partial<PlanOptions> = {}, chosen = artifacts): Promise<PlanFile> {
  return planFile(chosen, { ...options, ...extra }, nothing);
}

Deno.test("a plan has every run that any artifact wants, once, and nothing else", async () => {
  const { runs, artifacts: planned } = await smokePlan();
  const wanted = new Set(
    artifacts.flatMap((artifact) => wantedRuns(artifact, options)).map(({ identity }) => identity),
  );
  assertEquals(runs.map(({ identity }) => identity), [...wanted].sort());
  assertEquals(planned.map(({ id }) => id), artifacts.map(({ id }) => id));
  assertEquals(new Set(planned.flatMap(({ runs }) => runs)), wanted);
  for (const run of runs) assertEquals(run.operations, runCost(run));
});

Deno.test("the same state gives the same bytes, in whatever order artifacts are asked for their runs", async () => {
  const text = planText(await smokePlan());
  assertEquals(planText(await smokePlan()), text);
  const { runs } = await smokePlan({}, artifacts.toReversed());
  assertEquals(runs, parsePlan(text, "plan").runs);
});

Deno.test("the text of a plan reads back as the plan", async () => {
  const plan = await smokePlan({ protocol: "gentle", widths: [784], seeds: 2, seed: 5 }, [
    artifactById("table2"),
  ]);
  assertEquals(parsePlan(planText(plan), "plan"), plan);
  assertEquals(new Set(plan.runs.map(({ hyperparameters }) => hyperparameters.seed)), new Set([5, 6]));
});

Deno.test("a plan for one data set says which, so that whoever derives its artifacts asks for the same runs", async () => {
  const plan = await smokePlan({ datasets: ["mnist"] }, [artifactById("figure1")]);
  assertEquals(parsePlan(planText(plan), "plan").datasets, ["mnist"]);
  assertEquals(new Set(plan.runs.map(({ hyperparameters }) => hyperparameters.dataset)), new Set(["mnist"]));
  assertEquals((await smokePlan()).datasets, null);
});

Deno.test("seeds multiply the runs", async () => {
  const [one, ten] = [await smokePlan(), await smokePlan({ seeds: 10 })];
  assertEquals(ten.runs.length, 10 * one.runs.length);
});

Deno.test("a run that is stored whole is finished, and no other one is", () =>
  inFolder(async (folder) => {
    const trained = tinyPlanRun(1);
    await train(trained, tinyOptions(folder));
    const wanted = [1, 2].map((seed) => ({
      ...tinyPlanRun(seed),
      paperWidth: 6,
      protocol: "gentle" as const,
    }));
    const artifact = { ...artifacts[0], runs: () => wanted };
    const identities = wantedRuns(artifact, { ...options, protocol: "gentle" }).map(({ identity }) =>
      identity
    );
    // The plan names runs by the checksum of the real data, and the tiny ones were trained on other data.
    await Deno.rename(`${folder}/${trained.identity}`, `${folder}/${identities[0]}`);
    const { runs } = await planFile([artifact], { ...options, protocol: "gentle" }, openRunStore(folder));
    const finished = runs.filter(({ isFinished }) => isFinished).map(({ identity }) => identity);
    assertEquals([runs.length, finished], [2, [identities[0]]]);
  }));

Deno.test("a plan of another version, a cut one and one that is none are refused in one sentence each", async () => {
  const text = planText(await smokePlan());
  const cases: [string, string][] = [
    [text.replace('"version": 2', '"version": 1'), "must be 2: current value is 1"],
    [text.slice(0, -100), "is no plan"],
    ["[]", "must be 2"],
    ["7", "is no plan"],
    [text.replace('"epochs":3', '"epochs":-3'), "epochs"],
  ];
  for (const [broken, words] of cases) {
    const { message } = assertThrows(() => parsePlan(broken, "plan.json"), SyntaxError, words);
    assert(message.startsWith("Cannot read plan.json") && !message.includes("\n"), message);
  }
});

Deno.test("runs of a plan are read once each in the order named, and one that it has not is refused", async () => {
  const plan = await smokePlan();
  const text = planText(plan);
  const wanted = [plan.runs[3], plan.runs[0]];
  const named = [...wanted, wanted[0]].map(({ identity }) => identity);
  assertEquals(runsOfPlan(text, named, "plan"), { profile: "smoke", runs: wanted });
  assertThrows(() => runsOfPlan(text, [named[0], "0".repeat(16)], "plan"), RangeError, "no such run");
});

Deno.test("a run of a plan that is not the one it is named after is refused in one sentence", async () => {
  const plan = await smokePlan({}, [artifactById("table2")]);
  const [{ hyperparameters, ...run }, ...others] = plan.runs;
  const edited = { ...run, hyperparameters: { ...hyperparameters, hidden: [8, 8] } };
  const text = planText({ ...plan, runs: [edited, ...others] });
  const sentence =
    `Cannot read plan.json as the run ${run.identity} must be named after its hyper-parameters`;
  assertThrows(() => parsePlan(text, "plan.json"), SyntaxError, sentence);
  assertThrows(() => runsOfPlan(text, [run.identity], "plan.json"), SyntaxError, sentence);
  assertEquals(runsOfPlan(text, [others[0].identity], "plan.json").runs, [others[0]]);
});

Deno.test("estimates grow with the work and fall with the speed", async () => {
  const { runs } = await smokePlan();
  const widest = runs.find(({ hyperparameters }) => hyperparameters.hidden[0] === 250)!;
  const narrow = runs.find(({ hyperparameters }) => hyperparameters.hidden[0] === 50)!;
  assert(widest.estimatedBytes > narrow.estimatedBytes);
  assert(estimatedSeconds(widest, 0.1) > 100 * estimatedSeconds(widest, 100));
  assertThrows(() => estimatedSeconds(widest, 0), RangeError, "current value is 0");
});

Deno.test("why a run is missing is told by the stored run that is most alike", () => {
  const [stored, other] = [tinyPlanRun(1), tinyPlanRun(2)];
  const reasonOf = reasonsToRun(new Map([[stored.identity, stored.hyperparameters]]));
  const reason = (run: PlanRun, changes: Partial<PlanRun["hyperparameters"]> = {}): string =>
    reasonOf({
      ...run,
      hyperparameters: { ...run.hyperparameters, ...changes },
      paperWidth: 6,
      protocol: "gentle",
    });
  assertEquals(reason(stored), "begun, or something new is to be measured on it");
  assertEquals(reason(other), "missing; differs from a stored run in the seed alone");
  assertEquals(
    reason(other, { epochs: 3 }),
    "missing; apart from the seed, differs from a stored run in epochs: 2 -> 3",
  );
  assertEquals(reason(other, { epochs: 3, batchSize: 1, bias: true }), "missing");
  assertEquals(reasonsToRun(new Map())({ ...other, paperWidth: 6, protocol: "gentle" }), "missing");
});
