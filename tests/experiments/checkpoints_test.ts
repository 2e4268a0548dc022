import { assertEquals } from "@std/assert";
import { checkpointNames, Checkpoints, checkpointTimeShare } from "../../src/experiments/checkpoints.ts";
import { SealedFiles } from "../../src/experiments/sealed_files.ts";
import { startingPoint } from "../../src/experiments/training.ts";
import { initialWeights } from "../../src/network/mlp.ts";

const checkpoint = startingPoint(initialWeights({ inputs: 2, hidden: [2], outputs: 2, bias: false }, 1));

/** A clock, and the files that are written with it, each of which takes a time. */
function fakeFiles(cost: number) {
  const clock = { now: 0 };
  const written: string[] = [];
  const files = {
    read: () => Promise.resolve(undefined),
    write: (name: string) => {
      clock.now += cost;
      written.push(name);
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
  };
  return { clock, written, files: new SealedFiles(files, "a run") };
}

Deno.test("checkpoints take no more than their share of the time, the first one as far as can be told", async () => {
  // Of 1,000,000 weights the first is taken to cost 24 ms; what it did cost, 60 ms, decides when the next one is due.
  const { clock, written, files } = fakeFiles(60);
  const checkpoints = new Checkpoints(files, 1e6, () => clock.now);
  const offersAt = async (time: number): Promise<number> => {
    clock.now = time;
    await checkpoints.offer(() => Promise.resolve(checkpoint));
    return written.length;
  };
  const firstDue = 24 / checkpointTimeShare;
  const nextDue = firstDue + 60 + 60 / checkpointTimeShare;
  assertEquals(await offersAt(firstDue - 1), 0);
  assertEquals(await offersAt(firstDue), 1);
  assertEquals(await offersAt(nextDue - 1), 1);
  assertEquals(await offersAt(nextDue), 2);
  assertEquals(written, [...checkpointNames]);
});

Deno.test("without a clock every checkpoint is written", async () => {
  const { written, files } = fakeFiles(60);
  const checkpoints = new Checkpoints(files, 1e9);
  for (let offered = 0; offered < 3; offered++) await checkpoints.offer(() => Promise.resolve(checkpoint));
  assertEquals(written, [checkpointNames[0], checkpointNames[1], checkpointNames[0]]);
});
