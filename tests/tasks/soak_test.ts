import { assert, assertEquals } from "@std/assert";
import { differingFiles, soak } from "../../tasks/soak.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

Deno.test("a training that is killed with SIGKILL goes on and ends in the bytes of an uninterrupted one", () =>
  inFolder(async (folder) => {
    const lines: string[] = [];
    const report = await soak({
      kills: 2,
      seed: 3,
      epochs: 2,
      folder: `${folder}/soak`,
      onLine: (line) => lines.push(line),
    });
    assertEquals([report.kills, report.differences], [2, []]);
    assertEquals(lines.length, report.trainings);
    assert(lines[lines.length - 1].startsWith("2 kills, "));
  }));

Deno.test("a byte that differs, a file that lacks and one that is left over are found", () =>
  inFolder(async (folder) => {
    const write = async (place: string, files: Record<string, string>): Promise<string> => {
      await Deno.mkdir(`${folder}/${place}`);
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${folder}/${place}/${name}`, text);
      }
      return `${folder}/${place}`;
    };
    const expected = await write("expected", { a: "1", b: "2", "epoch-1.json": "3" });
    const found = await write("found", { a: "1", b: "0", "c.0.tmp": "", "epoch-2.json": "" });
    assertEquals((await differingFiles(expected, found)).sort(), ["b", "c.0.tmp", "epoch-1.json"]);
    assertEquals(await differingFiles(expected, expected), []);
  }));
