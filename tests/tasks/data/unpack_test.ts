import { assertEquals, assertRejects } from "@std/assert";
import { gunzip, readBytes, readTarFiles } from "../../../tasks/data/unpack.ts";
import { gzip, streamOf, tar, tarOf } from "../../fixtures/archives.ts";

const content = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);

async function unpack(archive: Uint8Array, limits: Record<string, number> = { "data/a": 5000 }) {
  return await readTarFiles(streamOf(archive), new Map(Object.entries(limits)));
}

Deno.test("readTarFiles reads the wanted files and skips the others", async () => {
  const archive = await tarOf([["data/other", content], ["data/a", content], [
    "data/b",
    new Uint8Array(2_000_000),
  ]]);
  assertEquals(await unpack(archive), new Map([["data/a", content]]));
});

Deno.test("readTarFiles reads paths that are longer than tar's own field", async () => {
  const path = `${"long/".repeat(60)}a`;
  assertEquals(await unpack(await tarOf([[path, content]]), { [path]: 5000 }), new Map([[path, content]]));
});

Deno.test("readTarFiles refuses links", async () => {
  for (const type of ["symlink", "link", "character-device", "fifo"] as const) {
    const archive = await tar([{ header: { name: "data/a", type, linkname: "/etc/passwd" } }]);
    await assertRejects(
      () => unpack(archive),
      Error,
      `must hold files and folders only: data/a is a ${type}`,
    );
  }
});

Deno.test("readTarFiles refuses paths that lead outside, wanted or not", async () => {
  for (const name of ["../a", "data/../../a", "/etc/a", "C:\\a", "data\\..\\..\\a"]) {
    const archive = await tarOf([[name, content], ["data/a", content]]);
    await assertRejects(() => unpack(archive), Error, `must stay inside it: current value is ${name}`);
  }
});

Deno.test("readTarFiles refuses a file above its limit and names missing ones", async () => {
  const archive = await tarOf([["data/a", content]]);
  await assertRejects(
    () => unpack(archive, { "data/a": 4999 }),
    Error,
    "must have at most 4999 bytes: it has more",
  );
  await assertRejects(
    () => unpack(archive, { "data/a": 5000, "x": 1, "y": 1 }),
    Error,
    "must contain x, y: it does not",
  );
});

Deno.test("readTarFiles refuses an archive cut short or damaged", async () => {
  const archive = await tarOf([["data/a", content]]);
  for (const length of [100, 512, 3000, 5500]) {
    await assertRejects(() => unpack(archive.slice(0, length)), Error);
  }
  await assertRejects(() => unpack(archive.with(3, 1)), Error, "Invalid tar header");
});

Deno.test("readTarFiles passes on the failure of its stream", async () => {
  const failing = new ReadableStream({
    pull: (controller) => controller.error(new Error("connection lost")),
  });
  await assertRejects(() => readTarFiles(failing, new Map([["a", 1]])), Error, "connection lost");
});

Deno.test("gunzip unpacks, and refuses what is damaged or cut short", async () => {
  const packed = gzip(content);
  assertEquals(await readBytes(gunzip(streamOf(packed)), "a", 5000), content);
  await assertRejects(() => readBytes(gunzip(streamOf(packed.slice(0, -9))), "a", 5000));
  await assertRejects(() => readBytes(gunzip(streamOf(content)), "a", 5000));
});

Deno.test("readBytes stops a stream that never ends", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    cancel: () => void (cancelled = true),
  });
  await assertRejects(
    () => readBytes(endless, "it", 10_000),
    Error,
    "Cannot read it as it must have at most 10000 bytes",
  );
  assertEquals(cancelled, true);
});
