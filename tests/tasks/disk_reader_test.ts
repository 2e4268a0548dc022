import { assert, assertEquals, assertRejects } from "@std/assert";
import { DiskReader } from "../../tasks/disk_reader.ts";

const bytes = Uint8Array.of(1, 2, 3);

/** A disk whose reads take so many milliseconds each, and how often each way of reading it was chosen. */
function disk(milliseconds: number) {
  let time = 0;
  const counts = { now: 0, later: 0 };
  const reader = new DiskReader({
    now() {
      time += milliseconds;
      counts.now++;
      return bytes;
    },
    later() {
      counts.later++;
      return Promise.resolve(bytes);
    },
    clock: () => time,
  });
  return { reader, counts };
}

async function readAll(reader: DiskReader, times: number): Promise<void> {
  for (let index = 0; index < times; index++) assertEquals(await reader.read(`${index}`), bytes);
}

Deno.test("a fast disk is read at once, and a slow one with reads that overlap, before it costs a second", async () => {
  const fast = disk(0.05);
  await readAll(fast.reader, 2000);
  assertEquals(fast.counts, { now: 2000, later: 0 });
  for (const milliseconds of [0.5, 1, 20]) {
    const slow = disk(milliseconds);
    await readAll(slow.reader, 2000);
    assert(slow.counts.now * milliseconds <= 1000, `${slow.counts.now} reads of ${milliseconds} ms`);
    assertEquals(slow.counts.now + slow.counts.later, 2000);
  }
});

Deno.test("a process that must wait at every fourth read does not take the disk for slow", async () => {
  let [time, reads] = [0, 0];
  const reader = new DiskReader({
    now() {
      time += reads++ % 4 === 0 ? 30 : 0.01;
      return bytes;
    },
    later: () => Promise.reject(new Error("the disk was taken for slow")),
    clock: () => time,
  });
  await readAll(reader, 1000);
});

Deno.test("a file that is missing is not found", async () => {
  await assertRejects(() => new DiskReader().read("no/such/file"), Deno.errors.NotFound);
});
