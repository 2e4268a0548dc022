import { assertEquals } from "@std/assert";

const rootPath = new URL("../../", import.meta.url);

async function readObject(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL(path, rootPath)));
}

Deno.test("deno.jsr.json is deno.json without its links", async () => {
  const { links, ...rest } = await readObject("deno.json");
  assertEquals(await readObject("deno.jsr.json"), rest);
  assertEquals(links, ["./compat/std_assert", "./compat/std_csv", "./compat/cliffy_command"]);
});

Deno.test("each stand-in carries the name and a version of the package for which it stands in", async () => {
  const { imports, links } = await readObject("deno.json") as {
    imports: Record<string, string>;
    links: string[];
  };
  for (const folder of links) {
    const { name, version } = await readObject(`${folder}/deno.json`);
    const [major, minor] = String(version).split(".");
    const [, wanted] = /@\^(\d+\.\d+)\.\d+$/.exec(imports[String(name)] ?? "") ?? [];
    assertEquals(`${major}.${minor}`, wanted, `${name} ${version}`);
  }
});
